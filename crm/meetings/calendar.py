"""The kopkoffie as a calendar file, one for each side, with no more about the other than is needed."""

from datetime import timedelta

from crm.core.i18n import _, speaking
from crm.core.settings import settings
from crm.meetings.models import Meeting, MeetingStatus
from crm.meetings.queries import MeetingLine
from crm.meetings.rules import Side
from crm.messaging.calendar_files import Appointment, calendar_file, uid

REMIND_BEFORE = timedelta(hours=2)


def invitation(line: MeetingLine, side: Side) -> bytes:
    """An .ics file in the language of the organisation, as it goes to people outside."""
    meeting = line.meeting
    with speaking(settings().language):
        summary, description = _summary(line, side), _description(line, side)
    name = uid(f"kopkoffie-{meeting.id}", side.value)
    return calendar_file([appointment(meeting, name, summary, description=description)])


def appointment(meeting: Meeting, name: str, summary: str, *, description: str = "", url: str = "") -> Appointment:
    """`name` is the uid by which one calendar knows it."""
    return Appointment(
        uid=name,
        sequence=meeting.sequence,
        starts_at=meeting.starts_at,
        length=timedelta(minutes=meeting.minutes),
        summary=summary,
        description=description,
        location=meeting.place,
        url=url,
        cancelled=meeting.status is MeetingStatus.CANCELLED,
        remind_before=REMIND_BEFORE,
    )


def file_name(line: MeetingLine, side: Side) -> str:
    return f"kopkoffie-{line.meeting.id}-{side.value}.ics"


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
