"""What became of the invented jobs: moved along, people introduced, coffee drunk."""

from collections.abc import Sequence
from datetime import datetime
from random import Random

from sqlmodel import Session

from crm.access.models import User
from crm.calling.models import Call
from crm.candidates.models import Candidate
from crm.companies.models import Company
from crm.core.clock import at, local, now, today
from crm.demo.conversations import Desk
from crm.demo.profiles import describe_work
from crm.followups.models import FollowUp, FollowUpKind
from crm.matching.models import Introduction, IntroductionStatus, Suggestion, SuggestionOutcome
from crm.matching.queries import score_of
from crm.matching.rules import Score
from crm.meetings.models import Meeting, MeetingOutcome, MeetingStatus
from crm.pipeline.models import HiddenJob, HiddenJobCompetence, LostReason, Stage, StageChange
from crm.pipeline.stages import PIPELINES
from crm.reference.calendar import add_working_days

STATUS = {
    Stage.INTRODUCED: IntroductionStatus.PROPOSED,
    Stage.KOPKOFFIE_HELD: IntroductionStatus.PROPOSED,
    Stage.PLACED: IntroductionStatus.SUCCEEDED,
    Stage.AFTERCARE: IntroductionStatus.SUCCEEDED,
}
HOW_FAR = (0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7)


def move_jobs_along(desk: Desk, coach: User, candidates: list[Candidate]) -> None:
    """Give each job a history: older ones got further, a few were lost."""
    for job in desk.jobs:
        _company, trade = desk.businesses[job.company_id]
        codes = trade["competences"].split()
        way = PIPELINES[job.pipeline]
        far = min(desk.random.choice(HOW_FAR), (now() - job.created_at).days // 2)
        walked = way[: far + 1]
        if Stage.EXPLORED in walked[:-1]:
            describe_work(desk.session, job, codes)
        else:
            desk.session.add_all(HiddenJobCompetence(job_id=job.id, code=code) for code in codes)
        _walk(desk, coach, job, walked)
        desk.session.flush()
        if Stage.INTRODUCED in walked:
            introduction = _introduce(desk, coach, job, desk.random.choice(_fitting(job, candidates)))
            if Stage.KOPKOFFIE_PLANNED in walked:
                _meet(desk, coach, job, introduction)
        elif far and desk.random.random() < 0.12:
            _lose(desk, coach, job)


def _walk(desk: Desk, coach: User, job: HiddenJob, stages: Sequence[Stage]) -> None:
    moment, before = job.created_at, None
    for stage in stages:
        desk.session.add(
            StageChange(job_id=job.id, from_stage=before, to_stage=stage, made_by_id=coach.id, created_at=moment)
        )
        job.stage, job.stage_since, before = stage, moment, stage
        moment = _later(desk.random, moment, len(stages))
    job.owner_id = coach.id if len(stages) > 1 else None


def _later(random: Random, moment: datetime, parts: int) -> datetime:
    """Some time after `moment`, in office hours, and never in the future."""
    guess = moment + (now() - moment) * random.uniform(0.4, 0.9) / parts
    day = add_working_days(local(guess).date(), 0)
    return min(max(moment, at(day, random.randint(9, 16), random.randrange(0, 60, 5))), now())


def _lose(desk: Desk, coach: User, job: HiddenJob) -> None:
    desk.session.add(
        StageChange(job_id=job.id, from_stage=job.stage, to_stage=Stage.LOST, made_by_id=coach.id, created_at=now())
    )
    job.stage, job.stage_since = Stage.LOST, now()
    job.lost_reason = desk.random.choice((LostReason.FILLED, LostReason.NO_NEED, LostReason.NO_MONEY))


def _fitting(job: HiddenJob, candidates: list[Candidate]) -> list[Candidate]:
    hours = job.hours_per_week or 0
    fits = [c for c in candidates if c.hours_min <= hours <= c.hours_max and len(set(c.days) & set(job.days)) > 1]
    return fits or candidates


def _introduce(desk: Desk, coach: User, job: HiddenJob, candidate: Candidate) -> Introduction:
    score = score_of(desk.session, job.id, candidate)
    introduction = Introduction(
        job_id=job.id,
        candidate_id=candidate.id,
        status=STATUS.get(job.stage, IntroductionStatus.MEETING),
        score=score.total,
        explanation=[part.as_kept() for part in score.parts],
        made_by_id=coach.id,
        created_at=job.stage_since,
    )
    desk.session.add(introduction)
    desk.session.add(_suggested(introduction, score))
    if job.call_id:
        desk.session.add(_seen_at_desk(introduction, score, desk.session.get_one(Call, job.call_id)))
    desk.session.flush()
    return introduction


def _suggested(introduction: Introduction, score: Score) -> Suggestion:
    """It was shown to the coach, who took it at once."""
    moment = introduction.created_at
    return Suggestion(
        job_id=introduction.job_id,
        candidate_id=introduction.candidate_id,
        shown_to_id=introduction.made_by_id,
        created_at=moment,
        last_shown_at=moment,
        decided_at=moment,
        score=score.total,
        why=score.short,
        outcome=SuggestionOutcome.TAKEN,
    )


def _seen_at_desk(introduction: Introduction, score: Score, call: Call) -> Suggestion:
    """The blind card that the caller saw while the work was talked about."""
    return Suggestion(
        job_id=introduction.job_id,
        call_id=call.id,
        candidate_id=introduction.candidate_id,
        shown_to_id=call.caller_id,
        created_at=call.created_at,
        last_shown_at=call.created_at,
        score=score.total,
        why=score.short,
    )


def _meet(desk: Desk, coach: User, job: HiddenJob, introduction: Introduction) -> None:
    company, _trade = desk.businesses[job.company_id]
    held = job.stage is not Stage.KOPKOFFIE_PLANNED
    day = add_working_days(local(job.created_at).date(), 1)
    if not held:
        day = add_working_days(today(), desk.random.randint(1, 6))
    outcome = MeetingOutcome.CONTRACT if job.stage in {Stage.PLACED, Stage.AFTERCARE} else MeetingOutcome.CLICK
    meeting = Meeting(
        introduction_id=introduction.id,
        starts_at=at(day, desk.random.choice((9, 10, 14, 15)), desk.random.choice((0, 30))),
        place=f"{company.street}, {company.town}",
        status=MeetingStatus.HELD if held else MeetingStatus.PLANNED,
        employer_outcome=outcome if held else None,
        candidate_outcome=outcome if held else None,
        made_by_id=coach.id,
    )
    desk.session.add(meeting)
    desk.session.flush()
    if not held:
        _ask_both_sides(desk.session, coach, company, meeting)


def _ask_both_sides(session: Session, coach: User, company: Company, meeting: Meeting) -> None:
    day = add_working_days(local(meeting.starts_at).date(), 1)
    for kind, about in ((FollowUpKind.ASK_EMPLOYER, company.id), (FollowUpKind.ASK_CANDIDATE, None)):
        session.add(FollowUp(kind=kind, due_at=at(day, 10), owner_id=coach.id, company_id=about, meeting_id=meeting.id))
