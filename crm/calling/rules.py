"""What happens to a company on a list after a call, and what may be written down during one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from crm.calling.models import CallWay, EntryState, ObjectionRight, SkipReason
from crm.core.clock import AMSTERDAM, local
from crm.core.errors import CrmError
from crm.core.i18n import _
from crm.reference.calendar import DAY_PARTS, add_working_days, desk_window, next_day_part
from crm.reference.models import SPOKEN, Disposition, Reached, Retry
from crm.scripts.graph import AskedField, FieldKind

MESSAGE_LEFT = "VOICEMAIL_INGESPROKEN"
BAD_MOMENT = timedelta(hours=2)
PUT_BACK_FOR = timedelta(minutes=30)  # what a caller puts back is not the very next thing anybody gets
LONGEST_NOTES = 20_000
LONGEST_TEXT = 2_000
MOST_LINES = 50

SAID = frozenset({ObjectionRight.OFFERED, ObjectionRight.NOT_OFFERED})


class ObjectionRightMissing(CrmError):
    def __init__(self) -> None:
        super().__init__(_("Say whether you mentioned that people can ask not to be called again."))


class NobodyWasSpoken(CrmError):
    def __init__(self, result: Disposition) -> None:
        super().__init__(_("With “{result}” nobody was spoken.").format(result=result.name))


class DoesNotFitField(CrmError):
    def __init__(self, field: AskedField, problem: str) -> None:
        super().__init__(f"{field.label}: {problem}")


@dataclass(frozen=True, slots=True)
class NextTry:
    """What becomes of an entry: done, or waiting until a moment."""

    state: EntryState
    due_at: datetime | None = None


def objection_right(
    result: Disposition, given: ObjectionRight | None, way: CallWay = CallWay.DESK
) -> ObjectionRight | None:
    """What is kept about the right to object; None when it was not asked, as we did not call.

    Raises when it does not go with the result of the call.
    """
    if result.kind in SPOKEN and given not in SAID:
        if way.is_ours:
            raise ObjectionRightMissing
        return None
    if result.is_system and given in SAID:
        raise NobodyWasSpoken(result)
    return given or ObjectionRight.NO_CONTACT


def next_try(retry: Retry | None, attempts: int, moment: datetime, *, another_number: bool = False) -> NextTry:
    """`attempts` counts this one. Whoever was reached has no `retry` and is done; so is who was tried often enough.

    A wrong number says nothing about the company: while it has another number, that is tried at once.
    """
    if another_number:
        return NextTry(EntryState.WAITING, moment)
    if retry is None or attempts >= retry.most_attempts:
        return NextTry(EntryState.DONE)
    return NextTry(EntryState.WAITING, retry_at(retry, moment))


def retry_at(retry: Retry, moment: datetime) -> datetime:
    """Some hours later, or some working days later in another part of the day."""
    if retry.hours is not None:
        return within_desk_hours(moment + timedelta(hours=retry.hours))
    return next_day_part(moment, working_days=retry.working_days or 1)


def skipped_until(reason: SkipReason, moment: datetime) -> datetime:
    """A bad moment is over in some hours; who is known may be called by a colleague; else another day."""
    if reason is SkipReason.KNOWN:
        return moment + PUT_BACK_FOR
    if reason is SkipReason.MOMENT:
        return within_desk_hours(moment + BAD_MOMENT)
    return next_day_part(moment, working_days=1)


def may_leave_message(once_in: int, earlier: Sequence[Reached]) -> bool:
    """Once in so many attempts, never with 0. `earlier` is what those before this one gave, the latest first."""
    return once_in > 0 and Reached.MESSAGE_LEFT not in earlier[: once_in - 1]


def within_desk_hours(moment: datetime) -> datetime:
    """The moment itself when the desk is open then, else the start of the next working day."""
    there = local(moment)
    window = desk_window(there.date())
    if window and window[0] <= there.time() < window[1]:
        return moment
    opens_today = window and there.time() < window[0]
    day = there.date() if opens_today else add_working_days(there.date() + timedelta(days=1), 0)
    return datetime.combine(day, DAY_PARTS[0], AMSTERDAM)


def clean(text: str, longest: int) -> str:
    """Without the characters a database cannot hold, and not longer than this."""
    return "".join(c for c in text if c != "\x00" and not "\ud800" <= c <= "\udfff")[:longest]


def checked(field: AskedField, value: Any) -> Any:
    """The value as it is kept, None for nothing. Raises DoesNotFitField."""
    if value is None or value in ("", []):
        return None
    return _CHECKS[field.kind](field, value)


def _text(field: AskedField, value: Any) -> str:
    if not isinstance(value, str):
        raise DoesNotFitField(field, _("use text"))
    return clean(value, LONGEST_TEXT).strip()


def _number(field: AskedField, value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise DoesNotFitField(field, _("use a number"))
    if not field.minimum <= value <= field.maximum:
        allowed = _("choose a number from {low} to {high}").format(low=field.minimum, high=field.maximum)
        raise DoesNotFitField(field, allowed)
    return value


def _scale(field: AskedField, value: Any) -> int:
    number = _number(field, value)
    if number != int(number):
        raise DoesNotFitField(field, _("use a whole number"))
    return int(number)


def _yes_no(field: AskedField, value: Any) -> bool:
    if not isinstance(value, bool):
        raise DoesNotFitField(field, _("choose yes or no"))
    return value


def _date(field: AskedField, value: Any) -> str:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise DoesNotFitField(field, _("use a date")) from error
    return f"{day:%Y-%m-%d}"


def _choice(field: AskedField, value: Any) -> str:
    if not isinstance(value, str) or value not in {option.value for option in field.options}:
        raise DoesNotFitField(field, _("choose one of the answers"))
    return value


def _list(field: AskedField, value: Any) -> list[str]:
    if not isinstance(value, list | tuple):
        raise DoesNotFitField(field, _("choose one of the answers"))
    check = _choice if field.options else _text
    lines = [check(field, line) for line in value[:MOST_LINES]]
    return [line for line in lines if line]


_CHECKS = {
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.SCALE: _scale,
    FieldKind.YES_NO: _yes_no,
    FieldKind.DATE: _date,
    FieldKind.CHOICE: _choice,
    FieldKind.LIST: _list,
}
