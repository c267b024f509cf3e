"""Questions about a company. What cannot be undone is asked first."""

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.inputs import ContactInput, NumberInput
from crm.companies.models import Company, CompanyNumber, Contact, SuppressionReason
from crm.companies.services import (
    add_contact,
    add_number,
    edit_contact,
    mark_stopped,
    mark_wrong_number,
    suppress,
)
from crm.core.i18n import _
from crm.telephony.numbers import show_number
from web.actions import perform
from web.components.messages import draw_messages
from web.session import current_actor

REASONS = (SuppressionReason.OBJECTION, SuppressionReason.COMPLAINT, SuppressionReason.OTHER)


def ask_block(company: Company, contact: Contact | None = None) -> None:
    st.dialog(_("Never call again?"))(_draw_block)(company, contact)


def ask_wrong_number(company: Company, number: CompanyNumber) -> None:
    st.dialog(_("Is this a wrong number?"))(_draw_wrong_number)(company, number)


def ask_stopped(company: Company) -> None:
    st.dialog(_("Has this company stopped?"))(_draw_stopped)(company)


def ask_number(company_id: int) -> None:
    st.dialog(_("Add a number"))(_draw_number)(company_id)


def ask_contact(company_id: int, contact: Contact | None = None) -> None:
    st.dialog(_("Change contact") if contact else _("New contact"))(_draw_contact)(company_id, contact)


def close_when(result: object) -> None:
    """Close the dialog when it is kept; else say inside it what is wrong."""
    if result is not None:
        st.rerun()
    draw_messages()


# A dialog redraws on its own, without the page: so each asks first who is there, and in what language.


def _draw_block(company: Company, contact: Contact | None) -> None:
    current_actor(Permission.COMPANY_BLOCK)
    st.text(f"{contact.name}, {company.name}" if contact else company.name)
    reason = st.radio(_("Reason"), REASONS, format_func=lambda reason: reason.label, key="block-reason")
    note = st.text_input(_("What was said (if you want)"), key="block-note", max_chars=500)
    only = contact is not None and reason is SuppressionReason.OTHER
    st.write(
        _("Nobody calls this person again. This cannot be undone.")
        if only
        else _("Nobody calls this company again, on none of its numbers. This cannot be undone.")
    )
    with st.container(horizontal=True):
        if st.button(_("Yes, never call again"), type="primary", key="confirm-block"):
            contact_id = contact.id if contact else None
            done = _("Nobody calls there any more.")
            close_when(perform(done, suppress, company.id, reason=reason, contact_id=contact_id, note=note))
        _draw_cancel()


def _draw_wrong_number(company: Company, number: CompanyNumber) -> None:
    current_actor(Permission.COMPANY_EDIT)
    st.text(show_number(number.e164))
    st.write(_("This number reaches somebody else. It is blocked for every company. This cannot be undone."))
    with st.container(horizontal=True):
        if st.button(_("Yes, wrong number"), type="primary", key="confirm-wrong"):
            close_when(perform(_("The number is blocked."), mark_wrong_number, company.id, number.e164))
        _draw_cancel()


def _draw_stopped(company: Company) -> None:
    current_actor(Permission.COMPANY_EDIT)
    st.text(company.name)
    st.write(_("A company that has stopped is not called. You can undo this later."))
    with st.container(horizontal=True):
        if st.button(_("Yes, it has stopped"), type="primary", key="confirm-stopped"):
            close_when(perform(_("Saved."), mark_stopped, company.id))
        _draw_cancel()


def _draw_number(company_id: int) -> None:
    current_actor(Permission.COMPANY_EDIT)
    number = st.text_input(_("Telephone number"), key="number-text", placeholder="010 123 4567", max_chars=120)
    source = st.text_input(
        _("Where does it come from?"), key="number-source", placeholder=_("website, guide, in a call"), max_chars=120
    )
    main = st.checkbox(_("This is the main number"), key="number-main")
    if st.button(_("Save"), type="primary", key="save-number"):
        given = {"number": number, "source": source, "is_main": main}
        close_when(perform(_("Saved."), lambda session, by: add_number(session, by, company_id, NumberInput(**given))))


def _draw_contact(company_id: int, contact: Contact | None) -> None:
    current_actor(Permission.COMPANY_EDIT)
    of = contact.id if contact else "new"
    name = st.text_input(_("Name"), contact.name if contact else "", key=f"contact-name-{of}", max_chars=120)
    function = st.text_input(
        _("Function"), contact.function if contact else "", key=f"contact-function-{of}", max_chars=120
    )
    best_time = st.text_input(
        _("Best time to call"), contact.best_time if contact else "", key=f"contact-time-{of}", max_chars=120
    )
    if st.button(_("Save"), type="primary", key="save-contact"):
        given = {"name": name, "function": function, "best_time": best_time}
        close_when(perform(_("Saved."), lambda session, by: _keep_contact(session, by, company_id, contact, given)))


def _keep_contact(
    session: Session, actor: Actor, company_id: int, contact: Contact | None, given: dict[str, str]
) -> Contact:
    if contact:
        return edit_contact(session, actor, contact.id, ContactInput(**given), version=contact.version)
    return add_contact(session, actor, company_id, ContactInput(**given))


def _draw_cancel() -> None:
    if st.button(_("Cancel"), key="cancel-dialog"):
        st.rerun()
