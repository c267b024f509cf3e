"""One job seeker: who they are and what we know."""

from functools import partial

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.candidates.inputs import CandidateInput, PersonInput
from crm.candidates.intake import begin_intake
from crm.candidates.models import Barrier, Candidate, CandidateStatus, IntakeStep, Level, TravelBy
from crm.candidates.queries import CandidateCard, coaches
from crm.candidates.rules import doubtful_words, has_consent, texts_about
from crm.candidates.services import edit_candidate, set_status
from crm.core.clock import now
from crm.core.db import reading
from crm.core.i18n import _
from crm.reference.queries import competences
from crm.reference.work_fields import work_fields
from crm.telephony.numbers import show_number
from web import state
from web.actions import perform
from web.components.candidates.form import begin_with, compared, draw_all, draw_fields, read_input, show_clock
from web.components.links import open_here
from web.components.pipeline.form import day_label
from web.components.text import literal
from web.components.versions import begin_form, draw_versions, go_on_with

EDITING = "editing-candidate"


def draw_heading(card: CandidateCard) -> None:
    person = card.candidate
    open_here(_("Back to the list"), "to-list", icon=":material/arrow_back:")
    st.title(literal(person.name), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(person.status.label, color="primary" if person.status is CandidateStatus.ACTIVE else "gray")
        draw_consent_badge(person)
        if card.coach:
            st.caption(literal(_("Coach: {name}").format(name=card.coach)))


def draw_consent_badge(person: Candidate) -> None:
    if has_consent(person, now()):
        st.badge(_("May be introduced"), icon=":material/check:", color="green")
    else:
        st.badge(_("No consent yet"), icon=":material/front_hand:", color="orange")


def draw_profile(actor: Actor, card: CandidateCard) -> None:
    if _is_editing(card.candidate.id):
        with reading() as session:
            possible_coaches = coaches(session, actor)
        _draw_edit_form(card, possible_coaches)
        return
    left, right = st.columns([2, 1], gap="medium")
    with left, st.container(border=True, gap="xsmall"):
        _draw_facts(card)
        if actor.may(Permission.CANDIDATE_EDIT):
            _draw_edit_button(card.candidate)
    if actor.may(Permission.CANDIDATE_EDIT):
        with right:
            _draw_status(card.candidate)


def _draw_facts(card: CandidateCard) -> None:
    person = card.candidate
    for warning in doubtful_words(texts_about(person)):
        st.warning(literal(warning), icon=":material/edit_note:")
    unknown = f":gray[{_('not known')}]"
    days = " ".join(day_label(code) for code in person.days) or unknown
    known = [
        (_("Lives in"), literal(person.town) or unknown),
        (_("Travels"), _travel(person)),
        (
            _("Hours and days"),
            _("{least} to {most} hours").format(least=person.hours_min, most=person.hours_max) + f" · {days}",
        ),
        (_("Times of the day"), _times(person) or unknown),
        (_("Phone"), show_number(person.e164) if person.e164 else unknown),
        (_("E-mail"), literal(person.email) or unknown),
        (_("Best reached"), literal(person.best_reached) or unknown),
        (_("Meets the programme"), {True: _("yes"), False: _("no"), None: unknown}[person.meets_programme]),
        (_("Practical barriers"), ", ".join(Barrier(code).label.lower() for code in person.barriers) or _("none")),
    ]
    st.markdown("  \n".join(f"**{label}:** {value}" for label, value in known))
    st.markdown(f"**{_('Worked as')}**")
    st.markdown(" ".join(f":blue-badge[{literal(trade)}]" for trade in person.trades) or unknown)
    if person.open_to:
        st.markdown(f"**{_('Fits as well')}**")
        names = (field.name for field in work_fields() if field.code in person.open_to)
        st.markdown(" ".join(f":violet-badge[{literal(name)}]" for name in names))
    for label, text in (
        (_("What did you do?"), person.work_done),
        (_("What are you proud of?"), person.proud_of),
        (_("Good at"), person.strengths),
        (_("What kind of work would you like?"), person.wishes),
        (_("What would you rather not do?"), person.not_wanted),
    ):
        if text:
            st.markdown(f"**{label}**")
            st.text(text)
    _draw_competences(card.levels)


def _draw_competences(levels: dict[str, Level]) -> None:
    st.markdown(f"**{_('Competences')}**")
    if not levels:
        st.markdown(f":gray[{_('not known')}]")
    for level, colour in ((Level.STRONG, "green"), (Level.ABLE, "blue"), (Level.LEARNING, "gray")):
        names = [
            literal(competences()[code].name) for code, one in levels.items() if one is level and code in competences()
        ]
        if names:
            st.markdown(f"{level.label}: " + " ".join(f":{colour}-badge[{name}]" for name in names))


def _travel(person: Candidate) -> str:
    ways = ", ".join(TravelBy(code).label.lower() for code in person.travel_by)
    return " · ".join(filter(None, (_("up to {n} km").format(n=person.travel_km), ways)))


def _times(person: Candidate) -> str:
    begins, ends = person.from_time, person.until_time
    if begins and ends:
        return _("{begins} to {ends}").format(begins=show_clock(begins), ends=show_clock(ends))
    if begins:
        return _("from {time}").format(time=show_clock(begins))
    return _("until {time}").format(time=show_clock(ends)) if ends else ""


def _is_editing(candidate_id: int) -> bool:
    return bool(state.value(EDITING) == candidate_id)


def _draw_edit_button(person: Candidate) -> None:
    st.button(_("Change"), key="edit-candidate", icon=":material/edit:", on_click=state.put, args=(EDITING, person.id))


def _draw_edit_form(card: CandidateCard, possible_coaches: dict[int, str]) -> None:
    """The version is that of the moment the form was opened, so a colleague's change is noticed."""
    person, start = card.candidate, begin_with(card, CandidateInput.model_fields)
    version = begin_form("candidate", person.version, start)
    draw_versions(version, person, compared("candidate", start, possible_coaches), partial(go_on_with, "candidate"))
    with st.form("candidate-form"):
        draw_all("candidate", possible_coaches)
        with st.container(horizontal=True):
            st.form_submit_button(
                _("Save"), type="primary", key="save-candidate", on_click=_save, args=(person.id, version)
            )
            st.form_submit_button(_("Cancel"), key="cancel-candidate", on_click=_close)


def _save(candidate_id: int, version: int) -> None:
    def edit(session: Session, actor: Actor) -> Candidate:
        return edit_candidate(session, actor, candidate_id, read_input("candidate", CandidateInput), version=version)

    if perform(_("Saved."), edit):
        _close()


def _close() -> None:
    state.forget(EDITING, *state.keys("candidate-"))


def draw_new_candidate() -> None:
    """The first step of the intake, with which somebody is written down."""
    open_here(_("Back to the list"), "to-list", icon=":material/arrow_back:")
    st.title(_("New job seeker"), anchor=False)
    begin_form("new-candidate", 0, begin_with(None, PersonInput.model_fields))
    with st.form("candidate-form"):
        draw_fields("new-candidate", (IntakeStep.PERSON,), {})
        st.form_submit_button(_("Save and go on"), type="primary", key="save-candidate", on_click=_add)


def _add() -> None:
    def add(session: Session, actor: Actor) -> Candidate:
        return begin_intake(session, actor, read_input("new-candidate", PersonInput))

    if person := perform(_("Written down. Go on with the intake."), add):
        state.forget(*state.keys("new-candidate-"))
        st.query_params.from_dict({"candidate": str(person.id), "part": "intake"})


def may_look(person: Candidate) -> bool:
    """Whether work is looked for: who may not be introduced gets no proposals."""
    return person.status is CandidateStatus.ACTIVE and has_consent(person, now())


def _draw_status(person: Candidate) -> None:
    st.selectbox(
        _("Status"),
        list(CandidateStatus),
        index=list(CandidateStatus).index(person.status),
        format_func=lambda status: status.label,
        key=f"status-{person.id}-{person.version}",
        on_change=_set_status,
        args=(person.id, person.version),
    )


def _set_status(candidate_id: int, version: int) -> None:
    status = CandidateStatus(state.value(f"status-{candidate_id}-{version}"))
    perform(_("Saved."), set_status, candidate_id, status, version=version)
