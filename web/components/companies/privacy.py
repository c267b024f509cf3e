"""What the law gives a company a right to."""

from collections.abc import Callable
from functools import partial

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.models import Company
from crm.companies.queries import CompanyCard
from crm.core.clock import today
from crm.core.db import transaction
from crm.core.i18n import _, speaking
from crm.privacy.erasing import erase_company, erase_contact
from crm.privacy.services import export_evidence
from web.actions import perform
from web.components.dialogs import close_when, dialog_button, draw_cancel
from web.session import current_actor

ERASE, ERASE_CONTACT = "erase", "erase-contact"


def draw_privacy(actor: Actor, company: Company) -> None:
    if not actor.may(Permission.PRIVACY_MANAGE):
        return
    with st.container(border=True, gap="xsmall"):
        st.subheader(_("Evidence and privacy"), anchor=False)
        st.caption(_("All consents, blocks, letters and calls, to read and as CSV and JSON, for a supervisor."))
        draw_download(
            actor,
            _("Download all evidence (ZIP)"),
            f"bewijs-{company.id}",
            partial(export_evidence, company_id=company.id),
        )
        if not company.erased_at:
            dialog_button(_("Erase this company"), ERASE, company.id, key="ask-erase", icon=":material/delete_forever:")


def draw_download(actor: Actor, label: str, name: str, export: Callable[[Session, Actor], bytes]) -> None:
    asking = current_actor(Permission.PRIVACY_MANAGE)

    def content() -> bytes:
        """Made when somebody asks for it, in a thread of its own, which knows nobody's cookie."""
        with speaking(actor.language), transaction() as session:
            return export(session, asking)

    st.download_button(
        label,
        content,
        file_name=f"{name}-{today():%Y-%m-%d}.zip",
        mime="application/zip",
        key="download-evidence",
        icon=":material/gavel:",
        on_click="ignore",
    )


def draw_erase(card: CompanyCard, _of: int | None) -> None:
    current_actor(Permission.PRIVACY_MANAGE)
    st.text(card.company.name)
    st.write(
        _(
            "Name, address, numbers, people, consents and notes go away for good. That calls were made stays, "
            "without what was said. Nobody calls this company again, also when it comes back in an import."
        )
    )
    st.write(_("Download the evidence first if somebody may ask for it. This cannot be undone."))
    sure = st.checkbox(_("I am sure"), key="erase-sure")
    problem = st.container()
    with st.container(horizontal=True):
        if st.button(_("Yes, erase"), type="primary", key="confirm-erase", disabled=not sure):
            close_when(perform(_("The company is erased."), erase_company, card.company.id), problem)
        draw_cancel()


def draw_erase_contact(card: CompanyCard, contact_id: int | None) -> None:
    current_actor(Permission.PRIVACY_MANAGE)
    contact = next(person for person in card.contacts if person.id == contact_id)
    st.text(f"{contact.name}, {card.company.name}")
    st.write(_("The name goes away for good. Who is added here under this name again is not called."))
    st.write(_("This cannot be undone."))
    problem = st.container()
    with st.container(horizontal=True):
        if st.button(_("Yes, erase"), type="primary", key="confirm-erase-contact"):
            close_when(perform(_("The person is erased."), erase_contact, contact.id), problem)
        draw_cancel()
