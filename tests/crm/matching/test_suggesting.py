"""What is noted of suggestions: shown, taken, refused, and never again until something changes."""

from datetime import timedelta

import pytest
import time_machine
from pydantic import ValidationError
from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.audit.models import AuditEntry
from crm.candidates.models import Candidate
from crm.core.clock import now
from crm.core.errors import NotAllowed
from crm.matching.blind import who_fits
from crm.matching.models import RefusalReason, Suggestion, SuggestionOutcome
from crm.matching.queries import job_facts, suggestions
from crm.matching.services import introduce
from crm.matching.suggesting import (
    KEPT,
    MayNotDecide,
    NotRefused,
    RefusalInput,
    Shown,
    forget_old,
    note_shown,
    refuse,
    suggest_again,
)
from crm.matching.suggestion_log import suggested_for_job, suggested_to
from crm.matching.work import jobs_for, weeks_for
from crm.pipeline.models import HiddenJob, HiddenJobCompetence, Stage
from tests.conftest import make_candidate, make_job, statements_of

TOO_FAR = RefusalInput(reason=RefusalReason.DISTANCE)


@pytest.fixture
def job(session: Session) -> HiddenJob:
    return make_job(session, stage=Stage.PROFILED)


@pytest.fixture
def person(session: Session) -> Candidate:
    return make_candidate(session)


def show(session: Session, actor: Actor, job: HiddenJob) -> int:
    found = suggestions(session, actor, job.id)
    return note_shown(session, actor, [Shown(job.id, one.candidate.id, one.score) for one in found])


def noted(session: Session) -> list[Suggestion]:
    session.expire_all()
    return list(session.exec(select(Suggestion).order_by(Suggestion.id)))


def suggested(session: Session, actor: Actor, job: HiddenJob) -> list[int]:
    return [one.candidate.id for one in suggestions(session, actor, job.id)]


class TestNoteShown:
    def test_keeps_who_saw_whom_with_the_explanation(self, session, coach, job, person):
        assert show(session, coach, job) == 1
        (one,) = noted(session)
        assert (one.job_id, one.candidate_id, one.shown_to_id) == (job.id, person.id, coach.user_id)
        assert (one.outcome, one.why) == (SuggestionOutcome.OPEN, suggestions(session, coach, job.id)[0].score.short)
        assert one.score > 50

    def test_is_one_statement_for_all_and_writes_once_a_day(self, session, coach, job):
        for _each in range(3):
            make_candidate(session)
        found = [Shown(job.id, one.candidate.id, one.score) for one in suggestions(session, coach, job.id)]
        with statements_of(session) as seen:
            assert note_shown(session, coach, found) == 3
        assert len(seen) == 1
        assert note_shown(session, coach, found) == 0
        assert note_shown(session, coach, []) == 0

    def test_the_next_day_it_is_the_same_row_shown_last_then(self, session, coach, job, person):
        show(session, coach, job)
        with time_machine.travel(now() + timedelta(days=1), tick=False):
            person.consent_until = now() + timedelta(days=9)
            session.flush()
            assert show(session, coach, job) == 1
            (one,) = noted(session)
            assert one.last_shown_at == now() > one.created_at

    def test_each_who_looks_has_a_row(self, session, coach, coordinator, job, person):
        assert show(session, coach, job) == show(session, coordinator, job) == 1

    def test_is_for_who_may_see_people(self, session, caller):
        with pytest.raises(NotAllowed):
            note_shown(session, caller, [])


class TestTaken:
    def test_an_introduction_is_noted_with_what_was_shown(self, session, coach, job, person):
        show(session, coach, job)
        introduce(session, coach, job.id, person.id)
        (one,) = noted(session)
        assert (one.outcome, bool(one.decided_at)) == (SuggestionOutcome.TAKEN, True)

    def test_also_when_nobody_was_shown(self, session, coach, job, person):
        introduce(session, coach, job.id, person.id)
        assert [one.outcome for one in noted(session)] == [SuggestionOutcome.TAKEN]


class TestRefuse:
    def test_is_kept_with_its_reason_and_audited(self, session, coach, job, person):
        show(session, coach, job)
        refuse(session, coach, job.id, person.id, RefusalInput(reason=RefusalReason.OTHER, words=" Kent  de baas "))
        (one,) = noted(session)
        assert (one.outcome, one.reason, one.words) == (
            SuggestionOutcome.REFUSED,
            RefusalReason.OTHER,
            "Kent de baas",
        )
        assert "suggestion.refused" in session.exec(select(AuditEntry.action)).all()

    def test_is_not_suggested_again_in_either_direction_nor_in_a_week_nor_on_a_card(self, session, coach, job, person):
        other = make_job(session, hours_per_week=8.0, days=["wo"])
        assert suggested(session, coach, job) == [person.id]
        refuse(session, coach, job.id, person.id, TOO_FAR)
        assert suggested(session, coach, job) == []
        assert [one.job.id for one in jobs_for(session, coach, person.id)] == [other.id]
        assert job.id not in weeks_for(session, coach, person.id).jobs
        assert who_fits(session, coach, job_facts(session, job.id), job.id) == []
        assert suggested(session, coach, other) == [person.id]

    @pytest.mark.parametrize("change", ["hours of the job", "weight of a competence", "distance of the person"])
    def test_until_the_work_or_the_person_changes(self, session, coach, job, person, change):
        refuse(session, coach, job.id, person.id, TOO_FAR)
        if change == "hours of the job":
            job.hours_per_week = 12.0
        elif change == "weight of a competence":
            asked = session.exec(select(HiddenJobCompetence).where(HiddenJobCompetence.job_id == job.id)).first()
            asked.weight = 3
        else:
            person.travel_km = 40
        session.flush()
        assert suggested(session, coach, job) == [person.id]

    def test_a_change_that_does_not_count_brings_nobody_back(self, session, coach, job, person):
        refuse(session, coach, job.id, person.id, TOO_FAR)
        job.stage, person.name = Stage.EXPLORED, "Ria de Wit"
        session.flush()
        assert suggested(session, coach, job) == []

    def test_can_be_taken_back(self, session, coach, job, person):
        refused = refuse(session, coach, job.id, person.id, TOO_FAR)
        suggest_again(session, coach, refused.id)
        assert suggested(session, coach, job) == [person.id]
        with pytest.raises(NotRefused):
            suggest_again(session, coach, refused.id)
        assert show(session, coach, job) == 1
        assert [one.outcome for one in noted(session)] == [SuggestionOutcome.REFUSED, SuggestionOutcome.OPEN]

    @pytest.mark.parametrize("words", ["Te oud, zoek iemand van maximaal 30 jaar", "Heeft een burn-out", "123456782"])
    def test_age_sex_origin_and_health_are_no_reasons(self, session, coach, job, person, words):
        with pytest.raises(MayNotDecide):
            refuse(session, coach, job.id, person.id, RefusalInput(reason=RefusalReason.OTHER, words=words))
        assert suggested(session, coach, job) == [person.id]

    def test_another_reason_is_said_in_words(self):
        with pytest.raises(ValidationError, match="in een paar woorden"):
            RefusalInput(reason=RefusalReason.OTHER)

    def test_is_for_who_may_introduce(self, session, caller, job, person):
        with pytest.raises(NotAllowed):
            refuse(session, caller, job.id, person.id, TOO_FAR)
        with pytest.raises(NotAllowed):
            suggest_again(session, caller, 1)


class TestLog:
    def test_is_found_from_both_sides(self, session, coach, job, person):
        show(session, coach, job)
        for lines in (suggested_for_job(session, coach, job.id), suggested_to(session, coach, person.id)):
            (line,) = lines
            assert (line.job.id, line.candidate.id, line.shown_to) == (job.id, person.id, coach.name)

    def test_is_for_who_may_see_people(self, session, caller, job, person):
        for read, of in ((suggested_for_job, job), (suggested_to, person)):
            with pytest.raises(NotAllowed):
                read(session, caller, of.id)

    def test_is_forgotten_after_its_term(self, session, coach, job, person):
        words = "Kent de baas"
        refuse(session, coach, job.id, person.id, RefusalInput(reason=RefusalReason.OTHER, words=words))
        assert words in str(session.exec(select(AuditEntry.changes)).all())
        assert forget_old(session, now() + KEPT - timedelta(days=1)) == 0
        assert forget_old(session, now() + KEPT + timedelta(days=1)) == 1
        assert noted(session) == []
        assert words not in str(session.exec(select(AuditEntry.changes)).all())
