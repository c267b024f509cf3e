"""Reminding people of what is due: once for every moment that was agreed, and of many at once in one message."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, update
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from crm.access.models import User
from crm.access.permissions import Permission
from crm.access.queries import people_who_may
from crm.companies.gate import may_call
from crm.companies.law import Purpose
from crm.companies.models import Company
from crm.companies.rules import Evidence
from crm.core.db import changed
from crm.core.i18n import _, ngettext, show_moment, speaking
from crm.followups.models import CALLING_KINDS, FollowUp, FollowUpKind, FollowUpStatus
from crm.followups.wording import in_words
from crm.messaging.models import NoticeKind
from crm.messaging.services import notify

MOST_APART = 5  # more than that at one moment is one message
LATE = timedelta(minutes=30)  # from when several are one message, however few
LINES = 5

CaseOf = Callable[[Session, FollowUp], Evidence | None]


@dataclass(frozen=True, slots=True)
class Reminder:
    """One piece of work: a follow-up by itself, or all that is due of one owner (None: of the team) together."""

    owner_id: int | None
    follow_up_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    id: int
    kind: FollowUpKind
    due_at: datetime
    company: str | None
    town: str | None


@dataclass(frozen=True, slots=True)
class _Many:
    owner_id: int | None
    moment: datetime
    lines: list[_Line]
    count: int


def reminders(session: Session, moment: datetime) -> Iterator[Reminder]:
    """What there is to tell now. It looks at each owner's part of an index: what is planned for later costs nothing."""
    for owner_id in _owners(session, moment):
        due = _first(session, owner_id, moment, MOST_APART + 1)
        if told_together([line.due_at for line in due], moment):
            yield Reminder(owner_id)
        else:
            yield from (Reminder(owner_id, line.id) for line in due)


def told_together(due: Sequence[datetime], moment: datetime) -> bool:
    """`due`: the first moments, the earliest first."""
    return len(due) > MOST_APART or (len(due) > 1 and due[0] < moment - LATE)


def count_due(session: Session, moment: datetime) -> int:
    """How many still wait to be told of."""
    own = select(func.count()).where(*_is_due(moment), col(FollowUp.owner_id) == User.id).scalar_subquery()
    ours = select(func.count()).where(*_is_due(moment), col(FollowUp.owner_id).is_(None))
    return int(session.exec(select(func.coalesce(func.sum(own), 0)).select_from(User)).one()) + session.exec(ours).one()


def remind(session: Session, reminder: Reminder, moment: datetime, case_of: CaseOf | None = None) -> int:
    """Claim what is due and leave its notices and e-mails, all in the caller's transaction. Tells how many.

    `case_of` tells what a call is about that is no acquisition.
    Killed anywhere, either everything is there or nothing is; and of two schedulers one finds it claimed.
    """
    if reminder.follow_up_id is None:
        return _remind_together(session, reminder.owner_id, moment)
    return _remind_one(session, reminder.follow_up_id, moment, case_of)


def _remind_one(session: Session, follow_up_id: int, moment: datetime, case_of: CaseOf | None) -> int:
    if not _claim(session, moment, col(FollowUp.id) == follow_up_id):
        return 0
    follow_up = session.get_one(FollowUp, follow_up_id)
    company = session.get(Company, follow_up.company_id) if follow_up.company_id else None
    case = case_of(session, follow_up) if case_of else None
    for reader in _readers(session, follow_up.owner_id):
        with speaking(reader.language):
            _tell(session, reader, follow_up, company, case)
    return 1


def _remind_together(session: Session, owner_id: int | None, moment: datetime) -> int:
    lines = _first(session, owner_id, moment, LINES)
    count = _claim(session, moment, _belongs_to(owner_id)) if lines else 0
    if not count:
        return 0
    for reader in _readers(session, owner_id):
        with speaking(reader.language):
            _tell_of_many(session, reader, _Many(owner_id, moment, lines, count))
    return count


def _claim(session: Session, moment: datetime, which: ColumnElement[bool]) -> int:
    return changed(session, update(FollowUp).where(which, *_is_due(moment)).values(reminded_at=moment))


def _owners(session: Session, moment: datetime) -> list[int | None]:
    # Asked of each user apart: no planner may think of going through all that is open instead.
    own = select(FollowUp.id).where(*_is_due(moment), col(FollowUp.owner_id) == User.id)
    due = own.order_by(col(FollowUp.due_at)).limit(1).scalar_subquery().is_not(None)
    owners = session.exec(select(User.id).where(due).order_by(col(User.id))).all()
    return [*owners, None] if _first(session, None, moment, 1) else [*owners]


def _first(session: Session, owner_id: int | None, moment: datetime, most: int) -> list[_Line]:
    statement = (
        columns(*map(col, (FollowUp.id, FollowUp.kind, FollowUp.due_at, Company.name, Company.town)))
        .join(Company, col(FollowUp.company_id) == Company.id, isouter=True)
        .where(_belongs_to(owner_id), *_is_due(moment))
        .order_by(col(FollowUp.due_at), col(FollowUp.id))
        .limit(most)
    )
    return [_Line(*row) for row in session.execute(statement)]


def _belongs_to(owner_id: int | None) -> ColumnElement[bool]:
    return col(FollowUp.owner_id).is_(None) if owner_id is None else col(FollowUp.owner_id) == owner_id


def _is_due(moment: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(FollowUp.status) == FollowUpStatus.OPEN,
        col(FollowUp.reminded_at).is_(None),
        col(FollowUp.due_at) <= moment,
    )


def _readers(session: Session, owner_id: int | None) -> Sequence[User]:
    """The owner; without one that still works here, those who divide the work of the team."""
    owner = session.get(User, owner_id) if owner_id else None
    if owner and owner.active:
        return [owner]
    return people_who_may(session, Permission.FOLLOWUP_TEAM)


def _tell(session: Session, reader: User, follow_up: FollowUp, company: Company | None, case: Evidence | None) -> None:
    once_key = f"follow_up:{follow_up.id}:{follow_up.due_at.isoformat()}:{reader.id}"
    agreed = _("Agreed for {moment}.").format(moment=show_moment(follow_up.due_at))
    what, objection = follow_up.kind.label, _why_not_call(session, follow_up, case)
    if objection:
        what = _("Do not call")
    title = in_words(what, company.name, company.town) if company else what
    body = "\n".join(filter(None, (objection, agreed, follow_up.note)))
    kind = NoticeKind.PROMISE_DUE if reader.id == follow_up.owner_id else NoticeKind.UNASSIGNED
    # What was said at the telephone stays in the app.
    notify(session, reader.id, kind=kind, once_key=once_key, title=title, body=body, page="followups", mail=agreed)


def _tell_of_many(session: Session, reader: User, many: _Many) -> None:
    once_key = f"follow_ups:{many.owner_id}:{many.moment.isoformat()}:{reader.id}"
    kind = NoticeKind.PROMISE_DUE if reader.id == many.owner_id else NoticeKind.UNASSIGNED
    if kind is NoticeKind.PROMISE_DUE:
        title = ngettext("{n} follow-up is due", "{n} follow-ups are due", many.count)
    else:
        title = ngettext("{n} follow-up of the team is due", "{n} follow-ups of the team are due", many.count)
    title = title.format(n=many.count)
    first = _("The first was agreed for {moment}.").format(moment=show_moment(many.lines[0].due_at))
    shown = [f"{show_moment(line.due_at)} {in_words(line.kind.label, line.company, line.town)}" for line in many.lines]
    more = many.count - len(shown)
    rest = ngettext("and {n} more", "and {n} more", more).format(n=more) if more > 0 else ""
    body = "\n".join(filter(None, (first, *shown, rest)))
    notify(session, reader.id, kind=kind, once_key=once_key, title=title, body=body, page="followups", mail=first)


def _why_not_call(session: Session, follow_up: FollowUp, case: Evidence | None) -> str:
    """What came up against this call since it was agreed, such as an objection."""
    if follow_up.kind not in CALLING_KINDS or follow_up.company_id is None:
        return ""
    verdict = may_call(
        session,
        follow_up.company_id,
        contact_id=follow_up.contact_id,
        moment=follow_up.due_at,
        agreed=True,
        purpose=Purpose.SERVICE if case else Purpose.ACQUISITION,
        case=case,
    )
    return "" if verdict.allowed else verdict.reason
