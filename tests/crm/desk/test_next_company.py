"""Who is called next."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.calling.models import Call, CallStatus, EntryState, ObjectionRight
from crm.calling.queries import my_claim
from crm.calling.services import claim_company, release_expired, save_notes
from crm.companies.models import Contact, Suppression, SuppressionReason
from crm.companies.services import suppress
from crm.core.clock import now
from crm.core.errors import NotAllowed, NotFound
from crm.desk.inputs import WrapUpInput
from crm.desk.queries import desk_view
from crm.desk.services import MayNotBeCalled, call_back, call_company, next_company, put_back, refuse, wrap_up
from crm.desk.waiting import waiting
from crm.followups.models import FollowUp, FollowUpKind, FollowUpStatus
from crm.followups.services import AlreadyClosed
from crm.scripts.services import load_scripts
from tests.conftest import add_user, make_company
from tests.crm.calling.building import answer, entries_of, make_list

SUNDAY = "2026-11-22 11:00+01:00"
EVENING = "2026-11-24 19:00+01:00"


def make_callback(session: Session, caller: Actor, **overrides: Any) -> FollowUp:
    """A callback that was agreed for an hour ago."""
    load_scripts(session)
    company_id = overrides.pop("company_id", None) or make_company(session).id
    fields: dict[str, Any] = {
        "kind": FollowUpKind.CALLBACK,
        "due_at": now() - timedelta(hours=1),
        "owner_id": caller.id,
        "company_id": company_id,
    }
    follow_up = FollowUp(**(fields | overrides))
    session.add(follow_up)
    session.flush()
    return follow_up


def test_is_the_first_that_is_due(session: Session, caller: Actor) -> None:
    made = make_list(session, [caller], 2)
    call = next_company(session, caller)
    assert call is not None
    assert call.company_id == entries_of(session, made)[0].company_id


def test_a_callback_goes_before_the_list(session: Session, caller: Actor) -> None:
    make_list(session, [caller], 1)
    callback = make_callback(session, caller)
    call = next_company(session, caller)
    assert call is not None
    assert call.company_id == callback.company_id
    view = desk_view(session, caller)
    assert view is not None
    assert view.callback is callback


def test_the_call_that_is_open_goes_before_everything(session: Session, caller: Actor, call: Call) -> None:
    make_callback(session, caller)
    assert next_company(session, caller) is call


def test_goes_on_with_the_same_call_after_its_time_was_over(session: Session, caller: Actor, call: Call) -> None:
    with time_machine.travel(now() + timedelta(hours=2), tick=False):
        release_expired(session)
        assert next_company(session, caller) is call
        claim = my_claim(session, caller)
    assert claim is not None
    assert claim.company_id == call.company_id


def test_there_is_none_when_everybody_was_called(session: Session, caller: Actor) -> None:
    assert next_company(session, caller) is None
    assert not waiting(session, caller).can_start


class TestMayNotBeCalled:
    def test_is_taken_off_the_list_with_the_reason(self, session: Session, caller: Actor) -> None:
        companies = [make_company(session, legal_form="EMZ"), make_company(session)]
        made = make_list(session, [caller], companies)
        call = next_company(session, caller)
        assert call is not None
        assert call.company_id == companies[1].id
        blocked = entries_of(session, made)[0]
        assert blocked.state is EntryState.BLOCKED
        assert "toestemming" in blocked.blocked_because

    def test_many_in_a_row_are_skipped(self, session: Session, caller: Actor) -> None:
        companies = [make_company(session, legal_form="VOF") for _each in range(30)] + [make_company(session)]
        make_list(session, [caller], companies)
        call = next_company(session, caller)
        assert call is not None
        assert call.company_id == companies[-1].id

    def test_callbacks_that_may_never_be_made_stay_open_and_keep_nobody_waiting(
        self, session: Session, caller: Actor
    ) -> None:
        refused = [make_callback(session, caller, due_at=now() - timedelta(hours=9)) for _each in range(60)]
        for callback in refused:
            session.add(Suppression(company_id=callback.company_id, reason=SuppressionReason.OBJECTION))
        session.flush()
        assert next_company(session, caller) is None
        assert (waiting(session, caller).refused, waiting(session, caller).can_start) == (20, False)
        allowed = make_callback(session, caller)
        call = next_company(session, caller)
        assert call is not None
        assert call.company_id == allowed.company_id
        assert {callback.status for callback in refused} == {FollowUpStatus.OPEN}

    def test_a_callback_to_somebody_who_objected_is_skipped(self, session: Session, caller: Actor) -> None:
        company = make_company(session)
        contact = Contact(company_id=company.id, name="Jan Bos")
        session.add(contact)
        session.flush()
        callback = make_callback(session, caller, company_id=company.id, contact_id=contact.id)
        suppress(session, caller, company.id, reason=SuppressionReason.OBJECTION, contact_id=contact.id)
        assert next_company(session, caller) is None
        assert callback.status is FollowUpStatus.OPEN

    @pytest.mark.parametrize("moment", [SUNDAY, "2026-12-25 11:00+01:00", EVENING, "2026-11-24 08:00+01:00"])
    def test_nothing_is_offered_and_nothing_blocked_at_the_wrong_time(
        self, session: Session, caller: Actor, moment: str
    ) -> None:
        made = make_list(session, [caller], 1)
        callback = make_callback(session, caller, kind=FollowUpKind.RECALL)
        with time_machine.travel(moment, tick=False):
            entry = entries_of(session, made)[0]
            entry.due_at = callback.due_at = now() - timedelta(minutes=1)
            session.flush()
            assert next_company(session, caller) is None
            assert waiting(session, caller).closed
        assert entry.state is EntryState.WAITING
        assert callback.status is FollowUpStatus.OPEN

    def test_what_was_agreed_may_be_in_the_evening_but_not_on_sunday(self, session: Session, caller: Actor) -> None:
        callback = make_callback(session, caller)
        with time_machine.travel(SUNDAY, tick=False):
            callback.due_at = now() - timedelta(minutes=1)
            session.flush()
            assert next_company(session, caller) is None
        with time_machine.travel(EVENING, tick=False):
            call = next_company(session, caller)
        assert call is not None
        assert call.company_id == callback.company_id

    def test_an_objection_during_the_call_takes_the_company_off_the_list(
        self, session: Session, caller: Actor, call: Call
    ) -> None:
        suppress(session, caller, call.company_id, reason=SuppressionReason.OBJECTION)
        following = refuse(session, caller, call.id)
        assert following is not None
        assert following.company_id != call.company_id


class TestOthers:
    def test_a_callback_of_a_colleague_is_not_mine(self, session: Session, caller: Actor) -> None:
        make_callback(session, add_user(session, Role.CALLER), due_at=now() - timedelta(minutes=59))
        assert next_company(session, caller) is None

    def test_a_company_that_a_colleague_holds_is_skipped(self, session: Session, caller: Actor) -> None:
        first, second = make_callback(session, caller), make_callback(session, caller)
        assert first.company_id
        claim_company(session, add_user(session, Role.CALLER), first.company_id)
        call = next_company(session, caller)
        assert call is not None
        assert call.company_id == second.company_id

    def test_only_callers_call(self, session: Session, viewer: Actor, coach: Actor) -> None:
        for actor in (viewer, coach):
            with pytest.raises(NotAllowed):
                next_company(session, actor)


class TestPutBack:
    def test_goes_on_to_the_next_one(self, session: Session, caller: Actor, call: Call) -> None:
        following = put_back(session, caller, call.id)
        assert following is not None
        assert following.company_id != call.company_id

    def test_keeps_what_was_written(self, session: Session, caller: Actor, call: Call) -> None:
        answer(session, caller, call, "allowed")
        save_notes(session, caller, call.id, "Was even weg.")
        put_back(session, caller, call.id)
        kept = session.exec(select(Call).where(Call.id == call.id)).one()
        assert (kept.status, kept.notes, kept.reached) == (CallStatus.DONE, "Was even weg.", None)


class TestCallingWhatWasPromised:
    def test_opens_the_call_ahead_of_its_moment(self, session: Session, caller: Actor) -> None:
        make_callback(session, caller)
        later = make_callback(session, caller, due_at=now() + timedelta(hours=2))
        assert call_back(session, caller, later.id).company_id == later.company_id

    def test_it_is_done_when_somebody_was_spoken(self, session: Session, caller: Actor) -> None:
        later = make_callback(session, caller, due_at=now() + timedelta(hours=2))
        call = call_back(session, caller, later.id)
        said_no = WrapUpInput(
            disposition="GEEN_INTERESSE", objection_right=ObjectionRight.OFFERED, summary="Heeft niemand nodig."
        )
        wrap_up(session, caller, call.id, said_no)
        assert later.status is FollowUpStatus.DONE

    def test_nobody_answering_early_leaves_the_promise_as_it_was(self, session: Session, caller: Actor) -> None:
        moment = now() + timedelta(hours=2)
        later = make_callback(session, caller, due_at=moment)
        call = call_back(session, caller, later.id)
        nobody = WrapUpInput(disposition="GEEN_GEHOOR", objection_right=ObjectionRight.NO_CONTACT)
        wrap_up(session, caller, call.id, nobody)
        assert (later.status, later.due_at) == (FollowUpStatus.OPEN, moment)

    def test_who_may_not_be_called_is_not(self, session: Session, caller: Actor) -> None:
        promised = make_callback(session, caller)
        suppress(session, caller, promised.company_id, reason=SuppressionReason.OBJECTION)
        with pytest.raises(MayNotBeCalled):
            call_back(session, caller, promised.id)

    def test_a_promise_for_the_evening_does_not_open_the_desk_earlier(self, session: Session, caller: Actor) -> None:
        with time_machine.travel("2026-11-24 08:15+01:00", tick=False):
            promised = make_callback(session, caller, due_at=now() + timedelta(hours=11))
            with pytest.raises(MayNotBeCalled):
                call_back(session, caller, promised.id)

    def test_only_own_work_is_called(self, session: Session, caller: Actor) -> None:
        promised = make_callback(session, add_user(session, Role.CALLER))
        with pytest.raises(NotFound):
            call_back(session, caller, promised.id)

    def test_what_is_done_is_not_called_again(self, session: Session, caller: Actor) -> None:
        promised = make_callback(session, caller, status=FollowUpStatus.DONE)
        with pytest.raises(AlreadyClosed):
            call_back(session, caller, promised.id)


class TestCallingWhomOneChose:
    def test_opens_a_call_that_belongs_to_no_list(self, session: Session, caller: Actor) -> None:
        load_scripts(session)
        company = make_company(session)
        call = call_company(session, caller, company.id)
        assert (call.company_id, call.list_id) == (company.id, None)

    def test_who_may_not_be_called_is_not(self, session: Session, caller: Actor) -> None:
        company = make_company(session, legal_form="EMZ")
        with pytest.raises(MayNotBeCalled):
            call_company(session, caller, company.id)
