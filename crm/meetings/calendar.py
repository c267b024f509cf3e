"""The kopkoffie as a calendar file, one for each side, with no more about the other than is needed."""

from datetime import timedelta

from icalendar import Alarm, Calendar, Event, Timezone, vCalAddress, vText

from crm.core.clock import AMSTERDAM, local, now
from crm.core.i18n import _, speaking
from crm.core.settings import settings
from crm.meetings.models import MeetingStatus
from crm.meetings.queries import MeetingLine
from crm.meetings.rules import Side

REMIND_BEFORE = timedelta(hours=2)


def invitation(line: MeetingLine, side: Side) -> bytes:
    """An .ics file in the language of the organisation, as it goes to people outside.

    A later version takes the place of the one a calendar already has: the same UID, a higher SEQUENCE.
    """
    with speaking(settings().language):
        event = _event(line, side)
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings().organisation}//Kopkoffie//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(_timezone(line))
    calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def file_name(line: MeetingLine, side: Side) -> str:
    return f"kopkoffie-{line.meeting.id}-{side.value}.ics"


def _timezone(line: MeetingLine) -> Timezone:
    """The rules of the clock around the meeting: a year before to a year after, so a change is always among them."""
    day = local(line.meeting.starts_at).date()
    return Timezone.from_tzinfo(AMSTERDAM, first_date=day - timedelta(days=366), last_date=day + timedelta(days=366))


def _event(line: MeetingLine, side: Side) -> Event:
    meeting = line.meeting
    # Duration is added in UTC: half an hour lasts half an hour, also in the night the clock changes.
    ends_at = meeting.starts_at + timedelta(minutes=meeting.minutes)
    event = Event()
    event.add("uid", f"kopkoffie-{meeting.id}-{side.value}@{_host_name()}")
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", now())
    event.add("dtstart", local(meeting.starts_at))
    event.add("dtend", local(ends_at))
    event.add("summary", _summary(line, side))
    event.add("description", _description(line, side))
    event.add("location", meeting.place)
    event.add("status", "CANCELLED" if meeting.status is MeetingStatus.CANCELLED else "CONFIRMED")
    event.add("organizer", _organiser(), encode=False)
    if meeting.status is not MeetingStatus.CANCELLED:
        event.add_component(_alarm(_summary(line, side)))
    return event


def _summary(line: MeetingLine, side: Side) -> str:
    if side is Side.EMPLOYER:
        return _("Kopkoffie with {name}").format(name=_first_name(line))
    return _("Kopkoffie at {company}").format(company=line.company.name)


def _description(line: MeetingLine, side: Side) -> str:
    about = _("About: {title}").format(title=line.job.title)
    questions = _("Questions? Call {organisation}: {phone}.").format(
        organisation=settings().organisation, phone=settings().office_phone
    )
    host = _("You will meet {host}.").format(host=line.meeting.host) if line.meeting.host else ""
    informal = _("No CV, no interview: a cup of coffee to get to know each other.")
    lines = [about, host if side is Side.CANDIDATE else "", informal, questions]
    return "\n".join(text for text in lines if text)


def _first_name(line: MeetingLine) -> str:
    return line.candidate.name.split()[0]


def _organiser() -> vCalAddress:
    address = vCalAddress(f"mailto:{settings().mail_from}")
    address.params["cn"] = vText(settings().organisation)
    return address


def _host_name() -> str:
    return settings().mail_from.partition("@")[2] or "kopkoffie"


def _alarm(text: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", text)
    alarm.add("trigger", -REMIND_BEFORE)
    return alarm
