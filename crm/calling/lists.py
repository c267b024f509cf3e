"""Call lists: which companies, with which script, by whom, and how far it is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, cast, delete, exists, func, insert, literal, or_, text
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import ALLOWED, Permission, Role
from crm.audit.services import record
from crm.calling.inputs import ListFilters, ListInput, postcode_ranges
from crm.calling.models import CallList, CallListEntry, CallListMember, EntryState, ListStatus
from crm.companies.gate import callable_now, verdict_counts
from crm.companies.models import Company
from crm.companies.queries import HIGHEST, starts_with
from crm.core.clock import now
from crm.core.db import locked
from crm.core.errors import CrmError
from crm.core.i18n import _
from crm.reference.queries import sbi, sbi_divisions, size_classes

BUSY = (EntryState.WAITING, EntryState.CLAIMED)
CALLING_ROLES = [role for role in Role if Permission.CALL_MAKE in ALLOWED[role]]


class NothingToCall(CrmError):
    def __init__(self) -> None:
        super().__init__(_("No company of this choice may be called now. Choose more widely."))


class ListNameTaken(CrmError):
    def __init__(self, name: str) -> None:
        super().__init__(_("There is a list “{name}” already. Choose another name.").format(name=name))


class NotACaller(CrmError):
    def __init__(self) -> None:
        super().__init__(_("Choose callers who may make calls."))


@dataclass(frozen=True, slots=True)
class ListPreview:
    """What a choice of companies gives: `total` = `callable` + all that is blocked; of those that may be called,
    `listed` are on another open list."""

    total: int
    callable: int
    blocked: list[tuple[str, int]]
    listed: int


@dataclass(frozen=True, slots=True)
class ListRow:
    """A list and how many companies are in each state."""

    list: CallList
    counts: dict[EntryState, int] = field(default_factory=dict)
    caller_ids: tuple[int, ...] = ()

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def finished(self) -> int:
        return self.counts.get(EntryState.DONE, 0) + self.counts.get(EntryState.BLOCKED, 0)

    @property
    def progress(self) -> float:
        return self.finished / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class ListPage:
    rows: list[ListRow]
    total: int


def preview(session: Session, actor: Actor, filters: ListFilters) -> ListPreview:
    """Count what a list would hold, and why other companies may not be called."""
    actor.require(Permission.LIST_MANAGE)
    chosen = select_columns(col(Company.id)).where(*_clauses(filters))
    total = session.scalar(select_columns(func.count()).select_from(chosen.subquery())) or 0
    blocked = list(verdict_counts(session, chosen).items())
    listed = session.scalar(_count(chosen.where(_on_open_list(), callable_now()))) or 0
    return ListPreview(total, total - sum(n for _reason, n in blocked), blocked, listed)


def make_list(session: Session, actor: Actor, new: ListInput) -> CallList:
    """Make a list of all companies of the choice that may be called, in one statement.

    Raises ListNameTaken, NotACaller or NothingToCall.
    """
    actor.require(Permission.LIST_MANAGE)
    _one_at_a_time(session)
    if session.exec(select(CallList.id).where(CallList.name == new.name, CallList.status != ListStatus.CLOSED)).first():
        raise ListNameTaken(new.name)
    made = CallList(
        name=new.name,
        script_version_id=new.script_version_id,
        filters=new.filters.model_dump(mode="json"),
        made_by_id=actor.user_id,
    )
    session.add(made)
    session.flush()
    companies = _fill(session, made, new.filters)
    _replace_members(session, made, new.caller_ids)
    record(session, actor, "list.made", made, companies=companies, callers=list(new.caller_ids))
    return made


def set_members(session: Session, actor: Actor, list_id: int, caller_ids: Iterable[int]) -> CallList:
    """Say who works on a list. Raises NotACaller."""
    actor.require(Permission.LIST_MANAGE)
    call_list = locked(session, CallList, list_id)
    wanted = sorted(set(caller_ids))
    _replace_members(session, call_list, wanted)
    record(session, actor, "list.members", call_list, callers=wanted)
    return call_list


def set_status(session: Session, actor: Actor, list_id: int, status: ListStatus, *, version: int) -> CallList:
    actor.require(Permission.LIST_MANAGE)
    call_list = locked(session, CallList, list_id, version=version)
    call_list.status = status
    record(session, actor, "list.status", call_list)
    return call_list


def call_lists(session: Session, actor: Actor, page: int = 1, page_size: int = 10) -> ListPage:
    """Lists with their progress: the ones in use first, the newest on top."""
    actor.require(Permission.LIST_VIEW)
    lists = session.exec(
        select(CallList)
        .order_by(col(CallList.status) == ListStatus.CLOSED, col(CallList.id).desc())
        .offset((page - 1) * page_size)
        .limit(page_size)
    ).all()
    ids = [call_list.id for call_list in lists]
    counts, members = list_progress(session, ids), _members(session, ids)
    total = session.scalar(select_columns(func.count(col(CallList.id)))) or 0
    return ListPage([ListRow(item, counts[item.id], members.get(item.id, ())) for item in lists], total)


def list_progress(session: Session, list_ids: Iterable[int]) -> dict[int, dict[EntryState, int]]:
    """How many companies of each list are in each state."""
    counts: dict[int, dict[EntryState, int]] = {list_id: {} for list_id in list_ids}
    statement = (
        select_columns(col(CallListEntry.list_id), col(CallListEntry.state), func.count())
        .where(col(CallListEntry.list_id).in_(counts))
        .group_by(col(CallListEntry.list_id), col(CallListEntry.state))
    )
    for list_id, state, n in session.execute(statement):
        counts[list_id][state] = n
    return counts


def callers(session: Session, actor: Actor) -> list[User]:
    """Everybody who may be put on a list."""
    actor.require(Permission.LIST_MANAGE)
    statement = select(User).where(col(User.role).in_(CALLING_ROLES), col(User.active)).order_by(User.name)
    return list(session.exec(statement))


def _count(statement: Select[Any]) -> Select[Any]:
    return select_columns(func.count()).select_from(statement.subquery())


def _one_at_a_time(session: Session) -> None:
    # Two lists made at once would both take a company that is on no list yet. In SQLite writers wait anyway.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE call_list IN SHARE ROW EXCLUSIVE MODE"))


def _fill(session: Session, made: CallList, filters: ListFilters) -> int:
    clauses = [*_clauses(filters), callable_now()]
    if filters.skip_listed:
        clauses.append(~_on_open_list())
    values = {
        "list_id": literal(made.id),
        "company_id": col(Company.id),
        "state": literal(EntryState.WAITING, CallListEntry.__table__.c.state.type),  # type: ignore[attr-defined]
        "due_at": literal(now(), CallListEntry.__table__.c.due_at.type),  # type: ignore[attr-defined]
        "attempts": literal(0),
        "blocked_because": literal(""),
        "created_at": literal(now(), CallListEntry.__table__.c.created_at.type),  # type: ignore[attr-defined]
    }
    chosen = select_columns(*values.values()).where(*clauses).order_by(_spread(), col(Company.id))
    filling = insert(CallListEntry).from_select(list(values), chosen).execution_options(preserve_rowcount=True)
    entries: int = session.execute(filling).rowcount  # type: ignore[attr-defined]
    if not entries:
        raise NothingToCall
    return entries


def _spread() -> ColumnElement[int]:
    """The same order every time, but not street by street as companies were imported."""
    return cast(col(Company.id), BigInteger) * 7919 % 10007


def _on_open_list() -> ColumnElement[bool]:
    return exists().where(
        col(CallListEntry.company_id) == Company.id,
        col(CallListEntry.state).in_(BUSY),
        col(CallListEntry.list_id) == CallList.id,
        col(CallList.status) != ListStatus.CLOSED,
    )


def _clauses(filters: ListFilters) -> Iterator[ColumnElement[bool]]:
    if filters.trades:
        yield or_(*(starts_with(col(Company.sbi_code), code) for code in _digits(filters.trades)))
    if filters.towns:
        yield col(Company.town).in_(filters.towns)
    if ranges := postcode_ranges(filters.postcodes):
        yield or_(*(_between(first, last) for first, last in ranges))
    if filters.sizes:
        yield or_(*(_of_size(code) for code in filters.sizes))
    if filters.legal_forms:
        yield col(Company.legal_form).in_(filters.legal_forms)
    if filters.never_called:
        yield col(Company.last_called_at).is_(None)


def _digits(codes: Iterable[str]) -> list[str]:
    """Trade codes as companies have them: a section is a letter and stands for its divisions."""
    sections = {code for code in codes if code.isalpha()}
    divisions = [division.code for division in sbi_divisions() if division.parent in sections]
    return divisions + [code for code in codes if sbi(code) and code not in sections]


def _between(first: str, last: str) -> ColumnElement[bool]:
    return and_(col(Company.postcode) >= first, col(Company.postcode) < last + HIGHEST)


def _of_size(code: str) -> ColumnElement[bool]:
    size = size_classes()[code]
    least = col(Company.staff_min) >= size.staff_min
    return least if size.staff_max is None else and_(least, col(Company.staff_min) <= size.staff_max)


def _replace_members(session: Session, call_list: CallList, caller_ids: Iterable[int]) -> None:
    wanted = set(caller_ids)
    allowed = select(User.id).where(col(User.id).in_(wanted), col(User.role).in_(CALLING_ROLES), col(User.active))
    if set(session.exec(allowed)) != wanted:
        raise NotACaller
    session.execute(
        delete(CallListMember).where(
            col(CallListMember.list_id) == call_list.id, col(CallListMember.user_id).not_in(wanted)
        )
    )
    present = set(session.exec(select(CallListMember.user_id).where(CallListMember.list_id == call_list.id)))
    session.add_all(CallListMember(list_id=call_list.id, user_id=user_id) for user_id in sorted(wanted - present))


def _members(session: Session, list_ids: list[int]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    statement = select(CallListMember).where(col(CallListMember.list_id).in_(list_ids)).order_by(col(CallListMember.id))
    for member in session.exec(statement):
        found[member.list_id] = (*found.get(member.list_id, ()), member.user_id)
    return found
