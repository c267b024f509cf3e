"""What a job seeker agreed to, each purpose by itself: asked, shown, taken back, and all that was said before."""

from datetime import date, datetime

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.candidates.consents import ConsentLine, consents_of, record_consent, withdraw_consent
from crm.candidates.inputs import CandidateConsentInput
from crm.candidates.models import CandidateConsent, Purpose
from crm.candidates.queries import CandidateCard
from crm.candidates.rules import FOR_INTRODUCTION, usual_consent_text, usual_consent_until
from crm.companies.models import ConsentChannel
from crm.core.clock import local, now, today
from crm.core.db import reading
from crm.core.i18n import _, show_date, show_moment
from web import state
from web.actions import perform
from web.components.candidates.privacy import draw_privacy
from web.components.text import literal

CHANNELS = [channel for channel in ConsentChannel if channel is not ConsentChannel.LETTER]


def draw_consent(actor: Actor, card: CandidateCard) -> None:
    person, moment = card.candidate, now()
    with reading() as session:
        lines = consents_of(session, actor, person.id)
    holding = {line.consent.purpose: line.consent for line in reversed(lines) if line.consent.holds_at(moment)}
    needed = ", ".join(f"“{purpose.label}”" for purpose in FOR_INTRODUCTION)
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader(_("What was agreed to"), anchor=False)
        for purpose in Purpose:
            _draw_purpose(actor, purpose, holding.get(purpose), lines)
        st.caption(_("Somebody may be introduced while these hold: {purposes}.").format(purposes=needed))
    asked = [purpose for purpose in Purpose if purpose not in holding]
    if asked and actor.may(Permission.CANDIDATE_EDIT):
        with right:
            _draw_form(person.id, person.version, asked)
    _draw_history(lines)
    draw_privacy(actor, person)


def _draw_purpose(actor: Actor, purpose: Purpose, held: CandidateConsent | None, lines: list[ConsentLine]) -> None:
    with st.container(border=True, gap="xsmall", key=f"purpose-{purpose.value}"):
        st.markdown(f"**{purpose.label}**")
        if held is None:
            given_before = any(line.consent.purpose is purpose for line in lines)
            st.badge(_("No longer") if given_before else _("Not agreed to"), icon=":material/block:", color="gray")
            return
        st.badge(_("Agreed to"), icon=":material/check:", color="green")
        end = _day(held.expires_at) if held.expires_at else _("further notice")
        how = held.channel.label if held.channel else _("not written down how")
        st.text(_("Given on {day} ({how}), until {end}.").format(day=_day(held.given_at), how=how, end=end))
        with st.expander(_("The words")):
            st.text(held.text)
        if actor.may(Permission.CANDIDATE_EDIT):
            _draw_withdrawal(held)


def _draw_withdrawal(held: CandidateConsent) -> None:
    with st.popover(_("Withdraw"), icon=":material/undo:", key=f"withdrawal-{held.purpose.value}"):
        key = f"withdrawn-how-{held.id}"
        st.selectbox(_("How did they say so?"), CHANNELS, format_func=lambda one: one.label, key=key)
        st.button(
            _("Withdraw this consent"),
            key=f"withdraw-consent-{held.purpose.value}",
            type="primary",
            on_click=_withdraw,
            args=(held.id, held.purpose, key),
        )


def _withdraw(consent_id: int, purpose: Purpose, key: str) -> None:
    done = {
        Purpose.DETAILS: _("Withdrawn. We may not keep these details any longer: ask for them to be erased."),
        Purpose.INTRODUCE: _("Withdrawn. Nobody can introduce this job seeker any more."),
    }.get(purpose, _("Withdrawn."))
    perform(done, withdraw_consent, consent_id, state.value(key))


def _draw_form(candidate_id: int, version: int, asked: list[Purpose]) -> None:
    st.subheader(_("Ask for consent"), anchor=False)
    st.caption(_("Read each text aloud, or show it. Tick only what the job seeker agrees to."))
    with st.form("consent-form"):
        for purpose in asked:
            st.checkbox(purpose.label, key=f"agree-{purpose.value}")
            text = usual_consent_text(purpose)
            label = _("The words: {purpose}").format(purpose=purpose.label)
            st.text_area(label, text, key=f"words-{purpose.value}", height=100, label_visibility="collapsed")
        how, until = st.columns(2)
        how.selectbox(
            _("How did they say yes?"),
            CHANNELS,
            index=CHANNELS.index(ConsentChannel.CONVERSATION),
            format_func=lambda one: one.label,
            key="consent-channel",
        )
        until.date_input(_("Until"), usual_consent_until(today()), format="DD-MM-YYYY", key="consent-until")
        st.form_submit_button(
            _("Write down what was agreed to"),
            key="give-consent",
            type="primary",
            on_click=_agree,
            args=(candidate_id, version, asked),
        )


def _agree(candidate_id: int, version: int, asked: list[Purpose]) -> None:
    def agree(session: Session, actor: Actor) -> list[CandidateConsent]:
        until: date = state.value("consent-until")
        ticked = {one: state.value(f"words-{one.value}") for one in asked if state.value(f"agree-{one.value}")}
        given = CandidateConsentInput(texts=ticked, channel=state.value("consent-channel"), until=until)
        return record_consent(session, actor, candidate_id, given, version=version)

    perform(_("Written down."), agree)


def _draw_history(lines: list[ConsentLine]) -> None:
    if not lines:
        return
    with st.expander(_("Everything that was agreed to and taken back"), key="consent-history"):
        for line in lines:
            one = line.consent
            how = one.channel.label if one.channel else _("not written down how")
            said = [f"{show_moment(one.given_at)}: {one.purpose.label} ({how})"]
            said += [_("written down by {name}").format(name=line.recorded_by)] if line.recorded_by else []
            said += [_("until {day}").format(day=_day(one.expires_at))] if one.expires_at else []
            st.markdown(f"**{literal(' · '.join(said))}**")
            if one.withdrawn_at:
                taken_back = _("Taken back on {moment} ({how}), written down by {name}.")
                back = one.withdrawn_channel.label if one.withdrawn_channel else _("not written down how")
                moment = show_moment(one.withdrawn_at)
                st.text(taken_back.format(moment=moment, how=back, name=line.withdrawn_by or _("nobody known")))
            st.caption(literal(one.text))


def _day(moment: datetime) -> str:
    return show_date(local(moment).date())
