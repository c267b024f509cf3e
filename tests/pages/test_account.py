"""The screen for one's own account."""

import pytest
from sqlmodel import select

from crm.access.models import User
from crm.access.passwords import hash_password, matches
from crm.access.permissions import Role
from crm.agenda.queries import feed_of
from crm.core.db import reading, transaction
from crm.core.settings import settings
from crm.messaging.models import Channel, NoticeKind
from crm.messaging.queries import choices, digest_choice
from crm.telephony.models import PhoneLine

OLD, NEW = "koffie om tien uur", "thee om elf uur graag"


def user() -> User:
    with reading() as session:
        return session.exec(select(User)).one()


def change(screen, current: str, new: str, repeated: str) -> None:
    for key, text in zip(
        ("current-password", "new-password", "repeated-password"), (current, new, repeated), strict=True
    ):
        screen.text_input(key=key).input(text)
    screen.button(key="change-password").click().run()


def visit_with_password(visit, add_person):
    actor = add_person(Role.VIEWER)
    with transaction() as session:
        session.get_one(User, actor.id).password_hash = hash_password(OLD)
    return visit("account", actor)


def test_switches_the_language_of_the_whole_screen_at_once(visit, add_person):
    screen = visit("account", add_person(Role.VIEWER))
    screen.radio(key="language").set_value("nl").run()
    assert screen.title[0].value == "Mijn account"
    assert user().language == "nl"


def test_a_new_password_signs_this_browser_out(visit, add_person):
    screen = visit_with_password(visit, add_person)
    change(screen, OLD, NEW, NEW)
    assert matches(NEW, user().password_hash)
    assert "You are signed out" in screen.warning[0].value


def test_a_mistake_changes_nothing_and_says_why(visit, add_person):
    screen = visit_with_password(visit, add_person)
    change(screen, "iets anders", NEW, NEW)
    assert matches(OLD, user().password_hash)
    assert screen.session_state["messages"][0].text == "Your current password is not right."


SYSTEM = {"kind": "voipgrid", "email": "desk@voorbeeld.nl", "token": "x"}


def own_line(screen, line: str):
    screen.text_input(key="phone-line").input(line)
    return screen.button(key="keep-line").click().run()


def lines() -> list[PhoneLine]:
    with reading() as session:
        return list(session.exec(select(PhoneLine)))


def test_a_caller_fills_in_the_own_telephone(visit, add_person, set_telephony):
    set_telephony(default="kantoor", kantoor=SYSTEM | {"label": "Kantoor"})
    screen = own_line(visit("account", add_person(Role.CALLER)), "101")
    assert not screen.exception
    assert [(line.system, line.line) for line in lines()] == [("", "101")]
    assert screen.text_input(key="phone-line").value == "101"


def test_a_line_that_cannot_be_is_explained_and_kept_in_the_field(visit, add_person, set_telephony):
    set_telephony(kantoor=SYSTEM)
    screen = own_line(visit("account", add_person(Role.CALLER)), "10/1")
    assert lines() == []
    assert "such as 101" in screen.session_state["messages"][0].text
    assert screen.text_input(key="phone-line").value == "10/1"


def test_the_line_of_a_colleague_is_refused_with_the_name(visit, add_person, set_telephony):
    set_telephony(kantoor=SYSTEM)
    own_line(visit("account", add_person(Role.CALLER)), "101")
    screen = own_line(visit("account", add_person(Role.COORDINATOR)), "101")
    assert "Caller Test" in screen.session_state["messages"][0].text


def test_without_a_telephone_system_there_is_nothing_to_choose(visit, add_person):
    assert "phone-line" not in {field.key for field in visit("account", add_person(Role.CALLER)).text_input}


def test_who_does_not_call_has_no_line(visit, add_person, set_telephony):
    set_telephony(kantoor=SYSTEM)
    assert "phone-line" not in {field.key for field in visit("account", add_person(Role.VIEWER)).text_input}


@pytest.fixture
def mail_server(monkeypatch):
    monkeypatch.setattr(settings(), "smtp_host", "mail.voorbeeld.nl")


def test_everybody_chooses_what_to_hear_of_and_how(visit, add_person, mail_server):
    actor = add_person(Role.CALLER, language="nl")
    screen = visit("account", actor)
    assert "channels-escalated" not in {field.key for field in screen.pills}
    screen.pills(key="channels-promise_due").set_value([Channel.DIGEST]).run()
    assert not screen.exception
    with reading() as session:
        assert choices(session, actor)[NoticeKind.PROMISE_DUE] == {Channel.DIGEST}


def test_the_overview_of_the_morning_comes_when_one_wants_or_not_at_all(visit, add_person, mail_server):
    actor = add_person(Role.CALLER)
    screen = visit("account", actor)
    screen.selectbox(key="digest-at").select("07:15").run()
    screen.toggle(key="digest-wanted").set_value(False).run()
    assert screen.selectbox(key="digest-at").disabled
    with reading() as session:
        chosen = digest_choice(session, actor)
    assert (chosen.wanted, chosen.at) == (False, "07:15")


def test_without_a_mail_server_it_says_that_everything_is_in_the_app(visit, add_person):
    screen = visit("account", add_person(Role.CALLER))
    assert not screen.pills
    assert "This desk sends no e-mail: everything is shown in the app." in {text.value for text in screen.text}


def test_an_address_for_ones_own_calendar_is_shown_once_and_ended(visit, add_person):
    actor = add_person(Role.CALLER)
    screen = visit("account", actor)
    screen.button(key="open-feed").click().run()

    assert not screen.exception
    (address,) = (code.value for code in screen.code)
    assert "/agenda/" in address
    assert address.endswith(".ics")
    assert "calendar-address" not in screen.session_state
    assert not screen.run().code

    screen.button(key="close-feed").click().run()
    assert not screen.code
    with reading() as session:
        assert feed_of(session, actor) is None


@pytest.mark.parametrize(
    ("language", "words"), [("nl", "Het adres is klaar."), ("en", "The address is made. Copy it into your calendar.")]
)
def test_what_is_told_after_a_click_is_in_the_readers_language(visit, add_person, language, words):
    screen = visit("account", add_person(Role.CALLER, language))
    screen.button(key="open-feed").click().run()
    (message,) = screen.session_state["messages"]
    assert message.text.startswith(words)


def test_who_promises_nothing_is_offered_no_address(visit, add_person):
    screen = visit("account", add_person(Role.VIEWER))

    assert not [button for button in screen.button if button.key == "open-feed"]
