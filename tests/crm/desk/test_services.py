"""Wrapping up: all that follows from a result, or nothing at all."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.audit.models import AuditEntry
from crm.calling.inputs import RetryInput
from crm.calling.models import Call, CallListEntry, CallStatus, Claim, EntryState, ObjectionRight
from crm.calling.queries import left_to_call, written
from crm.calling.retries import set_retry
from crm.calling.services import CallEnded, NotYourCall, claim_company, open_call
from crm.companies.gate import may_call
from crm.companies.models import Company, CompanyNumber, Contact, Suppression, SuppressionReason
from crm.core.clock import at, local, now
from crm.core.errors import CrmError, NotFound
from crm.desk.inputs import NextStep, WrapUpInput
from crm.desk.queries import desk_view, talk
from crm.desk.rules import CannotWrapUp, disposition, needs
from crm.desk.services import next_company, wrap_up, wrap_up_and_next, write, write_texts
from crm.desk.timeline import Kind
from crm.followups.models import FollowUp, FollowUpKind, FollowUpStatus
from crm.pipeline.inputs import AskedCompetence, HiddenJobInput
from crm.pipeline.models import HiddenJob, HiddenJobCompetence, Stage
from crm.reference.models import Reached
from crm.reference.queries import dispositions
from tests.conftest import add_user, make_company, make_job, statements_of
from tests.crm.calling.building import answer
from tests.crm.desk.test_next_company import make_callback

NEXT_WEEK = at(date(2026, 12, 1), 10)
WORK = HiddenJobInput(title="Boekhouding", reason="PENSIOEN")


def result(code: str, **overrides: Any) -> WrapUpInput:
    """What this result needs."""
    wanted = needs(disposition(code))
    fields: dict[str, Any] = {"disposition": code, "objection_right": wanted.objection_right[0]}
    if wanted.summary:
        fields["summary"] = "Heeft het druk."
    if wanted.next_step:
        fields["next_step"] = NextStep(kind=wanted.steps[0], due_at=NEXT_WEEK)
    if wanted.job:
        fields["job"] = WORK
    if wanted.legal_form:
        fields["legal_form"] = "EMZ"
    return WrapUpInput(**(fields | overrides))


def open_steps(session: Session, company_id: int) -> list[FollowUp]:
    statement = select(FollowUp).where(FollowUp.company_id == company_id, FollowUp.status == FollowUpStatus.OPEN)
    return list(session.exec(statement))


def entry_of(session: Session, call: Call) -> CallListEntry:
    return session.get_one(CallListEntry, call.entry_id)


@pytest.mark.parametrize("code", list(dispositions()))
def test_every_result_ends_the_call_and_lets_go(session: Session, caller: Actor, call: Call, code: str) -> None:
    wrap_up(session, caller, call.id, result(code))
    assert (call.status, call.result) == (CallStatus.DONE, disposition(code))
    assert session.exec(select(Claim).where(Claim.user_id == caller.id)).first() is None
    tried = entry_of(session, call)
    assert tried.attempts == 1
    assert (tried.state is EntryState.WAITING) == (disposition(code).retry is not None)
    assert session.exec(select(AuditEntry).where(AuditEntry.action == "call.finished")).one().subject_id == call.id


class TestVoicemail:
    def test_a_second_message_within_three_attempts_is_refused_with_the_reason(
        self, session: Session, caller: Actor, call: Call
    ) -> None:
        wrap_up(session, caller, call.id, result("VOICEMAIL_INGESPROKEN"))
        again = open_call(session, caller, claim_company(session, caller, call.company_id, entry_id=call.entry_id))
        with pytest.raises(CannotWrapUp, match="24 nov"):
            wrap_up(session, caller, again.id, result("VOICEMAIL_INGESPROKEN"))
        wrap_up(session, caller, again.id, result("VOICEMAIL"))
        assert again.reached is Reached.VOICEMAIL

    def test_a_callback_that_was_not_answered_moves_as_its_list_says(
        self, session: Session, caller: Actor, coordinator: Actor, call: Call
    ) -> None:
        set_retry(session, coordinator, call.list_id, "IN_GESPREK", RetryInput(hours=3, most_attempts=3), version=0)
        agreed = make_callback(session, caller, company_id=call.company_id, due_at=now())
        wrap_up(session, caller, call.id, result("IN_GESPREK"))
        assert agreed.due_at == now() + timedelta(hours=3)


class TestNoMoreCalls:
    @pytest.mark.parametrize("code", ["VERZET", "KLACHT"])
    def test_blocks_the_company_and_all_its_numbers_for_everybody(
        self, session: Session, caller: Actor, call: Call, code: str
    ) -> None:
        session.add(CompanyNumber(company_id=call.company_id, e164="+31612345678"))
        session.flush()
        wrap_up(session, caller, call.id, result(code))
        numbers = session.exec(select(CompanyNumber.e164).where(CompanyNumber.company_id == call.company_id)).all()
        blocked = set(session.exec(select(Suppression.e164).where(col(Suppression.e164).in_(numbers))))
        assert blocked == set(numbers)
        assert not may_call(session, call.company_id).allowed

    def test_ends_the_callbacks_that_were_planned(self, session: Session, caller: Actor, call: Call) -> None:
        later = make_callback(session, caller, company_id=call.company_id, due_at=NEXT_WEEK)
        wrap_up(session, caller, call.id, result("VERZET"))
        assert later.status is FollowUpStatus.DROPPED

    def test_a_complaint_is_for_the_team(self, session: Session, caller: Actor, call: Call) -> None:
        wrap_up(session, caller, call.id, result("KLACHT"))
        (step,) = open_steps(session, call.company_id)
        assert step.owner_id is None

    def test_a_wrong_number_is_never_dialled_again(self, session: Session, caller: Actor, call: Call) -> None:
        wrap_up(session, caller, call.id, result("VERKEERD_NUMMER"))
        number = session.exec(select(CompanyNumber).where(CompanyNumber.e164 == call.e164)).one()
        assert number.is_wrong
        assert not may_call(session, call.company_id).allowed

    def test_a_number_out_of_service_is_not_dialled_here_but_who_gets_it_may_be(
        self, session: Session, caller: Actor, call: Call
    ) -> None:
        wrap_up(session, caller, call.id, result("BUITEN_GEBRUIK"))
        assert (entry_of(session, call).state, call.disposition) == (EntryState.DONE, None)
        assert not may_call(session, call.company_id).allowed
        assert may_call(session, make_company(session, number=call.e164).id).allowed
        assert session.exec(select(Suppression)).all() == []

    @pytest.mark.parametrize("code", ["VERKEERD_NUMMER", "BUITEN_GEBRUIK"])
    def test_after_a_number_that_does_not_work_the_next_one_is_tried_at_once(
        self, session: Session, caller: Actor, call: Call, code: str
    ) -> None:
        agreed = make_callback(session, caller, company_id=call.company_id, due_at=now())
        session.add(CompanyNumber(company_id=call.company_id, e164="+31101234567"))
        session.flush()
        wrap_up(session, caller, call.id, result(code))
        assert (entry_of(session, call).state, entry_of(session, call).due_at) == (EntryState.WAITING, now())
        assert agreed.status is FollowUpStatus.OPEN
        again = next_company(session, caller)
        assert again is not None
        assert (again.company_id, again.e164) == (call.company_id, "+31101234567")

    def test_a_company_that_stopped_is_remembered(self, session: Session, caller: Actor, call: Call) -> None:
        wrap_up(session, caller, call.id, result("BEDRIJF_GESTOPT"))
        assert session.get_one(Company, call.company_id).stopped_at == now()

    def test_a_sole_trader_needs_consent_from_now_on(self, session: Session, caller: Actor, call: Call) -> None:
        wrap_up(session, caller, call.id, result("RECHTSVORM_FOUT", objection_right=ObjectionRight.OFFERED))
        assert session.get_one(Company, call.company_id).legal_form == "EMZ"
        assert not may_call(session, call.company_id).allowed


class TestHiddenJob:
    def test_is_a_signal_of_this_call(self, session: Session, caller: Actor, call: Call) -> None:
        wrap_up(session, caller, call.id, result("GESPREK_LATENT"))
        job = session.exec(select(HiddenJob)).one()
        assert (job.company_id, job.call_id, job.stage) == (call.company_id, call.id, Stage.SIGNAL)
        assert open_steps(session, call.company_id)[0].hidden_job_id == job.id

    def test_is_explored_when_tasks_and_hours_are_known(self, session: Session, caller: Actor, call: Call) -> None:
        known = WORK.model_copy(update={"tasks": "Facturen", "hours_per_week": 8})
        known.competences = [AskedCompetence(code="24118")]
        wrap_up(session, caller, call.id, result("GESPREK_LATENT", job=known))
        job = session.exec(select(HiddenJob)).one()
        assert job.stage is Stage.EXPLORED
        assert session.exec(select(HiddenJobCompetence.code)).all() == ["24118"]

    def test_may_be_one_this_company_had(self, session: Session, caller: Actor, call: Call) -> None:
        known = make_job(session, company_id=call.company_id)
        wrap_up(session, caller, call.id, result("KOPKOFFIE", job=None, known_job_id=known.id))
        assert session.exec(select(HiddenJob)).one() is known
        (step,) = open_steps(session, call.company_id)
        assert (step.kind, step.hidden_job_id) == (FollowUpKind.PLAN_KOPKOFFIE, known.id)

    def test_of_another_company_is_refused(self, session: Session, caller: Actor, call: Call) -> None:
        strange = make_job(session)
        with pytest.raises(NotFound):
            wrap_up(session, caller, call.id, result("KOPKOFFIE", job=None, known_job_id=strange.id))


class TestContact:
    def test_somebody_new_is_kept_with_the_company(self, session: Session, caller: Actor, call: Call) -> None:
        spoken = {"contact_name": " Wil de  Vries ", "contact_function": "eigenaar"}
        wrap_up(session, caller, call.id, result("GEEN_INTERESSE", **spoken))
        contact = session.exec(select(Contact)).one()
        assert (contact.name, contact.function, call.contact_id) == ("Wil de Vries", "eigenaar", contact.id)

    def test_somebody_known_is_not_written_down_twice(self, session: Session, caller: Actor, call: Call) -> None:
        known = Contact(company_id=call.company_id, name="André de Vries")
        session.add(known)
        session.flush()
        wrap_up(session, caller, call.id, result("GEEN_INTERESSE", contact_name="andre de vries"))
        assert call.contact_id == known.id
        assert len(session.exec(select(Contact)).all()) == 1


class TestCallbacks:
    def test_the_one_that_led_to_this_call_is_done(self, session: Session, caller: Actor, call: Call) -> None:
        callback = make_callback(session, caller, company_id=call.company_id)
        wrap_up(session, caller, call.id, result("GEEN_INTERESSE"))
        assert (callback.status, callback.done_in_call_id) == (FollowUpStatus.DONE, call.id)

    def test_comes_back_when_nobody_answered(self, session: Session, caller: Actor, call: Call) -> None:
        callback = make_callback(session, caller, company_id=call.company_id)
        wrap_up(session, caller, call.id, result("GEEN_GEHOOR"))
        assert callback.status is FollowUpStatus.OPEN
        assert local(callback.due_at).date() == date(2026, 11, 25)

    def test_a_new_one_takes_the_place_of_the_old_one(self, session: Session, caller: Actor, call: Call) -> None:
        make_callback(session, caller, company_id=call.company_id)
        wrap_up(session, caller, call.id, result("TERUGBELAFSPRAAK"))
        (step,) = open_steps(session, call.company_id)
        assert (step.due_at, step.made_in_call_id) == (NEXT_WEEK, call.id)


class TestNothingHalf:
    def test_a_refused_result_changes_nothing(self, session: Session, caller: Actor, call: Call) -> None:
        with pytest.raises(CannotWrapUp):
            wrap_up(session, caller, call.id, result("GESPREK_LATENT", job=None, contact_name="Piet"))
        assert call.status is CallStatus.OPEN
        assert session.exec(select(Contact)).all() == []

    def test_what_fails_at_the_last_step_undoes_the_first(self, session: Session, caller: Actor, call: Call) -> None:
        nobody = NextStep(kind=FollowUpKind.OTHER, due_at=NEXT_WEEK, owner_id=add_user(session, Role.VIEWER).id)
        with pytest.raises(CrmError), session.begin_nested():
            wrap_up(session, caller, call.id, result("GESPREK_LATENT", next_step=nobody, contact_name="Piet"))
        session.refresh(call)
        assert call.status is CallStatus.OPEN
        assert session.exec(select(HiddenJob)).all() == []
        assert session.exec(select(Contact)).all() == []
        assert session.exec(select(Claim).where(Claim.user_id == caller.id)).one()

    def test_twice_is_refused(self, session: Session, caller: Actor, call: Call) -> None:
        wrap_up(session, caller, call.id, result("GEEN_GEHOOR"))
        with pytest.raises(CallEnded):
            wrap_up(session, caller, call.id, result("GEEN_GEHOOR"))

    def test_nobody_ends_the_call_of_a_colleague(self, session: Session, call: Call) -> None:
        with pytest.raises(NotYourCall):
            wrap_up(session, add_user(session, Role.CALLER), call.id, result("GEEN_GEHOOR"))


class TestWriting:
    def test_is_there_when_one_comes_back(self, session: Session, caller: Actor, call: Call) -> None:
        write(session, caller, call.id, "job_title", "Boekhouding")
        write(session, caller, call.id, "hours_per_week", 12)
        write_texts(session, caller, call.id, {"notes": "Rustig gesprek.", "tasks": "Facturen\n\n Btw "})
        here = talk(session, caller)
        assert here is not None
        assert (here.call.notes, here.draft.job.title, here.draft.job.tasks) == (
            "Rustig gesprek.",
            "Boekhouding",
            "Facturen\nBtw",
        )
        assert here.draft.job.hours_per_week == 12

    def test_takes_back_what_is_emptied(self, session: Session, caller: Actor, call: Call) -> None:
        write(session, caller, call.id, "job_title", "Boekhouding")
        write_texts(session, caller, call.id, {"job_title": " "})
        here = talk(session, caller)
        assert here is not None
        assert here.draft.job.title == ""

    @pytest.mark.parametrize(("name", "value"), [("hours_per_week", 99), ("importance", 11), ("known_job", "x")])
    def test_refuses_what_cannot_be_kept(
        self, session: Session, caller: Actor, call: Call, name: str, value: Any
    ) -> None:
        with pytest.raises(CrmError):
            write(session, caller, call.id, name, value)

    def test_refuses_what_nobody_asked(self, session: Session, caller: Actor, call: Call) -> None:
        with pytest.raises(NotFound):
            write(session, caller, call.id, "bsn", "123456782")

    def test_may_come_again_after_the_call_but_not_differ(self, session: Session, caller: Actor, call: Call) -> None:
        write_texts(session, caller, call.id, {"notes": "Af."})
        wrap_up(session, caller, call.id, result("GEEN_GEHOOR"))
        write_texts(session, caller, call.id, {"notes": "Af."})
        with pytest.raises(CallEnded):
            write_texts(session, caller, call.id, {"notes": "Toch niet."})

    def test_is_not_for_the_call_of_a_colleague(self, session: Session, call: Call) -> None:
        with pytest.raises(NotFound):
            write_texts(session, add_user(session, Role.CALLER), call.id, {"notes": "Ik was hier."})


class TestWholeCall:
    def test_another_window_that_was_first_is_not_overwritten(
        self, session: Session, caller: Actor, call: Call
    ) -> None:
        write_texts(session, caller, call.id, {"notes": "Eerste.", "summary": "Druk"}, {"notes": [""], "summary": [""]})
        late = {"notes": "Tweede.", "summary": "Geen tijd"}
        kept = write_texts(session, caller, call.id, late, {"notes": [""], "summary": [""]})
        assert kept.merged == {"notes": "Eerste.\nTweede.", "summary": "Druk / Geen tijd"}
        assert call.notes == "Eerste.\nTweede."

    @pytest.mark.parametrize("bases", [["Eerste."], ["", "Eerste. "]])
    def test_what_goes_on_from_what_is_kept_takes_its_place(
        self, session: Session, caller: Actor, call: Call, bases: list[str]
    ) -> None:
        write_texts(session, caller, call.id, {"notes": "Eerste."})
        kept = write_texts(session, caller, call.id, {"notes": "Anders."}, {"notes": bases})
        assert (kept.merged, call.notes) == ({}, "Anders.")

    def test_a_text_that_has_the_other_in_it_is_not_doubled(self, session: Session, caller: Actor, call: Call) -> None:
        write_texts(session, caller, call.id, {"notes": "Eerste. En meer."})
        assert write_texts(session, caller, call.id, {"notes": "Eerste."}, {"notes": [""]}).merged == {
            "notes": "Eerste. En meer."
        }
        whole = "Eerste. En meer. En nog meer."
        assert write_texts(session, caller, call.id, {"notes": whole}, {"notes": [""]}).merged == {}
        assert call.notes == whole

    def test_a_list_that_was_made_from_what_is_kept_is_no_other_list(
        self, session: Session, caller: Actor, call: Call
    ) -> None:
        write_texts(session, caller, call.id, {"tasks": "Facturen\n\n Btw "})
        kept = write_texts(session, caller, call.id, {"tasks": "Facturen"}, {"tasks": ["Facturen\n\n Btw "]})
        assert kept.merged == {}
        assert written(session, call.id)["tasks"] == ["Facturen"]

    def test_the_way_through_the_script_fills_in_the_form(self, session: Session, caller: Actor, call: Call) -> None:
        answer(session, caller, call, "allowed", "right_person", "listens", "go_ahead", "busy", "retirement", "work")
        write_texts(
            session, caller, call.id, {"job_title": "Boekhouding", "tasks": "Facturen", "summary": "Gaat met pensioen."}
        )
        write(session, caller, call.id, "hours_per_week", 8)
        following = wrap_up_and_next(session, caller, call.id)
        assert (call.disposition, call.objection_right) == ("GESPREK_LATENT", ObjectionRight.OFFERED)
        job = session.exec(select(HiddenJob)).one()
        assert (job.title, job.reason, job.stage) == ("Boekhouding", "PENSIOEN", Stage.EXPLORED)
        (step,) = open_steps(session, call.company_id)
        assert (step.owner_id, step.hidden_job_id) == (caller.id, job.id)
        assert following is not None
        assert following.company_id != call.company_id

    def test_pressing_twice_ends_one_call(self, session: Session, caller: Actor, call: Call) -> None:
        answer(session, caller, call, "allowed", "no_answer")
        following = wrap_up_and_next(session, caller, call.id)
        assert wrap_up_and_next(session, caller, call.id) is following

    def test_an_unfinished_form_keeps_the_call(self, session: Session, caller: Actor, call: Call) -> None:
        answer(session, caller, call, "allowed", "right_person")
        with pytest.raises(CannotWrapUp):
            wrap_up_and_next(session, caller, call.id)
        view = desk_view(session, caller)
        assert view is not None
        assert view.talk.call is call
        assert view.talk.position.node.id == "S04"


class TestView:
    def test_shows_what_was_said_and_found_before(self, session: Session, caller: Actor, call: Call) -> None:
        write_texts(session, caller, call.id, {"summary": "Belt liever vrijdag."})
        company_id, number = call.company_id, call.e164
        wrap_up(session, caller, call.id, result("TERUGBELAFSPRAAK", contact_name="Wil de Vries"))
        job = make_job(session, company_id=company_id)
        make_job(session, company_id=company_id, stage=Stage.LOST)
        open_call(session, caller, claim_company(session, caller, company_id))
        view = desk_view(session, caller)
        assert view is not None
        step, *past = view.history.events
        last = next(event for event in past if event.kind is Kind.CALL)
        assert (last.who, last.first_line) == (caller.name, "Belt liever vrijdag.")
        assert [contact.name for contact in view.reach.contacts] == ["Wil de Vries"]
        assert (step.planned, step.at) == (True, NEXT_WEEK)
        assert list(view.jobs) == [job]
        assert [event.how for event in past if event.kind is Kind.JOB] == [Stage.LOST.label, Stage.SIGNAL.label]
        assert view.number is not None
        assert view.number.e164 == number
        assert view.talk.variables["contact"] == "Wil de Vries"

    def test_hides_people_and_numbers_that_objected(self, session: Session, caller: Actor, call: Call) -> None:
        willing, objecting = (Contact(company_id=call.company_id, name=name) for name in ("Wil de Vries", "Jan Nee"))
        session.add_all([willing, objecting, CompanyNumber(company_id=call.company_id, e164="+31101234567")])
        session.flush()
        for target in ({"contact_id": objecting.id}, {"e164": "+31101234567"}):
            session.add(Suppression(reason=SuppressionReason.OBJECTION, **target))
        view = desk_view(session, caller)
        assert view is not None
        assert list(view.reach.contacts) == [willing]
        assert [number.e164 for number in view.reach.numbers] == [call.e164]

    def test_save_and_next_takes_few_statements(self, session: Session, caller: Actor, call: Call) -> None:
        answer(session, caller, call, "allowed", "no_answer")
        session.flush()
        with statements_of(session) as saving:
            wrap_up_and_next(session, caller, call.id)
        session.expunge_all()
        with statements_of(session) as showing:
            desk_view(session, caller)
            left_to_call(session, caller)
        assert (len(saving) <= 25, len(showing) <= 9) == (True, True), [*saving, "", *showing]

    def test_what_is_known_of_a_company_takes_a_statement_for_each_kind(self, session, caller, call) -> None:
        contact = Contact(company_id=call.company_id, name="Wil de Vries")
        session.add(contact)
        make_job(session, company_id=call.company_id)
        session.flush()
        with statements_of(session) as showing:
            desk_view(session, caller)
        assert len(showing) == 8 + 3, showing  # the contact, and the job in the form and in the history
