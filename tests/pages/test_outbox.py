"""The screen for e-mail that waits, went out, or could not be delivered."""

import pytest

from crm.access.permissions import Role
from crm.core.clock import now
from crm.core.db import reading, transaction
from crm.core.i18n import speaking
from crm.messaging.models import NoticeKind, OutboxMessage
from crm.messaging.outbox import OutboxState
from tests.pages.reading import texts
from web.components.outbox_rows import reason


@pytest.fixture
def lost(sqlite_database, add_person):
    reader = add_person(Role.CALLER)
    with transaction() as session:
        fields = {"to_address": "a*b*@voorbeeld.nl", "subject": "Geheim", "body": "Geheim", "user_id": reader.id}
        message = OutboxMessage(
            once_key="a", kind=NoticeKind.LATE, given_up_at=now(), last_error="SMTPRecipientsRefused 550", **fields
        )
        session.add(message)
    return message.id


def message(id_: int) -> OutboxMessage:
    with reading() as session:
        return session.get_one(OutboxMessage, id_)


def test_begins_with_what_was_not_delivered_and_says_why(visit, add_person, lost):
    shown = texts(visit("outbox", add_person(Role.ADMIN)))
    assert "Caller Test" in shown
    assert r"The mail server refuses this address\. \(550\)" in shown
    assert r"a\*b\*" in shown
    assert "Geheim" not in shown


def test_one_is_sent_again(visit, add_person, lost):
    screen = visit("outbox", add_person(Role.ADMIN))
    screen.button(key=f"resend-{lost}").click().run()
    assert not screen.exception
    assert message(lost).given_up_at is None
    assert f"resend-{lost}" not in {button.key for button in screen.button}


def test_all_are_sent_again_and_it_says_how_many(visit, add_person, lost):
    screen = visit("outbox", add_person(Role.ADMIN))
    screen.button(key="resend-all").click().run()
    assert message(lost).given_up_at is None
    assert [message.text for message in screen.session_state["messages"]] == ["1 e-mail is sent again."]


def test_what_waits_and_what_was_sent_have_their_own_lists(visit, add_person, lost):
    screen = visit("outbox", add_person(Role.ADMIN, "nl"))
    for chosen in (OutboxState.WAITING, OutboxState.SENT):
        screen.segmented_control(key="outbox-state").set_value(chosen).run()
        assert not screen.exception
        assert not [button for button in screen.button if button.key.startswith("resend")]


def test_is_for_administrators(visit, add_person, lost):
    assert visit("outbox", add_person(Role.COORDINATOR)).error


@pytest.mark.parametrize(("error", "words"), [("gaierror", "cannot be reached"), ("Iets nieuws", "Iets (nieuws)")])
def test_a_reason_is_in_words_and_an_unknown_one_as_it_is(error, words):
    with speaking("en"):
        assert words in reason(error)
