"""Questions about a company. What cannot be undone is asked first."""

from collections.abc import Callable
from functools import partial

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.inputs import ContactInput, NumberInput
from crm.companies.models import CompanyNumber, Contact, SuppressionReason
from crm.companies.queries import CompanyCard, company
from crm.companies.services import add_contact, add_number, edit_contact, mark_stopped, mark_wrong_number, suppress
from crm.core.db import reading
from crm.core.i18n import _
from crm.telephony.numbers import show_number
from web.actions import perform
from web.components.calls.log import LOG_CALL, draw_log_call
from web.components.companies.consent import WITHDRAW, draw_consent_form, draw_withdrawal_form
from web.components.companies.grounds import (
    PUBLICATION,
    RELATION,
    RELATION_ENDED,
    draw_publication_form,
    draw_relation_ended,
    draw_relation_form,
)
from web.components.companies.letters import SENT, WRITE, draw_sent, draw_write
from web.components.companies.privacy import ERASE, ERASE_CONTACT, draw_erase, draw_erase_contact
from web.components.companies.recommendations import RECOMMEND, draw_recommend
from web.components.companies.touch import TOUCH, draw_touch
from web.components.dialogs import close_when, draw_cancel, open_dialog, opened, show_dialog
from web.components.takeover import TAKE_OVER, draw_take_over
from web.components.versions import Compared, draw_versions
from web.session import current_actor

BLOCK, STOPPED, NUMBER, WRONG, CONTACT, CONSENT = "block", "stopped", "number", "wrong", "contact", "consent"
REASONS = (SuppressionReason.OBJECTION, SuppressionReason.COMPLAINT, SuppressionReason.OTHER)


def draw_open_dialog(card: CompanyCard) -> None:
    """The question that is open about this company, if any."""
    name, about = opened()
    if name in _dialogs() and about[:1] == (card.company.id,):
        title, draw = _dialogs()[name]
        show_dialog(title, partial(draw, card, about[1] if len(about) > 1 else None))


def _dialogs() -> dict[str, tuple[str, Callable[[CompanyCard, int | None], None]]]:
    return {
        BLOCK: (_("Never call again?"), _draw_block),
        STOPPED: (_("Has this company stopped?"), _draw_stopped),
        NUMBER: (_("Add a number"), _draw_number),
        WRONG: (_("Is this a wrong number?"), _draw_wrong_number),
        CONTACT: (_("Contact"), _draw_contact),
        CONSENT: (_("Write down consent"), draw_consent_form),
        WITHDRAW: (_("Is this consent withdrawn?"), draw_withdrawal_form),
        WRITE: (_("Make a letter"), draw_write),
        TOUCH: (_("Heard of us otherwise"), draw_touch),
        RECOMMEND: (_("What do they say of us?"), draw_recommend),
        SENT: (_("When was it posted?"), draw_sent),
        PUBLICATION: (_("Published for offers"), draw_publication_form),
        RELATION: (_("Customer of ours"), draw_relation_form),
        RELATION_ENDED: (_("When did it end?"), draw_relation_ended),
        ERASE: (_("Erase this company?"), draw_erase),
        ERASE_CONTACT: (_("Erase this person?"), draw_erase_contact),
        TAKE_OVER: (_("Take over this company?"), draw_take_over),
        LOG_CALL: (_("Write down a call"), lambda card, _of: draw_log_call(card.company.id)),
    }


# A dialog redraws on its own, without the page: so each asks first who is there, and in what language.


def _draw_block(card: CompanyCard, contact_id: int | None) -> None:
    current_actor(Permission.COMPANY_BLOCK)
    company, contact = card.company, _contact(card, contact_id)
    st.text(f"{contact.name}, {company.name}" if contact else company.name)
    reason = st.radio(_("Reason"), REASONS, format_func=lambda reason: reason.label, key="block-reason")
    note = st.text_input(_("What was said (if you want)"), key="block-note", max_chars=500)
    only = contact is not None and reason is SuppressionReason.OTHER
    st.write(
        _("Nobody calls this person again. Only a coordinator can take this back.")
        if only
        else _("Nobody calls this company again, on none of its numbers. Only a coordinator can take this back.")
    )
    problem = st.container()
    with st.container(horizontal=True):
        if st.button(_("Yes, never call again"), type="primary", key="confirm-block"):
            done = _("Nobody calls there any more.")
            close_when(perform(done, suppress, company.id, reason=reason, contact_id=contact_id, note=note), problem)
        draw_cancel()


def _draw_wrong_number(card: CompanyCard, number_id: int | None) -> None:
    current_actor(Permission.COMPANY_EDIT)
    number = next(number for number in card.numbers if number.id == number_id)
    st.text(show_number(number.e164))
    st.write(
        _("This number reaches somebody else. It is blocked for every company. Only a coordinator can take this back.")
    )
    problem = st.container()
    with st.container(horizontal=True):
        if st.button(_("Yes, wrong number"), type="primary", key="confirm-wrong"):
            done = _("The number is blocked.")
            close_when(perform(done, mark_wrong_number, number.company_id, number.e164), problem)
        draw_cancel()


def _draw_stopped(card: CompanyCard, _of: int | None) -> None:
    current_actor(Permission.COMPANY_EDIT)
    st.text(card.company.name)
    st.write(_("A company that has stopped is not called. You can undo this later."))
    problem = st.container()
    with st.container(horizontal=True):
        if st.button(_("Yes, it has stopped"), type="primary", key="confirm-stopped"):
            close_when(perform(_("Saved."), mark_stopped, card.company.id), problem)
        draw_cancel()


def _draw_number(card: CompanyCard, _of: int | None) -> None:
    current_actor(Permission.COMPANY_EDIT)
    number = st.text_input(_("Telephone number"), key="number-text", placeholder="010 123 4567", max_chars=120)
    source = st.text_input(
        _("Where does it come from?"), key="number-source", placeholder=_("website, guide, in a call"), max_chars=120
    )
    main = st.checkbox(_("This is the main number"), key="number-main")
    problem = st.container()
    if st.button(_("Save"), type="primary", key="save-number"):
        given = {"number": number, "source": source, "is_main": main}

        def keep(session: Session, actor: Actor) -> CompanyNumber:
            return add_number(session, actor, card.company.id, NumberInput.model_validate(given))

        close_when(perform(_("Saved."), keep), problem)


def _draw_contact(card: CompanyCard, contact_id: int | None) -> None:
    """The version is that of the moment the dialog was opened, so a colleague's change is noticed."""
    actor = current_actor(Permission.COMPANY_EDIT)
    company_id, contact = card.company.id, _contact(card, contact_id)
    key = f"contact-{contact.id}-{{}}".format if contact else "contact-new-{}".format
    start = contact or Contact(company_id=company_id, name="")
    opened_on = opened()[1][2] if contact else start.version
    versions = st.container()
    given = {
        "name": st.text_input(_("Name"), start.name, key=key("name"), max_chars=120),
        "function": st.text_input(_("Function"), start.function, key=key("function"), max_chars=120),
        "best_time": st.text_input(_("Best time to call"), start.best_time, key=key("time"), max_chars=120),
    }
    problem = st.container()
    if st.button(_("Save"), type="primary", key="save-contact"):

        def keep(session: Session, actor: Actor) -> Contact:
            wanted = ContactInput.model_validate(given)
            if contact:
                return edit_contact(session, actor, contact.id, wanted, version=opened_on)
            return add_contact(session, actor, company_id, wanted)

        close_when(perform(_("Saved."), keep), problem)
    if contact:
        with reading() as session:
            theirs = _contact(company(session, actor, company_id), contact_id) or contact
        with versions:
            draw_versions(
                opened_on, theirs, _compared(theirs, key), partial(open_dialog, CONTACT, company_id, theirs.id)
            )


def _compared(contact: Contact, key: Callable[[str], str]) -> list[Compared]:
    return [
        Compared(_("Name"), key("name"), contact.name),
        Compared(_("Function"), key("function"), contact.function),
        Compared(_("Best time to call"), key("time"), contact.best_time),
    ]


def _contact(card: CompanyCard, contact_id: int | None) -> Contact | None:
    return next((person for person in card.contacts if person.id == contact_id), None)
