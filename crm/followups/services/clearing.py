"""Everything of somebody who is ill or leaves, or that nobody has: to one person, to the team, or spread."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from crm.access.absences import all_days_away
from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.core.clock import local, now, today
from crm.core.errors import ChangedMeanwhile, CrmError
from crm.core.i18n import _, ngettext, show_moment, speaking
from crm.followups.models import FollowUp, FollowUpStatus
from crm.followups.services.passing import receivers_of
from crm.followups.services.shared import check_owner
from crm.followups.spreading import Item, Receiver, spread
from crm.messaging.models import NoticeKind
from crm.messaging.services import notify
from crm.reference.calendar import is_working_day

MOST = 500  # at once; the rest is for the next time
KNOWN_AHEAD = timedelta(days=60)
LOOKS_AHEAD = timedelta(days=14)


class NobodyChosen(CrmError):
    def __init__(self) -> None:
        super().__init__(_("Choose who gets it: somebody else than who has it now."))


@dataclass(frozen=True, slots=True)
class Division:
    """Who would get how many (None: the team), and how many stay for the next time."""

    counts: dict[int | None, int]
    rest: int

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def division(session: Session, actor: Actor, holder_id: int | None, to: Collection[int | None]) -> Division:
    """What `pass_on` would do now."""
    actor.require(Permission.FOLLOWUP_TEAM)
    held = session.exec(_held(holder_id).limit(MOST)).all()
    every = select(func.count()).select_from(_held(holder_id).subquery())
    return Division(
        dict(Counter(_divide(session, held, holder_id, to).values())), session.exec(every).one() - len(held)
    )


def pass_on(
    session: Session, actor: Actor, holder_id: int | None, to: Collection[int | None], *, expected: int
) -> Division:
    """All that is open of `holder_id` (None: of nobody) to one in `to` (None: the team), or spread over several.

    Everybody who gets something has one message. Raises ChangedMeanwhile when there are not `expected` any more.
    """
    actor.require(Permission.FOLLOWUP_TEAM)
    held = session.exec(_held(holder_id).limit(MOST).with_for_update()).all()
    if len(held) != expected:
        raise ChangedMeanwhile
    given = _divide(session, held, holder_id, to)
    for owner_id in set(given.values()):
        check_owner(session, owner_id)
    for follow_up in held:
        if given[follow_up.id] != holder_id:
            follow_up.owner_id = given[follow_up.id]
            record(session, actor, "follow_up.handed_over", follow_up)
    for owner_id in sorted(set(given.values()) - {holder_id}, key=lambda one: one or 0):
        _tell(session, actor, owner_id, [one for one in held if given[one.id] == owner_id])
    return Division(dict(Counter(given.values())), 0)


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


def _tell(session: Session, actor: Actor, owner_id: int | None, given: Sequence[FollowUp]) -> None:
    for reader in receivers_of(session, actor, owner_id):
        with speaking(reader.language):
            if owner_id is None:
                words = ngettext(
                    "{name} handed over {n} follow-up to the team",
                    "{name} handed over {n} follow-ups to the team",
                    len(given),
                )
            else:
                words = ngettext(
                    "{name} handed over {n} follow-up to you", "{name} handed over {n} follow-ups to you", len(given)
                )
            first = _("The first was agreed for {moment}.").format(moment=show_moment(given[0].due_at))
            notify(
                session,
                reader.id,
                kind=NoticeKind.HANDED_OVER if owner_id else NoticeKind.UNASSIGNED,
                once_key=f"handed:{actor.id}:{now().isoformat()}:{reader.id}",
                title=words.format(name=actor.name, n=len(given)),
                body=first,
                page="followups",
                mail=first,
            )
