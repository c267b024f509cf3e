"""The telephone systems in the settings: read from JSON, refused with a reason, and never shown with their secrets."""

import json

import pytest
from pydantic import ValidationError

from crm.core.settings import Settings

SECRET = "niet-te-raden"
AMI = {"kind": "ami", "host": "pbx.example.nl", "user": "kopkoffie", "secret": SECRET}
ARI = {"kind": "ari", "url": "https://pbx.example.nl:8089/", "user": "kopkoffie", "secret": SECRET}


@pytest.fixture
def configured(monkeypatch):
    def read(*, default: str = "", **systems: object) -> Settings:
        monkeypatch.setenv("KOPKOFFIE_TELEPHONY", json.dumps(systems))
        monkeypatch.setenv("KOPKOFFIE_TELEPHONY_DEFAULT", default)
        return Settings()

    return read


def test_without_any_there_is_none():
    assert Settings().telephony == {}


def test_several_stand_beside_each_other(configured):
    known = configured(kantoor=AMI, rest=ARI, default="rest")
    assert (known.telephony["kantoor"].port, known.telephony["kantoor"].encrypted) == (5039, True)
    assert known.telephony["rest"].url == "https://pbx.example.nl:8089"


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "fax"},
        {"secret": ""},
        {"host": "pbx.example.nl\r\nAction: Logoff"},
        {"context": "out\n"},
        {"channel": "PJSIP/101"},
        {"caller_id": "0101234567"},
        {"prefix": "+\r\n"},
        {"hots": "pbx"},
        {"port": 0},
    ],
)
def test_what_cannot_be_right_is_refused_and_quotes_no_secret(configured, change):
    with pytest.raises(ValidationError) as refused:
        configured(kantoor=AMI | change)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    "url", ["http://pbx.example.nl", "ftp://pbx", "https://u:p@pbx", "pbx.example.nl", "https://pbx/?a=b", "https://"]
)
def test_an_address_has_to_be_one_and_encrypted(configured, url):
    with pytest.raises(ValidationError):
        configured(rest=ARI | {"url": url})


def test_an_open_connection_has_to_be_asked_for(configured):
    assert configured(rest=ARI | {"url": "http://10.0.0.2:8088", "encrypted": False}).telephony


def test_the_default_has_to_exist(configured):
    with pytest.raises(ValidationError):
        configured(kantoor=AMI, default="thuis")


def test_what_is_no_json_is_refused_without_quoting_it(monkeypatch):
    monkeypatch.setenv("KOPKOFFIE_TELEPHONY", '{"kantoor": ' + SECRET)
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert SECRET not in str(refused.value)


def test_the_settings_show_no_secret(configured):
    assert SECRET not in repr(configured(kantoor=AMI, rest=ARI))
