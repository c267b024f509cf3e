"""The people of a company."""

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.models import Contact
from crm.companies.queries import CompanyCard
from crm.core.i18n import _
from web.components.companies.dialogs import BLOCK, CONTACT
from web.components.companies.privacy import ERASE_CONTACT
from web.components.dialogs import dialog_button
from web.components.text import literal


def draw_contacts(actor: Actor, card: CompanyCard) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader(_("Contacts"), anchor=False)
        if actor.may(Permission.COMPANY_EDIT):
            dialog_button(_("Add"), CONTACT, card.company.id, key="add-contact", icon=":material/person_add:")
    if not card.contacts:
        st.caption(_("Nobody known yet. Ask in the call who decides about work."))
    for person in card.contacts:
        _draw_contact(actor, card, person)


def _draw_contact(actor: Actor, card: CompanyCard, person: Contact) -> None:
    company_id = card.company.id
    with st.container(horizontal=True, vertical_alignment="center", key=f"contact-{person.id}"):
        words = [person.function, person.best_time]
        aside = " · ".join(literal(word) for word in words if word)
        blocked = person.id in card.blocked_contacts
        sign = f" :red-badge[:material/block: {_('does not want to be called')}]" if blocked else ""
        st.markdown(f"**{literal(person.name)}** {aside}{sign}", width="stretch")
        if actor.may(Permission.COMPANY_EDIT):
            key = f"edit-{person.id}"
            dialog_button(_("Change"), CONTACT, company_id, person.id, person.version, key=key, type="tertiary")
        if actor.may(Permission.PRIVACY_MANAGE):
            key = f"erase-{person.id}"
            dialog_button(_("Erase"), ERASE_CONTACT, company_id, person.id, key=key, type="tertiary")
        if actor.may(Permission.COMPANY_BLOCK) and not blocked:
            dialog_button(_("Do not call"), BLOCK, company_id, person.id, key=f"block-{person.id}", type="tertiary")
