"""What runs by the clock: a line for each job, and what its runs came to."""

from collections.abc import Mapping
from datetime import timedelta

import streamlit as st

from crm.core.i18n import _, language, ngettext, show_moment
from crm.scheduling.models import Outcome, ScheduledJob
from crm.scheduling.queries import RunRow
from crm.scheduling.rules import Daily, When
from crm.scheduling.services import request_run
from web.actions import perform
from web.components.text import literal

BADGES = {
    Outcome.RUNNING: ("blue", ":material/sync:"),
    Outcome.DONE: ("green", ":material/check:"),
    Outcome.FAILED: ("red", ":material/error:"),
    Outcome.BROKEN_OFF: ("orange", ":material/bolt:"),
}


def draw_job(name: str, label: str, when: When, known: ScheduledJob | None) -> None:
    with st.container(border=True, key=f"job-{name}", gap="xxsmall"):
        what, last, coming, button = st.columns([5, 4, 3, 2], vertical_alignment="center")
        what.markdown(f"**{label}**  \n{plan_in_words(when)}")
        if known is None or known.started_at is None:
            last.markdown(_("Never ran yet"))
        else:
            last.markdown(_last_run(known))
        if known and known.next_run_at:
            coming.markdown(f"{_('Next run at')}  \n{show_moment(known.next_run_at)}")
        asked = known is not None and known.requested_at is not None
        button.button(
            _("Is coming") if asked else _("Run now"),
            key=f"run-{name}",
            on_click=perform,
            args=(_("It starts within a few seconds."), request_run, name),
            disabled=asked or known is None,
        )
        if known and known.error:
            st.caption(literal(known.error))


def _last_run(known: ScheduledJob) -> str:
    assert known.started_at  # noqa: S101  for who has run
    outcome = known.outcome or Outcome.RUNNING
    color, icon = BADGES[outcome]
    parts = [show_moment(known.started_at)]
    if outcome is not Outcome.RUNNING:
        parts.append(show_seconds(known.seconds))
        parts.append(show_count(known.count))
    return f":{color}-badge[{icon} {outcome.label}]  \n" + " · ".join(parts)


def plan_in_words(when: When) -> str:
    if isinstance(when, Daily):
        return _("Every day at {time}").format(time=f"{when.time:%H:%M}")
    minutes, seconds = divmod(int(when.period / timedelta(seconds=1)), 60)
    if seconds:
        return ngettext("Every {n} second", "Every {n} seconds", 60 * minutes + seconds).format(
            n=60 * minutes + seconds
        )
    return ngettext("Every {n} minute", "Every {n} minutes", minutes).format(n=minutes)


def runs_table(rows: list[RunRow], labels: dict[str, str], parts: Mapping[str, str]) -> dict[str, list[str]]:
    """Columns for st.table."""
    return {
        _("When"): [show_moment(row.run.started_at) for row in rows],
        _("What"): [labels.get(row.name) or literal(row.name) for row in rows],
        _("Result"): [_result(row, parts) for row in rows],
        _("Took"): [show_seconds(row.run.seconds) for row in rows],
        _("Asked by"): [literal(row.requested_by) for row in rows],
    }


def _result(row: RunRow, parts: Mapping[str, str]) -> str:
    if row.run.outcome is not Outcome.DONE:
        return ": ".join(filter(None, (row.run.outcome.label, literal(row.run.error))))
    details = [f"{_(parts[name])}: {count}" for name, count in row.run.details.items() if count and name in parts]
    return " · ".join((show_count(row.run.count), *details))


def show_count(count: int) -> str:
    return ngettext("{n} done", "{n} done", count).format(n=count) if count else _("nothing to do")


def show_seconds(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    if seconds < 0.1:
        return f"{1000 * seconds:.0f} ms"
    shown = f"{seconds:.1f}" if seconds < 10 else f"{seconds:.0f}"
    return f"{shown.replace('.', ',') if language() == 'nl' else shown} s"
