"""Work for one job seeker: jobs that fit, and small jobs that together make a week."""

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.core.i18n import _, ngettext, show_amount
from crm.matching.facts import WHOLE_DAY, show_clock
from crm.matching.services import introduce, introduce_for_all
from crm.matching.stacking import MOST_WEEKS, Clashes, Obstacles, Week
from crm.matching.suggesting import Shown
from crm.matching.week_rules import Shift
from crm.matching.work import FittingJob, WeeksOfWork
from web.actions import perform
from web.components.links import link, open_here
from web.components.pipeline.form import day_label
from web.components.pipeline.introduction import draw_how_we_reckon, draw_reasons, draw_score
from web.components.pipeline.suggested import draw_refusal, note
from web.components.text import literal


def draw_fitting_jobs(actor: Actor, candidate_id: int, found: list[FittingJob]) -> None:
    st.subheader(_("Which work fits?"), anchor=False)
    if not found:
        st.caption(_("No open hidden jobs at the moment."))
        return
    draw_how_we_reckon()
    for one in found:
        label = f"**{literal(one.job.title)}** · {literal(f'{one.score.total} · {one.score.short}')}"
        with st.expander(label, key=f"fits-{one.job.id}"):
            _draw_job(actor, one)
            with st.container(horizontal=True, vertical_alignment="center"):
                _draw_introduce(actor, candidate_id, one)
                draw_refusal(actor, one.job.id, candidate_id)
    note(actor, [Shown(one.job.id, candidate_id, one.score) for one in found])
    open_here(_("Put small jobs together"), "to-weeks", icon=":material/stacks:", candidate=candidate_id, week=1)


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
        for column, (day, shifts) in zip(st.columns(max(5, len(week.days))), week.days.items(), strict=False):
            column.markdown("  \n".join([f"**{day_label(day)}**", *(_shift(work, shift) for shift in shifts)]))
        with st.expander(_("Which jobs, and why?"), key=f"why-week-{number}"):
            for job in week.jobs:
                _draw_job(actor, work.jobs[job.id])
        for missing in _to_ask(week):
            st.caption(missing)
        if actor.may(Permission.INTRODUCE):
            _draw_introduce_for_all(work, number, week)


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


def _draw_job(actor: Actor, one: FittingJob) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        link(actor, "pipeline", one.job.title, bold=True, job=one.job.id)
        draw_score(one.score.total)
    st.caption(literal(" · ".join(part for part in (one.company.name, one.company.town) if part)))
    if one.other_trade:
        other = _("Another trade: {trade}").format(trade=one.other_trade)
        st.badge(literal(other), icon=":material/explore:", color="violet")
    draw_reasons([part.as_kept() for part in one.score.parts])


def _draw_introduce(actor: Actor, candidate_id: int, one: FittingJob) -> None:
    if actor.may(Permission.INTRODUCE):
        st.button(
            _("Introduce"),
            key=f"introduce-for-{one.job.id}",
            icon=":material/handshake:",
            on_click=perform,
            args=(_("Introduced for “{title}”.").format(title=one.job.title), introduce, one.job.id, candidate_id),
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


def _shift(work: WeeksOfWork, shift: Shift) -> str:
    """`Kassa, 9:00-13:00`, or its hours where the times are not known."""
    title = literal(work.jobs[shift.job.id].job.title)
    if (shift.job.starts, shift.job.ends) == (0, WHOLE_DAY):
        return f"{title} ({_hours(round(shift.job.hours_a_day * 2) / 2)})"
    return f"{title} ({show_clock(shift.starts)}-{show_clock(shift.ends)})"
