"""When a list tries again: its own rules, and for the rest those of the reference data.

A rule counts for what is scheduled after it was written; what already waits keeps its moment.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.calling.inputs import RetryInput
from crm.calling.models import Call, CallList, CallListEntry, CallStatus, RetryRule, is_in
from crm.calling.rules import MESSAGE_LEFT, may_leave_message
from crm.core.db import locked, run
from crm.core.errors import ChangedMeanwhile, CrmError, NotFound
from crm.core.i18n import _
from crm.reference.models import Disposition, Reached, Retry
from crm.reference.queries import dispositions

MOST_LOOKED_BACK = 10  # attempts; no message rule looks further


class MessageRuleMissing(CrmError):
    def __init__(self) -> None:
        super().__init__(_("Say how often a message may be left."))


@dataclass(frozen=True, slots=True)
class ListRetry:
    """What counts on a list after one result. `rule_id` and `version` are 0 while the list has no rule of its own."""

    result: Disposition
    default: Retry
    own: Retry | None
    rule_id: int
    version: int

    @property
    def retry(self) -> Retry:
        return self.own or self.default


@dataclass(frozen=True, slots=True)
class NoMessage:
    """Why no message may be left: `left_at` is when one was; None when this list never leaves any."""

    left_at: datetime | None
    once_in: int


def list_retries(session: Session, actor: Actor, list_id: int) -> list[ListRetry]:
    """For every result after which somebody is tried again."""
    actor.require(Permission.LIST_VIEW)
    rules = session.exec(select(RetryRule).where(RetryRule.list_id == list_id))
    own = {rule.disposition: rule for rule in rules}
    return [_list_retry(result, result.retry, own.get(code)) for code, result in dispositions().items() if result.retry]


def _list_retry(result: Disposition, default: Retry, own: RetryRule | None) -> ListRetry:
    if own is None:
        return ListRetry(result, default, None, 0, 0)
    return ListRetry(result, default, own.retry, own.id, own.version)


def set_retry(
    session: Session, actor: Actor, list_id: int, disposition: str, given: RetryInput, *, version: int
) -> None:
    """Give a list a rule of its own; one that is the same as the default is none.

    `version` is that of the rule that was looked at, 0 for none. Raises ChangedMeanwhile or MessageRuleMissing.
    """
    actor.require(Permission.LIST_MANAGE)
    default, wanted = _default(disposition), Retry(**given.model_dump())
    if default.message_once_in is None:
        wanted = replace(wanted, message_once_in=None)
    elif wanted.message_once_in is None:
        raise MessageRuleMissing
    if wanted == default:
        reset_retry(session, actor, list_id, disposition, version=version)
        return
    rule = _locked_rule(session, list_id, disposition, version)
    rule = rule or RetryRule(list_id=list_id, disposition=disposition, most_attempts=wanted.most_attempts)
    for name, value in asdict(wanted).items():
        setattr(rule, name, value)
    session.add(rule)
    record(session, actor, "retry_rule.changed", rule)


def reset_retry(session: Session, actor: Actor, list_id: int, disposition: str, *, version: int) -> None:
    """Back to the default. Raises ChangedMeanwhile."""
    actor.require(Permission.LIST_MANAGE)
    _default(disposition)
    if rule := _locked_rule(session, list_id, disposition, version):
        record(session, actor, "retry_rule.reset", rule, list_id=list_id, disposition=disposition)
        session.delete(rule)
        session.flush()


def _default(disposition: str) -> Retry:
    result = dispositions().get(disposition)
    if result is None or result.retry is None:
        raise NotFound
    return result.retry


def _locked_rule(session: Session, list_id: int, disposition: str, version: int) -> RetryRule | None:
    """The list is locked, so that two cannot both make a first rule."""
    locked(session, CallList, list_id)
    statement = select(RetryRule).where(RetryRule.list_id == list_id, RetryRule.disposition == disposition)
    rule = session.exec(statement.execution_options(populate_existing=True)).one_or_none()
    if (rule.version if rule else 0) != version:
        raise ChangedMeanwhile
    return rule


def retry_on(session: Session, list_id: int | None, result: Disposition) -> Retry | None:
    """What counts after this result on this list; the default for a call that comes from none."""
    if list_id is None or result.retry is None:
        return result.retry
    rule = session.exec(_on_list(), params={"list": list_id, "result": result.code}).first()
    return rule.retry if rule else result.retry


def retries_by_list(session: Session, company_id: int, result: Disposition) -> Mapping[int, Retry]:
    """The rules after this result of those lists with this company that have one of their own."""
    if result.retry is None:
        return {}
    rules = session.exec(_on_lists(), params={"company": company_id, "result": result.code})
    return {rule.list_id: rule.retry for rule in rules}


def no_message(session: Session, call: Call) -> NoMessage | None:
    """Why no voicemail message may be left in this call; None when one may."""
    found = run(session, _message_rule_and_attempts(), {"call": call.id}).all()
    own = found[0][0] if found else None
    once_in: int = _default(MESSAGE_LEFT).message_once_in or 0 if own is None else own
    earlier = [(reached, moment) for _own, reached, moment in found if reached is not None]
    if may_leave_message(once_in, [reached for reached, _moment in earlier]):
        return None
    left_at = next((moment for reached, moment in earlier if reached is Reached.MESSAGE_LEFT), None)
    return NoMessage(left_at if once_in else None, once_in)


@cache
def _on_list() -> SelectOfScalar[RetryRule]:
    return select(RetryRule).where(
        col(RetryRule.list_id) == bindparam("list"), col(RetryRule.disposition) == bindparam("result")
    )


@cache
def _on_lists() -> SelectOfScalar[RetryRule]:
    here = (col(CallListEntry.list_id) == RetryRule.list_id) & (col(CallListEntry.company_id) == bindparam("company"))
    return select(RetryRule).join(CallListEntry, here).where(col(RetryRule.disposition) == bindparam("result"))


@cache
def _message_rule_and_attempts() -> Select[Any, Any, Any]:
    """The rule of the list of this call, with what earlier attempts gave on any list: it is the same voicemail."""
    before = aliased(Call)
    own = (col(RetryRule.list_id) == Call.list_id) & (col(RetryRule.disposition) == MESSAGE_LEFT)
    attempts = (
        (col(before.company_id) == Call.company_id)
        & (col(before.id) < Call.id)
        & is_in(CallStatus.DONE, before)
        & col(before.reached).is_not(None)
    )
    return (
        select(RetryRule.message_once_in, before.reached, before.ended_at)
        .select_from(Call)
        .join(RetryRule, own, isouter=True)
        .join(before, attempts, isouter=True)
        .where(col(Call.id) == bindparam("call"))
        .order_by(col(before.id).desc())
        .limit(MOST_LOOKED_BACK)
    )
