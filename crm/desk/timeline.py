"""All that happened with a company and what is planned, as one line of events.

To add a kind (letters): give `Kind` a member, and SOURCES a statement that is built once, what makes an event of its
rows, and the permission that its events ask. The desk and the card of the company show it without further work; an icon
for it is in web/components/companies/history.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Boolean, bindparam, case, func, literal
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.calling.models import Call, CallField, CallStatus, CallWay, SkippedCompany, is_in
from crm.candidates.models import Candidate
from crm.companies.models import Company, Referral
from crm.core.clock import at, local
from crm.core.db import run
from crm.core.i18n import _, show_date, show_moment
from crm.followups.models import FollowUp, FollowUpStatus
from crm.matching.tips import name_of_giver
from crm.outreach.models import Answer, Campaign, Letter, Touch
from crm.pipeline.models import HiddenJob
from crm.pipeline.stages import stage_name

AT_FIRST = 8
MOST = 200


class Kind(Enum):
    CALL = auto()
    FOLLOW_UP = auto()
    JOB = auto()
    SKIPPED = auto()
    REFERRAL = auto()
    TIP = auto()
    TOUCH = auto()


@dataclass(frozen=True, slots=True)
class Event:
    """`record_id` is that of the row it tells of; `planned` is for what is still to be done, at `at`.

    Of some events only the day is known: then `at` is some moment of that day.
    """

    kind: Kind
    record_id: int
    at: datetime
    what: str
    who: str
    how: str = ""
    text: str = ""
    planned: bool = False
    whole_day: bool = False

    @property
    def when(self) -> str:
        return show_date(local(self.at).date()) if self.whole_day else show_moment(self.at)

    @property
    def first_line(self) -> str:
        return self.text.partition("\n")[0]


@dataclass(frozen=True, slots=True)
class Timeline:
    """What is planned comes first, the nearest on top; then what happened, the newest on top."""

    events: tuple[Event, ...]
    more: bool


def timeline(session: Session, actor: Actor, company_id: int, most: int = AT_FIRST) -> Timeline:
    """The `most` events of the company that matter first: one statement per kind that there is of it."""
    actor.require(Permission.COMPANY_VIEW)
    most = min(most, MOST)
    here = {"company": company_id, "most": most + 1, "knows": actor.may(Permission.CANDIDATE_VIEW)}
    found = [
        source.event(*row)
        for source, some in zip(SOURCES, run(session, _are_there(), here).one(), strict=True)
        if some and actor.may(source.permission)
        for row in session.exec(source.rows(), params=here)
    ]
    planned = sorted((event for event in found if event.planned), key=lambda event: event.at)
    happened = sorted((event for event in found if not event.planned), key=lambda event: event.at, reverse=True)
    events = (*planned, *happened)
    return Timeline(events[:most], len(events) > most)


@cache
def _are_there() -> Any:
    """Of which kinds there is anything: of most companies of only one or two."""
    bare = (source.rows().with_only_columns(literal(1)).order_by(None).limit(None) for source in SOURCES)
    return select(*(rows.exists() for rows in bare))


def _call(call: Call, caller: str, summary: Any) -> Event:
    result = call.result  # one that is no longer in the reference data is shown by its code
    text = "\n".join(part for part in (summary or "", call.notes) if part)
    how = "" if call.way is CallWay.DESK else call.way.label
    what = result.name if result else call.disposition or _("not finished")
    return Event(Kind.CALL, call.id, call.ended_at or call.created_at, what, caller, how, text)


@cache
def _call_rows() -> Select[Call, str, Any]:
    summary = (col(CallField.call_id) == Call.id) & (col(CallField.name) == "summary")
    return (
        select(Call, User.name, CallField.value)
        .join(User, col(User.id) == Call.caller_id)
        .join(CallField, summary, isouter=True)
        .where(col(Call.company_id) == bindparam("company"), is_in(CallStatus.DONE))
        .order_by(col(Call.ended_at).desc(), col(Call.id).desc())
        .limit(bindparam("most"))
    )


def _follow_up(step: FollowUp, owner: str | None) -> Event:
    planned = step.status is FollowUpStatus.OPEN
    text = step.note if planned else step.outcome or step.note
    at = step.due_at if planned else step.done_at or step.due_at
    who = owner or _("the team")
    return Event(Kind.FOLLOW_UP, step.id, at, step.kind.label, who, text=text, planned=planned)


@cache
def _follow_up_rows() -> Select[FollowUp, str | None]:
    """What is planned, and what was done in another way than by a call, which tells of itself."""
    is_open = col(FollowUp.status) == FollowUpStatus.OPEN
    done_otherwise = (col(FollowUp.status) == FollowUpStatus.DONE) & col(FollowUp.done_in_call_id).is_(None)
    return (
        select(FollowUp, User.name)
        .join(User, col(User.id) == FollowUp.owner_id, isouter=True)
        .where(col(FollowUp.company_id) == bindparam("company"), is_open | done_otherwise)
        .order_by(is_open.desc(), func.coalesce(FollowUp.done_at, FollowUp.due_at).desc(), col(FollowUp.id).desc())
        .limit(bindparam("most"))
    )


def _job(job: HiddenJob, owner: str | None) -> Event:
    return Event(Kind.JOB, job.id, job.created_at, job.title, owner or "", stage_name(job.pipeline, job.stage))


@cache
def _job_rows() -> Select[HiddenJob, str | None]:
    return (
        select(HiddenJob, User.name)
        .join(User, col(User.id) == HiddenJob.owner_id, isouter=True)
        .where(col(HiddenJob.company_id) == bindparam("company"))
        .order_by(col(HiddenJob.created_at).desc(), col(HiddenJob.id).desc())
        .limit(bindparam("most"))
    )


def _skip(skip: SkippedCompany, caller: str) -> Event:
    return Event(Kind.SKIPPED, skip.id, skip.created_at, _("Skipped"), caller, skip.reason.label, skip.note)


@cache
def _skip_rows() -> Select[SkippedCompany, str]:
    return (
        select(SkippedCompany, User.name)
        .join(User, col(User.id) == SkippedCompany.user_id)
        .where(col(SkippedCompany.company_id) == bindparam("company"))
        .order_by(col(SkippedCompany.id).desc())
        .limit(bindparam("most"))
    )


def _referral(referral: Referral, other_id: int, other: str, caller: str) -> Event:
    """Somebody who did not agree to be named is not named to a caller, who might say it."""
    if referral.introducer_company_id == other_id:
        words = _("Told us by {company}") if referral.may_name else _("Told us by a company that is not to be named")
    else:
        words = _("Told us of {company}")
    return Event(Kind.REFERRAL, referral.id, referral.created_at, words.format(company=other), caller)


@cache
def _referral_rows() -> Select[Referral, int, str, str]:
    """Both ways, with the other company."""
    is_lead, introducer = col(Referral.company_id) == bindparam("company"), col(Referral.introducer_company_id)
    other = case((is_lead, introducer), else_=col(Referral.company_id))
    return (
        select(Referral, Company.id, Company.name, User.name)
        .join(Company, col(Company.id) == other)
        .join(User, col(User.id) == Referral.made_by_id)
        .where(is_lead | (introducer == bindparam("company")))
        .order_by(col(Referral.id).desc())
        .limit(bindparam("most"))
    )


def _tip(referral: Referral, giver: str, writer: str) -> Event:
    words = _("A tip from {name}").format(name=giver) if giver else _("A tip from a job seeker")
    how = "" if referral.may_name or not giver else _("Do not say that name.")
    return Event(Kind.TIP, referral.id, referral.created_at, words, writer, how)


@cache
def _tip_rows() -> Select[Referral, str, str]:
    """The name comes along for who `knows` job seekers, or when they agreed to be named."""
    return (
        select(Referral, name_of_giver(bindparam("knows", type_=Boolean)), User.name)
        .join(Candidate, col(Candidate.id) == Referral.candidate_id)
        .join(User, col(User.id) == Referral.made_by_id)
        .where(col(Referral.company_id) == bindparam("company"))
        .order_by(col(Referral.id).desc())
        .limit(bindparam("most"))
    )


def _touch(touch: Touch, person: str | None, campaign: str | None, answer: Answer | None) -> Event:
    how = campaign or (answer.label if answer else "")
    day = at(touch.on_day, 12)
    return Event(Kind.TOUCH, touch.id, day, touch.kind.label, person or "", how, touch.note, whole_day=True)


@cache
def _touch_rows() -> Select[Touch, str | None, str | None, Any]:
    answer: Any = col(Letter.answer)
    return (
        select(Touch, User.name, Campaign.name, answer)
        .join(User, col(User.id) == Touch.made_by_id, isouter=True)
        .join(Campaign, col(Campaign.id) == Touch.campaign_id, isouter=True)
        .join(Letter, col(Letter.id) == Touch.letter_id, isouter=True)
        .where(col(Touch.company_id) == bindparam("company"))
        .order_by(col(Touch.on_day).desc(), col(Touch.id).desc())
        .limit(bindparam("most"))
    )


class Source(NamedTuple):
    """Where events of a kind come from: the newest first, at most `:most` of `:company`."""

    permission: Permission
    rows: Callable[[], Any]
    event: Callable[..., Event]


SOURCES = (
    Source(Permission.COMPANY_VIEW, _call_rows, _call),
    Source(Permission.COMPANY_VIEW, _follow_up_rows, _follow_up),
    Source(Permission.JOB_VIEW, _job_rows, _job),
    Source(Permission.COMPANY_VIEW, _skip_rows, _skip),
    Source(Permission.COMPANY_VIEW, _referral_rows, _referral),
    Source(Permission.COMPANY_VIEW, _tip_rows, _tip),
    Source(Permission.COMPANY_VIEW, _touch_rows, _touch),
)
