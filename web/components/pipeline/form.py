"""The form of a hidden job and its work profile: what the employer asks and offers."""

from collections.abc import Callable, Sequence
from datetime import time
from typing import Any

import streamlit as st

from crm.core.errors import field_text
from crm.core.i18n import _, show_amount
from crm.core.types import LabelledEnum
from crm.pipeline.inputs import HiddenJobInput
from crm.pipeline.models import Circumstance, HiddenJob, HiddenJobCompetence, Pipeline, Travel, Weight
from crm.reference.days import Day
from crm.reference.queries import competences, reasons
from web import state
from web.components.versions import Compared, yes_or_no
from web.components.wording import checked_line, checked_lines

FIELDS = tuple(HiddenJobInput.model_fields)
Key = Callable[[str], str]


def day_label(code: str) -> str:
    return Day(code).label[:2]


def start_of(job: HiddenJob | None, asked: Sequence[HiddenJobCompetence]) -> dict[str, Any]:
    """What the widgets begin with, for versions.begin_form."""
    nothing = HiddenJob(company_id=0, title="", reason="").model_dump() | {"reason": None, "pipeline": None}
    known = job.model_dump() if job else nothing
    plain = {name: known[name] for name in FIELDS if name != "competences"}
    return plain | {"competences": [one.code for one in asked]} | _start_of_competences(asked)


def _start_of_competences(asked: Sequence[HiddenJobCompetence]) -> dict[str, Any]:
    weights = {f"weight-{one.code}": one.weight for one in asked}
    return weights | {f"learnable-{one.code}": one.learnable for one in asked}


def job_fields(form: str) -> None:
    """The widgets, in the order in which one asks; `read_job` reads them back."""
    key = f"{form}-{{}}".format
    with st.container(border=True):
        _ask_work(key)
    with st.container(border=True):
        _ask_abilities(key)
    with st.container(border=True):
        _ask_when(key)
    with st.container(border=True):
        _ask_way(key)
    with st.container(border=True):
        _ask_conditions(key)


def _ask_work(key: Key) -> None:
    st.subheader(_("The work"), anchor=False)
    left, right = st.columns(2, gap="medium")
    with left:
        checked_line(_("What is the work called?"), key("title"), 120)
        st.selectbox(
            _("Why is there work?"),
            list(reasons()),
            format_func=lambda code: reasons()[code].name,
            placeholder=_("Choose a reason"),
            index=None,
            key=key("reason"),
            persist_state="page",
        )
        st.selectbox(
            _("What kind of work is it?"),
            list(Pipeline),
            index=None,
            format_func=lambda pipeline: pipeline.label,
            placeholder=_("What the reason suggests"),
            key=key("pipeline"),
            persist_state="page",
        )
        st.number_input(
            _("How important? (0-10)"), value=None, step=1, format="%d", key=key("importance"), persist_state="page"
        )
    with right:
        checked_lines(_("Tasks"), key("tasks"), 2000, height=190, placeholder=_("One on each line"))


def _ask_abilities(key: Key) -> None:
    st.subheader(_("What the work asks"), anchor=False)
    left, right = st.columns(2, gap="medium")
    with left:
        checked_lines(_("Must be able to on day one"), key("must_have"), 1000)
    with right:
        checked_lines(_("May be learned here"), key("learnable"), 1000)
    competence_picker(None, key("competences"))
    for code in state.value(key("competences")) or []:
        _ask_weight(code, key)


def _ask_weight(code: str, key: Key) -> None:
    """How much this competence counts, and whether it may be learned here."""
    weight, learnable = key(f"weight-{code}"), key(f"learnable-{code}")
    for widget, usual in ((weight, Weight.IMPORTANT), (learnable, False)):
        if state.value(widget) is None:
            state.put(widget, usual)
    name = competences()[code].name
    with st.container(horizontal=True, vertical_alignment="center", key=key(f"asked-{code}")):
        st.markdown(f"**{name}**", width=240)
        st.segmented_control(
            _("How much {name} counts").format(name=name),
            list(Weight),
            format_func=lambda weight: Weight(weight).label,
            required=True,
            label_visibility="collapsed",
            key=weight,
            persist_state="page",
        )
        st.checkbox(_("May be learned here"), key=learnable, persist_state="page")


def _ask_when(key: Key) -> None:
    st.subheader(_("When"), anchor=False)
    left, right = st.columns(2, gap="medium")
    with left:
        st.number_input(
            _("Hours per week"), value=None, step=1.0, format="%g", key=key("hours_per_week"), persist_state="page"
        )
        st.pills(
            _("Days"),
            [day.value for day in Day],
            selection_mode="multi",
            format_func=day_label,
            key=key("days"),
            persist_state="page",
        )
    with right:
        begin, end = st.columns(2)
        begin.time_input(_("From what time?"), None, step=900, key=key("from_time"), persist_state="page")
        end.time_input(_("Until what time?"), None, step=900, key=key("until_time"), persist_state="page")
        checked_line(_("When can it start?"), key("start"), 120)


def _ask_way(key: Key) -> None:
    st.subheader(_("Getting there"), anchor=False)
    left, right = st.columns(2, gap="medium")
    with left:
        _choices(_("How does somebody get there?"), Travel, key("travel"))
    with right:
        checked_line(
            _("Does the day begin somewhere else? Where?"), key("start_place"), 120, placeholder=_("may stay empty")
        )


def _ask_conditions(key: Key) -> None:
    st.subheader(_("Conditions"), anchor=False)
    left, right = st.columns(2, gap="medium")
    with left:
        checked_line(_("Contract"), key("contract"), 120, placeholder=_("for example: half a year, then permanent"))
        checked_line(_("Pay scale"), key("pay_scale"), 120, placeholder=_("for example: scale 3 of the agreement"))
        st.segmented_control(
            _("Is a look-along day possible?"),
            [True, False],
            format_func=yes_or_no,
            key=key("look_along"),
            persist_state="page",
        )
    with right:
        _choices(_("What is the work like?"), Circumstance, key("circumstances"))
        checked_lines(_("More about the conditions"), key("conditions"), 1000, height=80)


def _choices(label: str, kind: type[LabelledEnum], key: str) -> None:
    st.pills(
        label,
        [one.value for one in kind],
        selection_mode="multi",
        format_func=lambda code: kind(code).label,
        wrap=True,
        key=key,
        persist_state="page",
    )


def competence_picker(having: list[str] | None, key: str) -> None:
    """Without `having` the widget shows what was put there before."""
    st.multiselect(
        _("Competences"),
        list(competences()),
        default=having,
        format_func=lambda code: competences()[code].name,
        placeholder=_("Choose competences"),
        wrap=True,
        key=key,
        persist_state="page",
    )


def compared_job(form: str, job: HiddenJob, asked: Sequence[HiddenJobCompetence]) -> list[Compared]:
    """The fields of the form as a colleague left them."""
    theirs = start_of(job, asked)
    shown: dict[str, Callable[[Any], str]] = {
        "reason": lambda code: reasons()[code].name if code in reasons() else code,
        "pipeline": lambda pipeline: pipeline.label,
        "days": lambda codes: " ".join(day_label(code) for code in codes),
        "hours_per_week": show_amount,
        "competences": lambda codes: ", ".join(competences()[code].name for code in codes),
        "from_time": show_clock,
        "until_time": show_clock,
        "travel": lambda codes: labels(Travel, codes),
        "circumstances": lambda codes: labels(Circumstance, codes),
        "look_along": yes_or_no,
    }
    fields = [Compared(_(field_text(name)), f"{form}-{name}", theirs[name], shown.get(name, str)) for name in FIELDS]
    return [*fields, *_compared_competences(form, asked)]


def _compared_competences(form: str, asked: Sequence[HiddenJobCompetence]) -> list[Compared]:
    compared = []
    for one in asked:
        name = competences()[one.code].name
        compared.append(
            Compared(name, f"{form}-weight-{one.code}", one.weight, lambda weight: Weight(weight).label),
        )
        label = _("May {name} be learned here?").format(name=name)
        compared.append(Compared(label, f"{form}-learnable-{one.code}", one.learnable, yes_or_no))
    return compared


def show_clock(clock: time) -> str:
    return f"{clock:%H:%M}"


def labels(kind: type[LabelledEnum], codes: Sequence[str]) -> str:
    return ", ".join(kind(code).label for code in codes)


def read_job(form: str) -> HiddenJobInput:
    """Raises ValidationError."""
    given = {name: state.value(f"{form}-{name}") for name in FIELDS}
    given["reason"] = given["reason"] or ""
    given["competences"] = [
        {
            "code": code,
            "weight": state.value(f"{form}-weight-{code}", Weight.IMPORTANT),
            "learnable": state.value(f"{form}-learnable-{code}", False),
        }
        for code in given["competences"] or []
    ]
    return HiddenJobInput(**given)
