"""The board with what is known of the people: how many were introduced, and which moves that allows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.models import AuditEntry
from crm.core.errors import CrmError
from crm.followups.models import FollowUp
from crm.followups.next_steps import NextStep, next_steps
from crm.matching.models import Introduction, IntroductionStatus
from crm.matching.moves import check_people
from crm.matching.queries import OPEN
from crm.pipeline.board import NO_FILTERS, BoardCard, BoardColumn, stage_board
from crm.pipeline.inputs import BoardFilters
from crm.pipeline.models import HiddenJob, Stage
from crm.pipeline.rules import check_move
from crm.pipeline.stages import allowed

ON_THE_BOARD = (HiddenJob.__tablename__, Introduction.__tablename__, FollowUp.__tablename__)
LATE = 200  # entries of the audit log that may become visible after a later one, as transactions overlap


@dataclass(frozen=True, slots=True)
class Mark:
    """What the board was made from: as long as a look from the same entry on gives the same, nothing changed."""

    since: int
    newest: int
    number: int


@dataclass(frozen=True, slots=True)
class People:
    """Who was introduced and not declined; how many of those are still in the running, and have a kopkoffie."""

    made: int = 0
    introduced: int = 0
    planned: int = 0


@dataclass(frozen=True, slots=True)
class Card:
    """A card with its next step, how many were introduced, and what stands in the way of a move that is possible."""

    shown: BoardCard
    people: People
    step: NextStep | None
    obstacles: dict[Stage, str]


@dataclass(frozen=True, slots=True)
class Board:
    columns: list[BoardColumn]
    cards: dict[int, Card]
    mark: Mark


def job_board(
    session: Session, actor: Actor, filters: BoardFilters = NO_FILTERS, shown: Mapping[Stage, int] | None = None
) -> Board:
    """Six queries, whatever the number of jobs."""
    mark = look(session)  # first: what changes meanwhile is seen by the next look
    columns = stage_board(session, actor, filters, shown)
    cards = [card for column in columns for card in column.cards]
    return Board(columns, details(session, actor, cards), mark)


def details(session: Session, actor: Actor, cards: Collection[BoardCard]) -> dict[int, Card]:
    """By the id of the job."""
    known = actor.may(Permission.COMPANY_VIEW)
    people = people_of(session, actor, [card.job.id for card in cards])
    steps = next_steps(session, actor, {card.job.company_id for card in cards}) if known else {}
    moves = actor.may(Permission.JOB_MOVE)
    return {
        card.job.id: Card(
            card,
            people.get(card.job.id, People()),
            steps.get(card.job.company_id),
            obstacles(card, people.get(card.job.id, People())) if moves else {},
        )
        for card in cards
    }


def people_of(session: Session, actor: Actor, job_ids: Collection[int]) -> dict[int, People]:
    """Numbers alone, for whoever may see the job; a job without anybody is left out."""
    actor.require(Permission.JOB_VIEW)
    status = col(Introduction.status)
    introduced, planned = (
        func.count().filter(status.in_(OPEN)),
        func.count().filter(status == IntroductionStatus.MEETING),
    )
    counted = (
        select(col(Introduction.job_id), func.count(), introduced, planned)
        .where(col(Introduction.job_id).in_(job_ids), status != IntroductionStatus.DECLINED)
        .group_by(col(Introduction.job_id))
    )
    return {job_id: People(*counts) for job_id, *counts in session.execute(counted)}


def obstacles(card: BoardCard, people: People) -> dict[Stage, str]:
    """Why a job cannot make a move that its stage allows; the reason of a lost job is asked, so it is none."""
    found, job = {}, card.job
    for target in allowed(job.pipeline, job.stage):
        try:
            check_people(job, target, introduced=people.introduced, planned=people.planned)
            check_move(job, target, weighed=card.weighed, reason_given=True)
        except CrmError as error:
            found[target] = str(error)
    return found


def look(session: Session, since: int | None = None) -> Mark:
    """Cheap: it reads what was written after `since`, at first the last few entries alone."""
    if since is None:
        since = max(0, (session.scalar(select(func.max(col(AuditEntry.id)))) or 0) - LATE)
    # Counted by a case and not by a condition, for which SQLite would read all entries of these kinds.
    ours = case((col(AuditEntry.subject_type).in_(ON_THE_BOARD), col(AuditEntry.id)))
    newest, number = session.execute(
        select(func.coalesce(func.max(ours), 0), func.count(ours)).where(col(AuditEntry.id) > since)
    ).one()
    return Mark(since, newest, number)
