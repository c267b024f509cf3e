"""The statements of the desk, each built once: building one costs more than running it, and every click waits."""

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, bindparam, exists
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from crm.calling.models import Call, CallField, CallList, CallListEntry, CallStatus, Claim, is_in
from crm.calling.queue import known_companies
from crm.companies.gate import contact_objected, number_works
from crm.companies.models import Company, CompanyNumber, Contact, Referral
from crm.followups.escalation import is_left
from crm.followups.models import CALLING_KINDS, FollowUp, FollowUpStatus
from crm.pipeline.models import HiddenJob, Stage
from crm.scripts.models import ScriptVersion

MOST_SHOWN = 5
MOST_LOOKED_AT = 50
CLOSED_STAGES = (Stage.AFTERCARE, Stage.LOST)


class OpenCall(NamedTuple):
    """A call with all that there is one of, of what else there is anything, and what its caller parked.

    `claim_id` is there while the company is held; `checksum` is that of the script.
    """

    call: Call
    company: Company
    callback: FollowUp | None
    claim_id: int | None
    checksum: str
    list_name: str | None
    priority: int | None
    attempts: int | None
    has_contacts: bool
    has_jobs: bool
    has_leads: bool
    is_lead: bool
    parked_company: str | None
    parked_at: datetime | None


@cache
def open_call() -> Any:
    """The rows of OpenCall, for a caller."""
    aside, company_aside = aliased(Call), aliased(Company)
    held = (col(Claim.company_id) == Call.company_id) & (col(Claim.user_id) == Call.caller_id)
    waits = (col(aside.caller_id) == Call.caller_id) & is_in(CallStatus.PARKED, aside)
    return (
        select(Call, Company, FollowUp, Claim.id)
        .add_columns(col(ScriptVersion.checksum))
        .add_columns(col(CallList.name), col(CallList.priority), col(CallListEntry.attempts))
        .add_columns(
            exists().where(col(Contact.company_id) == Company.id),
            exists().where(col(HiddenJob.company_id) == Company.id),
            exists().where(col(Referral.call_id) == Call.id),
            exists().where(col(Referral.company_id) == Company.id),
        )
        .add_columns(col(company_aside.name), col(aside.parked_at))
        .join(Company, col(Company.id) == Call.company_id)
        .join(ScriptVersion, col(ScriptVersion.id) == Call.script_version_id)
        .join(Claim, held, isouter=True)
        .join(FollowUp, col(FollowUp.id) == Claim.follow_up_id, isouter=True)
        .join(CallListEntry, col(CallListEntry.id) == Call.entry_id, isouter=True)
        .join(CallList, col(CallList.id) == CallListEntry.list_id, isouter=True)
        .join(aside, waits, isouter=True)
        .join(company_aside, col(company_aside.id) == aside.company_id, isouter=True)
        .where(col(Call.caller_id) == bindparam("caller"), is_in(CallStatus.OPEN))
    )


@cache
def parked_call() -> Select[str, datetime | None]:
    return (
        select(Company.name, Call.parked_at)
        .join(Call, col(Call.company_id) == Company.id)
        .where(col(Call.caller_id) == bindparam("caller"), is_in(CallStatus.PARKED))
    )


@cache
def fields() -> Select[str, Any, datetime]:
    return select(CallField.name, CallField.value, CallField.saved_at).where(
        col(CallField.call_id) == bindparam("call")
    )


@cache
def contacts() -> SelectOfScalar[Contact]:
    """Whom we may ask for, the latest first."""
    statement = select(Contact).where(col(Contact.company_id) == bindparam("company"), ~contact_objected())
    return statement.order_by(col(Contact.id).desc()).limit(MOST_SHOWN)


@cache
def numbers() -> SelectOfScalar[CompanyNumber]:
    """Those that work, the main one first."""
    return (
        select(CompanyNumber)
        .where(col(CompanyNumber.company_id) == bindparam("company"), number_works())
        .order_by(col(CompanyNumber.is_main).desc(), col(CompanyNumber.id))
        .limit(MOST_SHOWN)
    )


@cache
def jobs() -> SelectOfScalar[HiddenJob]:
    """Those that are not finished, the latest first."""
    return (
        select(HiddenJob)
        .where(col(HiddenJob.company_id) == bindparam("company"), col(HiddenJob.stage).not_in(CLOSED_STAGES))
        .order_by(col(HiddenJob.id).desc())
        .limit(MOST_SHOWN)
    )


@cache
def planned_calls() -> SelectOfScalar[FollowUp]:
    """The calls that a caller, or the team, still has to make to a company, and the one it is called for."""
    owner = col(FollowUp.owner_id)
    return select(FollowUp).where(
        col(FollowUp.company_id) == bindparam("company"),
        col(FollowUp.status) == FollowUpStatus.OPEN,
        col(FollowUp.kind).in_(CALLING_KINDS),
        (owner == bindparam("caller")) | owner.is_(None) | (col(FollowUp.id) == bindparam("called_for")),
    )


@cache
def due_calls(*, own: bool) -> SelectOfScalar[FollowUp]:
    """Planned calls to companies that no colleague holds, the oldest promise first, after those that were seen.

    Own ones; or what was agreed for the team, and by colleagues who are late with it or not here today.
    """
    owner, due_at = col(FollowUp.owner_id), col(FollowUp.due_at)
    caller: BindParameter[int] = bindparam("caller")
    held = (col(Claim.company_id) == FollowUp.company_id) & (col(Claim.user_id) != caller)
    left = is_left(bindparam("for_team_since"), bindparam("today"))
    late = owner.is_(None) | ((owner != caller) & left)
    return (
        select(FollowUp)
        .where(
            col(FollowUp.status) == FollowUpStatus.OPEN,
            col(FollowUp.kind).in_(bindparam("kinds", expanding=True)),
            owner == caller if own else late & col(FollowUp.company_id).not_in(known_companies()),
            due_at <= bindparam("moment"),
            col(FollowUp.company_id).is_not(None),
            ~exists().where(held, col(Claim.expires_at) > bindparam("moment")),
        )
        .order_by(due_at, col(FollowUp.id))
        .limit(MOST_LOOKED_AT)
        .offset(bindparam("seen"))
    )
