"""Work for one job seeker: jobs that fit, and small jobs that together make a week."""

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.core.i18n import _, ngettext, show_amount
from crm.matching.services import introduce, introduce_for_all
from crm.matching.stacking import MOST_WEEKS, Obstacles, SmallJob, Week
from crm.matching.work import FittingJob, WeeksOfWork
from web.actions import perform
from web.components.introduction import draw_reasons, draw_score
from web.components.job_form import day_label
from web.components.links import link, open_here
from web.components.text import literal


def draw_fitting_jobs(actor: Actor, candidate_id: int, found: list[FittingJob]) -> None:
    st.subheader(_("Which work fits?"), anchor=False)
    if not found:
        st.caption(_("No open hidden jobs at the moment."))
        return
    st.caption(_("Compared on competences, work, hours, days and distance only. You decide."))
    for one in found:
        with st.expander(f"{literal(one.job.title)} · {one.score.total}", key=f"fits-{one.job.id}"):
            _draw_job(actor, one)
            _draw_introduce(actor, candidate_id, one)
    open_here(_("Put small jobs together"), "to-weeks", icon=":material/stacks:", candidate=candidate_id, week=1)


def draw_weeks(actor: Actor, work: WeeksOfWork) -> None:
    person = work.candidate
    open_here(
        _("Back to {name}").format(name=person.name), "to-person", icon=":material/arrow_back:", candidate=person.id
    )
    st.title(literal(_("Small jobs together for {name}").format(name=person.name)), anchor=False)
    wish = _("Wants {least} to {most} hours.").format(least=person.hours_min, most=person.hours_max)
    st.caption(f"{wish} {_('Hours, days, distance and as few employers as possible. You decide.')}")
    for number, week in enumerate(work.weeks, start=1):
        _draw_week(actor, work, number, week)
    _draw_obstacles(work)


def _draw_week(actor: Actor, work: WeeksOfWork, number: int, week: Week) -> None:
    with st.container(border=True, key=f"week-{number}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{_hours(week.hours)} {_employers(week.employers)}**", width="content")
            if (short := work.candidate.hours_min - week.hours) > 0:
                st.badge(_("{hours} too few").format(hours=_hours(short)), color="orange")
        for column, (day, jobs) in zip(st.columns(max(5, len(week.days))), week.days.items(), strict=False):
            titles = "  \n".join(f"{literal(work.jobs[job.id].job.title)} ({_on_a_day(job)})" for job in jobs)
            column.markdown(f"**{day_label(day)}**  \n{titles}")
        with st.expander(_("Which jobs, and why?"), key=f"why-week-{number}"):
            for job in week.jobs:
                _draw_job(actor, work.jobs[job.id])
        if any(not job.days for job in week.jobs):
            st.caption(_("The days of some of this work are not known yet: ask the employer."))
        if actor.may(Permission.INTRODUCE):
            _draw_introduce_for_all(work, number, week)


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
    if lines := [line for line in wrong if line]:
        st.markdown(f"**{_('What stands in the way')}**  \n" + "  \n".join(lines))


def _left_out(wrong: Obstacles) -> list[str]:
    far = ngettext("{n} job is too far away.", "{n} jobs are too far away.", wrong.too_far)
    large = ngettext(
        "{n} job has more hours than wanted.", "{n} jobs have more hours than wanted.", wrong.too_many_hours
    )
    days = ngettext("{n} job is on other days.", "{n} jobs are on other days.", wrong.other_days)
    long = ngettext("{n} job has too long days.", "{n} jobs have too long days.", wrong.long_days)
    found = {far: wrong.too_far, large: wrong.too_many_hours, days: wrong.other_days, long: wrong.long_days}
    return [words.format(n=n) for words, n in found.items() if n]


def _unknown(n: int) -> str:
    words = ngettext("Of {n} job the hours are not known yet.", "Of {n} jobs the hours are not known yet.", n)
    return words.format(n=n) if n else ""


def _hours(hours: float) -> str:
    return ngettext("{n} hour", "{n} hours", round(hours)).format(n=show_amount(hours))


def _employers(n: int) -> str:
    return ngettext("at {n} employer", "at {n} employers", n).format(n=n)


def _on_a_day(job: SmallJob) -> str:
    return _hours(round(job.hours_a_day * 2) / 2)
