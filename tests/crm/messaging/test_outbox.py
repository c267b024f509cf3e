"""The outbox as an administrator sees it."""

from datetime import timedelta

import pytest
from sqlmodel import select

from crm.access.models import User
from crm.access.permissions import Role
from crm.audit.models import AuditEntry
from crm.core.clock import now
from crm.core.errors import ChangedMeanwhile, NotAllowed
from crm.messaging.models import NoticeKind, OutboxMessage
from crm.messaging.outbox import (
    NobodyToSendTo,
    OutboxFilters,
    OutboxState,
    outbox,
    outbox_counts,
    resend,
    resend_all,
    tell_administrators,
)
from crm.messaging.queries import unread
from crm.messaging.rules import PAGE_SIZE
from tests.conftest import add_user

GIVEN_UP = OutboxFilters(OutboxState.GIVEN_UP)


@pytest.fixture
def admin(session):
    return add_user(session, Role.ADMIN)


@pytest.fixture
def make_mail(session):
    def make(key, reader=None, **overrides):
        fields = {"kind": NoticeKind.LATE, "to_address": f"{key}@voorbeeld.nl", "subject": "Geheim", "body": "Geheim"}
        message = OutboxMessage(once_key=key, user_id=reader.id if reader else None, **(fields | overrides))
        session.add(message)
        session.flush()
        session.info.pop("changes", None)  # it was made long before
        return message

    return make


class TestLooking:
    def test_each_list_has_its_own_in_the_order_that_matters(self, session, admin, make_mail):
        make_mail("later", next_attempt_at=now() + timedelta(hours=1))
        make_mail("soon", next_attempt_at=now())
        make_mail("old", sent_at=now() - timedelta(days=1))
        make_mail("new", sent_at=now())
        make_mail("lost", given_up_at=now(), attempts=8, last_error="SMTPRecipientsRefused 550")
        found = {state: outbox(session, admin, OutboxFilters(state)).rows for state in OutboxState}
        addresses = {state: [row.address.partition("@")[0] for row in rows] for state, rows in found.items()}
        assert addresses[OutboxState.WAITING] == ["soon", "later"]
        assert addresses[OutboxState.SENT] == ["new", "old"]
        assert addresses[OutboxState.GIVEN_UP] == ["lost"]
        assert (found[OutboxState.GIVEN_UP][0].attempts, found[OutboxState.GIVEN_UP][0].error[-3:]) == (8, "550")
        assert outbox_counts(session, admin) == {
            OutboxState.WAITING: 2, OutboxState.GIVEN_UP: 1, OutboxState.SENT: 2,
        }  # fmt: skip

    def test_never_shows_what_was_said(self, session, admin, make_mail):
        make_mail("lost", given_up_at=now())
        assert "Geheim" not in repr(outbox(session, admin, GIVEN_UP))

    def test_is_found_by_name_address_and_kind(self, session, admin, make_mail):
        reader = add_user(session, Role.CALLER, name="Ria de Wit")
        make_mail("a", reader, given_up_at=now())
        make_mail("b%", given_up_at=now(), kind=None)
        for filters, keys in (
            (OutboxFilters(OutboxState.GIVEN_UP, text=" ria "), ["a"]),
            (OutboxFilters(OutboxState.GIVEN_UP, text="%"), ["b%"]),
            (OutboxFilters(OutboxState.GIVEN_UP, kind=NoticeKind.LATE), ["a"]),
            (OutboxFilters(OutboxState.GIVEN_UP, text="niemand"), []),
        ):
            page = outbox(session, admin, filters)
            assert [row.address.partition("@")[0] for row in page.rows] == keys
            assert page.total == len(keys)

    def test_a_page_that_is_no_longer_there_is_the_last_one(self, session, admin, make_mail):
        for number in range(PAGE_SIZE + 1):
            make_mail(str(number), given_up_at=now())
        page = outbox(session, admin, GIVEN_UP, 3)
        assert (page.number, page.pages, len(page.rows)) == (2, 2, 1)

    def test_is_for_administrators(self, session, coordinator, make_mail):
        lost = make_mail("lost", given_up_at=now())
        for refused in (
            lambda: outbox(session, coordinator, GIVEN_UP),
            lambda: outbox_counts(session, coordinator),
            lambda: resend(session, coordinator, lost.id),
            lambda: resend_all(session, coordinator, GIVEN_UP),
        ):
            with pytest.raises(NotAllowed):
                refused()


class TestSendingAgain:
    def test_begins_anew_at_the_address_of_today_and_is_written_down(self, session, admin, caller, make_mail):
        lost = make_mail("lost", caller, given_up_at=now(), attempts=8, last_error="SMTPRecipientsRefused 550")
        session.get_one(User, caller.id).email = "nieuw@voorbeeld.nl"
        resend(session, admin, lost.id)
        assert (lost.attempts, lost.given_up_at, lost.to_address) == (0, None, "nieuw@voorbeeld.nl")
        assert lost.next_attempt_at <= now()
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "mail.resent")).one()
        assert (entry.actor_id, entry.subject_id) == (admin.id, lost.id)
        assert "Geheim" not in str(entry.changes)

    def test_twice_is_once(self, session, admin, make_mail):
        lost = make_mail("lost", given_up_at=now())
        resend(session, admin, lost.id)
        with pytest.raises(ChangedMeanwhile):
            resend(session, admin, lost.id)

    def test_nothing_goes_to_who_left(self, session, admin, caller, make_mail):
        lost = make_mail("lost", caller, given_up_at=now())
        session.get_one(User, caller.id).active = False
        with pytest.raises(NobodyToSendTo):
            resend(session, admin, lost.id)
        assert resend_all(session, admin, GIVEN_UP) == 0

    def test_all_are_those_that_fit_and_were_given_up(self, session, admin, make_mail):
        make_mail("a", given_up_at=now())
        make_mail("b", given_up_at=now(), kind=NoticeKind.ANSWERED)
        make_mail("c", sent_at=now())
        assert resend_all(session, admin, OutboxFilters(OutboxState.GIVEN_UP, kind=NoticeKind.LATE)) == 1
        assert resend_all(session, admin, GIVEN_UP) == 1
        assert resend_all(session, admin, GIVEN_UP) == 0


def test_administrators_hear_once_a_day_that_something_was_not_delivered(session, admin, coordinator):
    tell_administrators(session)
    tell_administrators(session)
    (notice,) = unread(session, admin)
    assert notice.page == "outbox"
    assert unread(session, coordinator) == []
