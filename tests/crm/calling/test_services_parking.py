"""A call that waits for its caller while another comes in."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.audit.models import AuditEntry
from crm.calling.models import Call, CallListEntry, CallStatus, Claim, EntryState
from crm.calling.queries import my_open_call, my_parked_call, steps
from crm.calling.services import (
    CallParked,
    CallStillOpen,
    CallTakenOver,
    CompanyTaken,
    claim_company,
    claim_next,
    give_answer,
    open_call,
    park,
    release_expired,
    return_to_parked,
    save_notes,
    take_over,
)
from crm.companies.models import Company
from crm.core.clock import now
from crm.core.errors import ChangedMeanwhile, NotAllowed
from tests.conftest import add_user, make_company
from tests.crm.calling.building import answer, make_list, start_call


@pytest.fixture
def call(session: Session, caller: Actor) -> Call:
    """A call in which something was said and written, from a list with three companies; it is parked."""
    make_list(session, [caller], 3)
    call = start_call(session, caller)
    answer(session, caller, call, "allowed", "right_person")
    save_notes(session, caller, call.id, "Zoekt iemand voor")
    return park(session, caller, call.id)


@pytest.fixture
def other(session: Session) -> Company:
    return make_company(session, name="Garage Moer")


def open_with(session: Session, caller: Actor, company_id: int) -> Call:
    return open_call(session, caller, claim_company(session, caller, company_id))


class TestParking:
    def test_keeps_the_call_and_the_company_of_the_caller(self, session: Session, caller: Actor, call: Call) -> None:
        claim = session.exec(select(Claim)).one()
        entry = session.get_one(CallListEntry, call.entry_id)
        assert (call.status, call.notes, len(steps(session, call.id))) == (CallStatus.PARKED, "Zoekt iemand voor", 2)
        assert (claim.parked, claim.company_id, entry.state) == (True, call.company_id, EntryState.CLAIMED)
        assert my_open_call(session, caller) is None
        assert my_parked_call(session, caller) is call

    def test_leaves_room_for_one_call_beside_it(
        self, session: Session, caller: Actor, call: Call, other: Company
    ) -> None:
        assert open_with(session, caller, other.id).status is CallStatus.OPEN
        assert claim_next(session, caller).company_id == other.id

    def test_of_a_second_call_is_refused_by_the_database(
        self, session: Session, caller: Actor, call: Call, other: Company
    ) -> None:
        second = open_with(session, caller, other.id)
        with pytest.raises(IntegrityError), session.begin_nested():
            park(session, caller, second.id)

    def test_no_colleague_gets_the_company(self, session: Session, caller: Actor, call: Call) -> None:
        with pytest.raises(CompanyTaken):
            claim_company(session, add_user(session, Role.CALLER), call.company_id)

    def test_is_for_callers(self, session: Session, viewer: Actor, call: Call) -> None:
        with pytest.raises(NotAllowed):
            park(session, viewer, call.id)


class TestAnotherWindow:
    def test_what_was_typed_until_then_comes_in(self, session: Session, caller: Actor, call: Call) -> None:
        save_notes(session, caller, call.id, "Zoekt iemand voor de kassa")
        assert (call.notes, call.status) == ("Zoekt iemand voor de kassa", CallStatus.PARKED)

    def test_the_conversation_does_not_go_on_there(self, session: Session, caller: Actor, call: Call) -> None:
        with pytest.raises(CallParked):
            give_answer(session, caller, call.id, "S04", "listens")
        with pytest.raises(CallParked):
            park(session, caller, call.id)


class TestReturning:
    def test_goes_on_where_it_was(self, session: Session, caller: Actor, call: Call) -> None:
        assert return_to_parked(session, caller) is call
        claim = session.exec(select(Claim)).one()
        assert (call.status, call.parked_at, claim.parked, claim.entry_id) == (
            CallStatus.OPEN, None, False, call.entry_id,
        )  # fmt: skip
        give_answer(session, caller, call.id, "S04", "listens")

    def test_pressing_twice_counts_once(self, session: Session, caller: Actor, call: Call) -> None:
        assert return_to_parked(session, caller) is return_to_parked(session, caller)

    def test_a_company_that_was_only_on_screen_goes_back_as_it_was(
        self, session: Session, caller: Actor, call: Call
    ) -> None:
        fresh = start_call(session, caller)
        entry = session.get_one(CallListEntry, fresh.entry_id)
        due_at = entry.due_at
        return_to_parked(session, caller)
        assert (entry.state, entry.due_at) == (EntryState.WAITING, due_at)
        assert session.exec(select(Call)).all() == [call]

    def test_not_out_of_a_call_that_has_begun(
        self, session: Session, caller: Actor, call: Call, other: Company
    ) -> None:
        save_notes(session, caller, open_with(session, caller, other.id).id, "Belt ons.")
        with pytest.raises(CallStillOpen):
            return_to_parked(session, caller)

    def test_without_a_parked_call_the_screen_is_old(self, session: Session, caller: Actor) -> None:
        with pytest.raises(ChangedMeanwhile):
            return_to_parked(session, caller)

    def test_choosing_the_company_elsewhere_opens_the_same_call(
        self, session: Session, caller: Actor, call: Call
    ) -> None:
        assert open_with(session, caller, call.company_id) is call

    def test_both_moments_are_in_the_audit_log(self, session: Session, caller: Actor, call: Call) -> None:
        return_to_parked(session, caller)
        about = select(AuditEntry.action).where(AuditEntry.subject_type == "call").order_by(col(AuditEntry.id))
        assert session.exec(about).all() == ["call.parked", "call.returned_to"]


class TestExpiry:
    def test_after_its_time_the_company_is_free_and_the_caller_still_goes_on(
        self, session: Session, caller: Actor, call: Call
    ) -> None:
        with time_machine.travel(now() + timedelta(hours=2), tick=False):
            assert release_expired(session) == 1
            assert session.get_one(CallListEntry, call.entry_id).state is EntryState.WAITING
            assert return_to_parked(session, caller) is call
            assert session.exec(select(Claim)).one().entry_id == call.entry_id

    def test_a_colleague_who_got_it_is_named_and_what_was_written_stays(
        self, session: Session, caller: Actor, call: Call
    ) -> None:
        with time_machine.travel(now() + timedelta(hours=2), tick=False):
            claim_company(session, add_user(session, Role.CALLER, name="Bea"), call.company_id)
            with pytest.raises(CompanyTaken, match="Bea"), session.begin_nested():
                return_to_parked(session, caller)
        assert (call.status, call.notes) == (CallStatus.PARKED, "Zoekt iemand voor")


class TestTakingOver:
    def test_ends_the_parked_call_and_keeps_its_words(self, session: Session, caller: Actor, call: Call) -> None:
        coordinator = add_user(session, Role.COORDINATOR)
        claim = take_over(session, coordinator, call.company_id, holder_id=caller.user_id)
        assert (claim.user_id, claim.parked) == (coordinator.user_id, False)
        assert (call.status, call.parked_at, call.notes) == (CallStatus.DONE, None, "Zoekt iemand voor")
        assert open_call(session, coordinator, claim).id != call.id
        with pytest.raises(CallTakenOver):
            give_answer(session, caller, call.id, "S04", "listens")
        with pytest.raises(ChangedMeanwhile):
            return_to_parked(session, caller)
