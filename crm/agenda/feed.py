"""The agenda as a calendar reads it. It leaves the house, so it says what to do and where, and nothing of anybody."""

from hashlib import sha256

from crm.agenda.queries import Agenda, Coffee, Promise
from crm.core.i18n import _, speaking
from crm.core.settings import settings
from crm.followups.calendar import appointment
from crm.followups.models import FollowUpStatus
from crm.meetings import calendar as meetings
from crm.messaging.calendar_files import Appointment, calendar_file, uid

FEED_FOLDER = "/agenda/"


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
    step = promise.follow_up
    gone = step.status is not FollowUpStatus.OPEN or step.owner_id != user_id
    return appointment(step, promise.company, cancelled=gone)


def _coffee(coffee: Coffee) -> Appointment:
    meeting = coffee.meeting
    summary = _("Kopkoffie at {company}").format(company=coffee.company)
    name, url = uid("kopkoffie", meeting.id), settings().address_of("meetings")
    return meetings.appointment(meeting, name, summary, url=url)
