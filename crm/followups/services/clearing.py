"""Everything of somebody who is away or leaves, or that nobody has: to one person, to the team, or spread."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from crm.access.absences import all_days_away
from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.core.clock import local, today
from crm.core.errors import ChangedMeanwhile, CrmError
from crm.core.i18n import _
from crm.followups.models import FollowUp, FollowUpStatus
from crm.followups.services.passing import give, tell_of
from crm.followups.spreading import Item, Receiver, spread
from crm.reference.calendar import is_working_day

MOST = 500  # at once; the rest is for the next time
KNOWN_AHEAD = timedelta(days=60)
LOOKS_AHEAD = timedelta(days=14)


class NobodyChosen(CrmError):
    def __init__(self) -> None:
        super().__init__(_("Choose who gets it: somebody else than who has it now."))


@dataclass(frozen=True, slots=True)
class Division:
    """Who would get how many (None: the team), how many stay for the next time, and the version of each that goes."""

    counts: dict[int | None, int]
    rest: int
    versions: dict[int, int]

    @property
    def total(self) -> int:
        return len(self.versions)


def division(session: Session, actor: Actor, holder_id: int | None, to: Collection[int | None]) -> Division:
    """What `pass_on` would do now."""
    actor.require(Permission.FOLLOWUP_TEAM)
    held = session.exec(_held(holder_id).limit(MOST)).all()
    every = select(func.count()).select_from(_held(holder_id).subquery())
    rest = session.exec(every).one() - len(held)
    return Division(dict(Counter(_divide(session, held, holder_id, to).values())), rest, _versions(held))


def pass_on(
    session: Session, actor: Actor, holder_id: int | None, to: Collection[int | None], *, seen: Mapping[int, int]
) -> int:
    """All that is open of `holder_id` (None: of nobody) to one in `to` (None: the team), or spread over several.

    Everybody who gets something has one message. Tells how many went. Raises ChangedMeanwhile when it is not what was
    `seen`: the versions of a `division`.
    """
    actor.require(Permission.FOLLOWUP_TEAM)
    session.exec(select(FollowUp.id).where(col(FollowUp.id).in_(seen)).order_by(col(FollowUp.id)).with_for_update())
    held = session.exec(_held(holder_id).limit(MOST).execution_options(populate_existing=True)).all()
    if _versions(held) != dict(seen):
        raise ChangedMeanwhile
    given = _divide(session, held, holder_id, to)
    went = [one for one in held if give(session, actor, one, given[one.id])]
    for owner_id in sorted({one.owner_id for one in went}, key=lambda one: one or 0):
        tell_of(session, actor, owner_id, [one for one in went if one.owner_id == owner_id])
    return len(went)


def _versions(held: Sequence[FollowUp]) -> dict[int, int]:
    return {one.id: one.version for one in held}


def _held(holder_id: int | None) -> SelectOfScalar[FollowUp]:
    theirs = col(FollowUp.owner_id).is_(None) if holder_id is None else col(FollowUp.owner_id) == holder_id
    mine = select(FollowUp).where(col(FollowUp.status) == FollowUpStatus.OPEN, theirs)
    return mine.order_by(col(FollowUp.due_at), col(FollowUp.id))


def _divide(
    session: Session, held: Sequence[FollowUp], holder_id: int | None, to: Collection[int | None]
) -> dict[int, int | None]:
    if not to or holder_id in to:
        raise NobodyChosen
    people = [user_id for user_id in to if user_id is not None]
    if len(to) == 1 or None in to:
        (only,) = {None} if None in to else to
        return {one.id: only for one in held}
    items = [Item(one.id, max(local(one.due_at).date(), today())) for one in held]
    return spread(items, _receivers(session, people))


def _receivers(session: Session, people: Sequence[int]) -> list[Receiver]:
    first = today()
    away = all_days_away(session, people, first, first + KNOWN_AHEAD)
    counted = (
        select(FollowUp.owner_id, func.count())
        .where(col(FollowUp.status) == FollowUpStatus.OPEN, col(FollowUp.owner_id).in_(people))
        .group_by(col(FollowUp.owner_id))
    )
    open_work = dict(session.exec(counted).all())
    days = [day for day in (first + timedelta(days=n) for n in range(LOOKS_AHEAD.days)) if is_working_day(day)]
    return [
        Receiver(one, open_work.get(one, 0), sum(day not in away[one] for day in days), away[one]) for one in people
    ]
