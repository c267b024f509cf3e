"""Writing down a call that was not made at the desk: on another phone, at a visit, or when a company rang us.

It has happened, so nothing refuses it for having happened. A call of ours that the gate would have refused is told
to the one who writes it down and to the coordinators.
"""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.access.queries import people_who_may
from crm.calling.models import UNFINISHED, Call, CallField, WrapUp
from crm.calling.queries import Holder, holder_of
from crm.calling.services import FinishedCall, add_finished_call, lock_lists
from crm.companies.gate import may_call
from crm.companies.models import Company, CompanyNumber
from crm.core.clock import now
from crm.core.db import locked
from crm.core.errors import CrmError, NotFound
from crm.core.i18n import _, show_moment, show_time, speaking
from crm.core.tracing import noting
from crm.desk.cases import may_call_about
from crm.desk.inputs import LoggedCallInput
from crm.desk.queries import is_agreed
from crm.desk.rules import DEAD_NUMBERS, CannotWrapUp, check, check_moment, disposition
from crm.desk.services.consequences import CORRECTABLE, contact_spoken, follow, keep_wrap_up, tries_another_number
from crm.followups.models import FollowUp, FollowUpStatus
from crm.messaging.models import NoticeKind
from crm.messaging.services import notify


class OpenAtDesk(CrmError):
    def __init__(self) -> None:
        super().__init__(_("You have this company open at the call desk. Finish that call first, or put it back."))


class ColleagueIsCalling(CrmError):
    """The same call may be kept once the writer has been told: see LoggedCallInput."""

    def __init__(self, holder: Holder) -> None:
        words = _("{name} is busy with this company now, until {time} at the latest. Say that you know it.")
        super().__init__(words.format(name=holder.name, time=show_time(holder.until)))


@dataclass(frozen=True, slots=True)
class LoggedCall:
    """`refusal` says why the rules did not allow this call; empty when they did."""

    call: Call
    refusal: str


def log_call(session: Session, actor: Actor, company_id: int, given: LoggedCallInput) -> LoggedCall:
    """Keep it with all that follows from its result, or nothing. Pressing twice counts once.

    Raises CannotWrapUp, OpenAtDesk or ColleagueIsCalling.
    """
    actor.require(Permission.COMPANY_EDIT)
    check_moment(given.at, now())
    check(given, now(), given.way)
    on_lists = lock_lists(session, company_id)
    locked(session, Company, company_id)
    if known := _same_call(session, actor, company_id, given):
        return LoggedCall(known, "")
    _check_free(session, actor, company_id, given.holder_id)
    _check_number(session, company_id, given)
    planned = _planned_call(session, company_id, given.follow_up_id)
    again = tries_another_number(session, given.disposition, company_id, given.e164)
    promised = planned.id if planned and planned.owner_id in {None, actor.id} else None
    refusal = _refusal(session, given, company_id, planned)  # before its result may block the company
    with noting(session, *CORRECTABLE) as changes:
        finished = FinishedCall(
            company_id=company_id,
            way=given.way,
            ended_at=given.at,
            disposition=given.disposition,
            objection_right=given.objection_right,
            contact_id=contact_spoken(session, actor, company_id, given),
            e164=given.e164,
            notes=given.notes,
        )
        call = add_finished_call(session, actor, finished, on_lists, another_number=again)
        if refusal:
            _tell_coordinators(session, actor, call, given, planned)
        follow(session, actor, call, given, called_for=promised, another_number=again)
    if given.summary:
        session.add(CallField(call_id=call.id, name="summary", value=given.summary))
    keep_wrap_up(session, WrapUp(call_id=call.id, follow_up_id=promised), changes)
    return LoggedCall(call, refusal)


def _same_call(session: Session, actor: Actor, company_id: int, given: LoggedCallInput) -> Call | None:
    chosen = disposition(given.disposition)
    statement = select(Call).where(
        Call.company_id == company_id,
        Call.caller_id == actor.user_id,
        Call.way == given.way,
        Call.ended_at == given.at,
        Call.reached == chosen.reached,
        col(Call.disposition).is_(None) | (Call.disposition == chosen.code),
    )
    return session.exec(statement.limit(1)).first()


def _check_free(session: Session, actor: Actor, company_id: int, known_holder_id: int | None) -> None:
    own = select(Call.id).where(
        Call.company_id == company_id, Call.caller_id == actor.user_id, col(Call.status).in_(UNFINISHED)
    )
    if session.exec(own).first() is not None:
        raise OpenAtDesk
    holder = holder_of(session, company_id)
    if holder and holder.user_id not in {actor.id, known_holder_id}:
        raise ColleagueIsCalling(holder)


def _check_number(session: Session, company_id: int, given: LoggedCallInput) -> None:
    if not given.e164:
        if given.disposition in DEAD_NUMBERS:
            raise CannotWrapUp(_("Choose the number that does not work."))
        return
    known = select(CompanyNumber.id).where(CompanyNumber.company_id == company_id, CompanyNumber.e164 == given.e164)
    if session.exec(known).first() is None:
        raise NotFound


def _planned_call(session: Session, company_id: int, follow_up_id: int | None) -> FollowUp | None:
    if follow_up_id is None:
        return None
    planned = session.get(FollowUp, follow_up_id)
    if planned is None or planned.company_id != company_id:
        raise NotFound
    return planned if planned.status is FollowUpStatus.OPEN else None


def _refusal(session: Session, given: LoggedCallInput, company_id: int, planned: FollowUp | None) -> str:
    """Why the gate says no to that moment, by what is known now. A visit, or a call of theirs, asks no leave."""
    if not given.way.is_ours:
        return ""
    number, moment = given.e164 or None, given.at
    if planned is None:
        verdict = may_call(session, company_id, e164=number, moment=moment)
    else:
        verdict = may_call_about(session, planned, agreed=is_agreed(planned), e164=number, moment=moment, person=False)
    return "" if verdict.allowed else verdict.reason


def _tell_coordinators(
    session: Session, actor: Actor, call: Call, given: LoggedCallInput, planned: FollowUp | None
) -> None:
    company = session.get_one(Company, call.company_id)
    for reader in people_who_may(session, Permission.LIST_MANAGE):
        with speaking(reader.language):
            title = _("A call against the rules was written down: {company}").format(company=company.name)
            words = _("{name} called on {moment}. By the rules this was not allowed: {reason}")
            reason = _refusal(session, given, company.id, planned)
            body = words.format(name=actor.name, moment=show_moment(given.at), reason=reason)
        once_key = f"call.logged:{call.id}:{reader.id}"
        page = f"companies?company={company.id}"
        notify(session, reader.id, kind=NoticeKind.AGAINST_RULES, once_key=once_key, title=title, body=body, page=page)
