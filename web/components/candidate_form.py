"""The form in which a job seeker is written down. There is no field for what we may not keep."""

from typing import Any

import streamlit as st

from crm.candidates.inputs import CandidateInput
from crm.candidates.models import Barrier, Candidate
from crm.core.i18n import _
from crm.reference.days import Day
from web import state
from web.components.job_form import competence_picker, day_label

FIELDS = tuple(CandidateInput.model_fields)


def candidate_fields(
    form: str, person: Candidate | None, having: list[str], coaches: dict[int, str], coach_id: int | None = None
) -> None:
    """The widgets, filled with what is known; `read_candidate` reads them back."""
    start: dict[str, Any] = person.model_dump() if person else {"coach_id": coach_id}
    key = f"{form}-{{}}".format
    left, right = st.columns(2)
    with left:
        st.text_input(_("Name"), start.get("name", ""), key=key("name"), max_chars=120)
        phone, email = st.columns(2)
        phone.text_input(_("Phone"), start.get("e164", ""), key=key("phone"))
        email.text_input(_("E-mail"), start.get("email", ""), key=key("email"), max_chars=200)
        postcode, town = st.columns(2)
        postcode.text_input(_("Postcode"), start.get("postcode") or "", key=key("postcode"), placeholder="3311 AB")
        town.text_input(_("Town (without a postcode)"), start.get("town", ""), key=key("town"), max_chars=80)
        trades = start.get("trades", [])
        st.multiselect(
            _("Worked as"),
            trades,
            default=trades,
            accept_new_options=True,
            key=key("trades"),
            placeholder=_("Type a trade and press Enter"),
        )
        st.text_area(_("Good at"), start.get("strengths", ""), key=key("strengths"), height=110)
        competence_picker(having, key("competences"))
    with right:
        least, most, travel = st.columns(3)
        least.number_input(_("Least hours"), value=start.get("hours_min", 0), step=1, key=key("hours_min"))
        most.number_input(_("Most hours"), value=start.get("hours_max", 40), step=1, key=key("hours_max"))
        travel.number_input(_("Travels (km)"), value=start.get("travel_km", 15), step=1, key=key("travel_km"))
        st.pills(
            _("Days"),
            [day.value for day in Day],
            selection_mode="multi",
            default=start.get("days", []),
            format_func=day_label,
            key=key("days"),
        )
        st.pills(
            _("Practical barriers"),
            [barrier.value for barrier in Barrier],
            selection_mode="multi",
            default=start.get("barriers", []),
            format_func=lambda code: Barrier(code).label,
            wrap=True,
            key=key("barriers"),
        )
        st.radio(
            _("Meets the programme"),
            [True, False, None],
            index=[True, False, None].index(start.get("meets_programme")),
            format_func=lambda answer: {True: _("Yes"), False: _("No"), None: _("Not known")}[answer],
            horizontal=True,
            key=key("meets_programme"),
        )
        st.selectbox(
            _("Coach"),
            list(coaches),
            index=list(coaches).index(start["coach_id"]) if start.get("coach_id") in coaches else None,
            format_func=lambda user_id: coaches[user_id],
            placeholder=_("No coach yet"),
            key=key("coach_id"),
        )
        st.caption(_("Do not write down age, health, benefits or a citizen service number (BSN)."))


def read_candidate(form: str) -> CandidateInput:
    """Raises ValidationError."""
    return CandidateInput(**{name: state.value(f"{form}-{name}") for name in FIELDS})
