"""People at a company."""

from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.companies.inputs import ContactInput
from crm.companies.marks import person_mark
from crm.companies.models import Company, Contact, Suppression
from crm.core.db import locked
from crm.core.errors import NotFound
from crm.core.text import name_key


def add_contact(session: Session, actor: Actor, company_id: int, new: ContactInput) -> Contact:
    actor.require(Permission.COMPANY_EDIT)
    locked(session, Company, company_id)
    contact = Contact(company_id=company_id, **new.model_dump())
    session.add(contact)
    session.flush()
    _block_if_erased(session, actor, contact)
    record(session, actor, "contact.added", contact)
    return contact


def _block_if_erased(session: Session, actor: Actor, contact: Contact) -> None:
    """Somebody who asked to be erased here comes back under the same name."""
    hashed = person_mark(contact.company_id, name_key(contact.name))
    kept = session.exec(select(Suppression).where(Suppression.mark == hashed)).first()
    known = select(Suppression.id).where(Suppression.contact_id == contact.id)
    if kept and session.exec(known).first() is None:
        session.add(Suppression(contact_id=contact.id, reason=kept.reason, made_by_id=actor.id))


def edit_contact(session: Session, actor: Actor, contact_id: int, changed: ContactInput, *, version: int) -> Contact:
    actor.require(Permission.COMPANY_EDIT)
    contact = locked(session, Contact, contact_id, version=version)
    for name, value in changed.model_dump().items():
        setattr(contact, name, value)
    _block_if_erased(session, actor, contact)
    record(session, actor, "contact.changed", contact)
    return contact


def require_contact(session: Session, company_id: int | None, contact_id: int) -> None:
    """Raises NotFound for somebody of another company."""
    contact = session.get(Contact, contact_id)
    if contact is None or contact.company_id != company_id:
        raise NotFound
