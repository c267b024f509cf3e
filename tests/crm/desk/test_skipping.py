"""Not this company, and why."""

from datetime import datetime, timedelta

import pytest
import time_machine
from pydantic import ValidationError
from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.audit.models import AuditEntry
from crm.calling.inputs import SkipInput
from crm.calling.lists import call_lists
from crm.calling.models import Call, EntryState, SkippedCompany, SkipReason
from crm.calling.queries import left_to_call, my_open_call
from crm.calling.rules import skipped_until
from crm.calling.services import CallBegun, claim_next, mark_dialled, save_notes, skips_of_list
from crm.core.clock import now
from crm.core.errors import NotAllowed
from crm.desk.services import call_back, next_company, skip_company, write
from crm.desk.timeline import Kind, timeline
from crm.followups.models import FollowUpStatus
from tests.conftest import add_user, make_company
from tests.crm.calling.building import answer, entries_of, make_list
from tests.crm.desk.test_next_company import make_callback

CLOSED = SkipInput(reason=SkipReason.CLOSED)
KNOWN = SkipInput(reason=SkipReason.KNOWN)


class TestSkipping:
    def test_goes_on_to_the_next_and_keeps_why(self, session: Session, caller: Actor, call: Call) -> None:
        company_id, call_id = call.company_id, call.id
        given = SkipInput(reason=SkipReason.OTHER, note="  Zit in een vergadering. ")
        following = skip_company(session, caller, call_id, given)
        assert following is not None
        assert following.company_id != company_id
        [skipped] = session.exec(select(SkippedCompany)).all()
        assert (skipped.company_id, skipped.list_id, skipped.user_id) == (company_id, call.list_id, caller.id)
        assert (skipped.reason, skipped.note) == (SkipReason.OTHER, "Zit in een vergadering.")
        assert session.exec(select(Call.company_id)).all() == [following.company_id]

    def test_it_comes_back_when_its_time_is_over(self, session: Session, caller: Actor) -> None:
        [entry] = entries_of(session, make_list(session, [caller], 1))
        call = next_company(session, caller)
        assert call is not None
        assert skip_company(session, caller, call.id, SkipInput(reason=SkipReason.MOMENT)) is None
        assert (entry.state, entry.attempts, entry.due_at) == (EntryState.WAITING, 0, now() + timedelta(hours=2))
        with time_machine.travel(entry.due_at, tick=False):
            again = next_company(session, caller)
        assert again is not None
        assert again.company_id == entry.company_id

    def test_is_written_in_the_audit_log(self, session: Session, caller: Actor, call: Call) -> None:
        skip_company(session, caller, call.id, CLOSED)
        [entry] = session.exec(select(AuditEntry).where(AuditEntry.action == "company.skipped")).all()
        assert (entry.actor_id, entry.changes["reason"]) == (caller.id, [None, "closed"])

    @pytest.mark.parametrize("begin", ["dialled", "answered", "noted", "filled in"])
    def test_not_once_the_call_has_begun(self, session: Session, caller: Actor, call: Call, begin: str) -> None:
        if begin == "dialled":
            mark_dialled(session, caller, call.id)
        elif begin == "answered":
            answer(session, caller, call, "allowed")
        elif begin == "noted":
            save_notes(session, caller, call.id, "Belt terug.")
        else:
            write(session, caller, call.id, "summary", "Belt terug.")
        session.flush()
        with pytest.raises(CallBegun):
            skip_company(session, caller, call.id, CLOSED)
        assert my_open_call(session, caller) is call

    def test_something_else_is_said_in_words(self) -> None:
        with pytest.raises(ValidationError):
            SkipInput(reason=SkipReason.OTHER, note="   ")

    @pytest.mark.parametrize(
        ("reason", "moment", "until"),
        [
            (SkipReason.CLOSED, "2026-11-24T10:00+01:00", "2026-11-25T12:30+01:00"),
            (SkipReason.CLOSED, "2026-11-27T16:00+01:00", "2026-11-30T09:30+01:00"),
            (SkipReason.MOMENT, "2026-11-24T10:00+01:00", "2026-11-24T12:00+01:00"),
            (SkipReason.MOMENT, "2026-11-27T16:00+01:00", "2026-11-30T09:30+01:00"),
            (SkipReason.KNOWN, "2026-11-24T10:00+01:00", "2026-11-24T10:30+01:00"),
        ],
    )
    def test_each_reason_has_its_time(self, reason: SkipReason, moment: str, until: str) -> None:
        assert skipped_until(reason, datetime.fromisoformat(moment)) == datetime.fromisoformat(until)


class TestKnown:
    def test_people_one_knows_are_left_to_a_colleague(self, session: Session, caller: Actor) -> None:
        colleague = add_user(session, Role.CALLER)
        [entry] = entries_of(session, make_list(session, [caller, colleague], 1))
        call = next_company(session, caller)
        assert call is not None
        skip_company(session, caller, call.id, KNOWN)
        with time_machine.travel(now() + timedelta(hours=1), tick=False):
            assert next_company(session, caller) is None
            assert (left_to_call(session, caller), left_to_call(session, colleague)) == (0, 1)
            claim = claim_next(session, colleague)
        assert claim is not None
        assert claim.company_id == entry.company_id

    def test_nor_is_the_promise_of_a_colleague_given(self, session: Session, caller: Actor) -> None:
        promised = make_callback(session, add_user(session, Role.CALLER))
        call = next_company(session, caller)
        assert call is not None
        skip_company(session, caller, call.id, KNOWN)
        with time_machine.travel(now() + timedelta(hours=3), tick=False):
            assert next_company(session, caller) is None
        assert promised.status is FollowUpStatus.OPEN


class TestPromises:
    def test_a_promise_that_is_skipped_waits_as_long(self, session: Session, caller: Actor) -> None:
        promised = make_callback(session, caller)
        call = next_company(session, caller)
        assert call is not None
        assert skip_company(session, caller, call.id, SkipInput(reason=SkipReason.MOMENT)) is None
        assert (promised.status, promised.due_at) == (FollowUpStatus.OPEN, now() + timedelta(hours=2))

    def test_one_that_was_called_ahead_keeps_its_moment(self, session: Session, caller: Actor) -> None:
        moment = now() + timedelta(hours=5)
        promised = make_callback(session, caller, due_at=moment)
        call = call_back(session, caller, promised.id)
        skip_company(session, caller, call.id, CLOSED)
        assert promised.due_at == moment


class TestWhoSeesIt:
    def test_the_coordinator_on_the_list(self, session: Session, caller: Actor, coordinator: Actor, call: Call) -> None:
        list_id = call.list_id
        skip_company(session, caller, call.id, CLOSED)
        assert list_id
        [row] = skips_of_list(session, coordinator, list_id)
        assert (row.caller, row.skip.reason) == (caller.name, SkipReason.CLOSED)
        assert [shown.skipped for shown in call_lists(session, coordinator).rows] == [1]
        assert skips_of_list(session, coordinator, make_list(session, [], 0, name="Ander").id) == []

    def test_callers_do_not_read_what_others_skipped(self, session: Session, caller: Actor) -> None:
        with pytest.raises(NotAllowed):
            skips_of_list(session, caller, 1)

    def test_everybody_in_the_history_of_the_company(self, session: Session, caller: Actor) -> None:
        company = make_company(session)
        make_list(session, [caller], [company])
        call = next_company(session, caller)
        assert call is not None
        skip_company(session, caller, call.id, CLOSED)
        [event] = timeline(session, caller, company.id).events
        assert (event.kind, event.who, event.how) == (Kind.SKIPPED, caller.name, SkipReason.CLOSED.label)
