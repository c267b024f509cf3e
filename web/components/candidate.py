"""One job seeker: what we know, what was agreed, and where they were introduced."""

from datetime import date

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.candidates.inputs import CandidateConsentInput
from crm.candidates.models import Barrier, Candidate, CandidateStatus
from crm.candidates.queries import CandidateCard
from crm.candidates.rules import doubtful_words, has_consent, usual_consent_text, usual_consent_until
from crm.candidates.services import add_candidate, edit_candidate, record_consent, set_status, withdraw_consent
from crm.core.clock import local, now, today
from crm.core.i18n import _, show_date
from crm.matching.queries import IntroductionLine
from crm.reference.queries import competences
from crm.telephony.numbers import show_number
from web import state
from web.actions import perform
from web.components.candidate_form import candidate_fields, read_candidate
from web.components.job_form import day_label
from web.components.links import link, open_here
from web.components.text import literal

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


def draw_facts(card: CandidateCard) -> None:
    person = card.candidate
    for warning in doubtful_words("\n".join((person.strengths, *person.trades, person.name))):
        st.warning(literal(warning), icon=":material/edit_note:")
    unknown = f":gray[{_('not known')}]"
    days = " ".join(day_label(code) for code in person.days) or unknown
    known = [
        (_("Lives in"), literal(person.town) or unknown),
        (_("Travels"), _("up to {n} km").format(n=person.travel_km)),
        (
            _("Hours and days"),
            _("{least} to {most} hours").format(least=person.hours_min, most=person.hours_max) + f" · {days}",
        ),
        (_("Phone"), show_number(person.e164) if person.e164 else unknown),
        (_("E-mail"), literal(person.email) or unknown),
        (_("Meets the programme"), {True: _("yes"), False: _("no"), None: unknown}[person.meets_programme]),
        (_("Practical barriers"), ", ".join(Barrier(code).label.lower() for code in person.barriers) or _("none")),
    ]
    st.markdown("  \n".join(f"**{label}:** {value}" for label, value in known))
    st.markdown(f"**{_('Worked as')}**")
    st.markdown(" ".join(f":blue-badge[{literal(trade)}]" for trade in person.trades) or unknown)
    st.markdown(f"**{_('Good at')}**")
    st.text(person.strengths or _("not known"))
    st.markdown(f"**{_('Competences')}**")
    names = [literal(competences()[code].name) for code in card.competences if code in competences()]
    st.markdown(" ".join(f":gray-badge[{name}]" for name in names) or unknown)


def is_editing(candidate_id: int) -> bool:
    return bool(state.value(EDITING)) and state.value(EDITING)[0] == candidate_id


def draw_edit_button(person: Candidate) -> None:
    st.button(
        _("Change"),
        key="edit-candidate",
        icon=":material/edit:",
        on_click=state.put,
        args=(EDITING, (person.id, person.version)),
    )


def draw_edit_form(card: CandidateCard, coaches: dict[int, str]) -> None:
    """The version is that of the moment the form was opened, so a colleague's change is noticed."""
    candidate_id, version = state.value(EDITING)
    if card.candidate.version != version:
        st.warning(_("A colleague changed this in the meantime. Copy what you need, choose “Cancel” and start again."))
    with st.form("candidate-form"):
        candidate_fields("candidate", card.candidate, card.competences, coaches)
        with st.container(horizontal=True):
            st.form_submit_button(
                _("Save"), type="primary", key="save-candidate", on_click=_save, args=(candidate_id, version)
            )
            st.form_submit_button(_("Cancel"), key="cancel-candidate", on_click=state.forget, args=(EDITING,))


def _save(candidate_id: int, version: int) -> None:
    def edit(session: Session, actor: Actor) -> Candidate:
        return edit_candidate(session, actor, candidate_id, read_candidate("candidate"), version=version)

    if perform(_("Saved."), edit):
        state.forget(EDITING)


def draw_new_candidate(actor: Actor, coaches: dict[int, str]) -> None:
    open_here(_("Back to the list"), "to-list", icon=":material/arrow_back:")
    st.title(_("New job seeker"), anchor=False)
    with st.form("candidate-form"):
        candidate_fields("new-candidate", None, [], coaches, coach_id=actor.id)
        st.form_submit_button(_("Save"), type="primary", key="save-candidate", on_click=_add)


def _add() -> None:
    def add(session: Session, actor: Actor) -> Candidate:
        return add_candidate(session, actor, read_candidate("new-candidate"))

    if person := perform(_("Written down. Now ask for consent."), add):
        st.query_params.from_dict({"candidate": str(person.id)})


def draw_list_link(actor: Actor, person: Candidate) -> None:
    """The way to a call list of companies that fit this job seeker."""
    if actor.may(Permission.LIST_MANAGE) and person.status is CandidateStatus.ACTIVE:
        label = _("Call list for this job seeker")
        link(actor, "call_lists", label, icon=":material/playlist_add:", new=1, candidate=person.id)


def may_look(person: Candidate) -> bool:
    """Whether work is looked for: who may not be introduced gets no proposals."""
    return person.status is CandidateStatus.ACTIVE and has_consent(person, now())


def draw_status(person: Candidate) -> None:
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


def draw_consent(actor: Actor, person: Candidate) -> None:
    st.subheader(_("Consent"), anchor=False)
    if person.consent_at:
        given, until = (
            show_date(local(moment).date()) for moment in (person.consent_at, person.consent_until or now())
        )
        st.text(_("Given on {given}, until {until}.").format(given=given, until=until))
        with st.expander(_("What was agreed to")):
            st.text(person.consent_text)
    if not actor.may(Permission.CANDIDATE_EDIT):
        return
    if has_consent(person, now()):
        st.button(
            _("Withdraw consent"),
            key="withdraw-consent",
            on_click=perform,
            args=(_("Withdrawn. Nobody can introduce this job seeker any more."), withdraw_consent, person.id),
            kwargs={"version": person.version},
        )
    else:
        _draw_consent_form(person)


def _draw_consent_form(person: Candidate) -> None:
    with st.form("consent-form"):
        st.text_area(_("Read this aloud, or show it"), usual_consent_text(), key="consent-text", height=130)
        st.date_input(_("Until"), usual_consent_until(today()), format="DD-MM-YYYY", key="consent-until")
        st.form_submit_button(
            _("The job seeker agrees"),
            key="give-consent",
            type="primary",
            on_click=_consent,
            args=(person.id, person.version),
        )


def _consent(candidate_id: int, version: int) -> None:
    def agree(session: Session, actor: Actor) -> Candidate:
        until: date = state.value("consent-until")
        given = CandidateConsentInput(text=state.value("consent-text"), until=until)
        return record_consent(session, actor, candidate_id, given, version=version)

    perform(_("Recorded. This job seeker can be introduced now."), agree)


def draw_introduced(actor: Actor, lines: list[IntroductionLine]) -> None:
    st.subheader(_("Introduced for"), anchor=False)
    if not lines:
        st.caption(_("Not introduced yet. Open a hidden job to see who fits."))
    for line in lines:
        with st.container(border=True, gap="xsmall"):
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                link(actor, "pipeline", line.job.title, job=line.job.id)
                st.badge(line.introduction.status.label, color="gray")
            st.caption(literal(f"{line.company.name} · {line.company.town}"))
            if line.introduction.decline_reason:
                st.text(_("Reason: {reason}").format(reason=line.introduction.decline_reason))
