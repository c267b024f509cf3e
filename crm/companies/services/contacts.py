"""People at a company."""

from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.companies.inputs import ContactInput
from crm.companies.models import Company, Contact
from crm.core.db import locked
from crm.core.errors import NotFound


def add_contact(session: Session, actor: Actor, company_id: int, new: ContactInput) -> Contact:
    actor.require(Permission.COMPANY_EDIT)
    locked(session, Company, company_id)
    contact = Contact(company_id=company_id, **new.model_dump())
    session.add(contact)
    record(session, actor, "contact.added", contact)
    return contact


def edit_contact(session: Session, actor: Actor, contact_id: int, changed: ContactInput, *, version: int) -> Contact:
    actor.require(Permission.COMPANY_EDIT)
    contact = locked(session, Contact, contact_id, version=version)
    for name, value in changed.model_dump().items():
        setattr(contact, name, value)
    record(session, actor, "contact.changed", contact)
    return contact


def require_contact(session: Session, company_id: int, contact_id: int) -> None:
    """Raises NotFound for somebody of another company."""
    contact = session.get(Contact, contact_id)
    if contact is None or contact.company_id != company_id:
        raise NotFound
