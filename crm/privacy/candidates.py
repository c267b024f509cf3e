"""What we hold of a job seeker: all of it in one file, and all of it erased, on request or after its term."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, update
from sqlmodel import Session, col, delete, select

from crm.access.actor import SYSTEM, Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.calling.models import Call
from crm.candidates.models import Candidate, CandidateStatus
from crm.candidates.retention import IS_KEPT, past_term
from crm.companies.models import Company
from crm.core.clock import local, now
from crm.core.db import locked, table_of
from crm.core.errors import CrmError, NotFound
from crm.core.i18n import _
from crm.core.models import Record
from crm.core.types import LabelledEnum
from crm.matching.models import Introduction
from crm.meetings.models import Meeting, MeetingStatus
from crm.pipeline.models import HiddenJob
from crm.privacy.audit_entries import forget_entries
from crm.privacy.dossier import Table
from crm.privacy.erasing import erased_name
from crm.privacy.held import HELD, PERSON, Held
from crm.reference.queries import competences

BATCH = 50
KEPT = {"id", "created_at", "version", "status_since"}  # for the numbers
IN_WORDS: dict[type, Callable[[Any], str]] = {  # a moment is a day too, so it comes first
    LabelledEnum: lambda value: value.label,
    bool: lambda value: _("yes") if value else _("no"),
    datetime: lambda value: f"{local(value):%Y-%m-%d %H:%M}",
}


class KopkoffiePlanned(CrmError):
    def __init__(self) -> None:
        super().__init__(_("A kopkoffie is planned with this job seeker. Cancel it first."))


def held_of(session: Session, actor: Actor, candidate_id: int) -> list[Table]:
    """Raises NotFound."""
    actor.require(Permission.PRIVACY_MANAGE)
    person = session.get(Candidate, candidate_id)
    if person is None or person.erased_at:
        raise NotFound
    facts = [(_(heading), _shown(session, person, name)) for name, heading in PERSON.items()]
    known = Table("persoon", _("Job seeker"), (_("What"), _("Details")), facts)
    return [known, *(_table(session, held, candidate_id) for held in HELD)]


def _table(session: Session, held: Held, candidate_id: int) -> Table:
    found = session.exec(select(held.model).where(held.of(candidate_id)).order_by(col(held.model.id)))
    rows = [tuple(_shown(session, row, name) for name in held.shown) for row in found]
    return Table(held.file, _(held.heading), tuple(_(heading) for heading in held.shown.values()), rows)


def _shown(session: Session, row: Record, name: str) -> str:
    value = getattr(row, name)
    if name == "job_id" and value:
        return session.get_one(HiddenJob, value).title
    if name == "call_id" and value:
        return session.get_one(Company, session.get_one(Call, value).company_id).name
    if name == "company_id":
        return session.get_one(Company, value).name
    if name == "code" and value in competences():
        return competences()[value].name
    return _in_words(value)


def _in_words(value: Any) -> str:
    if isinstance(value, list | dict):
        parts = value.values() if isinstance(value, dict) else value
        return ", ".join(_in_words(part) for part in parts)
    for kind, words in IN_WORDS.items():
        if isinstance(value, kind):
            return words(value)
    return "" if value is None else str(value)


def erase_candidate(session: Session, actor: Actor, candidate_id: int) -> Candidate:
    """Take out who a job seeker is and all that was said, for good. That there was somebody stays, for the numbers.

    Raises KopkoffiePlanned, or NotFound when it was done already.
    """
    actor.require(Permission.PRIVACY_MANAGE)
    person = locked(session, Candidate, candidate_id)
    if person.erased_at:
        raise NotFound
    if session.exec(_planned(Candidate.id == candidate_id).limit(1)).first() is not None:
        raise KopkoffiePlanned
    session.flush()
    for held in HELD:
        mine = held.of(candidate_id)
        forget_entries(session, held.model, select(col(held.model.id)).where(mine))
        if held.emptied is None:
            session.execute(delete(held.model).where(mine))
        elif held.emptied:
            session.execute(update(held.model).where(mine).values(**held.emptied))
    forget_entries(session, Candidate, select(col(Candidate.id)).where(col(Candidate.id) == candidate_id))
    # Past the objects of the session: the audit log would keep what they were before.
    session.execute(update(Candidate).where(col(Candidate.id) == candidate_id).values(**_nobody()))
    session.refresh(person)
    record(session, actor, "candidate.erased", person)
    return person


def _nobody() -> dict[str, Any]:
    """What somebody is of whom nothing is known, in every column."""
    nobody = Candidate(name=erased_name(), status=CandidateStatus.LEFT, erased_at=now())
    return {
        column.name: getattr(nobody, column.name) for column in table_of(Candidate).columns if column.name not in KEPT
    }


def _planned(*which: ColumnElement[bool] | bool) -> Any:
    return (
        select(Meeting.id)
        .join(Introduction, col(Introduction.id) == Meeting.introduction_id)
        .join(Candidate, col(Candidate.id) == Introduction.candidate_id)
        .where(*which, Meeting.status == MeetingStatus.PLANNED)
    )


def forget_candidates(session: Session, moment: datetime) -> int:
    """Erase some who are past their term, unless they were introduced or drank a kopkoffie since. Tells how many."""
    since = moment - IS_KEPT
    mine = select(Introduction.id).where(Introduction.candidate_id == Candidate.id)
    coffee = select(Meeting.id).join(Introduction, col(Introduction.id) == Meeting.introduction_id)
    coffee = coffee.where(Introduction.candidate_id == Candidate.id)
    met = coffee.where((Meeting.starts_at >= since) | (Meeting.status == MeetingStatus.PLANNED))
    old = select(Candidate.id).where(
        past_term(moment), ~exists(mine.where(Introduction.created_at >= since)), ~exists(met)
    )
    ids = session.exec(old.order_by(col(Candidate.id)).limit(BATCH)).all()
    for candidate_id in ids:
        erase_candidate(session, SYSTEM, candidate_id)
    return len(ids)
