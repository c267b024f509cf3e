"""What is kept during a call, and what its end does."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.audit.models import AuditEntry
from crm.calling.models import Call, CallAnswer, CallStatus, Claim, EntryState, ObjectionRight
from crm.calling.queries import left_to_call, my_claim, my_open_call, position, steps, written
from crm.calling.rules import DoesNotFitField, NobodyWasSpoken, ObjectionRightMissing
from crm.calling.services import (
    CallEnded,
    CompanyTaken,
    NoScript,
    NotYourCall,
    claim_company,
    claim_next,
    give_answer,
    go_back,
    mark_dialled,
    open_call,
    release_expired,
    resume,
    save_field,
    save_notes,
)
from crm.companies.models import Company, CompanyNumber, Suppression, SuppressionReason
from crm.core.clock import local, now
from crm.core.errors import CrmError, NotFound
from crm.followups.models import FollowUp, FollowUpKind
from crm.reference.models import Reached
from crm.reference.queries import dispositions
from crm.scripts.rules import StepDoesNotFit
from tests.conftest import add_user, make_company
from tests.crm.calling.building import answer, entries_of, finish_call, make_list, start_call

SAID_YES = ObjectionRight.OFFERED


@pytest.fixture
def call(session: Session, caller: Actor) -> Call:
    """An open call of `caller`, from a list with one company."""
    make_list(session, [caller], 1)
    return start_call(session, caller)


class TestOpening:
    def test_is_pinned_to_the_script_of_the_list_and_the_main_number(self, session: Session, caller: Actor) -> None:
        made = make_list(session, [caller], 1)
        call = start_call(session, caller)
        main = session.exec(select(CompanyNumber.e164).where(CompanyNumber.company_id == call.company_id)).one()
        assert (call.script_version_id, call.list_id, call.e164) == (made.script_version_id, made.id, main)

    def test_a_wrong_number_is_not_chosen(self, session: Session, caller: Actor) -> None:
        company = make_company(session)
        session.exec(select(CompanyNumber).where(CompanyNumber.company_id == company.id)).one().is_wrong = True
        session.add(CompanyNumber(company_id=company.id, e164="+31101234567"))
        make_list(session, [caller], [company])
        assert start_call(session, caller).e164 == "+31101234567"

    def test_a_number_somebody_objected_to_is_not_chosen_nor_dialled(self, session: Session, caller: Actor) -> None:
        company = make_company(session)
        main = session.exec(select(CompanyNumber.e164).where(CompanyNumber.company_id == company.id)).one()
        session.add(Suppression(e164=main, reason=SuppressionReason.OBJECTION))
        session.add(CompanyNumber(company_id=company.id, e164="+31101234567"))
        make_list(session, [caller], [company])
        call = start_call(session, caller)
        assert call.e164 == "+31101234567"
        with pytest.raises(NotFound):
            mark_dialled(session, caller, call.id, e164=main)

    def test_opening_again_gives_the_same_call(self, session: Session, caller: Actor, call: Call) -> None:
        assert open_call(session, caller, claim_next(session, caller)).id == call.id

    def test_a_callback_goes_on_with_the_script_and_contact_it_was_agreed_in(
        self, session: Session, caller: Actor, call: Call
    ) -> None:
        finish_call(session, caller, call.id, disposition="TERUGBELAFSPRAAK", objection_right=SAID_YES)
        agreed = FollowUp(kind=FollowUpKind.CALLBACK, due_at=now(), company_id=call.company_id, owner_id=caller.id)
        session.add(agreed)
        session.flush()
        again = open_call(session, caller, claim_company(session, caller, call.company_id, follow_up_id=agreed.id))
        assert (again.script_version_id, again.list_id) == (call.script_version_id, None)

    def test_without_any_script_there_is_nothing_to_call_with(self, session: Session, caller: Actor) -> None:
        with pytest.raises(NoScript):
            open_call(session, caller, claim_company(session, caller, make_company(session).id))


class TestAnswers:
    def test_are_kept_and_lead_on(self, session: Session, caller: Actor, call: Call) -> None:
        assert give_answer(session, caller, call.id, "S01", "allowed").node.id == "S02"
        answer(session, caller, call, "right_person", "listens")
        assert position(session, call).node.id == "S05"
        assert [step.answer for step in steps(session, call.id)] == ["allowed", "right_person", "listens"]

    def test_pressing_twice_counts_once(self, session: Session, caller: Actor, call: Call) -> None:
        give_answer(session, caller, call.id, "S01", "allowed")
        assert give_answer(session, caller, call.id, "S01", "allowed").node.id == "S02"
        assert len(steps(session, call.id)) == 1

    def test_pressing_twice_on_an_objection_counts_once(self, session: Session, caller: Actor, call: Call) -> None:
        answer(session, caller, call, "allowed", "right_person", "objection", "GEEN_VACATURES")
        assert give_answer(session, caller, call.id, "T01", "GEEN_VACATURES").node.id == "S08"
        assert len(steps(session, call.id)) == 4

    def test_an_old_screen_cannot_answer(self, session: Session, caller: Actor, call: Call) -> None:
        answer(session, caller, call, "allowed", "right_person")
        with pytest.raises(StepDoesNotFit):
            give_answer(session, caller, call.id, "S02", "somebody_else")

    @pytest.mark.parametrize("in_one_go", [True, False])
    def test_an_objection_is_kept_by_its_code(
        self, session: Session, caller: Actor, call: Call, in_one_go: bool
    ) -> None:
        answer(session, caller, call, "allowed", "right_person", "listens")
        if in_one_go:
            give_answer(session, caller, call.id, "S05", "objection", objection="GEEN_TIJD")
        else:
            answer(session, caller, call, "objection", "GEEN_TIJD")
        last = session.exec(select(CallAnswer).order_by(CallAnswer.id.desc())).first()
        assert last.objection == "GEEN_TIJD"
        assert position(session, call).node.id == "S06"

    def test_going_back_undoes_the_last_answer_and_keeps_its_trace(
        self, session: Session, caller: Actor, call: Call
    ) -> None:
        answer(session, caller, call, "allowed", "right_person")
        assert go_back(session, caller, call.id).node.id == "S02"
        assert go_back(session, caller, call.id).node.id == "S01"
        assert go_back(session, caller, call.id).node.id == "S01"
        assert len(session.exec(select(CallAnswer)).all()) == 2

    def test_another_way_can_be_taken_after_going_back(self, session: Session, caller: Actor, call: Call) -> None:
        answer(session, caller, call, "allowed", "right_person")
        go_back(session, caller, call.id)
        answer(session, caller, call, "somebody_else")
        assert [passed.node.id for passed in position(session, call).path] == ["S01", "S02"]


class TestWriting:
    def test_notes_and_fields_are_kept_at_once(self, session: Session, caller: Actor, call: Call) -> None:
        saved = save_notes(session, caller, call.id, "Bakt ’s nachts 🥖\x00")
        save_field(session, caller, call.id, "importance", 7)
        save_field(session, caller, call.id, "importance", 8)
        save_field(session, caller, call.id, "days", ["ma", "wo"])
        assert (call.notes, call.notes_saved_at) == ("Bakt ’s nachts 🥖", saved)
        assert written(session, call.id) == {"importance": 8, "days": ["ma", "wo"]}

    def test_a_field_can_be_emptied(self, session: Session, caller: Actor, call: Call) -> None:
        save_field(session, caller, call.id, "start", "januari")
        save_field(session, caller, call.id, "start", "")
        assert written(session, call.id) == {}

    def test_a_field_the_script_does_not_know_is_refused(self, session: Session, caller: Actor, call: Call) -> None:
        with pytest.raises(NotFound):
            save_field(session, caller, call.id, "bsn", "123456782")

    def test_a_value_that_does_not_fit_is_refused(self, session: Session, caller: Actor, call: Call) -> None:
        with pytest.raises(DoesNotFitField):
            save_field(session, caller, call.id, "importance", 11)

    def test_dialling_is_timed(self, session: Session, caller: Actor, call: Call) -> None:
        with time_machine.travel(now() + timedelta(minutes=5), tick=False):
            assert mark_dialled(session, caller, call.id).dialled_at == now()

    def test_only_numbers_of_the_company_are_dialled(self, session: Session, caller: Actor, call: Call) -> None:
        session.add(CompanyNumber(company_id=call.company_id, e164="+31612345678"))
        session.flush()
        assert mark_dialled(session, caller, call.id, e164="+31612345678").e164 == "+31612345678"
        with pytest.raises(NotFound):
            mark_dialled(session, caller, call.id, e164="+31101111111")


WRITES = {
    "give_answer": lambda s, a, c: give_answer(s, a, c, "S01", "allowed"),
    "go_back": go_back,
    "save_notes": lambda s, a, c: save_notes(s, a, c, "Hallo"),
    "save_field": lambda s, a, c: save_field(s, a, c, "importance", 7),
    "mark_dialled": mark_dialled,
    "finish_call": lambda s, a, c: finish_call(s, a, c, disposition="GEEN_GEHOOR", objection_right=None),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
class TestWhoWrites:
    @pytest.mark.parametrize("role", [Role.CALLER, Role.COORDINATOR, Role.ADMIN])
    def test_nobody_writes_in_the_call_of_somebody_else(
        self, session: Session, call: Call, write: object, role: Role
    ) -> None:
        with pytest.raises(NotYourCall):
            write(session, add_user(session, role), call.id)

    def test_who_may_not_call_may_not_write(self, session: Session, call: Call, viewer: Actor, write: object) -> None:
        with pytest.raises(CrmError):
            write(session, viewer, call.id)

    def test_nothing_is_written_after_the_end(self, session: Session, caller: Actor, call: Call, write: object) -> None:
        finish_call(session, caller, call.id, disposition="GEEN_GEHOOR", objection_right=None)
        with pytest.raises(CallEnded):
            write(session, caller, call.id)

    def test_a_call_that_does_not_exist_is_not_found(
        self, session: Session, caller: Actor, call: Call, write: object
    ) -> None:
        with pytest.raises(NotFound):
            write(session, caller, call.id + 1_000)


class TestFinishing:
    def test_ends_the_call_and_lets_go_of_the_company(self, session: Session, caller: Actor, call: Call) -> None:
        finish_call(session, caller, call.id, disposition="GESPREK_LATENT", objection_right=SAID_YES)
        assert (call.status, call.disposition, call.objection_right) == (CallStatus.DONE, "GESPREK_LATENT", SAID_YES)
        assert (my_claim(session, caller), my_open_call(session, caller)) == (None, None)

    def test_after_a_contact_the_company_is_done(self, session: Session, caller: Actor) -> None:
        made = make_list(session, [caller], 1)
        call = start_call(session, caller)
        finish_call(session, caller, call.id, disposition="GEEN_INTERESSE", objection_right=SAID_YES)
        assert entries_of(session, made)[0].state is EntryState.DONE

    @time_machine.travel("2026-11-24 10:00+01:00", tick=False)
    def test_after_no_answer_it_waits_for_another_moment_and_stops_after_three(
        self, session: Session, caller: Actor
    ) -> None:
        [entry] = entries_of(session, make_list(session, [caller], 1))
        moments = []
        for _attempt in range(3):
            with time_machine.travel(max(entry.due_at, now()), tick=False):
                call = start_call(session, caller)
                finish_call(session, caller, call.id, disposition="GEEN_GEHOOR", objection_right=None)
                moments.append(entry.due_at)
        assert (entry.state, entry.attempts) == (EntryState.DONE, 3)
        assert [f"{local(moment):%a %H:%M}" for moment in moments[:2]] == ["Wed 12:30", "Thu 15:00"]

    def test_what_happened_counts_on_every_list_of_the_company(self, session: Session, caller: Actor) -> None:
        company = make_company(session)
        make_list(session, [caller], [company])
        [other] = entries_of(session, make_list(session, [caller], [company]))
        finish_call(session, caller, start_call(session, caller).id, disposition="GEEN_GEHOOR", objection_right=None)
        assert (other.state, other.attempts) == (EntryState.WAITING, 0)
        assert other.due_at > now()
        with time_machine.travel(other.due_at + timedelta(minutes=1), tick=False):
            call = start_call(session, caller)
            finish_call(session, caller, call.id, disposition="GEEN_INTERESSE", objection_right=SAID_YES)
        assert other.state is EntryState.DONE
        assert left_to_call(session, caller) == 0

    def test_the_company_remembers_when_but_has_no_new_version(
        self, session: Session, caller: Actor, call: Call
    ) -> None:
        version = session.get(Company, call.company_id).version
        finish_call(session, caller, call.id, disposition="GEEN_GEHOOR", objection_right=None)
        company = session.get(Company, call.company_id, populate_existing=True)
        assert (company.last_called_at, company.version) == (call.ended_at, version)

    def test_somebody_who_was_spoken_must_have_heard_of_the_right_to_object(
        self, session: Session, caller: Actor, call: Call
    ) -> None:
        with pytest.raises(ObjectionRightMissing):
            finish_call(session, caller, call.id, disposition="GEEN_TIJD", objection_right=None)
        with pytest.raises(NobodyWasSpoken):
            finish_call(session, caller, call.id, disposition="GEEN_GEHOOR", objection_right=SAID_YES)
        assert call.status is CallStatus.OPEN

    def test_a_result_that_does_not_exist_is_refused(self, session: Session, caller: Actor, call: Call) -> None:
        with pytest.raises(CrmError):
            finish_call(session, caller, call.id, disposition="HOERA", objection_right=SAID_YES)

    def test_is_written_in_the_audit_log(self, session: Session, caller: Actor, call: Call) -> None:
        finish_call(session, caller, call.id, disposition="GEEN_GEHOOR", objection_right=None)
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "call.finished")).one()
        assert entry.changes["reached"] == [None, "no_answer"]


class TestAfterABreak:
    def test_the_same_call_is_there_at_the_same_question(self, session: Session, caller: Actor, call: Call) -> None:
        answer(session, caller, call, "allowed", "right_person")
        session.flush()
        session.expunge_all()
        again = resume(session, caller)
        assert (again.id, position(session, again).node.id) == (call.id, "S04")

    def test_the_company_is_held_again_when_it_is_free(self, session: Session, caller: Actor, call: Call) -> None:
        with time_machine.travel(now() + timedelta(hours=1), tick=False):
            release_expired(session)
            resume(session, caller)
            claim = my_claim(session, caller)
        assert (claim.company_id, claim.entry_id) == (call.company_id, call.entry_id)

    def test_a_colleague_who_has_it_now_keeps_it_and_nothing_written_is_lost(
        self, session: Session, caller: Actor, call: Call
    ) -> None:
        answer(session, caller, call, "allowed")
        colleague = add_user(session, Role.CALLER)
        with time_machine.travel(now() + timedelta(hours=1), tick=False):
            release_expired(session)
            claim_company(session, colleague, call.company_id)
            with pytest.raises(CompanyTaken):
                resume(session, caller)
            save_notes(session, caller, call.id, "Ik was er eerst")
            finish_call(session, caller, call.id, disposition="GEEN_GEHOOR", objection_right=None)
            assert my_claim(session, colleague) is not None
        assert [step.answer for step in steps(session, call.id)] == ["allowed"]

    def test_finishing_late_still_settles_the_list(self, session: Session, caller: Actor) -> None:
        [entry] = entries_of(session, make_list(session, [caller], 1))
        call = start_call(session, caller)
        with time_machine.travel(now() + timedelta(hours=1), tick=False):
            release_expired(session)
            finish_call(session, caller, call.id, disposition="GEEN_INTERESSE", objection_right=SAID_YES)
        assert entry.state is EntryState.DONE

    def test_without_a_call_there_is_nothing_to_resume(self, session: Session, caller: Actor) -> None:
        assert resume(session, caller) is None

    @pytest.mark.parametrize("theirs_first", [False, True])
    def test_an_attempt_counts_when_a_colleague_took_the_company_up_meanwhile(
        self, session: Session, caller: Actor, theirs_first: bool
    ) -> None:
        colleague = add_user(session, Role.CALLER)
        made = make_list(session, [caller, colleague])
        call = start_call(session, caller)
        session.exec(select(Claim)).one().expires_at = now()
        release_expired(session)
        theirs = start_call(session, colleague)
        ends = [(caller, call, "GEEN_GEHOOR", None), (colleague, theirs, "GEEN_INTERESSE", SAID_YES)]
        for who, which, code, right in ends[::-1] if theirs_first else ends:
            finish_call(session, who, which.id, disposition=code, objection_right=right)
        (entry,) = entries_of(session, made)
        assert (entry.attempts, entry.state) == (2, EntryState.DONE)


class TestResult:
    @pytest.mark.parametrize(
        ("reached", "disposition"),
        [(Reached.BUSY, "GESPREK_LATENT"), (Reached.ANSWERED, None), (None, "GESPREK_LATENT")],
    )
    def test_the_database_refuses_what_contradicts(
        self, session: Session, caller: Actor, reached: Reached | None, disposition: str | None
    ) -> None:
        make_list(session, [caller])
        call = start_call(session, caller)
        with pytest.raises(IntegrityError), session.begin_nested():
            call.reached, call.disposition = reached, disposition
            session.flush()

    @pytest.mark.parametrize("code", list(dispositions()))
    def test_every_choice_of_the_caller_can_be_kept_and_read_back(
        self, session: Session, caller: Actor, code: str
    ) -> None:
        make_list(session, [caller])
        call = start_call(session, caller)
        call.result = dispositions()[code]
        session.flush()
        session.refresh(call)
        assert call.result is dispositions()[code]
        assert (call.disposition is not None) == (call.reached is Reached.ANSWERED)
