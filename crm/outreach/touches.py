"""What reached a company before a call: a letter by itself; an article, a post or a visit by hand."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, delete, func, insert, literal, select, update
from sqlmodel import Session, col

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.calling.lists.choosing import matching
from crm.companies.models import Company
from crm.core.clock import now
from crm.core.db import changed, locked, table_of
from crm.core.errors import CrmError
from crm.core.i18n import _
from crm.outreach.inputs import CampaignInput, TouchInput
from crm.outreach.models import Campaign, Letter, Touch, TouchKind

TOUCH = table_of(Touch).c


class NobodyReached(CrmError):
    def __init__(self) -> None:
        super().__init__(_("No company fits this choice. Choose more widely."))


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign, who wrote it down, and how many companies it reached."""

    campaign: Campaign
    person: str
    companies: int


def log_touch(session: Session, actor: Actor, company_id: int, given: TouchInput) -> Touch:
    """Write down that one company heard of us."""
    actor.require(Permission.COMPANY_EDIT)
    locked(session, Company, company_id)
    touch = Touch(company_id=company_id, made_by_id=actor.id, **given.model_dump())
    session.add(touch)
    record(session, actor, "touch.added", touch)
    return touch


def log_campaign(session: Session, actor: Actor, given: CampaignInput) -> Campaign:
    """Write down that all companies of a choice heard of us, in one statement. Raises NobodyReached."""
    actor.require(Permission.LETTER_SEND)
    campaign = Campaign(
        **given.model_dump(exclude={"filters"}),
        filters=given.filters.model_dump(mode="json"),
        made_by_id=actor.user_id,
    )
    session.add(campaign)
    session.flush()
    reached = select(col(Company.id)).where(*matching(given.filters), col(Company.stopped_at).is_(None))
    companies = _touch_many(session, actor, reached, campaign)
    if not companies:
        raise NobodyReached
    record(session, actor, "campaign.added", campaign, companies=companies)
    return campaign


def remove_campaign(session: Session, actor: Actor, campaign_id: int) -> None:
    """Undo a campaign that was a mistake, with all it wrote down."""
    actor.require(Permission.LETTER_SEND)
    campaign = locked(session, Campaign, campaign_id)
    record(session, actor, "campaign.removed", campaign, name=campaign.name)
    session.execute(delete(Touch).where(col(Touch.campaign_id) == campaign_id))
    session.delete(campaign)


def touch_by_letters(session: Session, actor: Actor, letter_ids: Select[int]) -> None:
    """Letters that are in the post are a touch on that day; on another day when that is corrected."""
    posted = select(Letter).where(col(Letter.id).in_(letter_ids), col(Letter.sent_on).is_not(None)).subquery()
    known = select(col(Touch.letter_id)).where(col(Touch.letter_id).is_not(None))
    day = select(posted.c.sent_on).where(posted.c.id == Touch.letter_id).scalar_subquery()
    session.execute(
        update(Touch)
        .where(col(Touch.letter_id).in_(select(posted.c.id)))
        .values(on_day=day)
        .execution_options(synchronize_session=False)
    )
    values: dict[str, Any] = {
        "company_id": posted.c.company_id,
        "on_day": posted.c.sent_on,
        "letter_id": posted.c.id,
        **_common(actor, TouchKind.LETTER),
    }
    new = select(*values.values()).where(posted.c.id.not_in(known))
    session.execute(insert(Touch).from_select(list(values), new))


def campaigns(session: Session, actor: Actor, page: int = 1, page_size: int = 10) -> tuple[list[CampaignRow], int]:
    """The newest first, and how many there are."""
    actor.require(Permission.LETTER_SEND)
    newest = (
        select(Campaign, col(User.name))
        .join(User, col(User.id) == Campaign.made_by_id)
        .order_by(col(Campaign.id).desc())
        .offset((page - 1) * page_size)
        .limit(page_size)
    )
    rows = session.execute(newest).all()
    ids = [campaign.id for campaign, _person in rows]
    of_campaign = select(col(Touch.campaign_id), func.count()).where(col(Touch.campaign_id).in_(ids))
    counts = dict(session.execute(of_campaign.group_by(col(Touch.campaign_id))).all())
    total = session.scalar(select(func.count(col(Campaign.id)))) or 0
    return [CampaignRow(campaign, person, counts.get(campaign.id, 0)) for campaign, person in rows], total


def _touch_many(session: Session, actor: Actor, companies: Select[int], campaign: Campaign) -> int:
    values: dict[str, Any] = {
        "company_id": col(Company.id),
        "on_day": literal(campaign.on_day, TOUCH.on_day.type),
        "campaign_id": literal(campaign.id),
        **_common(actor, campaign.kind),
    }
    chosen = select(*values.values()).where(col(Company.id).in_(companies))
    return changed(session, insert(Touch).from_select(list(values), chosen))


def _common(actor: Actor, kind: TouchKind) -> dict[str, Any]:
    return {
        "kind": literal(kind, TOUCH.kind.type),
        "note": literal(""),
        "made_by_id": literal(actor.id, TOUCH.made_by_id.type),
        "created_at": literal(now(), TOUCH.created_at.type),
    }
