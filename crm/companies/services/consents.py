"""The evidence that a company said yes to being called."""

from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.companies.inputs import ConsentInput, WithdrawalInput
from crm.companies.models import Company, Consent
from crm.companies.services.contacts import require_contact
from crm.core.clock import now
from crm.core.db import locked


def record_consent(session: Session, actor: Actor, company_id: int, given: ConsentInput) -> Consent:
    """Keep the evidence that this company said yes to being called.

    The system writes down what the owner answered on a public page: then nobody of us recorded it.
    """
    actor.require(Permission.COMPANY_EDIT)
    locked(session, Company, company_id)
    if given.contact_id:
        require_contact(session, company_id, given.contact_id)
    consent = Consent(company_id=company_id, recorded_by_id=actor.id, **given.model_dump())
    session.add(consent)
    record(session, actor, "consent.recorded", consent)
    return consent


def withdraw_consent(
    session: Session, actor: Actor, consent_id: int, told: WithdrawalInput, *, version: int | None = None
) -> Consent:
    """The consent no longer counts from now on; what was withdrawn before stays as it was. Raises ChangedMeanwhile."""
    actor.require(Permission.COMPANY_EDIT)
    consent = locked(session, Consent, consent_id, version=version)
    if consent.withdrawn_at is None:
        consent.withdrawn_at = now()
        consent.withdrawn_channel, consent.withdrawn_how = told.channel, told.how
        record(session, actor, "consent.withdrawn", consent)
    return consent
