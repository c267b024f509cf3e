"""What a coordinator changes about a list that exists."""

from collections.abc import Iterable

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.calling.capacity import set_capacity
from crm.calling.inputs import ListSettings
from crm.calling.lists.live import ListFrozen
from crm.calling.lists.members import replace_members
from crm.calling.models import CallList, ListStatus
from crm.core.db import locked


def set_members(session: Session, actor: Actor, list_id: int, caller_ids: Iterable[int], *, version: int) -> CallList:
    """Say who works on a list. Raises NotACaller."""
    actor.require(Permission.LIST_MANAGE)
    call_list = locked(session, CallList, list_id, version=version)
    wanted = sorted(set(caller_ids))
    replace_members(session, call_list, wanted)
    flag_modified(call_list, "version")  # callers are rows of their own, but a change of them is a change of the list
    record(session, actor, "list.members", call_list, callers=wanted)
    return call_list


def set_status(session: Session, actor: Actor, list_id: int, status: ListStatus, *, version: int) -> CallList:
    actor.require(Permission.LIST_MANAGE)
    call_list = locked(session, CallList, list_id, version=version)
    call_list.status = status
    record(session, actor, "list.status", call_list)
    return call_list


def change_list(session: Session, actor: Actor, list_id: int, wanted: ListSettings, *, version: int) -> CallList:
    """Say whether a list keeps itself up to date, how soon its turn is and how many attempts a day it may have.

    Raises ListFrozen for one that was not made by a choice.
    """
    actor.require(Permission.LIST_MANAGE)
    call_list = locked(session, CallList, list_id, version=version)
    if wanted.is_live and not call_list.filters:
        raise ListFrozen
    call_list.is_live, call_list.priority = wanted.is_live, wanted.priority.value
    set_capacity(session, call_list, wanted.daily_capacity)
    record(session, actor, "list.changed", call_list)
    return call_list
