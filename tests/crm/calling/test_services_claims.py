"""Who gets which company."""

from datetime import datetime, timedelta

import pytest
import time_machine
from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.audit.models import AuditEntry
from crm.calling.models import Claim, EntryState, ListStatus
from crm.calling.queries import left_to_call, my_claim, my_open_call
from crm.calling.queue import Taken, take_first
from crm.calling.services import (
    CallStillOpen,
    CompanyTaken,
    block,
    claim_company,
    claim_next,
    claims,
    open_call,
    release,
    release_expired,
)
from crm.core.clock import now
from crm.core.errors import ChangedMeanwhile, NotAllowed, NotFound
from tests.conftest import add_user, make_company
from tests.crm.calling.building import answer, entries_of, make_list, start_call


@pytest.fixture
def colleague(session: Session) -> Actor:
    return add_user(session, Role.CALLER, name="Ria de Wit")


class TestClaimNext:
    def test_gives_the_company_that_has_waited_longest(self, session: Session, caller: Actor) -> None:
        made = make_list(session, [caller], 3)
        entries = entries_of(session, made)
        entries[1].due_at -= timedelta(hours=1)
        claim = claim_next(session, caller)
        assert (claim.company_id, claim.entry_id) == (entries[1].company_id, entries[1].id)
        assert [entry.state for entry in entries] == [EntryState.WAITING, EntryState.CLAIMED, EntryState.WAITING]

    def test_gives_the_same_company_again_to_who_holds_it(self, session: Session, caller: Actor) -> None:
        make_list(session, [caller], 2)
        assert claim_next(session, caller).id == claim_next(session, caller).id

    def test_gives_two_callers_two_companies(self, session: Session, caller: Actor, colleague: Actor) -> None:
        make_list(session, [caller, colleague], 2)
        assert claim_next(session, caller).company_id != claim_next(session, colleague).company_id

    def test_does_not_give_a_company_that_is_held_through_another_list(
        self, session: Session, caller: Actor, colleague: Actor
    ) -> None:
        company = make_company(session)
        make_list(session, [caller], [company])
        make_list(session, [colleague], [company])
        assert claim_next(session, caller).company_id == company.id
        assert claim_next(session, colleague) is None

    def test_takes_the_longest_waiting_over_all_lists(self, session: Session, caller: Actor) -> None:
        make_list(session, [caller], 2)
        second = make_list(session, [caller], 1)
        [entry] = entries_of(session, second)
        entry.due_at -= timedelta(hours=2)
        assert claim_next(session, caller).entry_id == entry.id

    def test_goes_on_to_the_next_list_when_one_is_empty(self, session: Session, caller: Actor) -> None:
        make_list(session, [caller], 0)
        full = make_list(session, [caller], 1)
        assert claim_next(session, caller).entry_id == entries_of(session, full)[0].id

    def test_gives_nothing_from_lists_of_others(self, session: Session, caller: Actor, colleague: Actor) -> None:
        make_list(session, [colleague], 2)
        assert claim_next(session, caller) is None

    @pytest.mark.parametrize("status", [ListStatus.PAUSED, ListStatus.CLOSED])
    def test_gives_nothing_from_lists_that_are_not_open(
        self, session: Session, caller: Actor, status: ListStatus
    ) -> None:
        make_list(session, [caller], 2, status=status)
        assert claim_next(session, caller) is None
        assert left_to_call(session, caller) == 0

    def test_gives_nothing_that_is_not_due_yet(self, session: Session, caller: Actor) -> None:
        [entry] = entries_of(session, make_list(session, [caller], 1))
        entry.due_at = now() + timedelta(minutes=1)
        assert claim_next(session, caller) is None

    @pytest.mark.parametrize("state", [EntryState.DONE, EntryState.BLOCKED])
    def test_gives_nothing_that_is_over(self, session: Session, caller: Actor, state: EntryState) -> None:
        [entry] = entries_of(session, make_list(session, [caller], 1))
        entry.state = state
        assert claim_next(session, caller) is None

    def test_goes_on_to_the_next_when_a_colleague_is_first_at_the_very_moment(
        self, session: Session, caller: Actor, colleague: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first, second = entries_of(session, make_list(session, [caller], 2))

        def taken_too(session: Session, actor: Actor) -> Taken | None:
            taken = take_first(session, actor)
            if taken and taken.entry_id == first.id:
                claim_company(session, colleague, taken.company_id)
            return taken

        monkeypatch.setattr(claims, "take_first", taken_too)
        assert claim_next(session, caller).entry_id == second.id
        assert (first.state, second.state) == (EntryState.WAITING, EntryState.CLAIMED)

    def test_is_for_callers_only(self, session: Session, viewer: Actor) -> None:
        with pytest.raises(NotAllowed):
            claim_next(session, viewer)

    def test_the_open_call_comes_before_a_new_company(self, session: Session, caller: Actor) -> None:
        make_list(session, [caller], 2)
        call = start_call(session, caller)
        with time_machine.travel(now() + timedelta(hours=2), tick=False):
            release_expired(session)
            assert my_claim(session, caller) is None
            assert claim_next(session, caller).company_id == call.company_id


class TestClaimCompany:
    def test_says_who_holds_it_and_until_when(self, session: Session, caller: Actor, colleague: Actor) -> None:
        company = make_company(session)
        held = claim_company(session, colleague, company.id)
        with pytest.raises(CompanyTaken, match="Ria de Wit") as refusal:
            claim_company(session, caller, company.id)
        assert (refusal.value.holder, refusal.value.until) == ("Ria de Wit", held.expires_at)

    def test_puts_back_what_the_caller_held_before(self, session: Session, caller: Actor) -> None:
        [entry] = entries_of(session, make_list(session, [caller], 1))
        claim_next(session, caller)
        company = make_company(session)
        assert claim_company(session, caller, company.id).company_id == company.id
        assert entry.state is EntryState.WAITING

    def test_not_during_a_call_with_another_company(self, session: Session, caller: Actor) -> None:
        make_list(session, [caller], 1)
        start_call(session, caller)
        with pytest.raises(CallStillOpen):
            claim_company(session, caller, make_company(session).id)

    def test_takes_over_what_a_colleague_has_held_for_too_long(
        self, session: Session, caller: Actor, colleague: Actor
    ) -> None:
        made = make_list(session, [colleague], 1)
        claim = claim_next(session, colleague)
        with time_machine.travel(claim.expires_at, tick=False):
            assert claim_company(session, caller, claim.company_id).user_id == caller.id
        assert entries_of(session, made)[0].state is EntryState.WAITING

    def test_an_entry_of_this_company_is_claimed_with_it(self, session: Session, caller: Actor) -> None:
        _first, second = entries_of(session, make_list(session, [caller], 2))
        claim = claim_company(session, caller, second.company_id, entry_id=second.id)
        assert (claim.entry_id, second.state) == (second.id, EntryState.CLAIMED)

    def test_an_entry_that_is_over_stays_over(self, session: Session, caller: Actor) -> None:
        [entry] = entries_of(session, make_list(session, [caller], 1))
        entry.state = EntryState.DONE
        assert claim_company(session, caller, entry.company_id, entry_id=entry.id).entry_id is None
        assert entry.state is EntryState.DONE

    def test_an_entry_of_another_company_or_list_is_refused(
        self, session: Session, caller: Actor, colleague: Actor
    ) -> None:
        [mine] = entries_of(session, make_list(session, [caller], 1))
        [theirs] = entries_of(session, make_list(session, [colleague], 1))
        with pytest.raises(NotFound):
            claim_company(session, caller, theirs.company_id, entry_id=mine.id)
        with pytest.raises(NotAllowed):
            claim_company(session, caller, theirs.company_id, entry_id=theirs.id)

    def test_a_company_that_does_not_exist_is_not_found(self, session: Session, caller: Actor) -> None:
        with pytest.raises(NotFound):
            claim_company(session, caller, 999_999)


class TestRelease:
    def test_puts_the_company_back_behind_the_others(self, session: Session, caller: Actor) -> None:
        first, second = entries_of(session, make_list(session, [caller], 2))
        call = start_call(session, caller)
        release(session, caller)
        assert first.state is EntryState.WAITING
        assert first.due_at > now()
        assert my_open_call(session, caller) is None
        assert claim_next(session, caller).company_id == second.company_id != call.company_id

    def test_until_a_chosen_moment(self, session: Session, caller: Actor) -> None:
        [entry] = entries_of(session, make_list(session, [caller], 1))
        claim_next(session, caller)
        monday = datetime.fromisoformat("2026-11-30T09:00+01:00")
        release(session, caller, until=monday)
        assert entry.due_at == monday

    def test_what_was_written_in_the_call_stays(self, session: Session, caller: Actor) -> None:
        make_list(session, [caller], 1)
        call = start_call(session, caller)
        answer(session, caller, call, "allowed")
        release(session, caller)
        assert (call.reached, call.ended_at is None) == (None, False)

    def test_is_written_in_the_audit_log(self, session: Session, caller: Actor) -> None:
        make_list(session, [caller], 1)
        claim_next(session, caller)
        release(session, caller)
        assert "claim.released" in session.exec(select(AuditEntry.action)).all()

    def test_without_a_company_nothing_happens(self, session: Session, caller: Actor) -> None:
        release(session, caller)
        block(session, caller, "Het is zondag")


class TestBlock:
    def test_takes_the_company_off_the_list_with_the_reason(self, session: Session, caller: Actor) -> None:
        first, second = entries_of(session, make_list(session, [caller], 2))
        claim_next(session, caller)
        block(session, caller, "Dit bedrijf is een eenmanszaak")
        assert (first.state, first.blocked_because) == (EntryState.BLOCKED, "Dit bedrijf is een eenmanszaak")
        assert claim_next(session, caller).entry_id == second.id


class TestReleaseExpired:
    def test_frees_only_what_is_over(self, session: Session, caller: Actor, colleague: Actor) -> None:
        first, second = entries_of(session, make_list(session, [caller, colleague], 2))
        claim_next(session, caller)
        later = claim_next(session, colleague)
        later.expires_at += timedelta(hours=1)
        session.flush()
        with time_machine.travel(now() + timedelta(minutes=50), tick=False):
            assert release_expired(session) == 1
        assert (first.state, second.state) == (EntryState.WAITING, EntryState.CLAIMED)
        assert session.exec(select(Claim.user_id)).all() == [colleague.id]

    def test_leaves_the_open_call(self, session: Session, caller: Actor) -> None:
        make_list(session, [caller], 1)
        call = start_call(session, caller)
        with time_machine.travel(now() + timedelta(hours=1), tick=False):
            release_expired(session)
            assert my_open_call(session, caller).id == call.id

    def test_working_in_the_call_keeps_the_company(self, session: Session, caller: Actor) -> None:
        make_list(session, [caller], 1)
        call = start_call(session, caller)
        start = now()
        for minutes in (30, 60, 90):
            with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
                answer(session, caller, call, {30: "allowed", 60: "right_person", 90: "listens"}[minutes])
                session.flush()
                assert release_expired(session) == 0


class TestOpenCall:
    def test_needs_the_company_to_be_held(self, session: Session, caller: Actor, colleague: Actor) -> None:
        make_list(session, [caller], 1)
        claim = claim_next(session, caller)
        with pytest.raises(ChangedMeanwhile):
            open_call(session, colleague, claim)
