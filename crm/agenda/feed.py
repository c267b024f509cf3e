"""The agenda as a calendar reads it. It leaves the house, so it says what to do and where, and nothing of anybody."""

from datetime import timedelta
from hashlib import sha256

from crm.agenda.queries import Agenda, Coffee, Promise
from crm.core.i18n import _, speaking
from crm.core.settings import settings
from crm.followups.models import CALLING_KINDS, FollowUpStatus
from crm.meetings.models import MeetingStatus
from crm.messaging.calendar_files import Appointment, calendar_file, uid

FEED_FOLDER = "/agenda/"
A_CALL = timedelta(minutes=15)
BEFORE_A_CALL, BEFORE_COFFEE = timedelta(minutes=10), timedelta(hours=2)


def feed_path(token: str) -> str:
    return f"{FEED_FOLDER}{token}.ics"


def feed_file(agenda: Agenda) -> bytes:
    """In the language of its owner."""
    with speaking(agenda.user.language):
        name = _("Kopkoffie of {name}").format(name=agenda.user.first_name)
        return calendar_file(_appointments(agenda), name=name)


def fingerprint(agenda: Agenda) -> str:
    """The same as long as nothing changed, whatever the moment at which it is asked."""
    with speaking(agenda.user.language):
        seen = repr([settings().organisation, agenda.user.name, *_appointments(agenda)])
    return sha256(seen.encode()).hexdigest()[:32]


def _appointments(agenda: Agenda) -> list[Appointment]:
    promised = [_promised(promise, agenda.user.id) for promise in agenda.promises]
    return promised + [_coffee(coffee) for coffee in agenda.coffees]


def _promised(promise: Promise, user_id: int) -> Appointment:
    follow_up = promise.follow_up
    is_call = follow_up.kind in CALLING_KINDS
    return Appointment(
        uid=uid("follow-up", follow_up.id),
        sequence=follow_up.sequence,
        starts_at=follow_up.due_at,
        length=A_CALL,
        summary=": ".join(part for part in (follow_up.kind.label, promise.company) if part),
        url=_link("followups"),
        cancelled=follow_up.status is not FollowUpStatus.OPEN or follow_up.owner_id != user_id,
        remind_before=BEFORE_A_CALL if is_call else None,
        is_busy=is_call,
    )


def _coffee(coffee: Coffee) -> Appointment:
    meeting = coffee.meeting
    return Appointment(
        uid=uid("kopkoffie", meeting.id),
        sequence=meeting.sequence,
        starts_at=meeting.starts_at,
        length=timedelta(minutes=meeting.minutes),
        summary=_("Kopkoffie at {company}").format(company=coffee.company),
        location=meeting.place,
        url=_link("meetings"),
        cancelled=meeting.status is MeetingStatus.CANCELLED,
        remind_before=BEFORE_COFFEE,
    )


def _link(page: str) -> str:
    return f"{settings().public_url.rstrip('/')}/{page}" if settings().public_url else ""
