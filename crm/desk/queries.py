"""What the call desk shows, in few queries: every click waits for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.calling.models import Call, Priority
from crm.calling.queries import Holder, holder_of, steps, written
from crm.calling.queue import is_good_hour
from crm.calling.retries import NoMessage, no_message
from crm.companies.gate import may_call, may_call_many
from crm.companies.models import Company, CompanyNumber, Contact
from crm.companies.queries import EvidenceRow, evidence_row
from crm.companies.rules import Verdict
from crm.core.clock import now
from crm.core.db import run
from crm.core.errors import NotFound
from crm.core.settings import settings
from crm.desk import statements
from crm.desk.cases import may_call_about
from crm.desk.drafts import Draft, draft
from crm.desk.referrals import Introducer, introducer, told_in
from crm.desk.rules import TOLD_BY_TELEPHONE
from crm.desk.spoken_names import general, of_company, of_draft
from crm.desk.timeline import Timeline, timeline
from crm.followups.models import PROMISED_KINDS, FollowUp
from crm.pipeline.models import HiddenJob
from crm.reference.models import Disposition
from crm.reference.queries import dispositions
from crm.reference.trades import trade_group, trade_groups
from crm.scripts.graph import Script
from crm.scripts.queries import script as script_of
from crm.scripts.queries import script_by
from crm.scripts.rules import Position, Proposal, fill, propose, spoken, walk
from crm.telephony.models import DialledCall, PhoneLine
from crm.telephony.queries import last_dialled, line_to_dial_on

MOST_AT_DESK = 20


@dataclass(frozen=True, slots=True)
class Talk:
    """Where the conversation is: what changes while one talks."""

    call: Call
    script: Script
    position: Position
    proposal: Proposal
    draft: Draft
    no_message: NoMessage | None
    fields: Mapping[str, Any]
    saved_at: datetime | None
    variables: Mapping[str, str]
    trade_group: str
    leads: Sequence[Company]
    dialled: DialledCall | None

    @property
    def told(self) -> Disposition | None:
        """The result of the call by the telephone: a proposal, for a machine may have answered."""
        cause = self.dialled.cause if self.dialled else None
        return dispositions().get(TOLD_BY_TELEPHONE[cause]) if cause in TOLD_BY_TELEPHONE else None

    def said(self, text: str) -> str:
        """A text of the script with the names filled in."""
        return fill(text, self.variables)


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom to ask for, the latest first, and the numbers that work, the main one first."""

    contacts: Sequence[Contact]
    numbers: Sequence[CompanyNumber]


@dataclass(frozen=True, slots=True)
class Parked:
    """The call that waits for its caller: with whom, and since when."""

    company: str
    since: datetime


@dataclass(frozen=True, slots=True)
class DeskView:
    """All three zones of the desk."""

    talk: Talk
    company: Company
    reach: Reach
    verdict: Verdict
    evidence: EvidenceRow | None
    history: Timeline
    jobs: Sequence[HiddenJob]
    introducer: Introducer | None
    list_name: str
    priority: Priority
    attempts: int
    good_hour_for: str
    callback: FollowUp | None
    promised_by: str
    held: bool
    parked: Parked | None
    line: PhoneLine | None

    @property
    def by_system(self) -> bool:
        """Whether a telephone system dials; after it let the caller down in this call, a link does."""
        dialled = self.talk.dialled
        return self.line is not None and not (dialled and dialled.problem)

    @property
    def number(self) -> CompanyNumber | None:
        """The number of this call."""
        known = {number.e164: number for number in self.reach.numbers}
        return known.get(self.talk.call.e164) or next(iter(self.reach.numbers), None)


def desk_view(session: Session, actor: Actor) -> DeskView | None:
    """The open call of this caller with all that belongs to it; None when there is none."""
    actor.require(Permission.CALL_MAKE)
    here = _open_call(session, actor)
    if here is None:
        return None
    call, company, callback = here.call, here.company, here.callback
    reach = _reach_of(session, here)
    verdict = verdict_of(session, call, callback)
    return DeskView(
        talk=_talk(session, actor, here, reach),
        company=company,
        reach=reach,
        verdict=verdict,
        evidence=evidence_row(session, actor, verdict),
        history=timeline(session, actor, company.id, MOST_AT_DESK),
        jobs=_jobs(session, company.id) if here.has_jobs else (),
        introducer=introducer(session, company.id) if here.is_lead else None,
        list_name=here.list_name or "",
        priority=Priority.NORMAL if here.priority is None else Priority(here.priority),
        attempts=here.attempts or 0,
        good_hour_for="" if here.attempts or callback else _good_hour_for(session, call, company),
        callback=callback,
        promised_by=_colleague(session, actor, callback),
        held=here.claim_id is not None,
        parked=aside(here.parked_company, here.parked_at),
        line=line_to_dial_on(session, actor.user_id),
    )


def _open_call(session: Session, actor: Actor) -> statements.OpenCall | None:
    row = session.exec(statements.open_call(), params={"caller": actor.user_id}).first()
    return statements.OpenCall(*row) if row else None


def _good_hour_for(session: Session, call: Call, company: Company) -> str:
    """The trade, when it was a reason to call this company that its people come to the phone at this hour."""
    group = trade_group(company.sbi_code)
    if call.entry_id is None or not is_good_hour(session, group, call.created_at):
        return ""
    return trade_groups()[group].plural


def aside(company: str | None, since: datetime | None) -> Parked | None:
    return Parked(company, since) if company is not None and since else None


def _colleague(session: Session, actor: Actor, callback: FollowUp | None) -> str:
    """Who promised the call that is made; empty when that is this caller, or the team."""
    owner_id = callback.owner_id if callback else None
    return session.get_one(User, owner_id).name if owner_id not in {None, actor.id} else ""


@dataclass(frozen=True, slots=True)
class ElsewhereForm:
    """What the form for a call made elsewhere can choose from. `planned` are calls this one may have been."""

    company: Company
    reach: Reach
    planned: Sequence[FollowUp]
    jobs: Sequence[HiddenJob]
    holder: Holder | None


def elsewhere_form(session: Session, actor: Actor, company_id: int) -> ElsewhereForm:
    """`holder` is the colleague who is busy with the company now."""
    actor.require(Permission.COMPANY_EDIT)
    company = session.get(Company, company_id)
    if company is None:
        raise NotFound
    holder = holder_of(session, company_id)
    here = {"company": company_id}
    return ElsewhereForm(
        company=company,
        reach=_reach(session, company_id),
        planned=session.exec(statements.planned_calls(), params=here | {"caller": actor.id, "called_for": None}).all(),
        jobs=_jobs(session, company_id),
        holder=holder if holder and holder.user_id != actor.id else None,
    )


def verdict_of(session: Session, call: Call, callback: FollowUp | None) -> Verdict:
    """Whether the call that is open may be made, to the number it is about to ring."""
    number = call.e164 or None
    if call.is_incoming:  # they rang, so the hour does not matter: whether we may call them ourselves
        return may_call_many(session, [call.company_id], any_time=True)[call.company_id]
    if callback is None:
        return may_call(session, call.company_id, e164=number)
    return may_call_about(session, callback, agreed=is_agreed(callback), e164=number, person=False)


def is_agreed(callback: FollowUp | None) -> bool:
    """A moment that was agreed may be outside the hours of the desk."""
    return callback is not None and callback.kind in PROMISED_KINDS


def talk(session: Session, actor: Actor) -> Talk | None:
    """Only the conversation of the open call."""
    actor.require(Permission.CALL_MAKE)
    here = _open_call(session, actor)
    return _talk(session, actor, here, _reach_of(session, here)) if here else None


def form_of(session: Session, call: Call) -> Draft:
    """The wrap-up form of a call as it stands."""
    fields, given = written(session, call.id), steps(session, call.id)
    proposal = propose(script_of(session, call.script_version_id), given, fields, incoming=call.is_incoming)
    return draft(fields, proposal, now())


def _talk(session: Session, actor: Actor, here: statements.OpenCall, reach: Reach) -> Talk:
    call = here.call
    script, given = script_by(session, call.script_version_id, here.checksum), steps(session, call.id)
    saved = run(session, statements.fields(), {"call": call.id}).all()
    fields = {field.name: field.value for field in saved if field.value is not None}
    proposal = propose(script, given, fields, incoming=call.is_incoming)
    form = draft(fields, proposal, now())
    return Talk(
        call=call,
        script=script,
        position=walk(script, given, incoming=call.is_incoming),
        proposal=proposal,
        draft=form,
        no_message=no_message(session, call),
        fields=fields,
        saved_at=max(filter(None, [call.notes_saved_at, *(field.saved_at for field in saved)]), default=None),
        variables=general(actor, script)
        | of_company(script, here.company, reach.contacts, reach.numbers)
        | spoken(script, fields)
        | of_draft(script, form, fields),
        trade_group=trade_group(here.company.sbi_code),
        leads=told_in(session, call.id) if here.has_leads else (),
        dialled=last_dialled(session, call.id) if settings().telephony else None,
    )


def _reach_of(session: Session, here: statements.OpenCall) -> Reach:
    return _reach(session, here.company.id, has_contacts=here.has_contacts)


def _reach(session: Session, company_id: int, *, has_contacts: bool = True) -> Reach:
    here = {"company": company_id}
    return Reach(
        contacts=session.exec(statements.contacts(), params=here).all() if has_contacts else (),
        numbers=session.exec(statements.numbers(), params=here).all(),
    )


def _jobs(session: Session, company_id: int) -> Sequence[HiddenJob]:
    return session.exec(statements.jobs(), params={"company": company_id}).all()
