"""Putting right the result of a call on the day it was written down."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.audit.models import AuditEntry
from crm.calling.models import Call, CallListEntry, EntryState, HourFigures, ObjectionRight
from crm.calling.services import claim_company, claim_next, open_call
from crm.companies.gate import may_call
from crm.companies.models import Company, CompanyNumber, Suppression
from crm.core.clock import now
from crm.core.errors import ChangedMeanwhile, NotAllowed, NotFound
from crm.desk.inputs import CorrectionInput, NextStep
from crm.desk.rules import CannotWrapUp
from crm.desk.services import Corrected, OnlyCoordinator, TooLate, correct, log_call, wrap_up
from crm.followups.inputs import FollowUpInput
from crm.followups.models import FollowUp, FollowUpKind, FollowUpStatus
from crm.followups.services import complete, plan
from crm.messaging.models import Notice
from crm.pipeline.models import HiddenJob
from crm.pipeline.queries import job_card
from crm.reference.queries import dispositions
from crm.reporting.queries import my_day
from tests.conftest import add_user
from tests.crm.calling.building import make_list
from tests.crm.desk.test_elsewhere import told
from tests.crm.desk.test_next_company import make_callback
from tests.crm.desk.test_services import NEXT_WEEK, entry_of, open_steps, result

CODES = list(dispositions())
REASON = "De beller koos de verkeerde regel."


def right(code: str, **overrides: Any) -> CorrectionInput:
    """What the result should have been."""
    return CorrectionInput(**(result(code).model_dump() | {"reason": REASON} | overrides))


def put_right(session: Session, actor: Actor, call: Call, code: str, **overrides: Any) -> Corrected:
    session.flush()
    return correct(session, actor, call.id, right(code, **overrides), version=call.version)


def code_of(call: Call) -> str | None:
    return call.result.code if call.result else None


@dataclass(frozen=True)
class Situation:
    """A company on two lists with two numbers, a callback of the caller that is due, and one of a colleague."""

    call: Call

    @property
    def caller(self) -> Actor:
        return Actor(self.call.caller_id, "Beller", Role.CALLER)

    @classmethod
    def make(cls, session: Session, caller: Actor, colleague: Actor) -> "Situation":
        made = make_list(session, [caller], 1)
        company_id = session.exec(select(CallListEntry.company_id).where(CallListEntry.list_id == made.id)).one()
        make_list(session, [colleague], [session.get_one(Company, company_id)])
        session.add(CompanyNumber(company_id=company_id, e164=f"+3110{company_id:07}"))
        make_callback(session, caller, company_id=company_id, due_at=now() - timedelta(minutes=5))
        make_callback(session, caller, company_id=company_id, due_at=NEXT_WEEK, kind=FollowUpKind.SEND_INFO)
        return cls(open_call(session, caller, claim_next(session, caller)))

    def state(self, session: Session) -> dict[str, Any]:
        """All that the result decides, without ids."""
        session.flush()
        company_id = self.call.company_id
        company = session.get_one(Company, company_id, populate_existing=True)
        entries = session.exec(
            select(CallListEntry).where(CallListEntry.company_id == company_id).order_by(CallListEntry.id)
        )
        steps = session.exec(select(FollowUp).where(FollowUp.company_id == company_id))
        numbers = session.exec(
            select(CompanyNumber).where(CompanyNumber.company_id == company_id).order_by(CompanyNumber.id)
        ).all()
        blocks = session.exec(
            select(Suppression).where(
                (Suppression.company_id == company_id) | col(Suppression.e164).in_([n.e164 for n in numbers])
            )
        )
        made_by_mistake = "De uitslag van het gesprek is gewijzigd."
        return {
            "call": (code_of(self.call), self.call.objection_right, self.call.status),
            "entries": [(entry.state, entry.attempts, entry.due_at) for entry in entries],
            "follow-ups": sorted(
                (step.kind, step.status, step.due_at, step.outcome, step.owner_id is None, step.done_in_call_id is None)
                for step in steps
                if step.outcome != made_by_mistake
            ),
            "company": (company.legal_form, company.stopped_at, company.last_called_at),
            "numbers": [(number.is_wrong, number.is_main) for number in numbers],
            "blocks": sorted((block.reason, block.company_id is None, block.e164 is None) for block in blocks),
            "gate": may_call(session, company_id).rule,
        }


@dataclass(frozen=True)
class Came:
    """What came of a call, and of the day of its caller."""

    state: dict[str, Any]
    called: int
    spoken: int


def situation_after(session: Session, code: str) -> Situation:
    """The call has this result."""
    situation = Situation.make(session, add_user(session, Role.CALLER), add_user(session, Role.CALLER))
    wrap_up(session, situation.caller, situation.call.id, result(code))
    return situation


def what_came(session: Session, situation: Situation) -> Came:
    day = my_day(session, situation.caller)
    return Came(situation.state(session), day.called, day.spoken)


@pytest.fixture(scope="module")
def known() -> dict[tuple[str, str], Came]:
    """What came of a call that was right at once, by database and result: the same for every test."""
    return {}


@pytest.mark.parametrize("wrong", CODES)
def test_a_corrected_call_is_as_if_it_had_been_right_at_once(
    session: Session, coordinator: Actor, known: dict[tuple[str, str], Came], wrong: str
) -> None:
    """For every pair of results."""
    mistaken = situation_after(session, wrong)
    for code in CODES:
        key = (session.get_bind().dialect.name, code)
        if key not in known:
            known[key] = what_came(session, situation_after(session, code))
        session.flush()
        with session.begin_nested() as undone_afterwards:
            put_right(session, coordinator, mistaken.call, code)
            assert what_came(session, mistaken) == known[key], f"{wrong} corrected to {code}"
            undone_afterwards.rollback()


def test_correcting_twice_ends_at_the_last(session: Session, coordinator: Actor) -> None:
    at_once, later = (
        Situation.make(session, add_user(session, Role.CALLER), add_user(session, Role.CALLER)) for _each in "ab"
    )
    wrap_up(session, at_once.caller, at_once.call.id, result("IN_GESPREK"))
    wrap_up(session, later.caller, later.call.id, result("VERKEERD_NUMMER"))
    for code in ("BEDRIJF_GESTOPT", "TERUGBELAFSPRAAK", "IN_GESPREK"):
        put_right(session, coordinator, later.call, code)
    assert later.state(session) == at_once.state(session)


class TestWho:
    def test_the_caller_on_the_same_day(self, session: Session, caller: Actor, call: Call) -> None:
        wrap_up(session, caller, call.id, result("GEEN_GEHOOR"))
        put_right(session, caller, call, "GEEN_INTERESSE")
        assert code_of(call) == "GEEN_INTERESSE"

    def test_not_a_colleague(self, session: Session, caller: Actor, call: Call) -> None:
        wrap_up(session, caller, call.id, result("GEEN_GEHOOR"))
        with pytest.raises(NotAllowed):
            put_right(session, add_user(session, Role.CALLER), call, "GEEN_INTERESSE")

    def test_not_who_made_the_call_and_has_another_role_since(
        self, session: Session, caller: Actor, call: Call
    ) -> None:
        wrap_up(session, caller, call.id, result("GEEN_GEHOOR"))
        with pytest.raises(NotAllowed):
            put_right(session, Actor(caller.id, caller.name, Role.VIEWER), call, "VOICEMAIL")

    def test_a_coordinator_and_the_caller_hears_of_it(
        self, session: Session, caller: Actor, coordinator: Actor, call: Call
    ) -> None:
        wrap_up(session, caller, call.id, result("GEEN_GEHOOR"))
        put_right(session, coordinator, call, "GEEN_INTERESSE")
        (notice,) = session.exec(select(Notice).where(Notice.user_id == caller.id)).all()
        assert "Geen gehoor" in notice.body
        assert "Geen interesse" in notice.body

    def test_not_the_next_day(self, session: Session, caller: Actor, coordinator: Actor, call: Call) -> None:
        wrap_up(session, caller, call.id, result("GEEN_GEHOOR"))
        with time_machine.travel("2026-11-25 09:00+01:00", tick=False), pytest.raises(TooLate):
            put_right(session, coordinator, call, "GEEN_INTERESSE", summary="Toch gesproken")

    def test_not_on_an_older_version(self, session: Session, caller: Actor, call: Call) -> None:
        wrap_up(session, caller, call.id, result("GEEN_GEHOOR"))
        session.flush()
        old = call.version
        put_right(session, caller, call, "IN_GESPREK")
        session.flush()
        with pytest.raises(ChangedMeanwhile):
            correct(session, caller, call.id, right("GEEN_INTERESSE"), version=old)

    def test_not_a_call_that_is_still_open(self, session: Session, caller: Actor, call: Call) -> None:
        with pytest.raises(NotFound):
            put_right(session, caller, call, "GEEN_INTERESSE")


class TestBlocks:
    def test_only_a_coordinator_takes_one_back(self, session: Session, caller: Actor, call: Call) -> None:
        wrap_up(session, caller, call.id, result("VERZET"))
        with pytest.raises(OnlyCoordinator):
            put_right(session, caller, call, "GEEN_INTERESSE")
        assert not may_call(session, call.company_id).allowed

    def test_only_with_a_reason(self, session: Session, caller: Actor, coordinator: Actor, call: Call) -> None:
        wrap_up(session, caller, call.id, result("KLACHT"))
        with pytest.raises(CannotWrapUp, match="waarom"):
            put_right(session, coordinator, call, "GEEN_INTERESSE", reason=" ")
        put_right(session, coordinator, call, "GEEN_INTERESSE")
        assert may_call(session, call.company_id).allowed
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "company.unblocked")).one()
        assert entry.changes["reason"] == [None, REASON]

    def test_a_number_that_another_company_objected_with_stays_blocked(
        self, session: Session, caller: Actor, coordinator: Actor, call: Call
    ) -> None:
        wrap_up(session, caller, call.id, result("VERZET"))
        made = make_list(session, [caller], 1)
        other_id = session.exec(select(CallListEntry.company_id).where(CallListEntry.list_id == made.id)).one()
        session.add(CompanyNumber(company_id=other_id, e164=call.e164))
        session.flush()
        wrap_up(
            session, caller, open_call(session, caller, claim_company(session, caller, other_id)).id, result("VERZET")
        )
        put_right(session, coordinator, call, "GEEN_INTERESSE")
        assert may_call(session, call.company_id).rule == "suppressed-number"

    def test_the_caller_may_mend_what_was_written_in_it(self, session: Session, caller: Actor, call: Call) -> None:
        wrap_up(session, caller, call.id, result("VERZET"))
        put_right(session, caller, call, "VERZET", objection_right=ObjectionRight.NOT_OFFERED, notes="Boos")
        assert (call.objection_right, call.notes) == (ObjectionRight.NOT_OFFERED, "Boos")
        assert not may_call(session, call.company_id).allowed


class TestNextStep:
    def test_the_same_result_with_another_moment(self, session: Session, caller: Actor, call: Call) -> None:
        wrap_up(session, caller, call.id, result("TERUGBELAFSPRAAK"))
        later = NextStep(kind=FollowUpKind.CALLBACK, due_at=NEXT_WEEK + timedelta(hours=1), owner_id=caller.id)
        put_right(session, caller, call, "TERUGBELAFSPRAAK", next_step=later)
        assert [step.due_at for step in open_steps(session, call.company_id)] == [later.due_at]
        put_right(session, caller, call, "GEEN_GEHOOR")
        assert open_steps(session, call.company_id) == []

    def test_the_same_step_stays_as_it_is(self, session: Session, caller: Actor, call: Call) -> None:
        wrap_up(session, caller, call.id, result("TERUGBELAFSPRAAK"))
        (before,) = open_steps(session, call.company_id)
        put_right(session, caller, call, "TERUGBELAFSPRAAK", notes="Om tien uur")
        assert open_steps(session, call.company_id) == [before]

    def test_one_that_was_done_since_stays_and_is_told(self, session: Session, caller: Actor, call: Call) -> None:
        wrap_up(session, caller, call.id, result("INFO_MAILEN", next_step=step(caller)))
        (sent,) = open_steps(session, call.company_id)
        complete(session, caller, sent.id, version=None, outcome="Gestuurd")
        done = put_right(session, caller, call, "GEEN_GEHOOR")
        assert sent.status is FollowUpStatus.DONE
        assert done.told == ("De vervolgactie van dit gesprek stond niet meer open. Dat blijft zo.",)

    def test_a_call_that_was_planned_since_stays_the_one_that_is_planned(
        self, session: Session, caller: Actor, coach: Actor, call: Call
    ) -> None:
        make_callback(session, caller, company_id=call.company_id, due_at=now() - timedelta(minutes=5))
        wrap_up(session, caller, call.id, result("TERUGBELAFSPRAAK"))
        since = {"kind": FollowUpKind.CALLBACK, "due_at": NEXT_WEEK, "owner_id": coach.id}
        newest = plan(session, coach, FollowUpInput(company_id=call.company_id, **since))
        done = put_right(session, caller, call, "GEEN_GEHOOR")
        assert open_steps(session, call.company_id) == [newest]
        assert any("andere terugbelafspraak" in words for words in done.told)

    def test_a_reminder_cannot_be_taken_back(self, session: Session, caller: Actor, call: Call) -> None:
        wrap_up(session, caller, call.id, result("TERUGBELAFSPRAAK"))
        open_steps(session, call.company_id)[0].reminded_at = now()
        assert "herinnering" in put_right(session, caller, call, "GEEN_GEHOOR").told[0]


def step(owner: Actor) -> NextStep:
    return NextStep(kind=FollowUpKind.SEND_INFO, due_at=NEXT_WEEK, owner_id=owner.id)


class TestHiddenJob:
    def test_stays_and_is_marked(self, session: Session, caller: Actor, call: Call) -> None:
        wrap_up(session, caller, call.id, result("GESPREK_LATENT"))
        done = put_right(session, caller, call, "GEEN_INTERESSE")
        job = session.exec(select(HiddenJob)).one()
        doubt = job_card(session, caller, job.id).doubt
        assert doubt is not None
        assert (doubt.was, doubt.now, doubt.person) == ("GESPREK_LATENT", "GEEN_INTERESSE", caller.name)
        assert job.title in done.told[0]

    def test_that_the_right_result_names_is_not_doubted(self, session: Session, caller: Actor, call: Call) -> None:
        wrap_up(session, caller, call.id, result("GESPREK_LATENT"))
        job = session.exec(select(HiddenJob)).one()
        put_right(session, caller, call, "VACATURE", job=None, known_job_id=job.id)
        assert job_card(session, caller, job.id).doubt is None
        assert session.exec(select(HiddenJob)).all() == [job]


class TestLaterCalls:
    def test_a_later_call_keeps_counting_for_the_lists(self, session: Session, caller: Actor, call: Call) -> None:
        wrap_up(session, caller, call.id, result("GEEN_GEHOOR"))
        entry = entry_of(session, call)
        again = open_call(session, caller, claim_company(session, caller, call.company_id, entry_id=entry.id))
        wrap_up(session, caller, again.id, result("VOICEMAIL"))
        attempts, due_at = entry.attempts, entry.due_at
        done = put_right(session, caller, call, "IN_GESPREK")
        assert (entry.attempts, entry.due_at) == (attempts, due_at)
        assert "later" in done.told[0]

    def test_who_turns_out_to_be_spoken_is_not_called_again(self, session: Session, caller: Actor, call: Call) -> None:
        wrap_up(session, caller, call.id, result("GEEN_GEHOOR"))
        entry = entry_of(session, call)
        again = open_call(session, caller, claim_company(session, caller, call.company_id, entry_id=entry.id))
        wrap_up(session, caller, again.id, result("VOICEMAIL"))
        put_right(session, caller, call, "GEEN_INTERESSE")
        assert (entry.state, entry.attempts) == (EntryState.DONE, 2)

    def test_a_call_that_is_under_way_is_left_alone(self, session: Session, caller: Actor, call: Call) -> None:
        wrap_up(session, caller, call.id, result("GEEN_GEHOOR"))
        entry = entry_of(session, call)
        open_call(session, caller, claim_company(session, caller, call.company_id, entry_id=entry.id))
        done = put_right(session, caller, call, "GEEN_INTERESSE")
        assert entry.state is EntryState.CLAIMED
        assert "bezig" in done.told[0]


def test_the_best_hour_is_learned_from_the_right_result(session: Session, caller: Actor, call: Call) -> None:
    wrap_up(session, caller, call.id, result("GEEN_GEHOOR"))
    put_right(session, caller, call, "GEEN_INTERESSE")
    assert session.exec(select(HourFigures.calls, HourFigures.spoken)).all() == [(1, 1)]
    put_right(session, caller, call, "BEDRIJF_GESTOPT")
    assert session.exec(select(HourFigures.calls, HourFigures.spoken)).all() == [(0, 0)]


def test_the_audit_log_has_before_and_after(session: Session, caller: Actor, call: Call) -> None:
    wrap_up(session, caller, call.id, result("GEEN_GEHOOR"))
    put_right(session, caller, call, "GEEN_INTERESSE", notes="Toch iemand")
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "call.corrected")).one()
    assert entry.actor_id == caller.id
    assert entry.changes["disposition"] == [None, "GEEN_INTERESSE"]
    assert entry.changes["notes"] == ["", "Toch iemand"]


def test_what_was_filled_in_wrongly_changes_nothing(session: Session, caller: Actor, call: Call) -> None:
    wrap_up(session, caller, call.id, result("GEEN_GEHOOR"))
    with pytest.raises(CannotWrapUp):
        put_right(session, caller, call, "GEEN_INTERESSE", objection_right=None)
    assert code_of(call) == "GEEN_GEHOOR"


def test_a_call_made_elsewhere_can_be_put_right(session: Session, caller: Actor, call: Call) -> None:
    wrap_up(session, caller, call.id, result("GEEN_GEHOOR"))
    logged = log_call(session, caller, call.company_id, told("GEEN_INTERESSE")).call
    assert entry_of(session, call).state is EntryState.DONE
    put_right(session, caller, logged, "GEEN_GEHOOR")
    assert entry_of(session, call).state is EntryState.WAITING
