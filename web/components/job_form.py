"""The form in which a hidden job is written down."""

from typing import Any

import streamlit as st

from crm.core.errors import field_text
from crm.core.i18n import _, show_amount
from crm.pipeline.inputs import HiddenJobInput
from crm.pipeline.models import HiddenJob
from crm.reference.days import Day
from crm.reference.queries import competences, reasons
from web import state
from web.components.versions import Compared

FIELDS = tuple(HiddenJobInput.model_fields)


def day_label(code: str) -> str:
    return Day(code).label[:2]


def job_fields(form: str, job: HiddenJob | None, having: list[str]) -> None:
    """The widgets, filled with the job as it is; `read_job` reads them back."""
    start: dict[str, Any] = job.model_dump() if job else {}
    key = f"{form}-{{}}".format
    left, right = st.columns(2)
    with left:
        st.text_input(_("What is the work called?"), start.get("title", ""), key=key("title"), max_chars=120)
        codes = list(reasons())
        st.selectbox(
            _("Why is there work?"),
            codes,
            index=codes.index(start["reason"]) if start.get("reason") in codes else None,
            format_func=lambda code: reasons()[code].name,
            placeholder=_("Choose a reason"),
            key=key("reason"),
        )
        st.text_area(_("Tasks"), start.get("tasks", ""), key=key("tasks"), height=130)
        st.pills(
            _("Days"),
            [day.value for day in Day],
            selection_mode="multi",
            default=start.get("days", []),
            format_func=day_label,
            key=key("days"),
        )
    with right:
        hours, importance = st.columns(2)
        hours.number_input(
            _("Hours per week"), value=start.get("hours_per_week"), step=1.0, format="%g", key=key("hours_per_week")
        )
        importance.number_input(
            _("How important? (0-10)"), value=start.get("importance"), step=1, key=key("importance")
        )
        st.text_input(_("When can it start?"), start.get("start", ""), key=key("start"), max_chars=120)
        st.text_area(_("Must be able to"), start.get("must_have", ""), key=key("must_have"), height=80)
        st.text_area(_("Can be learnt on the job"), start.get("learnable", ""), key=key("learnable"), height=80)
        competence_picker(having, key("competences"))


def competence_picker(having: list[str], key: str) -> None:
    st.multiselect(
        _("Competences"),
        list(competences()),
        default=having,
        format_func=lambda code: competences()[code].name,
        placeholder=_("Choose competences"),
        wrap=True,
        key=key,
    )


def compared_job(form: str, job: HiddenJob, having: list[str]) -> list[Compared]:
    """The fields of the form as a colleague left them."""
    theirs = job.model_dump() | {"competences": having}
    shown = {
        "reason": lambda code: reasons()[code].name if code in reasons() else code,
        "days": lambda codes: " ".join(day_label(code) for code in codes),
        "hours_per_week": show_amount,
        "competences": lambda codes: ", ".join(competences()[code].name for code in codes),
    }
    return [Compared(_(field_text(name)), f"{form}-{name}", theirs[name], shown.get(name, str)) for name in FIELDS]


def read_job(form: str) -> HiddenJobInput:
    """Raises ValidationError."""
    given = {name: state.value(f"{form}-{name}") for name in FIELDS}
    given["reason"] = given["reason"] or ""
    return HiddenJobInput(**given)
