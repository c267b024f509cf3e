"""Small jobs that together make a week for one job seeker, drawn as a week."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.core.i18n import _, ngettext, show_amount
from crm.matching.facts import WHOLE_DAY, show_clock
from crm.matching.services import introduce_for_all
from crm.matching.stacking import MOST_WEEKS, Clashes, Obstacles, Week
from crm.matching.suggesting import Shown
from crm.matching.week_rules import WEEK, WORKING_DAYS, Shift, Wish
from crm.matching.work import WeeksOfWork, wish_of
from crm.reference.days import Day
from web.actions import perform
from web.components.candidates.fitting_work import draw_job
from web.components.links import open_here
from web.components.markup import draw
from web.components.pipeline.suggested import note
from web.components.text import literal

COLOURS = 4  # in figures.css; a week rarely has more employers


def draw_weeks(actor: Actor, work: WeeksOfWork) -> None:
    person = work.candidate
    back = _("Back to {name}").format(name=person.name)
    open_here(back, "to-person", icon=":material/arrow_back:", candidate=person.id, part="work")
    st.title(literal(_("Small jobs together for {name}").format(name=person.name)), anchor=False)
    wish = _("Wants {least} to {most} hours.").format(least=person.hours_min, most=person.hours_max)
    st.caption(f"{wish} {_('Hours, days, times, distance and as few employers as possible. You decide.')}")
    for number, week in enumerate(work.weeks, start=1):
        _draw_week(actor, work, number, week)
    _draw_obstacles(work)
    shown = {job.id for week in work.weeks for job in week.jobs}
    note(actor, [Shown(job_id, person.id, work.jobs[job_id].score) for job_id in shown])


def _draw_week(actor: Actor, work: WeeksOfWork, number: int, week: Week) -> None:
    with st.container(border=True, key=f"week-{number}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{_hours(week.hours)} {_employers(week.employers)}**", width="content")
            if (short := work.candidate.hours_min - week.hours) > 0:
                st.badge(_("{hours} too few").format(hours=_hours(short)), color="orange")
        st.caption(_why(week, wish_of(work.candidate)))
        _draw_days(work, week)
        with st.expander(_("Which jobs, and why?"), key=f"why-week-{number}"):
            for job in week.jobs:
                draw_job(actor, work.jobs[job.id])
        for missing in _to_ask(week):
            st.caption(missing)
        if actor.may(Permission.INTRODUCE):
            _draw_introduce_for_all(work, number, week)


def _why(week: Week, wish: Wish) -> str:
    """What makes it a week for this person, in one line."""
    far, trip = week.farthest(wish), week.longest_trip(wish)
    reasons = [
        _("The work fits: {n} of 100").format(n=week.fit),
        "" if far is None else _("at most {n} km from home").format(n=round(far)),
        _("{n} minutes at most from one job to the other").format(n=trip) if trip else "",
    ]
    return " · ".join(reason for reason in reasons if reason)


def _draw_days(work: WeeksOfWork, week: Week) -> None:
    free = wish_of(work.candidate).week
    companies = dict.fromkeys(job.company_id for job in week.jobs)
    colours = {company: 1 + place % COLOURS for place, company in enumerate(companies)}
    days = []
    for day in WEEK:
        shifts = week.days.get(day, ())
        if shifts or day in WORKING_DAYS:
            jobs = [_shift(work, shift, colours[shift.job.company_id]) for shift in shifts]
            empty = _("free") if day in free else _("not available")
            days.append({"name": Day(day).label, "hours": _hours_of(shifts), "jobs": jobs, "empty": empty})
    draw("candidates/week.html", label=_("The week, day by day"), days=days)


def _hours_of(shifts: Sequence[Shift]) -> str:
    return _hours(_rounded(sum(shift.job.hours_a_day for shift in shifts))) if shifts else ""


def _shift(work: WeeksOfWork, shift: Shift, colour: int) -> dict[str, Any]:
    known = work.jobs[shift.job.id]
    return {"title": known.job.title, "times": _times(shift), "employer": known.company.name, "colour": colour}


def _to_ask(week: Week) -> list[str]:
    asks = {
        _("The days of some of this work are not known yet: ask the employer."): any(not job.days for job in week.jobs),
        _("The times of some of this work are not known yet: ask the employer."): any(
            job.ends - job.starts == WHOLE_DAY for job in week.jobs
        ),
    }
    return [words for words, so in asks.items() if so]


def _draw_introduce_for_all(work: WeeksOfWork, number: int, week: Week) -> None:
    person = work.candidate
    st.button(
        _("Introduce for all of these"),
        key=f"introduce-week-{number}",
        icon=":material/handshake:",
        on_click=perform,
        args=(_("{name} has been introduced.").format(name=person.name), introduce_for_all, person.id),
        kwargs={"job_ids": [job.id for job in week.jobs]},
    )


def _draw_obstacles(work: WeeksOfWork) -> None:
    """Why there are no more weeks, or none at all."""
    if not work.weeks:
        st.info(_("No two jobs make a week together."), icon=":material/stacks:")
    wrong = [*_left_out(work.obstacles), _unknown(work.unknown)] if len(work.weeks) < MOST_WEEKS else []
    lines = [line for line in wrong if line] + _clashing(work.clashes)
    if lines:
        st.markdown(f"**{_('What stands in the way')}**  \n" + "  \n".join(lines))


def _clashing(pairs: Clashes) -> list[str]:
    hours = ngettext(
        "{n} pair has more hours than wanted.", "{n} pairs have more hours than wanted.", pairs.too_many_hours
    )
    long = ngettext("{n} pair makes too long a day.", "{n} pairs make too long a day.", pairs.long_day)
    far = ngettext("{n} pair is too far apart.", "{n} pairs are too far apart.", pairs.far_apart)
    same = ngettext(
        "{n} pair is at the same time, or leaves no time to travel.",
        "{n} pairs are at the same time, or leave no time to travel.",
        pairs.same_time,
    )
    found = {hours: pairs.too_many_hours, long: pairs.long_day, far: pairs.far_apart, same: pairs.same_time}
    return [words.format(n=n) for words, n in found.items() if n]


def _left_out(wrong: Obstacles) -> list[str]:
    far = ngettext("{n} job is too far away.", "{n} jobs are too far away.", wrong.too_far)
    large = ngettext(
        "{n} job has more hours than wanted.", "{n} jobs have more hours than wanted.", wrong.too_many_hours
    )
    days = ngettext("{n} job is on other days.", "{n} jobs are on other days.", wrong.other_days)
    long = ngettext("{n} job has too long days.", "{n} jobs have too long days.", wrong.long_days)
    times = ngettext("{n} job is at other times of day.", "{n} jobs are at other times of day.", wrong.other_times)
    found = {
        far: wrong.too_far,
        large: wrong.too_many_hours,
        days: wrong.other_days,
        long: wrong.long_days,
        times: wrong.other_times,
    }
    return [words.format(n=n) for words, n in found.items() if n]


def _unknown(n: int) -> str:
    words = ngettext("Of {n} job the hours are not known yet.", "Of {n} jobs the hours are not known yet.", n)
    return words.format(n=n) if n else ""


def _hours(hours: float) -> str:
    return ngettext("{n} hour", "{n} hours", round(hours)).format(n=show_amount(hours))


def _employers(n: int) -> str:
    return ngettext("at {n} employer", "at {n} employers", n).format(n=n)


def _times(shift: Shift) -> str:
    """`9:00-13:00`, or the hours where the times are not known."""
    if (shift.job.starts, shift.job.ends) == (0, WHOLE_DAY):
        return _hours(_rounded(shift.job.hours_a_day))
    return f"{show_clock(shift.starts)}-{show_clock(shift.ends)}"


def _rounded(hours: float) -> float:
    return round(hours * 2) / 2
