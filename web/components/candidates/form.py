"""What is asked of a job seeker, in groups: all at once, or a step of the intake. No field for what we may not keep."""

from collections.abc import Callable, Iterable
from datetime import time
from typing import Any, TypeVar

import streamlit as st
from pydantic import BaseModel

from crm.candidates.models import Barrier, IntakeStep, Level, TravelBy
from crm.candidates.queries import CandidateCard
from crm.core.errors import field_text
from crm.core.i18n import _
from crm.reference.days import Day
from crm.reference.queries import competences
from web import state
from web.components.pipeline.form import day_label
from web.components.versions import Compared

Kind = TypeVar("Kind", bound=BaseModel)
Widget = Callable[[str], dict[str, Any]]
"""What the widget of a field is given: its key, and what happens when it is left."""

KEPT_AS = {"phone": "e164"}  # fields that have another name in the table
_LEVELS = "competences-"
_PROGRAMME = {"yes": True, "no": False, "unknown": None}


def begin_with(card: CandidateCard | None, names: Iterable[str]) -> dict[str, Any]:
    """What the widgets of these fields hold at first; a widget for each level of competence."""
    known = card.candidate.model_dump() if card else {}
    start: dict[str, Any] = {name: known.get(KEPT_AS.get(name, name), _EMPTY.get(name, "")) for name in names}
    if "postcode" in start:
        start["postcode"] = start["postcode"] or ""
    if "meets_programme" in start:
        start["meets_programme"] = next(code for code, met in _PROGRAMME.items() if met is start["meets_programme"])
    if start.pop("competences", None) is not None:
        levels = card.levels if card else {}
        start |= {_level(one): [code for code in levels if levels[code] is one] for one in Level}
    return start


def read_input(form: str, kind: type[Kind]) -> Kind:
    """Raises ValidationError."""
    given = {name: state.value(f"{form}-{name}") for name in kind.model_fields if name != "competences"}
    if "competences" in kind.model_fields:
        chosen = {level: state.value(f"{form}-{_level(level)}", []) for level in Level}
        given["competences"] = {code: level for level, codes in chosen.items() for code in codes}
    if "meets_programme" in given:
        given["meets_programme"] = _PROGRAMME[given["meets_programme"]]
    return kind(**given)


def _level(level: Level) -> str:
    return f"{_LEVELS}{level.value}"


def compared(form: str, start: dict[str, Any], coaches: dict[int, str]) -> list[Compared]:
    """The fields of a form as a colleague left them."""
    return [Compared(_label(name), f"{form}-{name}", theirs, _show(name, coaches)) for name, theirs in start.items()]


def draw_all(form: str, coaches: dict[int, str]) -> None:
    left, right = st.columns(2)
    with left:
        draw_fields(form, (IntakeStep.PERSON, IntakeStep.PAST, IntakeStep.SKILLS), coaches)
    with right:
        draw_fields(form, (IntakeStep.WHEN, IntakeStep.BARRIERS, IntakeStep.WISHES, IntakeStep.AGREEMENTS), coaches)
        st.caption(_("Do not write down age, health, benefits or a citizen service number (BSN)."))


def draw_fields(
    form: str, steps: Iterable[IntakeStep], coaches: dict[int, str], keep: Callable[[], None] | None = None
) -> None:
    """The widgets show what state holds under their keys: `begin_with` says what that is at first.

    `keep` is called when one of them is left; not possible in an `st.form`.
    """

    def widget(name: str) -> dict[str, Any]:
        return {"key": f"{form}-{name}"} | ({"on_change": keep} if keep else {})

    for step in steps:
        if step is IntakeStep.AGREEMENTS:
            _agreements(widget, coaches)
        else:
            _GROUPS[step](widget)


def _person(widget: Widget) -> None:
    st.text_input(_("Name"), **widget("name"), max_chars=120)
    phone, email = st.columns(2)
    phone.text_input(_("Phone"), **widget("phone"))
    email.text_input(_("E-mail"), **widget("email"), max_chars=200)
    st.text_input(
        _("Best reached"),
        **widget("best_reached"),
        max_chars=120,
        placeholder=_("For example: a text message after two"),
    )
    postcode, town = st.columns(2)
    postcode.text_input(_("Postcode"), **widget("postcode"), placeholder="3311 AB")
    town.text_input(_("Town (without a postcode)"), **widget("town"), max_chars=80)


def _past(widget: Widget) -> None:
    trades = state.value(widget("trades")["key"], [])
    st.multiselect(
        _("Worked as"),
        trades,
        accept_new_options=True,
        **widget("trades"),
        placeholder=_("Type a trade and press Enter"),
    )
    st.text_area(_("What did you do?"), **widget("work_done"), max_chars=2000, height=110)
    st.text_area(_("What are you proud of?"), **widget("proud_of"), max_chars=2000, height=110)


def _skills(widget: Widget) -> None:
    st.text_area(_("Good at"), **widget("strengths"), max_chars=2000, height=110)
    for level in sorted(Level, reverse=True):
        st.multiselect(
            level.label,
            list(competences()),
            format_func=lambda code: competences()[code].name,
            placeholder=_("Choose competences"),
            select_all=False,
            wrap=True,
            **widget(_level(level)),
        )


def _when(widget: Widget) -> None:
    least, most = st.columns(2)
    least.number_input(_("Least hours"), step=1, **widget("hours_min"))
    most.number_input(_("Most hours"), step=1, **widget("hours_max"))
    st.pills(
        _("Days"),
        [day.value for day in Day],
        selection_mode="multi",
        format_func=day_label,
        **widget("days"),
        wrap=True,
    )
    begins, ends = st.columns(2)
    begins.time_input(_("From what time"), value=None, step=1800, **widget("from_time"))
    ends.time_input(_("Until what time"), value=None, step=1800, **widget("until_time"))
    st.number_input(_("Travels (km)"), step=1, **widget("travel_km"))
    st.pills(
        _("How do you travel?"),
        [way.value for way in TravelBy],
        selection_mode="multi",
        format_func=lambda code: TravelBy(code).label,
        wrap=True,
        **widget("travel_by"),
    )


def _barriers(widget: Widget) -> None:
    st.pills(
        _("Practical barriers"),
        [barrier.value for barrier in Barrier],
        selection_mode="multi",
        format_func=lambda code: Barrier(code).label,
        wrap=True,
        **widget("barriers"),
    )
    answers = _answers()
    st.radio(
        _("Meets the programme"),
        list(answers),
        format_func=answers.__getitem__,
        horizontal=True,
        **widget("meets_programme"),
    )


def _wishes(widget: Widget) -> None:
    st.text_area(_("What kind of work would you like?"), **widget("wishes"), max_chars=2000, height=110)
    st.text_area(_("What would you rather not do?"), **widget("not_wanted"), max_chars=2000, height=90)


def _agreements(widget: Widget, coaches: dict[int, str]) -> None:
    st.selectbox(
        _("Coach"),
        list(coaches),
        index=None,
        format_func=lambda user_id: coaches.get(user_id, ""),
        placeholder=_("No coach yet"),
        **widget("coach_id"),
    )


_GROUPS: dict[IntakeStep, Callable[[Widget], None]] = {
    IntakeStep.PERSON: _person,
    IntakeStep.PAST: _past,
    IntakeStep.SKILLS: _skills,
    IntakeStep.WHEN: _when,
    IntakeStep.BARRIERS: _barriers,
    IntakeStep.WISHES: _wishes,
}
_EMPTY: dict[str, Any] = {
    **{name: [] for name in ("trades", "days", "travel_by", "barriers", "competences")},
    **dict.fromkeys(("from_time", "until_time", "meets_programme", "coach_id")),
    "hours_min": 0,
    "hours_max": 40,
    "travel_km": 15,
}


def _label(name: str) -> str:
    if name.startswith(_LEVELS):
        return Level(int(name.removeprefix(_LEVELS))).label
    return _(field_text(name))


def _show(name: str, coaches: dict[int, str]) -> Callable[[Any], str]:
    """How a value of this field is written."""
    if name.startswith(_LEVELS):
        return lambda codes: ", ".join(competences()[code].name for code in codes)
    known: dict[str, Callable[[Any], str]] = {
        "trades": ", ".join,
        "days": lambda codes: " ".join(day_label(code) for code in codes),
        "travel_by": lambda codes: ", ".join(TravelBy(code).label for code in codes),
        "barriers": lambda codes: ", ".join(Barrier(code).label for code in codes),
        "meets_programme": lambda code: _answers()[code],
        "coach_id": lambda user_id: coaches.get(user_id, ""),
        "from_time": show_clock,
        "until_time": show_clock,
    }
    return known.get(name, str)


def show_clock(clock: time) -> str:
    return f"{clock:%H:%M}"


def _answers() -> dict[str, str]:
    return {"yes": _("Yes"), "no": _("No"), "unknown": _("Not known")}
