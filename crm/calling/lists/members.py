"""Who works on a list."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, delete
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission, roles_that_may
from crm.calling.models import CallList, CallListMember
from crm.core.errors import CrmError
from crm.core.i18n import _


class NotACaller(CrmError):
    def __init__(self) -> None:
        super().__init__(_("Choose callers who may make calls."))


def callers(session: Session, actor: Actor) -> list[User]:
    """Everybody who may be put on a list."""
    actor.require(Permission.LIST_MANAGE)
    return list(session.exec(select(User).where(*_may_call()).order_by(User.name)))


def replace_members(session: Session, call_list: CallList, caller_ids: Iterable[int]) -> None:
    """Raises NotACaller."""
    wanted = set(caller_ids)
    allowed = select(User.id).where(col(User.id).in_(wanted), *_may_call())
    if set(session.exec(allowed)) != wanted:
        raise NotACaller
    session.execute(
        delete(CallListMember).where(
            col(CallListMember.list_id) == call_list.id, col(CallListMember.user_id).not_in(wanted)
        )
    )
    present = set(session.exec(select(CallListMember.user_id).where(CallListMember.list_id == call_list.id)))
    session.add_all(CallListMember(list_id=call_list.id, user_id=user_id) for user_id in sorted(wanted - present))


def members(session: Session, list_ids: list[int]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    statement = select(CallListMember).where(col(CallListMember.list_id).in_(list_ids)).order_by(col(CallListMember.id))
    for member in session.exec(statement):
        found[member.list_id] = (*found.get(member.list_id, ()), member.user_id)
    return found


def _may_call() -> tuple[ColumnElement[bool], ...]:
    return col(User.role).in_(roles_that_may(Permission.CALL_MAKE)), col(User.active).is_(True)
