"""A fault that a person can put right is one line that says how."""

import pytest
from sqlalchemy.exc import IntegrityError

from crm.cli.faults import explained

SETTINGS = [
    ("PORT", "abc", "KOPKOFFIE_PORT: give a whole number from 1 to 65535"),
    ("PORT", "70000", "KOPKOFFIE_PORT: give a whole number from 1 to 65535"),
    ("LANGUAGE", "fy", "KOPKOFFIE_LANGUAGE: kies uit nl, en"),
    ("LOG_LEVEL", "loud", "KOPKOFFIE_LOG_LEVEL: choose from DEBUG, INFO, WARNING, ERROR"),
    ("CLOCK_OFFSET", "1.5", "KOPKOFFIE_CLOCK_OFFSET: give a whole number"),
    ("SECRET_KEY", "secret", "KOPKOFFIE_SECRET_KEY: give at least 16 characters"),
    ("PUBLIC_URL", "crm.example.nl", "KOPKOFFIE_PUBLIC_URL: give the address people open"),
    ("CALL_FROM_HOUR", "18", "KOPKOFFIE_CALL_UNTIL_HOUR: give a whole hour later than KOPKOFFIE_CALL_FROM_HOUR"),
    ("DATABASE_URL", "mysql://root:secret@db/x", "KOPKOFFIE_DATABASE_URL: give an address like postgresql://"),
    ("DATABASE_URL", "sqlite://", "KOPKOFFIE_DATABASE_URL: give an address like postgresql://"),
    ("TELEPHONY", "pbx", "KOPKOFFIE_TELEPHONY: give the telephone systems as JSON"),
    ("TELEPHONY_DEFAULT", "pbx", "KOPKOFFIE_TELEPHONY_DEFAULT: give the name of one of the systems"),
    ("TELEPHONY_EVENT_SECRET", "short", "KOPKOFFIE_TELEPHONY_EVENT_SECRET: give at least 16 characters"),
    ("DATABASE_URL", "nonsense", "KOPKOFFIE_DATABASE_URL: give an address like postgresql://"),
]


@pytest.mark.parametrize(("name", "value", "says"), SETTINGS)
@pytest.mark.parametrize("command", [("migrate",), ("run",), ("check",), ("user", "list")])
@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_a_wrong_setting_stops_every_command_with_one_line(
    kopkoffie, installation, monkeypatch, command, name, value, says
) -> None:
    monkeypatch.setenv(f"KOPKOFFIE_{name}", value)
    outcome = kopkoffie(*command)
    assert outcome.code == 2
    assert outcome.err.startswith(says)
    assert len(outcome.err.splitlines()) == 1
    assert outcome.out == ""


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_two_wrong_settings_are_two_lines_without_what_is_secret(kopkoffie, installation, monkeypatch) -> None:
    monkeypatch.setenv("KOPKOFFIE_DATABASE_URL", "mysql://root:hush@db/x")
    monkeypatch.setenv("KOPKOFFIE_SMTP_PORT", "post")
    outcome = kopkoffie("migrate")
    assert len(outcome.err.splitlines()) == 2
    assert "hush" not in outcome.err


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_of_a_telephone_system_it_says_which_part_is_wrong_and_quotes_no_secret(
    kopkoffie, installation, monkeypatch
) -> None:
    system = '{"kantoor": {"kind": "ami", "host": "pbx", "user": "jo", "secret": "hush", "port": "hush"}}'
    monkeypatch.setenv("KOPKOFFIE_TELEPHONY", system)
    outcome = kopkoffie("migrate")
    assert "kantoor.ami.port" in outcome.err
    assert "hush" not in outcome.err


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_a_database_that_is_away_is_one_line(kopkoffie, installation, monkeypatch) -> None:
    monkeypatch.setenv("KOPKOFFIE_DATABASE_URL", "postgresql://me:hush@127.0.0.1:9/nothing")
    outcome = kopkoffie("migrate")
    assert outcome.code == 2
    assert outcome.err.startswith("KOPKOFFIE_DATABASE_URL: the database cannot be used")
    assert len(outcome.err.splitlines()) == 1
    assert "hush" not in outcome.err


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
@pytest.mark.parametrize("command", [("migrate",), ("user", "list"), ("web",)])
def test_a_file_that_is_no_database_is_one_line(kopkoffie, installation, monkeypatch, tmp_path, command) -> None:
    (tmp_path / "list.csv").write_text("naam;telefoon\n" * 100)
    monkeypatch.setenv("KOPKOFFIE_DATABASE_URL", f"sqlite:///{tmp_path / 'list.csv'}")
    outcome = kopkoffie(*command)
    assert outcome.code == 2
    assert outcome.err.startswith("KOPKOFFIE_DATABASE_URL: the database cannot be used (file is not a database)")
    assert len(outcome.err.splitlines()) == 1


def test_a_mistake_of_ours_is_not_explained_away() -> None:
    assert explained(IntegrityError("INSERT", {}, Exception("unique"))) == []


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_a_data_folder_that_cannot_be_made_is_one_line(kopkoffie, installation, monkeypatch, tmp_path) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("KOPKOFFIE_DATA_DIR", str(tmp_path / "file" / "data"))
    outcome = kopkoffie("migrate")
    assert outcome.code == 2
    assert outcome.err.startswith("KOPKOFFIE_DATA_DIR: ")
    assert len(outcome.err.splitlines()) == 1


@pytest.mark.usefixtures("installation")
@pytest.mark.parametrize(
    "command", [("user", "list"), ("user", "deactivate", "a@b.nl"), ("web",), ("scheduler",), ("import", "companies")]
)
def test_a_command_on_an_empty_database_asks_to_migrate(kopkoffie, command, tmp_path) -> None:
    (tmp_path / "list.csv").write_text("naam;telefoon\n")
    file = (str(tmp_path / "list.csv"),) if command[0] == "import" else ()
    outcome = kopkoffie(*command, *file)
    assert outcome.code == 2
    assert "Run: kopkoffie migrate" in outcome.err


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_help_needs_no_database_and_no_good_settings(kopkoffie, installation, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("KOPKOFFIE_PORT", "abc")
    assert kopkoffie("user", "add", "--help").code == 0
    assert not (tmp_path / "data").exists()
