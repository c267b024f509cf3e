"""The hidden job in the wrap-up: a new one, or one this company already has."""

from collections.abc import Sequence

import streamlit as st

from crm.core.i18n import _
from crm.desk.form import JOB_FIELDS, label
from crm.desk.queries import Talk
from crm.desk.services import write
from crm.pipeline.models import HiddenJob
from crm.pipeline.rules import doubtful_words
from crm.reference.days import Day
from crm.reference.queries import competences, reasons
from web.components.autosave import TextField
from web.components.desk.acting import act
from web.components.desk.kept import kept
from web.components.desk.texts import JOB, draw_texts
from web.components.text import literal

NEW = "new"


def draw_job(talk: Talk, jobs: Sequence[HiddenJob]) -> None:
    form = talk.draft
    with st.container(key="job", gap="xsmall"):
        if form.needs and not form.needs.job:
            _draw_switch(talk)
        if not form.has_job:
            return
        if jobs:
            _draw_which(talk, jobs)
        if form.known_job_id is None:
            _draw_new(talk)


def _draw_switch(talk: Talk) -> None:
    st.toggle(_("Hidden job found"), **kept(talk, "hidden_job", talk.draft.has_job))


def _draw_which(talk: Talk, jobs: Sequence[HiddenJob]) -> None:
    titles = {NEW: _("A new one")} | {str(job.id): job.title for job in jobs}
    known = str(talk.draft.known_job_id)
    st.selectbox(
        label("known_job"),
        list(titles),
        format_func=titles.__getitem__,
        **kept(talk, "known_job", known if known in titles else NEW, keep=_keep_which),
    )


def _keep_which(call_id: int, name: str, chosen: str) -> None:
    act(write, call_id, name, None if chosen == NEW else int(chosen))


def _draw_new(talk: Talk) -> None:
    """What the script asks at this moment is in the middle, so it is not here."""
    job = talk.draft.job
    asked = set(talk.position.node.fields) & JOB_FIELDS
    texts = [
        TextField("job_title", label("job_title"), job.title, longest=120),
        TextField("tasks", label("tasks"), job.tasks, lines=2, placeholder=_("One on each line"), longest=2000),
        TextField("must_have", label("must_have"), job.must_have, half=True, longest=1000),
        TextField("learnable", label("learnable"), job.learnable, half=True, longest=1000),
    ]
    draw_texts(talk, JOB, [field for field in texts if field.name not in asked])
    for warning in doubtful_words(" · ".join((job.title, job.tasks, job.must_have, job.learnable))):
        st.caption(f":material/warning: {literal(warning)}")
    _draw_reason(talk)
    numbers = [draw for name, draw in _NUMBERS.items() if name not in asked]
    for draw, column in zip(numbers, st.columns(2, gap="xsmall"), strict=False):
        with column:
            draw(talk)
    if "days" not in asked:
        _draw_days(talk)
    _draw_competences(talk)


def _draw_reason(talk: Talk) -> None:
    names = {code: reason.name for code, reason in reasons().items()}
    st.selectbox(
        label("job_reason"),
        list(names),
        index=None,
        format_func=names.__getitem__,
        placeholder="",
        **kept(talk, "job_reason", talk.draft.job.reason),
    )


def _draw_hours(talk: Talk) -> None:
    hours = talk.draft.job.hours_per_week
    st.number_input(
        label("hours_per_week"),
        value=None,
        min_value=0.0,
        max_value=60.0,
        step=1.0,
        format="%g",
        **kept(talk, "hours_per_week", None if hours is None else float(hours)),
    )


def _draw_importance(talk: Talk) -> None:
    st.number_input(
        label("importance"),
        value=None,
        min_value=0,
        max_value=10,
        step=1,
        **kept(talk, "importance", talk.draft.job.importance),
    )


def _draw_days(talk: Talk) -> None:
    st.pills(
        label("days"),
        [day.value for day in Day],
        selection_mode="multi",
        **kept(talk, "days", talk.draft.job.days),
    )


_NUMBERS = {"hours_per_week": _draw_hours, "importance": _draw_importance}


def _draw_competences(talk: Talk) -> None:
    names = {code: competence.name for code, competence in competences().items()}
    st.multiselect(
        label("competences"),
        list(names),
        format_func=names.__getitem__,
        placeholder=_("What should somebody be good at?"),
        **kept(talk, "competences", talk.draft.job.competences),
    )
