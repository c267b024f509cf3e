"""The evidence that a company may be called."""

from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any

import streamlit as st
from sqlmodel import Session
from streamlit.delta_generator import DeltaGenerator

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.inputs import ConsentInput, WithdrawalInput
from crm.companies.models import Consent, ConsentChannel
from crm.companies.queries import CompanyCard
from crm.companies.services import record_consent, withdraw_consent
from crm.core.clock import at, local, now, today
from crm.core.i18n import _, show_date
from crm.core.settings import settings
from web.actions import perform
from web.components.dialogs import close_when, dialog_button, draw_cancel
from web.components.text import literal
from web.components.why import consent_line
from web.session import current_actor

WITHDRAW = "withdraw-consent"


def draw_consents(actor: Actor, card: CompanyCard) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader(_("Consent to call"), anchor=False)
        if actor.may(Permission.COMPANY_EDIT):
            dialog_button(_("Add"), "consent", card.company.id, key="add-consent", icon=":material/verified:")
    if not card.consents:
        st.caption(_("No consent written down."))
    for consent in card.consents:
        _draw_consent(actor, consent)


def _draw_consent(actor: Actor, consent: Consent) -> None:
    holds = consent.holds_at(now())
    with st.container(border=True, gap="xsmall", key=f"consent-{consent.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge(
                _state(consent),
                icon=":material/check:" if holds else ":material/close:",
                color="green" if holds else "gray",
            )
            if holds and actor.may(Permission.COMPANY_EDIT):
                key = f"withdraw-{consent.id}"
                dialog_button(_("Withdraw"), WITHDRAW, consent.company_id, consent.id, key=key, type="tertiary")
        st.caption(literal(consent_line(consent)))
        st.text(consent.text)
        if consent.withdrawn_channel:
            st.caption(literal(" · ".join(filter(None, (_how_withdrawn(consent), consent.withdrawn_how)))))


def _how_withdrawn(consent: Consent) -> str:
    channel = consent.withdrawn_channel or ConsentChannel.OTHER
    return _("Withdrawn {channel}").format(channel=channel.label)


def _state(consent: Consent) -> str:
    if consent.withdrawn_at:
        return _("Withdrawn on {day}").format(day=show_date(local(consent.withdrawn_at).date()))
    if consent.expires_at is None:
        return _("Holds")
    last_day = show_date(local(consent.expires_at - timedelta(seconds=1)).date())
    words = _("Ended after {day}") if consent.expires_at <= now() else _("Holds up to and including {day}")
    return words.format(day=last_day)


def draw_consent_form(card: CompanyCard, _of: int | None) -> None:
    current_actor(Permission.COMPANY_EDIT)
    st.caption(_("The supervisor may ask for this proof. Write down what really happened."))
    left, right = st.columns(2)
    given: dict[str, Any] = {
        "given_by": left.text_input(_("Who gave consent?"), key="consent-by", max_chars=120),
        "channel": _channel_choice(right, "consent-channel"),
        "contact_id": _contact_choice(card),
        "text": st.text_area(_("Exact words"), _usual_text(), key="consent-text", max_chars=2000, height=100),
        "verified_how": st.text_input(
            _("How do you know it was them?"),
            key="consent-verified",
            placeholder=_("signature, called back on the number of the website"),
            max_chars=300,
        ),
    }
    first, last = st.columns(2)
    day = first.date_input(_("Given on"), today(), max_value=today(), format="DD-MM-YYYY", key="consent-day")
    until = last.date_input(
        _("Holds until (empty: no end)"),
        today() + timedelta(days=365),
        min_value=today() + timedelta(days=1),
        format="DD-MM-YYYY",
        key="consent-until",
    )
    problem = st.container()
    if st.button(_("Save"), type="primary", key="save-consent"):

        def keep(session: Session, actor: Actor) -> Consent:
            return record_consent(session, actor, card.company.id, _evidence(given, day, until))

        close_when(perform(_("The consent is written down."), keep), problem)


def _contact_choice(card: CompanyCard) -> int | None:
    if not card.contacts:
        return None
    names = {contact.id: contact.name for contact in card.contacts}
    chosen: int | None = st.selectbox(
        _("Is this one of the contacts? (if you know)"),
        list(names),
        format_func=names.__getitem__,
        index=None,
        key="consent-contact",
    )
    return chosen


def _channel_choice(place: DeltaGenerator, key: str) -> ConsentChannel | None:
    chosen: ConsentChannel | None = place.selectbox(
        _("How?"), list(ConsentChannel), format_func=attrgetter("label"), index=None, key=key
    )
    return chosen


def draw_withdrawal_form(card: CompanyCard, consent_id: int | None) -> None:
    """How somebody took consent back is evidence too."""
    current_actor(Permission.COMPANY_EDIT)
    consent = next(consent for consent in card.consents if consent.id == consent_id)
    st.text(f"{consent.given_by}, {card.company.name}")
    st.write(_("From now on this consent no longer counts. Somebody who says so need not give a reason."))
    given = {
        "channel": _channel_choice(st.container(), "withdrawn-channel"),
        "how": st.text_input(_("What was said (if you want)"), key="withdrawn-how", max_chars=300),
    }
    problem = st.container()
    with st.container(horizontal=True):
        if st.button(_("Yes, withdrawn"), type="primary", key="confirm-withdraw"):

            def keep(session: Session, actor: Actor) -> Consent:
                told = WithdrawalInput.model_validate(given)
                return withdraw_consent(session, actor, consent.id, told, version=consent.version)

            close_when(perform(_("The consent no longer counts."), keep), problem)
        draw_cancel()


def _evidence(given: dict[str, Any], day: date | None, until: date | None) -> ConsentInput:
    expires_at = at(until + timedelta(days=1), 0) if until else None
    return ConsentInput(**given, given_at=moment_on(day or today()), expires_at=expires_at)


def moment_on(day: date) -> datetime:
    """When it was, if only the day is known."""
    return now() if day == today() else at(day, 12)


def _usual_text() -> str:
    return _("{organisation} may call me about work that stays undone and about people who could do it.").format(
        organisation=settings().organisation
    )
