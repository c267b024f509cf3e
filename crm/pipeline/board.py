"""The board of hidden jobs: the first cards of each stage, and how many there are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Row, Select, exists, func, not_, or_, select, union_all
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.companies.models import Company
from crm.core.clock import now
from crm.core.i18n import _
from crm.pipeline.inputs import MINE, NOBODY, BoardFilters, Owner
from crm.pipeline.models import STALE_AFTER, HiddenJob, Pipeline, Stage
from crm.pipeline.queries import has_weights
from crm.pipeline.stages import ending, is_stale, stages
from crm.reference.queries import sbi

CARDS_PER_STAGE = 12
NO_FILTERS = BoardFilters()
SHORTEST_NAME = 3  # letters of a word by which a company is known
JobRow = Row[HiddenJob, Company, str, bool]
_EMPLOYER = aliased(Company)  # for a condition, beside the company that is shown


@dataclass(frozen=True, slots=True)
class BoardCard:
    """A job as its reader may see it: without COMPANY_VIEW the employer is a trade, and nobody is named."""

    job: HiddenJob
    title: str
    employer: str
    town: str
    owner: str
    waiting: timedelta
    is_stale: bool
    weighed: bool


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """The first cards of a stage, the longest waiting first (of what has ended, the newest), and how many there are."""

    stage: Stage
    cards: list[BoardCard]
    total: int
    stale: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What the board can be narrowed down to.

    By kind of work, `running` counts what has not ended, and `stale` what of that stands still.
    """

    towns: list[str]
    owners: dict[int, str]
    running: dict[Pipeline, int]
    stale: dict[Pipeline, int]


def stage_board(
    session: Session, actor: Actor, filters: BoardFilters = NO_FILTERS, shown: Mapping[Stage, int] | None = None
) -> list[BoardColumn]:
    """The stages in order, by two queries. `shown` is how many cards, for other than the usual."""
    chosen, moment, newest = clauses(actor, filters), now(), _newest_first(filters.pipeline)
    totals = _totals(session, chosen, moment)
    wanted = {stage: (shown or {}).get(stage, CARDS_PER_STAGE) for stage in totals}
    cards: dict[Stage, list[BoardCard]] = {stage: [] for stage in stages(filters.pipeline)}
    for row in session.execute(_cards(chosen, wanted, newest)) if totals else ():
        card = card_of(actor, row, moment)
        cards[card.job.stage].append(card)
    return [
        BoardColumn(stage, found[::-1] if stage in newest else found, *totals.get(stage, (0, 0)))
        for stage, found in cards.items()
    ]


def _totals(session: Session, chosen: list[ColumnElement[bool]], moment: datetime) -> dict[Stage, tuple[int, int]]:
    """Of each stage how many there are, and how many of them stand still."""
    stage, still = col(HiddenJob.stage), func.count().filter(_stands_still(moment))
    counted = select(stage, func.count(), still).where(*chosen).group_by(stage)
    return {stage: (total, stale) for stage, total, stale in session.execute(counted)}


def _newest_first(pipeline: Pipeline | None) -> set[Stage]:
    """Where all work of these kinds has ended."""
    kinds = [pipeline] if pipeline else list(Pipeline)
    going_on = {stage for kind in kinds for stage in stages(kind) if stage not in ending(kind)}
    return set(Stage) - going_on


def _cards(
    chosen: list[ColumnElement[bool]], wanted: Mapping[Stage, int], newest: set[Stage]
) -> Select[HiddenJob, Company, str, bool]:
    """Each stage by itself, so that an index gives its first ones and nothing is sorted."""
    firsts = []
    for stage, number in wanted.items():
        since, job_id = col(HiddenJob.stage_since), col(HiddenJob.id)
        order = (since.desc(), job_id.desc()) if stage in newest else (since, job_id)
        first = select(job_id).where(*chosen, col(HiddenJob.stage) == stage).order_by(*order).limit(number).subquery()
        firsts.append(select(first.c.id))
    return (
        with_employer()
        .where(col(HiddenJob.id).in_(union_all(*firsts)))
        .order_by(col(HiddenJob.stage_since), col(HiddenJob.id))
    )


def with_employer() -> Select[HiddenJob, Company, str, bool]:
    """Jobs with their company, the name of their owner, and whether competences were weighed."""
    return (
        select(HiddenJob, Company, col(User.name), has_weights())
        .join(Company, col(Company.id) == HiddenJob.company_id)
        .join(User, col(User.id) == HiddenJob.owner_id, isouter=True)
    )


def card_of(actor: Actor, found: JobRow, moment: datetime) -> BoardCard:
    job, company, owner, weighed = found
    waiting, stale = moment - job.stage_since, is_stale(job, moment)
    if actor.may(Permission.COMPANY_VIEW):
        return BoardCard(job, job.title, company.name, company.town, owner or "", waiting, stale, weighed)
    trade = sbi(company.sbi_code)
    shown = trade.name if trade else _("Trade not known")
    return BoardCard(job, _without(company.name, job.title, shown), shown, company.town, "", waiting, stale, weighed)


def _without(name: str, title: str, trade: str) -> str:
    """The title without the words by which a company is known. What its trade is called may stay."""
    known = set(_words(name)) - set(_words(trade))
    return re.sub(r"\w+", lambda word: "…" if word.group().casefold() in known else word.group(), title)


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"\w+", text.casefold()) if len(word) >= SHORTEST_NAME]


def clauses(actor: Actor, filters: BoardFilters) -> list[ColumnElement[bool]]:
    """Which jobs; to look for a name or for whose they are, one has to be allowed to see them."""
    actor.require(Permission.JOB_VIEW)
    found: list[ColumnElement[bool]] = [col(HiddenJob.pipeline) == filters.pipeline] if filters.pipeline else []
    if filters.text or filters.owner:
        actor.require(Permission.COMPANY_VIEW)
    if filters.text:
        named = _at(col(_EMPLOYER.name).icontains(filters.text, autoescape=True))
        found.append(or_(col(HiddenJob.title).icontains(filters.text, autoescape=True), named))
    if filters.town:
        found.append(_at(col(_EMPLOYER.town) == filters.town))
    if filters.owner:
        found.append(_owned_by(actor, filters.owner))
    if filters.stale:
        found.append(_stands_still(now()))
    return found


def _owned_by(actor: Actor, owner: Owner) -> ColumnElement[bool]:
    if owner == NOBODY:
        return col(HiddenJob.owner_id).is_(None)
    return col(HiddenJob.owner_id).is_not_distinct_from(actor.id if owner == MINE else owner)


def _at(company: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(col(_EMPLOYER.id) == HiddenJob.company_id, company)


def _stands_still(moment: datetime) -> ColumnElement[bool]:
    return (col(HiddenJob.stage_since) < moment - STALE_AFTER) & goes_on()


def goes_on() -> ColumnElement[bool]:
    """Says of a job that it has not ended."""
    kind, stage = col(HiddenJob.pipeline), col(HiddenJob.stage)
    return not_(or_(*((kind == one) & stage.in_(ending(one)) for one in Pipeline)))


def choices(session: Session, actor: Actor) -> Choices:
    actor.require(Permission.JOB_VIEW)
    towns = select(col(Company.town)).where(col(Company.town) != "", _has_job()).distinct().order_by(col(Company.town))
    kind, still = col(HiddenJob.pipeline), func.count().filter(_stands_still(now()))
    counted = session.execute(select(kind, func.count(), still).where(goes_on()).group_by(kind)).all()
    owners = _owners(session) if actor.may(Permission.COMPANY_VIEW) else {}
    running = dict.fromkeys(Pipeline, 0) | {kind: total for kind, total, _stale in counted}
    stale = dict.fromkeys(Pipeline, 0) | {kind: stale for kind, _total, stale in counted}
    return Choices(list(session.scalars(towns)), owners, running, stale)


def _has_job() -> ColumnElement[bool]:
    return col(Company.id).in_(select(col(HiddenJob.company_id)))


def _owners(session: Session) -> dict[int, str]:
    owning = col(User.id).in_(select(col(HiddenJob.owner_id)).distinct())
    people = session.execute(select(col(User.id), col(User.name)).where(owning).order_by(col(User.name)))
    return dict(people.all())
