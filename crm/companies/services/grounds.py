"""Evidence of the exceptions: published for offers, and customer of ours."""

from datetime import date

from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.companies.inputs import PublicationInput, RelationInput
from crm.companies.models import Company, CustomerRelation, Publication
from crm.core.clock import now, today
from crm.core.db import locked
from crm.core.errors import CrmError
from crm.core.i18n import _


class EndsBeforeItBegan(CrmError):
    def __init__(self) -> None:
        super().__init__(_("A customer relation ends after it began, and not in the future."))


def record_publication(session: Session, actor: Actor, company_id: int, seen: PublicationInput) -> Publication:
    """Keep the evidence that somebody published contact data to receive offers."""
    actor.require(Permission.COMPANY_EDIT)
    locked(session, Company, company_id)
    publication = Publication(company_id=company_id, recorded_by_id=actor.user_id, **seen.model_dump())
    session.add(publication)
    record(session, actor, "publication.recorded", publication)
    return publication


def end_publication(session: Session, actor: Actor, publication_id: int, *, version: int) -> Publication:
    """It is no longer there. Raises ChangedMeanwhile."""
    actor.require(Permission.COMPANY_EDIT)
    publication = locked(session, Publication, publication_id, version=version)
    publication.ended_at = publication.ended_at or now()
    record(session, actor, "publication.ended", publication)
    return publication


def record_relation(session: Session, actor: Actor, company_id: int, known: RelationInput) -> CustomerRelation:
    """Keep the evidence that this company is or was a customer of ours."""
    actor.require(Permission.COMPANY_EDIT)
    locked(session, Company, company_id)
    relation = CustomerRelation(company_id=company_id, recorded_by_id=actor.user_id, **known.model_dump())
    session.add(relation)
    record(session, actor, "relation.recorded", relation)
    return relation


def end_relation(session: Session, actor: Actor, relation_id: int, last_day: date, *, version: int) -> CustomerRelation:
    """Raises EndsBeforeItBegan or ChangedMeanwhile."""
    actor.require(Permission.COMPANY_EDIT)
    relation = locked(session, CustomerRelation, relation_id, version=version)
    if not relation.since <= last_day <= today():
        raise EndsBeforeItBegan
    relation.until = last_day
    record(session, actor, "relation.ended", relation)
    return relation
