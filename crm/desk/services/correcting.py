"""Putting right the result of a call, on the day it was written down.

What the wrong result changed is put back as it was, and then the right one does its work, in one transaction: the lists
and the follow-ups are as if it had been right at once. What others have built on since stays, and is told.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.calling.models import Call, CallField, CallListEntry, CallStatus, WrapUp
from crm.calling.rules import LONGEST_NOTES, clean
from crm.calling.rules import objection_right as kept_right
from crm.calling.services import change_result, lock_lists
from crm.companies.models import Company, CompanyNumber
from crm.companies.services import take_back_blocks
from crm.core.clock import now
from crm.core.db import locked
from crm.core.errors import CrmError, NotFound
from crm.core.i18n import _, show_moment, speaking
from crm.core.models import Record
from crm.core.tracing import RowChange, noting, put_back
from crm.desk.inputs import CorrectionInput, NextStep
from crm.desk.rules import (
    BLOCKING,
    CannotWrapUp,
    check,
    correctable_on,
    disposition,
)
from crm.desk.services.consequences import (
    CORRECTABLE,
    contact_spoken,
    follow,
    keep_wrap_up,
    plan_step,
    tries_another_number,
)
from crm.followups.models import CALLING_KINDS, FollowUp, FollowUpStatus
from crm.followups.services import planned_call, withdraw
from crm.messaging.models import NoticeKind
from crm.messaging.services import notify
from crm.pipeline.models import HiddenJob
from crm.pipeline.queries import DOUBTED
from crm.reference.models import Disposition


class TooLate(CrmError):
    def __init__(self) -> None:
        super().__init__(_("A result can be changed on the day it was written down. Ask your coordinator what to do."))


class OnlyCoordinator(CrmError):
    def __init__(self) -> None:
        super().__init__(
            _("This company is blocked because of this call. Only a coordinator can take that back, with a reason.")
        )


@dataclass(frozen=True, slots=True)
class Corrected:
    """`told` has a sentence for each thing that stays although the result was changed."""

    call: Call
    told: tuple[str, ...]


@dataclass(slots=True)
class _Work:
    """One correction under way. `counts` once the attempt on the list of the call was taken back."""

    session: Session
    actor: Actor
    call: Call
    given: CorrectionInput
    wrap_up: WrapUp
    before: Disposition
    lists_held: bool
    told: list[str] = field(default_factory=list)
    counts: bool = False

    @property
    def changes(self) -> list[RowChange]:
        return [RowChange(**change) for change in self.wrap_up.changes]

    def tell(self, words: str) -> None:
        if words not in self.told:
            self.told.append(words)


def correct(session: Session, actor: Actor, call_id: int, given: CorrectionInput, *, version: int) -> Corrected:
    """Raises CannotWrapUp, TooLate, OnlyCoordinator or ChangedMeanwhile, and then changes nothing."""
    actor.require(Permission.COMPANY_EDIT)
    call = locked(session, Call, call_id, version=version)
    wrap_up = _wrap_up_of(session, actor, call)
    check(given, now(), call.way)
    before = call.result
    if before is None:  # nothing was wrapped up
        raise NotFound
    held = lock_lists(session, call.company_id).claim is not None
    locked(session, Company, call.company_id)
    call.contact_id = contact_spoken(session, actor, call.company_id, given) or call.contact_id
    work = _Work(session, actor, call, given, wrap_up, before, lists_held=held)
    if given.disposition == before.code:
        call.objection_right = kept_right(before, given.objection_right, call.way)
        _change_step(work)
    else:
        _require_may_unblock(actor, before, given)
        _undo(work)
        _do_again(work)
    _rewrite(session, call, given)
    record(session, actor, "call.corrected", call, reason=given.reason or None)
    if actor.id != call.caller_id:
        _tell_caller(session, actor, call, before, disposition(given.disposition))
    return Corrected(call, tuple(work.told))


def _wrap_up_of(session: Session, actor: Actor, call: Call) -> WrapUp:
    if actor.id != call.caller_id:
        actor.require(Permission.LIST_MANAGE)
    if call.status is not CallStatus.DONE:
        raise NotFound
    wrap_up = session.exec(select(WrapUp).where(WrapUp.call_id == call.id)).one_or_none()
    if wrap_up is None or not correctable_on(wrap_up.created_at, now()):
        raise TooLate
    return wrap_up


def _require_may_unblock(actor: Actor, before: Disposition, given: CorrectionInput) -> None:
    if before.code not in BLOCKING:
        return
    if not actor.may(Permission.LIST_MANAGE):
        raise OnlyCoordinator
    if not given.reason:
        raise CannotWrapUp(_("Write down why the block is taken back."))


def _do_again(work: _Work) -> None:
    session, call, given, called_for = work.session, work.call, work.given, work.wrap_up.follow_up_id
    again = tries_another_number(session, given.disposition, call.company_id, call.e164)
    with noting(session, *CORRECTABLE) as changes:
        change_result(
            session,
            call,
            disposition=given.disposition,
            objection_right=given.objection_right,
            another_number=again,
            counts=work.counts,
        )
        follow(session, work.actor, call, given, called_for=called_for, another_number=again)
    keep_wrap_up(session, work.wrap_up, changes)


def _undo(work: _Work) -> None:
    """The last change first."""
    undo: dict[str, Callable[[_Work, RowChange], None]] = {
        "call_list_entry": _put_entry_back,
        "company": _put_row_back,
        "company_number": _put_row_back,
        "follow_up": _undo_follow_up,
        "hidden_job": _doubt_job,
    }
    blocks = []
    for change in reversed(work.changes):
        if change.table == "suppression":
            blocks.append(change.id)
        else:
            undo[change.table](work, change)
    if blocks:
        take_back_blocks(work.session, work.actor, work.call.company_id, blocks, work.given.reason)


def _put_entry_back(work: _Work, change: RowChange) -> None:
    if work.lists_held:
        work.tell(_("Somebody is busy with this company now: for the lists that call counts."))
    elif put_back(work.session, CallListEntry, change) is None:
        work.tell(_("The company was called again since: for the lists the later call counts."))
    elif change.id == work.call.entry_id:
        work.counts = True


def _put_row_back(work: _Work, change: RowChange) -> None:
    models: dict[str, type[Record]] = {"company": Company, "company_number": CompanyNumber}
    if row := put_back(work.session, models[change.table], change):
        record(work.session, work.actor, f"{change.table}.restored", row)
    else:
        work.tell(_("What this call changed of the company was changed again since, and stays as it is now."))


def _undo_follow_up(work: _Work, change: RowChange) -> None:
    if change.before is None:
        _withdraw(work, change.id)
    elif change.before.get("status") == FollowUpStatus.OPEN and _other_call_planned(work, change.id):
        work.tell(_("Another call to this company was planned since; that one stays."))
    elif restored := put_back(work.session, FollowUp, change):
        record(work.session, work.actor, "follow_up.restored", restored)
    else:
        work.tell(_("A follow-up was changed since and stays as it is now."))


def _other_call_planned(work: _Work, follow_up_id: int) -> bool:
    """Only one call to a company is planned at a time."""
    step = work.session.get_one(FollowUp, follow_up_id)
    if step.kind not in CALLING_KINDS or step.company_id is None:
        return False
    planned = planned_call(work.session, step.company_id)
    return planned is not None and planned.id != step.id


def _withdraw(work: _Work, follow_up_id: int) -> None:
    reason = _("The result of the call was changed.")
    step = withdraw(work.session, work.actor, follow_up_id, reason=reason)
    if step is None:
        work.tell(_("The follow-up of this call was closed already and stays so."))
    elif step.reminded_at:
        work.tell(_("A reminder of the follow-up was sent already. That cannot be taken back."))


def _doubt_job(work: _Work, change: RowChange) -> None:
    """Somebody may be working on it by now, so it stays, marked."""
    if change.before is not None or change.id == work.given.known_job_id:
        return
    job = work.session.get_one(HiddenJob, change.id)
    record(work.session, work.actor, DOUBTED, job, was=work.before.code, now=work.given.disposition)
    words = _("The hidden job “{title}” stays. It is marked, so that somebody looks whether it is right.")
    work.tell(words.format(title=job.title))


def _change_step(work: _Work) -> None:
    """The same result, with another next step."""
    changes, wanted = work.changes, work.given.next_step
    made = [change for change in changes if change.table == "follow_up" and change.before is None]
    planned = [work.session.get_one(FollowUp, change.id) for change in made]
    if wanted and any(_says(step, wanted) for step in planned):
        return
    for step in planned:
        _withdraw(work, step.id)
    with noting(work.session, *CORRECTABLE) as added:
        if wanted:
            plan_step(work.session, work.actor, work.call, wanted, work.given.known_job_id)
    kept = [change for change in changes if change not in made]
    keep_wrap_up(work.session, work.wrap_up, [*kept, *added])


def _says(step: FollowUp, wanted: NextStep) -> bool:
    names = ("kind", "due_at", "owner_id", "note")
    return all(getattr(step, name) == getattr(wanted, name) for name in names)


def _rewrite(session: Session, call: Call, given: CorrectionInput) -> None:
    call.notes, call.notes_saved_at = clean(given.notes, LONGEST_NOTES), now()
    statement = select(CallField).where(CallField.call_id == call.id, CallField.name == "summary")
    summary = session.exec(statement).one_or_none() or CallField(call_id=call.id, name="summary")
    summary.value, summary.saved_at = given.summary or None, now()
    session.add(summary)


def _tell_caller(session: Session, actor: Actor, call: Call, before: Disposition, after: Disposition) -> None:
    caller, company = session.get_one(User, call.caller_id), session.get_one(Company, call.company_id)
    with speaking(caller.language):
        title = _("{name} changed the result of your call: {company}").format(name=actor.name, company=company.name)
        words = _("The call of {moment} was “{before}” and is now “{after}”.")
        body = words.format(
            moment=show_moment(call.ended_at or now()),
            before=before.name,
            after=after.name,
        )
    once_key = f"call.corrected:{call.id}:{call.version}:{now().isoformat()}"
    page = f"companies?company={company.id}"
    notify(session, caller.id, kind=NoticeKind.CORRECTED, once_key=once_key, title=title, body=body, page=page)
