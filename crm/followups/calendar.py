"""A follow-up as an appointment for a calendar: what and when, and nothing of what was said."""

from datetime import timedelta

from crm.core.settings import settings
from crm.followups.models import CALLING_KINDS, FollowUp
from crm.messaging.calendar_files import Appointment, calendar_file, uid

LENGTH, BEFORE_A_CALL = timedelta(minutes=15), timedelta(minutes=10)


def appointment(step: FollowUp, company: str, *, cancelled: bool = False) -> Appointment:
    """In the language that is spoken now. Only a call needs a reminder, and is no time to plan something else in."""
    is_call = step.kind in CALLING_KINDS
    return Appointment(
        uid=uid("follow-up", step.id),
        sequence=step.sequence,
        starts_at=step.due_at,
        length=LENGTH,
        summary=": ".join(part for part in (step.kind.label, company) if part),
        url=settings().address_of("followups"),
        cancelled=cancelled,
        remind_before=BEFORE_A_CALL if is_call else None,
        is_busy=is_call,
    )


def appointment_file(step: FollowUp, company: str) -> bytes:
    """By itself; a later version takes its place, as does that of the agenda one subscribes to."""
    return calendar_file([appointment(step, company)])
