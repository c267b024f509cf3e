"""When a kopkoffie may be, and what an outcome needs."""

from datetime import datetime, time, timedelta
from enum import StrEnum

from crm.core.clock import local, now
from crm.core.errors import CrmError
from crm.core.i18n import _
from crm.meetings.models import Meeting, MeetingOutcome
from crm.reference.calendar import SUNDAY, holiday_name

EARLIEST, LATEST = time(8), time(20)
FURTHEST = timedelta(days=366)
REFUSALS = frozenset({MeetingOutcome.NO, MeetingOutcome.OTHER_COMPANY})
PLACEABLE = frozenset({MeetingOutcome.TRIAL, MeetingOutcome.CONTRACT})


class Side(StrEnum):
    EMPLOYER = "employer"
    CANDIDATE = "candidate"


class MeetingInPast(CrmError):
    def __init__(self) -> None:
        super().__init__(_("This moment is already over. Choose a later date or time."))


class MeetingTooFar(CrmError):
    def __init__(self) -> None:
        super().__init__(_("This is more than a year ahead. Check the date."))


def check_moment(starts_at: datetime) -> None:
    """Raises MeetingInPast or MeetingTooFar."""
    if starts_at <= now():
        raise MeetingInPast
    if starts_at > now() + FURTHEST:
        raise MeetingTooFar


def doubts_about(starts_at: datetime, minutes: int) -> list[str]:
    """Why this moment may be a mistake; it can be planned all the same."""
    start, end = local(starts_at), local(starts_at + timedelta(minutes=minutes))
    doubts = []
    if start.weekday() == SUNDAY:
        doubts.append(_("This is a Sunday."))
    if holiday := holiday_name(start.date()):
        doubts.append(_("This is a holiday: {name}.").format(name=holiday))
    if start.time() < EARLIEST or end.time() > LATEST or end.date() > start.date():
        doubts.append(_("This is before 8:00 or after 20:00."))
    return doubts


def outcomes(meeting: Meeting) -> tuple[MeetingOutcome | None, MeetingOutcome | None]:
    return meeting.employer_outcome, meeting.candidate_outcome


def refusal(meeting: Meeting) -> str | None:
    """The reason of the side that says no, the employer's first; None when nobody does."""
    if meeting.employer_outcome in REFUSALS:
        return meeting.employer_reason
    return meeting.candidate_reason if meeting.candidate_outcome in REFUSALS else None


def can_be_placed(meeting: Meeting) -> bool:
    """Both sides are known, the employer offers a trial or a contract, and nobody says no."""
    return None not in outcomes(meeting) and meeting.employer_outcome in PLACEABLE and refusal(meeting) is None
