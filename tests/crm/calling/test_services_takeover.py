"""Taking over what a colleague holds."""

from datetime import timedelta

import pytest
import time_machine
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.audit.models import AuditEntry
from crm.calling.models import Call, CallListEntry, CallStatus, Claim, EntryState
from crm.calling.queries import holder_of, steps, taken_over_by, written
from crm.calling.services import (
    CallEnded,
    CallStillOpen,
    CallTakenOver,
    CompanyTaken,
    NobodyHolds,
    claim_company,
    claim_next,
    give_answer,
    mark_dialled,
    open_call,
    release,
    save_field,
    save_notes,
    take_over,
    takeover,
)
from crm.core.clock import now
from crm.core.errors import ChangedMeanwhile, NotAllowed
from crm.followups.models import FollowUp, FollowUpKind
from crm.messaging.models import Notice
from tests.conftest import add_user, make_company
from tests.crm.calling.building import answer, entries_of, make_list, start_call


@pytest.fixture
def coordinator(session: Session) -> Actor:
    return add_user(session, Role.COORDINATOR, name="Ria de Wit", language="en")


@pytest.fixture
def call(session: Session, caller: Actor) -> Call:
    """The colleague's call, in which something was said and written."""
    made = make_list(session, [caller], 2)
    call = start_call(session, caller)
    answer(session, caller, call, "allowed", "right_person")
    save_notes(session, caller, call.id, "Belt na drie uur terug")
    assert made.id == call.list_id
    return call


def take(session: Session, actor: Actor, call: Call) -> Claim:
    return take_over(session, actor, call.company_id, holder_id=call.caller_id)


def notices(session: Session, actor: Actor) -> list[Notice]:
    return list(session.exec(select(Notice).where(Notice.user_id == actor.id).order_by(col(Notice.id))))


class TestClaim:
    def test_moves_with_its_entry_and_new_time(self, session: Session, coordinator: Actor, call: Call) -> None:
        with time_machine.travel(now() + timedelta(minutes=30), tick=False):
            claim = take(session, coordinator, call)
            assert claim.expires_at > now() + timedelta(minutes=40)
        assert (claim.user_id, claim.entry_id) == (coordinator.id, call.entry_id)
        assert session.get_one(CallListEntry, call.entry_id).state is EntryState.CLAIMED
        assert len(session.exec(select(Claim)).all()) == 1

    def test_is_there_to_call_with(self, session: Session, coordinator: Actor, call: Call) -> None:
        theirs = open_call(session, coordinator, take(session, coordinator, call))
        assert (theirs.company_id, theirs.list_id, theirs.id == call.id) == (call.company_id, call.list_id, False)

    def test_what_the_coordinator_held_goes_back(self, session: Session, coordinator: Actor, call: Call) -> None:
        [entry] = entries_of(session, make_list(session, [coordinator], 1))
        claim_next(session, coordinator)
        take(session, coordinator, call)
        assert entry.state is EntryState.WAITING

    def test_not_during_a_call_with_another_company(self, session: Session, coordinator: Actor, call: Call) -> None:
        make_list(session, [coordinator], 1)
        start_call(session, coordinator)
        with pytest.raises(CallStillOpen):
            take(session, coordinator, call)
        assert call.status is CallStatus.OPEN

    def test_pressing_twice_counts_once(self, session: Session, caller: Actor, coordinator: Actor, call: Call) -> None:
        assert take(session, coordinator, call).id == take(session, coordinator, call).id
        assert len(notices(session, caller)) == 1

    def test_the_second_coordinator_hears_who_was_first(self, session: Session, coordinator: Actor, call: Call) -> None:
        take(session, coordinator, call)
        with pytest.raises(CompanyTaken, match="Ria de Wit"):
            take(session, add_user(session, Role.COORDINATOR), call)

    def test_what_is_free_by_now_needs_no_taking_over(
        self, session: Session, caller: Actor, coordinator: Actor, call: Call
    ) -> None:
        release(session, caller)
        with pytest.raises(NobodyHolds):
            take(session, coordinator, call)

    def test_a_call_that_began_at_this_very_moment_is_not_overlooked(
        self, session: Session, coordinator: Actor, call: Call, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(takeover, "_call_of", lambda *_given: None)
        with pytest.raises(ChangedMeanwhile):
            take(session, coordinator, call)

    @pytest.mark.parametrize("role", [Role.CALLER, Role.COACH, Role.VIEWER])
    def test_is_for_coordinators(self, session: Session, call: Call, role: Role) -> None:
        with pytest.raises(NotAllowed):
            take(session, add_user(session, role), call)

    def test_the_callback_goes_along(self, session: Session, caller: Actor, coordinator: Actor) -> None:
        company = make_company(session)
        agreed = FollowUp(kind=FollowUpKind.CALLBACK, due_at=now(), owner_id=caller.id, company_id=company.id)
        session.add(agreed)
        session.flush()
        claim_company(session, caller, company.id, follow_up_id=agreed.id)
        claim = take_over(session, coordinator, company.id, holder_id=caller.user_id)
        assert (agreed.owner_id, claim.follow_up_id) == (coordinator.id, agreed.id)
        assert "terugbelafspraak" in notices(session, caller)[0].body

    def test_is_written_in_the_audit_log(self, session: Session, caller: Actor, coordinator: Actor, call: Call) -> None:
        take(session, coordinator, call)
        statement = select(AuditEntry).where(AuditEntry.action == "claim.taken_over")
        entry = session.exec(statement).one()
        assert entry.actor_id == coordinator.id
        assert entry.changes["user_id"] == [caller.id, coordinator.id]


class TestCallOfTheColleague:
    def test_ends_with_all_that_was_written(self, session: Session, coordinator: Actor, call: Call) -> None:
        take(session, coordinator, call)
        assert (call.status, call.reached, call.ended_at is None) == (CallStatus.DONE, None, False)
        assert call.notes == "Belt na drie uur terug"
        assert [step.answer for step in steps(session, call.id)] == ["allowed", "right_person"]
        assert taken_over_by(session, call) == "Ria de Wit"

    def test_stays_also_when_nothing_was_written_yet(self, session: Session, caller: Actor, coordinator: Actor) -> None:
        make_list(session, [caller], 1)
        call = start_call(session, caller)
        take(session, coordinator, call)
        session.flush()
        assert session.get_one(Call, call.id).status is CallStatus.DONE

    def test_takes_what_was_still_being_typed(
        self, session: Session, caller: Actor, coordinator: Actor, call: Call
    ) -> None:
        take(session, coordinator, call)
        save_notes(session, caller, call.id, "Belt na drie uur terug, vraag naar Ria")
        save_field(session, caller, call.id, "tasks", ["Facturen inboeken"], late=True)
        assert call.notes.endswith("vraag naar Ria")
        assert written(session, call.id) == {"tasks": ["Facturen inboeken"]}
        assert holder_of(session, call.company_id).name == "Ria de Wit"

    def test_goes_no_further_and_says_why(
        self, session: Session, caller: Actor, coordinator: Actor, call: Call
    ) -> None:
        take(session, coordinator, call)
        with pytest.raises(CallTakenOver, match="Ria de Wit"):
            give_answer(session, caller, call.id, "S04", "listens")
        with pytest.raises(CallTakenOver):
            mark_dialled(session, caller, call.id)
        assert claim_next(session, caller).company_id != call.company_id

    def test_one_that_was_put_back_takes_nothing_more(self, session: Session, caller: Actor, call: Call) -> None:
        release(session, caller)
        with pytest.raises(CallEnded):
            save_notes(session, caller, call.id, "Te laat")


class TestNotice:
    @pytest.mark.parametrize(
        ("language", "title", "body"),
        [
            ("nl", "Ria de Wit heeft een bedrijf van u overgenomen: Bakkerij Zus", "Uw gesprek is gestopt"),
            ("en", "Ria de Wit took over a company from you: Bakkerij Zus", "Your call ended"),
        ],
    )
    def test_is_in_the_language_of_the_colleague(
        self, session: Session, coordinator: Actor, language: str, title: str, body: str
    ) -> None:
        colleague = add_user(session, Role.CALLER, language=language)
        company = make_company(session, name="Bakkerij Zus")
        make_list(session, [])
        open_call(session, colleague, claim_company(session, colleague, company.id))
        take_over(session, coordinator, company.id, holder_id=colleague.user_id)
        [notice] = notices(session, colleague)
        assert (notice.title, notice.page) == (title, f"companies?company={company.id}")
        assert notice.body.startswith(body)

    def test_says_nothing_of_a_call_that_was_not_there(
        self, session: Session, caller: Actor, coordinator: Actor
    ) -> None:
        company = make_company(session)
        claim_company(session, caller, company.id)
        take_over(session, coordinator, company.id, holder_id=caller.user_id)
        assert [notice.body for notice in notices(session, caller)] == [""]

    def test_comes_every_time(self, session: Session, coordinator: Actor) -> None:
        other = add_user(session, Role.COORDINATOR)
        company = make_company(session)
        claim_company(session, other, company.id)
        for minute in range(3):
            with time_machine.travel(now() + timedelta(minutes=minute), tick=False):
                take_over(session, coordinator, company.id, holder_id=other.user_id)
                take_over(session, other, company.id, holder_id=coordinator.user_id)
        assert (len(notices(session, other)), len(notices(session, coordinator))) == (3, 3)


def test_nobody_holds_what_was_never_held_or_is_over(session: Session, caller: Actor) -> None:
    company = make_company(session)
    assert holder_of(session, company.id) is None
    claim = claim_company(session, caller, company.id)
    with time_machine.travel(claim.expires_at, tick=False):
        assert holder_of(session, company.id) is None
