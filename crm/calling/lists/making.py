"""Making a list in one statement, however many companies it holds."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, cast, func, insert, literal
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.calling.inputs import ListInput, NamedListInput
from crm.calling.lists.choosing import on_open_list, to_put_on
from crm.calling.lists.members import replace_members
from crm.calling.models import CallList, CallListEntry, EntryState, ListStatus
from crm.calling.queue import lane_of_company
from crm.companies.gate import callable_now
from crm.companies.models import Company
from crm.companies.queries import newest_import
from crm.core.clock import now
from crm.core.db import changed, table_of
from crm.core.errors import CrmError
from crm.core.i18n import _

ONE_FILLS_AT_A_TIME = 0x6C697374  # any number, the same for all processes
ENTRY = table_of(CallListEntry).c


class NothingToCall(CrmError):
    def __init__(self) -> None:
        super().__init__(_("No company of this choice may be called now. Choose more widely."))


class ListNameTaken(CrmError):
    def __init__(self, name: str) -> None:
        super().__init__(_("There is a list “{name}” already. Choose another name.").format(name=name))


class NoNameToCall(CrmError):
    def __init__(self) -> None:
        super().__init__(_("None of these companies can come on the list: they are on another open list."))


def make_list(session: Session, actor: Actor, new: ListInput) -> CallList:
    """Make a list of all companies of the choice that may be called, in one statement.

    A live list may begin empty. Raises ListNameTaken, NotACaller or NothingToCall.
    """
    actor.require(Permission.LIST_MANAGE)
    made = _new(session, actor, new, filters=new.filters.model_dump(mode="json"), is_live=new.is_live)
    companies = fill(session, made, to_put_on(new.filters))
    if not companies and not new.is_live:
        raise NothingToCall
    _finish(session, actor, made, new, companies)
    return made


def make_named_list(session: Session, actor: Actor, new: NamedListInput) -> CallList:
    """Make a list of these companies, as far as they may be called. Raises as `make_list`, and NoNameToCall."""
    actor.require(Permission.LIST_MANAGE)
    made = _new(session, actor, new)
    elsewhere = [~on_open_list()] if new.skip_listed else []
    companies = fill(session, made, [col(Company.id).in_(new.company_ids), *elsewhere])
    if not companies:
        raise NoNameToCall
    _finish(session, actor, made, new, companies)
    return made


def _new(session: Session, actor: Actor, new: ListInput | NamedListInput, **how: Any) -> CallList:
    one_at_a_time(session)
    if session.exec(select(CallList.id).where(CallList.name == new.name, CallList.status != ListStatus.CLOSED)).first():
        raise ListNameTaken(new.name)
    made = CallList(
        name=new.name,
        script_version_id=new.script_version_id,
        updated_at=now(),
        newest_import=newest_import(session),
        priority=new.priority.value,
        daily_capacity=new.daily_capacity,
        made_by_id=actor.user_id,
        **how,
    )
    session.add(made)
    session.flush()
    return made


def _finish(session: Session, actor: Actor, made: CallList, new: ListInput | NamedListInput, companies: int) -> None:
    replace_members(session, made, new.caller_ids)
    record(session, actor, "list.made", made, companies=companies, callers=list(new.caller_ids))


def one_at_a_time(session: Session) -> None:
    # Two lists filled at once would both take a company that is on no list yet. In SQLite writers wait anyway.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select_columns(func.pg_advisory_xact_lock(ONE_FILLS_AT_A_TIME)))


def fill(session: Session, call_list: CallList, clauses: list[ColumnElement[bool]]) -> int:
    """Put the companies these clauses choose on the list, as far as they may be called; tells how many."""
    values = {
        "list_id": literal(call_list.id),
        "company_id": col(Company.id),
        "state": literal(EntryState.WAITING, ENTRY.state.type),
        "due_at": literal(now(), ENTRY.due_at.type),
        "attempts": literal(0),
        "lane": lane_of_company(),
        "blocked_because": literal(""),
        "created_at": literal(now(), ENTRY.created_at.type),
    }
    chosen = select_columns(*values.values()).where(*clauses, callable_now()).order_by(_spread(), col(Company.id))
    return changed(session, insert(CallListEntry).from_select(list(values), chosen))


def _spread() -> ColumnElement[int]:
    """The same order every time, but not street by street as companies were imported."""
    return cast(col(Company.id), BigInteger) * 7919 % 10007
