"""Writing down a call that was not made at the desk."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.audit.models import AuditEntry
from crm.calling.models import Call, CallStatus, CallWay, Claim, EntryState
from crm.calling.services import claim_next
from crm.companies.gate import may_call
from crm.companies.models import Company, CompanyNumber
from crm.core.clock import now
from crm.core.errors import NotAllowed, NotFound
from crm.desk.inputs import LoggedCallInput, NextStep
from crm.desk.queries import desk_view
from crm.desk.rules import CannotWrapUp, disposition, needs
from crm.desk.services import ColleagueIsCalling, LoggedCall, OpenAtDesk, log_call
from crm.desk.timeline import Kind, timeline
from crm.followups.models import FollowUp, FollowUpKind, FollowUpStatus
from crm.messaging.models import Notice
from crm.pipeline.inputs import HiddenJobInput
from crm.pipeline.models import HiddenJob
from crm.reporting.models import Period
from crm.reporting.queries import by_way, funnel, my_day
from crm.scripts.services import load_scripts
from tests.conftest import add_user, make_company
from tests.crm.calling.building import entries_of, make_list, start_call
from tests.crm.desk.test_next_company import make_callback
from tests.crm.desk.test_services import NEXT_WEEK, open_steps

AN_HOUR_AGO = timedelta(hours=1)
ELSEWHERE = [way for way in CallWay if way is not CallWay.DESK]


@pytest.fixture
def company(session: Session) -> Company:
    load_scripts(session)
    return make_company(session)


def told(code: str, way: CallWay = CallWay.OWN_PHONE, **overrides: Any) -> LoggedCallInput:
    """A quarter of an hour ago, with all that this result needs."""
    wanted = needs(disposition(code))
    fields: dict[str, Any] = {"disposition": code, "way": way, "at": now() - timedelta(minutes=15)}
    if way.is_ours:
        fields["objection_right"] = wanted.objection_right[0]
    if wanted.summary:
        fields["summary"] = "Heeft het druk."
    if wanted.next_step:
        fields["next_step"] = NextStep(kind=wanted.steps[0], due_at=NEXT_WEEK)
    if wanted.job:
        fields["job"] = HiddenJobInput(title="Boekhouding", reason="PENSIOEN")
    if wanted.legal_form:
        fields["legal_form"] = "EMZ"
    return LoggedCallInput(**(fields | overrides))


def log(session: Session, actor: Actor, company: Company, *given: Any, **overrides: Any) -> LoggedCall:
    return log_call(session, actor, company.id, told(*given, **overrides))


def notices(session: Session, actor: Actor) -> list[Notice]:
    return list(session.exec(select(Notice).where(Notice.user_id == actor.id)))


@pytest.mark.parametrize("way", ELSEWHERE)
def test_is_kept_as_what_it_is(session: Session, caller: Actor, company: Company, way: CallWay) -> None:
    kept = log(session, caller, company, "GEEN_INTERESSE", way, notes="Op de markt gesproken")
    assert (kept.call.status, kept.call.way, kept.call.ended_at) == (
        CallStatus.DONE,
        way,
        now() - timedelta(minutes=15),
    )
    (past,) = timeline(session, caller, company.id).events
    assert (past.record_id, past.who, past.how) == (kept.call.id, caller.name, way.label)
    assert "Op de markt gesproken" in past.text
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "call.logged")).one()
    assert (entry.subject_id, entry.changes["way"]) == (kept.call.id, [None, way.value])


class TestReports:
    def test_a_call_on_another_phone_was_made_by_us(self, session: Session, caller: Actor, company: Company) -> None:
        viewer, today = add_user(session, Role.VIEWER), Period(now().date(), now().date())
        log(session, caller, company, "GEEN_INTERESSE")
        assert (my_day(session, caller).called, my_day(session, caller).spoken) == (1, 1)
        assert funnel(session, viewer, today).called == 1
        assert by_way(session, viewer, today) == {CallWay.OWN_PHONE: 1}

    def test_a_visit_is_no_call(self, session: Session, caller: Actor, company: Company) -> None:
        viewer, today = add_user(session, Role.VIEWER), Period(now().date(), now().date())
        log(session, caller, company, "GEEN_INTERESSE", CallWay.VISIT)
        assert my_day(session, caller).called == 0
        assert funnel(session, viewer, today).called == 0
        assert by_way(session, viewer, today) == {CallWay.VISIT: 1}


class TestRightToObject:
    def test_has_to_be_told_of_a_call_of_ours(self, session: Session, caller: Actor, company: Company) -> None:
        with pytest.raises(CannotWrapUp, match="recht van verzet"):
            log(session, caller, company, "GEEN_INTERESSE", objection_right=None)

    @pytest.mark.parametrize("way", [CallWay.INCOMING, CallWay.VISIT])
    def test_is_not_asked_when_we_did_not_call(
        self, session: Session, caller: Actor, company: Company, way: CallWay
    ) -> None:
        assert log(session, caller, company, "GEEN_INTERESSE", way).call.objection_right is None

    def test_an_objection_counts_whoever_rang(self, session: Session, caller: Actor, company: Company) -> None:
        log(session, caller, company, "VERZET", CallWay.INCOMING)
        assert may_call(session, company.id).rule == "suppressed-company"


class TestWhen:
    def test_never_in_the_future(self, session: Session, caller: Actor, company: Company) -> None:
        with pytest.raises(CannotWrapUp, match="nog komen"):
            log(session, caller, company, "GEEN_GEHOOR", at=now() + timedelta(minutes=1))

    def test_a_wrong_year_is_asked_about(self, session: Session, caller: Actor, company: Company) -> None:
        with pytest.raises(CannotWrapUp, match="jaar geleden"):
            log(session, caller, company, "GEEN_GEHOOR", at=now() - timedelta(days=400))

    def test_a_call_of_last_week_is_not_the_last_contact(
        self, session: Session, caller: Actor, company: Company
    ) -> None:
        new = log(session, caller, company, "POORTWACHTER")
        old = log(session, caller, company, "GEEN_GEHOOR", at=now() - timedelta(days=7))
        session.refresh(company)
        assert company.last_called_at == new.call.ended_at
        told = [past.record_id for past in timeline(session, caller, company.id).events if past.kind is Kind.CALL]
        assert told == [new.call.id, old.call.id]


class TestLists:
    def test_who_was_spoken_is_not_called_from_any_list(
        self, session: Session, caller: Actor, company: Company
    ) -> None:
        lists = [make_list(session, [caller], [company]) for _each in range(2)]
        log(session, caller, company, "GEEN_INTERESSE", CallWay.VISIT)
        assert {entry.state for made in lists for entry in entries_of(session, made)} == {EntryState.DONE}

    def test_who_did_not_answer_is_tried_later(self, session: Session, caller: Actor, company: Company) -> None:
        made = make_list(session, [caller], [company])
        log(session, caller, company, "IN_GESPREK")
        (entry,) = entries_of(session, made)
        assert (entry.state, entry.due_at) == (EntryState.WAITING, now() + timedelta(minutes=45))

    def test_what_the_writer_held_is_let_go(self, session: Session, caller: Actor, company: Company) -> None:
        made = make_list(session, [caller], [company])
        claim_next(session, caller)
        log(session, caller, company, "GEEN_INTERESSE")
        assert session.exec(select(Claim)).all() == []
        assert entries_of(session, made)[0].state is EntryState.DONE

    def test_not_beside_a_call_at_the_desk(self, session: Session, caller: Actor, company: Company) -> None:
        make_list(session, [caller], [company])
        start_call(session, caller)
        with pytest.raises(OpenAtDesk):
            log(session, caller, company, "GEEN_INTERESSE")


class TestColleague:
    @pytest.fixture
    def colleague(self, session: Session, company: Company) -> Actor:
        colleague = add_user(session, Role.CALLER, name="Fatima Amrani")
        make_list(session, [colleague], [company])
        start_call(session, colleague)
        return colleague

    def test_who_is_calling_is_named(self, session: Session, caller: Actor, colleague: Actor, company: Company) -> None:
        with pytest.raises(ColleagueIsCalling, match="Fatima Amrani"):
            log(session, caller, company, "GEEN_INTERESSE")
        assert len(session.exec(select(Call)).all()) == 1

    def test_who_knows_it_writes_it_down_and_the_colleague_goes_on(
        self, session: Session, caller: Actor, colleague: Actor, company: Company
    ) -> None:
        log(session, caller, company, "GEEN_INTERESSE", holder_id=colleague.id)
        assert session.exec(select(Claim)).one().user_id == colleague.id
        assert desk_view(session, colleague) is not None

    def test_another_colleague_than_the_one_known_is_named_again(
        self, session: Session, caller: Actor, colleague: Actor, company: Company
    ) -> None:
        with pytest.raises(ColleagueIsCalling):
            log(session, caller, company, "GEEN_INTERESSE", holder_id=caller.id)


class TestGate:
    def test_a_call_that_was_not_allowed_is_kept_and_told(self, session: Session, caller: Actor) -> None:
        load_scripts(session)
        coordinator = add_user(session, Role.COORDINATOR, language="en")
        sole_trader = make_company(session, legal_form="EMZ")
        kept = log(session, caller, sole_trader, "GEEN_INTERESSE")
        assert kept.refusal == "Eenmanszaak zonder toestemming: niet bellen."
        (notice,) = notices(session, coordinator)
        assert "Sole proprietorship without consent: do not call." in notice.body
        assert caller.name in notice.body

    def test_the_objection_made_in_the_call_itself_is_no_reason(
        self, session: Session, caller: Actor, coordinator: Actor, company: Company
    ) -> None:
        assert log(session, caller, company, "VERZET").refusal == ""
        assert notices(session, coordinator) == []

    def test_outside_the_hours_is_told(self, session: Session, caller: Actor, company: Company) -> None:
        assert log(session, caller, company, "GEEN_GEHOOR", at=now() - timedelta(days=2)).refusal == (
            "Het is zondag: niet bellen."
        )

    @pytest.mark.parametrize("way", [CallWay.INCOMING, CallWay.VISIT])
    def test_is_for_calls_of_ours(
        self, session: Session, caller: Actor, coordinator: Actor, company: Company, way: CallWay
    ) -> None:
        sole_trader = make_company(session, legal_form="EMZ")
        assert log(session, caller, sole_trader, "GEEN_INTERESSE", way).refusal == ""
        assert notices(session, coordinator) == []


class TestPromises:
    def test_the_next_step_is_planned(self, session: Session, caller: Actor, company: Company) -> None:
        kept = log(session, caller, company, "TERUGBELAFSPRAAK", CallWay.INCOMING)
        (step,) = open_steps(session, company.id)
        assert (step.kind, step.due_at, step.made_in_call_id) == (FollowUpKind.CALLBACK, NEXT_WEEK, kept.call.id)

    def test_a_planned_call_that_this_was_is_done(self, session: Session, caller: Actor, company: Company) -> None:
        ahead = make_callback(session, caller, company_id=company.id, due_at=NEXT_WEEK)
        kept = log(session, caller, company, "GEEN_INTERESSE", follow_up_id=ahead.id)
        assert (ahead.status, ahead.done_in_call_id) == (FollowUpStatus.DONE, kept.call.id)

    def test_what_was_due_only_after_the_call_stays(self, session: Session, caller: Actor, company: Company) -> None:
        due = make_callback(session, caller, company_id=company.id, due_at=now() - AN_HOUR_AGO / 2)
        log(session, caller, company, "GEEN_INTERESSE", at=now() - AN_HOUR_AGO)
        assert due.status is FollowUpStatus.OPEN

    def test_no_answer_yesterday_moves_what_was_due_to_a_moment_that_comes(
        self, session: Session, caller: Actor, company: Company
    ) -> None:
        due = make_callback(session, caller, company_id=company.id, due_at=now() - timedelta(days=2))
        log(session, caller, company, "IN_GESPREK", at=now() - timedelta(days=1))
        assert (due.status, due.due_at) == (FollowUpStatus.OPEN, now())

    def test_not_one_of_another_company(self, session: Session, caller: Actor, company: Company) -> None:
        other = make_callback(session, caller, company_id=make_company(session).id)
        with pytest.raises(NotFound):
            log(session, caller, company, "GEEN_INTERESSE", follow_up_id=other.id)

    def test_the_hidden_job_knows_the_visit(self, session: Session, caller: Actor, company: Company) -> None:
        kept = log(session, caller, company, "GESPREK_LATENT", CallWay.VISIT)
        assert session.exec(select(HiddenJob)).one().call_id == kept.call.id


class TestRefused:
    def test_without_a_result(self, session: Session, caller: Actor, company: Company) -> None:
        given = told("GEEN_GEHOOR").model_copy(update={"disposition": ""})
        with pytest.raises(CannotWrapUp, match="Kies de uitslag"):
            log_call(session, caller, company.id, given)

    def test_nobody_answering_is_no_result_of_a_call_to_us(
        self, session: Session, caller: Actor, company: Company
    ) -> None:
        with pytest.raises(CannotWrapUp, match="past niet"):
            log(session, caller, company, "GEEN_GEHOOR", CallWay.INCOMING)

    def test_the_desk_is_no_other_way(self) -> None:
        with pytest.raises(ValidationError):
            told("GEEN_GEHOOR", CallWay.DESK)

    def test_a_wrong_number_has_to_be_named(self, session: Session, caller: Actor, company: Company) -> None:
        with pytest.raises(CannotWrapUp, match="nummer"):
            log(session, caller, company, "VERKEERD_NUMMER")
        number = session.exec(select(CompanyNumber).where(CompanyNumber.company_id == company.id)).one()
        log(session, caller, company, "VERKEERD_NUMMER", e164=number.e164)
        assert number.is_wrong

    def test_a_number_of_somebody_else(self, session: Session, caller: Actor, company: Company) -> None:
        with pytest.raises(NotFound):
            log(session, caller, company, "GEEN_GEHOOR", e164="+31101234567")

    def test_viewers(self, session: Session, viewer: Actor, company: Company) -> None:
        with pytest.raises(NotAllowed):
            log(session, viewer, company, "GEEN_GEHOOR")

    def test_a_company_that_does_not_exist(self, session: Session, caller: Actor, company: Company) -> None:
        with pytest.raises(NotFound):
            log_call(session, caller, 999_999, told("GEEN_GEHOOR"))


def test_a_coach_writes_down_a_visit(session: Session, coach: Actor, company: Company) -> None:
    assert log(session, coach, company, "GESPREK_LATENT", CallWay.VISIT).call.caller_id == coach.id


def test_pressing_twice_counts_once(session: Session, caller: Actor, company: Company) -> None:
    given = told("TERUGBELAFSPRAAK")
    first = log_call(session, caller, company.id, given)
    assert log_call(session, caller, company.id, given).call.id == first.call.id
    assert len(open_steps(session, company.id)) == len(session.exec(select(FollowUp)).all()) == 1
