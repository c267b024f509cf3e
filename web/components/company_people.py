"""The people of a company, and the evidence that it may be called."""

from datetime import date, datetime, timedelta
from typing import Any

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.inputs import ConsentInput
from crm.companies.models import Consent, Contact
from crm.companies.queries import CompanyCard
from crm.companies.services import record_consent, withdraw_consent
from crm.core.clock import at, now, today
from crm.core.i18n import _, show_date, show_moment
from crm.core.settings import settings
from web.actions import perform
from web.components.company_dialogs import ask_block, ask_contact, close_when
from web.components.text import literal
from web.session import current_actor


def draw_contacts(actor: Actor, card: CompanyCard) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader(_("Contacts"), anchor=False)
        if actor.may(Permission.COMPANY_EDIT) and st.button(_("Add"), key="add-contact", icon=":material/person_add:"):
            ask_contact(card.company.id)
    if not card.contacts:
        st.caption(_("Nobody known yet. Ask in the call who decides about work."))
    for person in card.contacts:
        _draw_contact(actor, card, person)


def _draw_contact(actor: Actor, card: CompanyCard, person: Contact) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"contact-{person.id}"):
        words = [person.function, person.best_time]
        aside = " · ".join(literal(word) for word in words if word)
        blocked = person.id in card.blocked_contacts
        sign = f" :red-badge[:material/block: {_('does not want to be called')}]" if blocked else ""
        st.markdown(f"**{literal(person.name)}** {aside}{sign}", width="stretch")
        if actor.may(Permission.COMPANY_EDIT) and st.button(_("Change"), key=f"edit-{person.id}", type="tertiary"):
            ask_contact(card.company.id, person)
        may_block = actor.may(Permission.COMPANY_BLOCK) and not blocked
        if may_block and st.button(_("Do not call"), key=f"block-{person.id}", type="tertiary"):
            ask_block(card.company, person)


def draw_consents(actor: Actor, card: CompanyCard) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader(_("Consent to call"), anchor=False)
        if actor.may(Permission.COMPANY_EDIT) and st.button(_("Add"), key="add-consent", icon=":material/verified:"):
            _ask_consent(card.company.id)
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
                st.button(
                    _("Withdraw"),
                    key=f"withdraw-{consent.id}",
                    type="tertiary",
                    on_click=perform,
                    args=(_("The consent no longer counts."), withdraw_consent, consent.id),
                    kwargs={"version": consent.version},
                )
        given = _("Given by {name} on {day}, by {channel}; checked: {how}").format(
            name=consent.given_by,
            day=show_moment(consent.given_at),
            channel=consent.channel,
            how=consent.verified_how or _("not known"),
        )
        st.caption(literal(given))
        st.text(consent.text)


def _state(consent: Consent) -> str:
    if consent.withdrawn_at:
        return _("Withdrawn on {day}").format(day=show_date(consent.withdrawn_at.date()))
    if consent.expires_at and consent.expires_at <= now():
        return _("Ended on {day}").format(day=show_date(consent.expires_at.date()))
    if consent.expires_at:
        return _("Holds until {day}").format(day=show_date(consent.expires_at.date()))
    return _("Holds")


def _ask_consent(company_id: int) -> None:
    st.dialog(_("Write down consent"), width="medium")(_draw_form)(company_id)


def _draw_form(company_id: int) -> None:
    current_actor(Permission.COMPANY_EDIT)
    st.caption(_("The supervisor may ask for this proof. Write down what really happened."))
    left, right = st.columns(2)
    given: dict[str, Any] = {
        "given_by": left.text_input(_("Who gave consent?"), key="consent-by", max_chars=120),
        "channel": right.selectbox(
            _("How?"),
            [_("letter"), _("e-mail"), _("website form"), _("in person"), _("when they called us")],
            index=None,
            accept_new_options=True,
            placeholder=_("Choose, or type something else"),
            key="consent-channel",
        )
        or "",
        "text": st.text_area(_("Exact words"), _usual_text(), key="consent-text", max_chars=2000, height=100),
        "verified_how": st.text_input(
            _("How do you know it was them?"),
            key="consent-verified",
            placeholder=_("signature, called back on the number of the website"),
            max_chars=200,
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
    if st.button(_("Save"), type="primary", key="save-consent"):
        close_when(
            perform(
                _("The consent is written down."),
                lambda session, by: record_consent(session, by, company_id, _evidence(given, day, until)),
            )
        )


def _evidence(given: dict[str, Any], day: date | None, until: date | None) -> ConsentInput:
    expires_at = at(until + timedelta(days=1), 0) if until else None
    return ConsentInput(**given, given_at=_moment(day or today()), expires_at=expires_at)


def _moment(day: date) -> datetime:
    return now() if day == today() else at(day, 12)


def _usual_text() -> str:
    return _("{organisation} may call me about work that stays undone and about people who could do it.").format(
        organisation=settings().organisation
    )
