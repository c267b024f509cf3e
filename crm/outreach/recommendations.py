"""What employers say of us, for others to hear."""

from dataclasses import dataclass

from sqlalchemy import case, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.companies.models import Company
from crm.core.clock import now
from crm.core.db import locked
from crm.core.i18n import _
from crm.outreach.inputs import RecommendationInput
from crm.outreach.models import Recommendation
from crm.reference.trades import trade_group, trade_groups

MOST = 20  # of one company


@dataclass(frozen=True, slots=True)
class Quote:
    """Words to say to another employer; `who` is as much as may be told."""

    words: str
    who: str


def recommend(session: Session, actor: Actor, company_id: int, given: RecommendationInput) -> Recommendation:
    actor.require(Permission.COMPANY_EDIT)
    locked(session, Company, company_id)
    said = Recommendation(company_id=company_id, made_by_id=actor.user_id, **given.model_dump())
    session.add(said)
    record(session, actor, "recommendation.added", said)
    return said


def withdraw_recommendation(session: Session, actor: Actor, recommendation_id: int) -> Recommendation:
    """From now on nobody hears it."""
    actor.require(Permission.COMPANY_EDIT)
    said = locked(session, Recommendation, recommendation_id)
    said.withdrawn_at = said.withdrawn_at or now()
    record(session, actor, "recommendation.withdrawn", said)
    return said


def recommendations_of(session: Session, actor: Actor, company_id: int) -> list[Recommendation]:
    """The newest first, those that were withdrawn too."""
    actor.require(Permission.COMPANY_VIEW)
    theirs = select(Recommendation).where(Recommendation.company_id == company_id)
    return list(session.exec(theirs.order_by(col(Recommendation.id).desc()).limit(MOST)))


def quote_for(session: Session, actor: Actor, company_id: int) -> Quote | None:
    """What to tell this company: of the same trade if there is one, else from the same town, else the newest."""
    actor.require(Permission.COMPANY_VIEW)
    here = aliased(Company)
    same_trade = func.substr(Company.sbi_code, 1, 2) == func.substr(here.sbi_code, 1, 2)
    statement = (
        select(Recommendation, Company)
        .join(Company, col(Recommendation.company_id) == Company.id)
        .join(here, col(here.id) == company_id)
        .where(col(Recommendation.withdrawn_at).is_(None), col(Company.id) != company_id)
        .where(col(Company.stopped_at).is_(None))
        .order_by(
            case((same_trade, 0), else_=1),
            case((col(Company.town) == here.town, 0), else_=1),
            col(Recommendation.id).desc(),
        )
    )
    found = session.exec(statement.limit(1)).first()
    return Quote(found[0].words, _who(*found)) if found else None


def _who(said: Recommendation, company: Company) -> str:
    if said.by_name:
        return ", ".join(part for part in (said.said_by, company.name, company.town) if part)
    trade = trade_groups()[trade_group(company.sbi_code)].name
    return _("an employer, trade: {trade}").format(trade=trade.lower())
