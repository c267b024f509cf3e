from datetime import date, timedelta

import pytest

from crm.candidates.log import record_outcome
from crm.candidates.log_inputs import OutcomeInput
from crm.candidates.models import CandidateOutcome, OutcomeKind
from crm.core.clock import now, today
from crm.core.errors import NotAllowed
from crm.matching.services import introduce
from crm.meetings.models import Meeting, MeetingStatus
from crm.pipeline.models import Stage
from crm.privacy.candidates import erase_candidate
from crm.reporting.job_seekers import job_seeker_funnel, outcomes
from crm.reporting.models import JobSeekerFunnel, Period
from tests.conftest import make_candidate, make_job

WEEK = Period(date(2026, 11, 16), date(2026, 11, 22))


def test_any_outcome_counts_in_the_days_of_the_period(session, viewer):
    person = make_candidate(session)
    for kind, day in (
        (OutcomeKind.STOPPED, 22),
        (OutcomeKind.FOUND_WORK, 16),
        (OutcomeKind.FOUND_WORK, 19),
        (OutcomeKind.TRAINING, 15),
        (OutcomeKind.TRAINING, 23),
    ):
        session.add(CandidateOutcome(candidate_id=person.id, kind=kind, day=date(2026, 11, day)))
    session.flush()
    found = outcomes(session, viewer, WEEK)
    assert list(found.items()) == [(OutcomeKind.FOUND_WORK, 2), (OutcomeKind.STOPPED, 1)]


def test_are_not_for_callers(session, caller):
    with pytest.raises(NotAllowed):
        outcomes(session, caller, WEEK)
    with pytest.raises(NotAllowed):
        job_seeker_funnel(session, caller, WEEK)


def test_each_person_counts_once_per_step_from_enrolled_to_at_work(session, coach, viewer):
    week = Period(today() - timedelta(days=6), today())
    ria, jan, _third = people = [make_candidate(session, name=name) for name in ("Ria", "Jan", "Bo")]
    for person in (ria, ria, jan):
        one = introduce(session, coach, make_job(session, stage=Stage.PROFILED).id, person.id)
        if person is ria:
            meeting = Meeting(introduction_id=one.id, starts_at=now(), place="Hier", made_by_id=coach.id)
            meeting.status = MeetingStatus.HELD
            session.add(meeting)
    for kind in (OutcomeKind.PLACEMENT, OutcomeKind.FOUND_WORK):
        session.add(CandidateOutcome(candidate_id=ria.id, kind=kind, day=today()))
    session.add(CandidateOutcome(candidate_id=jan.id, kind=OutcomeKind.TRAINING, day=today()))
    session.flush()
    assert job_seeker_funnel(session, viewer, week) == JobSeekerFunnel(len(people), 2, 1, 1)
    past = Period(today() - timedelta(days=60), today() - timedelta(days=30))
    assert job_seeker_funnel(session, viewer, past) == JobSeekerFunnel()


def test_who_is_erased_keeps_counting(session, coach, coordinator, viewer):
    week = Period(today() - timedelta(days=6), today())
    person = make_candidate(session)
    one = introduce(session, coach, make_job(session, stage=Stage.PROFILED).id, person.id)
    held = Meeting(introduction_id=one.id, starts_at=now(), place="Hier", made_by_id=coach.id)
    held.status = MeetingStatus.HELD
    session.add(held)
    record_outcome(session, coach, person.id, OutcomeInput(kind=OutcomeKind.FOUND_WORK, day=today()))
    before = job_seeker_funnel(session, viewer, week), outcomes(session, viewer, week)
    erase_candidate(session, coordinator, person.id)
    assert (job_seeker_funnel(session, viewer, week), outcomes(session, viewer, week)) == before
    assert before[0] == JobSeekerFunnel(1, 1, 1, 1)
