"""Calendar files by RFC 5545: one appointment to send, or a whole agenda to subscribe to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event, Timezone, vCalAddress, vText

from crm.core.clock import AMSTERDAM, local, now
from crm.core.settings import settings

REFRESH = timedelta(minutes=15)
A_YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """`uid` never changes and `sequence` grows with every change, so a calendar replaces what it has of it.

    `starts_at` is in UTC. Without `remind_before` no alarm goes off; what is cancelled never has one.
    """

    uid: str
    sequence: int
    starts_at: datetime
    length: timedelta
    summary: str
    description: str = ""
    location: str = ""
    url: str = ""
    cancelled: bool = False
    remind_before: timedelta | None = None
    is_busy: bool = True


def uid(kind: str, name: int | str) -> str:
    """The same for ever, and nobody else's."""
    return f"{kind}-{name}@{settings().mail_from.partition('@')[2] or 'kopkoffie'}"


def calendar_file(appointments: Sequence[Appointment], *, name: str = "") -> bytes:
    """The appointments on the Dutch clock. `name` makes it an agenda that a calendar keeps up to date."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings().organisation}//Kopkoffie//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT15M")
    if appointments:
        calendar.add_component(_timezone(appointments))
    for appointment in appointments:
        calendar.add_component(_event(appointment))
    content: bytes = calendar.to_ical()
    return content


def _timezone(appointments: Sequence[Appointment]) -> Timezone:
    """The rules of the clock, from a year before to a year after, so a change is always among them."""
    days = [local(appointment.starts_at).date() for appointment in appointments]
    return Timezone.from_tzinfo(AMSTERDAM, first_date=min(days) - A_YEAR, last_date=max(days) + A_YEAR)


def _event(appointment: Appointment) -> Event:
    event = Event()
    event.add("uid", appointment.uid)
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", now())
    event.add("dtstart", local(appointment.starts_at))
    # Added in UTC: half an hour lasts half an hour, also in the night the clock changes.
    event.add("dtend", local(appointment.starts_at + appointment.length))
    event.add("summary", appointment.summary)
    for name in ("description", "location", "url"):
        if text := getattr(appointment, name):
            event.add(name, text)
    event.add("status", "CANCELLED" if appointment.cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE" if appointment.is_busy and not appointment.cancelled else "TRANSPARENT")
    event.add("organizer", _organiser(), encode=False)
    if appointment.remind_before is not None and not appointment.cancelled:
        event.add_component(_alarm(appointment.summary, appointment.remind_before))
    return event


def _organiser() -> vCalAddress:
    address = vCalAddress(f"mailto:{settings().mail_from}")
    address.params["cn"] = vText(settings().organisation)
    return address


def _alarm(text: str, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", text)
    alarm.add("trigger", -before)
    return alarm
