"""What an employer asks and offers, as it is shown: the work profile of a hidden job, and what is still to ask."""

from collections.abc import Sequence

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.core.i18n import _, show_amount
from crm.matching.services import CLOSED
from crm.pipeline.gates import in_words, missing
from crm.pipeline.models import Circumstance, HiddenJob, HiddenJobCompetence, Stage, Travel, Weight
from crm.pipeline.queries import JobCard
from crm.reference.queries import competences
from web.components.links import open_here
from web.components.pipeline.form import day_label, labels, show_clock
from web.components.text import literal
from web.components.versions import yes_or_no
from web.components.wording import draw_doubts

Line = tuple[str, str]


def draw_profile(job: HiddenJob, asked: Sequence[HiddenJobCompetence]) -> None:
    """Short facts, then the texts, then the competences by weight; at the end what nobody told yet."""
    draw_doubts("\n".join((job.title, job.start, job.start_place, job.contract, job.pay_scale)))
    facts, texts = _facts(job), _texts(job)
    if known := [f"**{label}:** {value}" for label, value in facts if value]:
        st.markdown("  \n".join(known))
    for label, text in texts:
        if text:
            st.markdown(f"**{label}**")
            st.text(text)
            draw_doubts(text)
    _draw_competences(asked)
    open_questions = [label for label, value in (*facts, *texts) if not value]
    if not asked:
        open_questions.append(_("Competences"))
    if open_questions:
        st.caption(_("Still to ask: {what}").format(what=", ".join(label.lower() for label in open_questions)))


def draw_missing(actor: Actor, card: JobCard) -> None:
    """What stands in the way of introducing somebody, with the way to the form."""
    job = card.job
    still = missing(job, Stage.INTRODUCED, weighed=bool(card.competences))
    if not still or job.stage in CLOSED:
        return
    words = _("Before anybody is introduced, ask: {what}.").format(what=in_words(still))
    st.info(literal(words), icon=":material/assignment_late:")
    if actor.may(Permission.JOB_EDIT):
        open_here(_("Fill in the work profile"), "fill-profile", kind="secondary", job=job.id, profile=1)


def _facts(job: HiddenJob) -> list[Line]:
    hours = _("{hours} hours a week").format(hours=show_amount(job.hours_per_week)) if job.hours_per_week else ""
    return [
        (_("Hours per week"), hours),
        (_("Days"), " ".join(day_label(code) for code in job.days)),
        (_("Times"), _times(job)),
        (_("Start"), literal(job.start)),
        (_("Getting there"), _way(job)),
        (_("Contract"), literal(job.contract)),
        (_("Pay scale"), literal(job.pay_scale)),
        (_("Look-along day"), "" if job.look_along is None else yes_or_no(job.look_along)),
        (_("What the work is like"), labels(Circumstance, job.circumstances)),
    ]


def _times(job: HiddenJob) -> str:
    begin, end = (show_clock(clock) if clock else "" for clock in (job.from_time, job.until_time))
    if begin and end:
        return _("{begin} to {end}").format(begin=begin, end=end)
    return _("from {time}").format(time=begin) if begin else end and _("until {time}").format(time=end)


def _way(job: HiddenJob) -> str:
    way = labels(Travel, job.travel)
    if job.start_place:
        begins = _("the day begins at: {place}").format(place=literal(job.start_place))
        return f"{way}; {begins}" if way else begins
    return way


def _texts(job: HiddenJob) -> list[Line]:
    return [
        (_("Tasks"), job.tasks),
        (_("Must be able to on day one"), job.must_have),
        (_("May be learned here"), job.learnable),
        (_("More about the conditions"), job.conditions),
    ]


def _draw_competences(asked: Sequence[HiddenJobCompetence]) -> None:
    if not asked:
        return
    st.markdown(f"**{_('Competences')}**")
    for weight in sorted(Weight, reverse=True):
        names = [_named(one) for one in asked if one.weight == weight and one.code in competences()]
        if names:
            st.markdown(f"{weight.label}: " + " ".join(f":gray-badge[{name}]" for name in names))


def _named(one: HiddenJobCompetence) -> str:
    name = literal(competences()[one.code].name)
    return f"{name} ({_('may be learned here')})" if one.learnable else name
