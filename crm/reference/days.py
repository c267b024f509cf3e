"""Days of the week as the desk writes them down: two letters."""

from collections.abc import Iterable

from crm.core.i18n import N_, _
from crm.core.types import LabelledEnum


class Day(LabelledEnum):
    MONDAY = "ma", N_("Monday")
    TUESDAY = "di", N_("Tuesday")
    WEDNESDAY = "wo", N_("Wednesday")
    THURSDAY = "do", N_("Thursday")
    FRIDAY = "vr", N_("Friday")
    SATURDAY = "za", N_("Saturday")
    SUNDAY = "zo", N_("Sunday")


def in_week_order(codes: Iterable[str]) -> list[str]:
    """The codes once each, Monday first.

    Raises ValueError for a code that is no day.
    """
    known = [day.value for day in Day]
    chosen = {code.strip().lower() for code in codes}
    if unknown := chosen - set(known):
        raise ValueError(_("{days} is not a day: use ma, di, wo, do, vr, za or zo.").format(days=", ".join(unknown)))
    return [code for code in known if code in chosen]
