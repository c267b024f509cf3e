"""What came of a list so far and when it will be done, in words."""

from collections.abc import Callable

from crm.calling.lists import ListRow
from crm.calling.lists.forecast import Forecast, Unknown
from crm.core.i18n import N_, _, ngettext, show_date
from web.components.call_lists.about import whole

_WHY: dict[Unknown, str] = {
    Unknown.DONE: N_("Nobody is left to call."),
    Unknown.STOPPED: N_("While nobody calls from it, it will not be done."),
    Unknown.NOBODY: N_("Nobody calls from it yet, so it will not be done."),
    Unknown.NO_PACE: N_("When it is done can be said after a day of calling, or with a number of attempts a day."),
    Unknown.FAR: N_("At this pace it takes more than two years."),
}


def results_in_words(row: ListRow, jobs: int) -> str:
    counts: tuple[tuple[Callable[[int], str], int], ...] = (
        (lambda n: ngettext("{n} attempt", "{n} attempts", n), row.attempts),
        (lambda n: ngettext("{n} conversation", "{n} conversations", n), row.conversations),
        (lambda n: ngettext("{n} hidden job", "{n} hidden jobs", n), jobs),
    )
    return " · ".join(words(n).format(n=whole(n)) for words, n in counts)


def forecast_in_words(found: Forecast) -> str:
    if found.unknown or found.day is None:
        return _(_WHY[found.unknown or Unknown.NO_PACE])
    words = _("Done around {day}: about {left} more attempts, {pace} a day.")
    return words.format(
        day=show_date(found.day), left=whole(found.attempts_left), pace=whole(max(1, round(found.per_day)))
    )
