"""Planning a kopkoffie and hearing how it went."""

from datetime import datetime

from sqlmodel import Session, select

from crm.access.actor import SYSTEM, Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.core.clock import local, now
from crm.core.db import locked
from crm.core.errors import CrmError
from crm.core.i18n import _
from crm.core.text import squeeze
from crm.followups import services as followups
from crm.followups.models import FollowUp, FollowUpKind, FollowUpStatus, FollowUpTemplate, TemplateEvent
from crm.followups.rules import usual_moment
from crm.matching.models import Introduction, IntroductionStatus
from crm.matching.services import IntroductionClosed, end
from crm.meetings.inputs import MeetingInput
from crm.meetings.models import Meeting, MeetingOutcome, MeetingStatus
from crm.meetings.rules import REFUSALS, Side, check_moment, outcomes, refusal
from crm.pipeline import services as pipeline
from crm.pipeline.models import HiddenJob, Stage
from crm.pipeline.stages import allowed

ANSWERS = {
    MeetingOutcome.CLICK: "GOED",
    MeetingOutcome.SECOND_TALK: "GOED",
    MeetingOutcome.LOOK_ALONG: "GOED",
    MeetingOutcome.TRIAL: "GOED",
    MeetingOutcome.CONTRACT: "GOED",
    MeetingOutcome.OTHER_COMPANY: "TWIJFEL",
    MeetingOutcome.NO: "GAAT_NIET_DOOR",
}
QUESTION = {Side.EMPLOYER: FollowUpKind.ASK_EMPLOYER, Side.CANDIDATE: FollowUpKind.ASK_CANDIDATE}


class AlreadyPlanned(CrmError):
    def __init__(self) -> None:
        super().__init__(_("A kopkoffie is already planned for this introduction. Move that one instead."))


class MeetingClosed(CrmError):
    def __init__(self) -> None:
        super().__init__(_("This kopkoffie has been held or cancelled and cannot be changed."))


class NotHeldYet(CrmError):
    def __init__(self) -> None:
        super().__init__(_("This kopkoffie still has to begin. Record how it went afterwards."))


class RefusalReasonMissing(CrmError):
    def __init__(self) -> None:
        super().__init__(_("Write down why not: the job seeker deserves to hear the reason."))


def plan_kopkoffie(session: Session, actor: Actor, introduction_id: int, given: MeetingInput) -> Meeting:
    """Plan it, move the job along, and plan to ask both sides how it went."""
    actor.require(Permission.MEETING_PLAN)
    check_moment(given.starts_at)
    introduction = locked(session, Introduction, introduction_id)
    _check_plannable(introduction)
    meeting = Meeting(introduction_id=introduction.id, made_by_id=actor.user_id, **given.model_dump())
    session.add(meeting)
    introduction.status = IntroductionStatus.MEETING
    record(session, actor, "meeting.planned", meeting)
    record(session, actor, "introduction.meeting", introduction)
    followups.happened(session, actor, _occasion(session, actor, meeting, introduction))
    _move_job(session, actor, introduction.job_id, Stage.KOPKOFFIE_PLANNED)
    return meeting


def _check_plannable(introduction: Introduction) -> None:
    if introduction.status is IntroductionStatus.MEETING:
        raise AlreadyPlanned
    if introduction.status is not IntroductionStatus.PROPOSED:
        raise IntroductionClosed


def _occasion(session: Session, actor: Actor, meeting: Meeting, introduction: Introduction) -> followups.Occasion:
    job = session.get_one(HiddenJob, introduction.job_id)
    return followups.Occasion(
        TemplateEvent.KOPKOFFIE_PLANNED,
        local(meeting.starts_at).date(),
        owner_id=actor.id,
        company_id=job.company_id,
        hidden_job_id=job.id,
        meeting_id=meeting.id,
        note=job.title,
    )


def _move_job(session: Session, actor: Actor, job_id: int, target: Stage) -> None:
    """Take the job along when its stage allows that; it may be further already because of somebody else."""
    job = locked(session, HiddenJob, job_id)
    if target in allowed(job.pipeline, job.stage):
        pipeline.move(session, actor, job_id, target, version=None)


def move_kopkoffie(session: Session, actor: Actor, meeting_id: int, given: MeetingInput, *, version: int) -> Meeting:
    """To another moment or place; calendars recognise the new version by its sequence."""
    actor.require(Permission.MEETING_PLAN)
    meeting = _planned(session, meeting_id, version)
    check_moment(given.starts_at)
    before = meeting.starts_at
    for name, value in given.model_dump().items():
        setattr(meeting, name, value)
    meeting.sequence += 1
    record(session, actor, "meeting.moved", meeting)
    if local(meeting.starts_at).date() != local(before).date():  # steps count in days
        for step in _open_steps(session, meeting.id):
            followups.move(session, SYSTEM, step.id, version=None, due_at=_moment_of(session, step, meeting))
    return meeting


def cancel(session: Session, actor: Actor, meeting_id: int, *, version: int, reason: str = "") -> Meeting:
    """Called off: the introduction waits for another moment, and the job goes back when nothing else is planned."""
    actor.require(Permission.MEETING_PLAN)
    meeting = _planned(session, meeting_id, version)
    meeting.status = MeetingStatus.CANCELLED
    meeting.sequence += 1
    record(session, actor, "meeting.cancelled", meeting, reason=squeeze(reason))
    for step in _open_steps(session, meeting.id):
        followups.withdraw(session, SYSTEM, step.id, reason=squeeze(reason))
    introduction = _wait_again(session, actor, meeting)
    if not _others_planned(session, introduction):
        _move_job_back(session, actor, introduction.job_id)
    return meeting


def _wait_again(session: Session, actor: Actor, meeting: Meeting) -> Introduction:
    introduction = locked(session, Introduction, meeting.introduction_id)
    introduction.status = IntroductionStatus.PROPOSED
    record(session, actor, "introduction.proposed", introduction)
    return introduction


def _others_planned(session: Session, introduction: Introduction) -> bool:
    statement = select(Introduction.id).where(
        Introduction.job_id == introduction.job_id, Introduction.status == IntroductionStatus.MEETING
    )
    return session.exec(statement).first() is not None


def _move_job_back(session: Session, actor: Actor, job_id: int) -> None:
    if locked(session, HiddenJob, job_id).stage is Stage.KOPKOFFIE_PLANNED:
        pipeline.move(session, actor, job_id, Stage.INTRODUCED, version=None)


def record_outcome(
    session: Session,
    actor: Actor,
    meeting_id: int,
    *,
    side: Side,
    outcome: MeetingOutcome,
    reason: str = "",
    version: int,
) -> Meeting:
    """What one side says afterwards. With both sides known the kopkoffie is held and the job moves on."""
    actor.require(Permission.MEETING_PLAN)
    meeting = _planned(session, meeting_id, version)
    if meeting.starts_at > now():
        raise NotHeldYet
    if outcome in REFUSALS and not squeeze(reason):
        raise RefusalReasonMissing
    setattr(meeting, f"{side.value}_outcome", outcome)
    setattr(meeting, f"{side.value}_reason", squeeze(reason)[:500])
    record(session, actor, "meeting.outcome", meeting, side=side.value)
    for step in _open_steps(session, meeting.id, FollowUpKind.PREPARE_KOPKOFFIE):
        followups.withdraw(session, SYSTEM, step.id, reason=_("The kopkoffie is over."))
    for question in _open_steps(session, meeting.id, QUESTION[side]):
        code = ANSWERS[outcome]
        followups.complete(session, SYSTEM, question.id, version=None, outcome=outcome.label, outcome_code=code)
    if None not in outcomes(meeting):
        _close(session, actor, meeting)
    return meeting


def _close(session: Session, actor: Actor, meeting: Meeting) -> None:
    meeting.status = MeetingStatus.HELD
    record(session, actor, "meeting.held", meeting)
    introduction = _wait_again(session, actor, meeting)
    _move_job(session, actor, introduction.job_id, Stage.KOPKOFFIE_HELD)
    if (reason := refusal(meeting)) is not None:
        end(session, actor, introduction, reason)


def _planned(session: Session, meeting_id: int, version: int) -> Meeting:
    meeting = locked(session, Meeting, meeting_id, version=version)
    if meeting.status is not MeetingStatus.PLANNED:
        raise MeetingClosed
    return meeting


def _moment_of(session: Session, step: FollowUp, meeting: Meeting) -> datetime:
    """As its template has it; what was made without one is a question to one of both sides."""
    template = session.get(FollowUpTemplate, step.template_id) if step.template_id else None
    working_days = template.working_days if template else 1
    return usual_moment(working_days, local(meeting.starts_at).date())


def _open_steps(session: Session, meeting_id: int, kind: FollowUpKind | None = None) -> list[FollowUp]:
    """What is still to be done around this kopkoffie, whoever does that."""
    statement = select(FollowUp).where(FollowUp.meeting_id == meeting_id, FollowUp.status == FollowUpStatus.OPEN)
    return list(session.exec(statement.where(FollowUp.kind == kind) if kind else statement))
