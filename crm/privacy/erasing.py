"""Erasing who asks for it. Counts of calls stay, and a mark by which a number, company or person stays blocked."""

from typing import Any

from sqlalchemy import ColumnElement, Select, delete, exists, func, or_, select, update
from sqlmodel import Session, col

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.calling.lists import forget_lines_about
from crm.calling.models import (
    Call,
    CallField,
    CallListEntry,
    EntryState,
    SkippedCompany,
    WrapUp,
)
from crm.calling.queries import TAKEN_OVER
from crm.calling.services import end_abandoned
from crm.companies.marks import Arrival, Erased, block_known, company_marks, mark, person_mark
from crm.companies.models import (
    Company,
    CompanyNumber,
    Consent,
    Contact,
    CustomerRelation,
    Publication,
    Suppression,
    SuppressionReason,
    TakenBackBlock,
)
from crm.companies.queries import HIGHEST
from crm.companies.words import forget_words, index_company, words_of
from crm.core.clock import now
from crm.core.db import locked
from crm.core.errors import CrmError
from crm.core.i18n import _, speaking
from crm.core.settings import settings
from crm.core.text import name_key
from crm.desk.cases import RUNNING
from crm.followups.models import FollowUp, FollowUpStatus
from crm.matching.models import Introduction, Suggestion
from crm.matching.suggestion_log import suggested_at
from crm.meetings.models import Meeting, MeetingStatus
from crm.messaging.models import Notice, OutboxMessage
from crm.outreach.models import Letter, Recommendation, Touch
from crm.pipeline.analyses.models import WorkAnalysis, WorkTask
from crm.pipeline.models import HiddenJob, LostReason, Stage
from crm.privacy.audit_entries import forget_blocks, forget_entries
from crm.telephony.models import DialledCall

MESSAGES = (  # how the keys of messages about a company begin
    (FollowUp, "follow_up:{}:"),
    (Call, "call.logged:{}:"),
    (Call, "call.corrected:{}:"),
    (Call, "call.made_for:{}:"),
    (Letter, "letter-{}-"),
)
JOB_TEXTS = ("tasks", "must_have", "learnable", "start", "start_place", "contract", "pay_scale", "conditions")
ANALYSIS_TEXTS = ("spoken_with", "left_undone", "circumstances", "agreements")


class CaseStillRuns(CrmError):
    def __init__(self) -> None:
        super().__init__(
            _("Somebody was introduced here, a kopkoffie is planned or a colleague is calling. Close that first.")
        )


class ErasedAlready(CrmError):
    def __init__(self) -> None:
        super().__init__(_("This company was erased already."))


def erase_company(session: Session, actor: Actor, company_id: int) -> Company:
    """Take out what is personal about a company and its people, for good. Nobody calls it again, also when it comes
    back by an import or by hand. A call that its caller left ends without a result.

    Raises CaseStillRuns or ErasedAlready.
    """
    actor.require(Permission.PRIVACY_MANAGE)
    free = end_abandoned(session, actor, company_id)
    company = locked(session, Company, company_id)
    if company.erased_at:
        raise ErasedAlready
    if not free or _case_runs(session, company_id):
        raise CaseStillRuns
    numbers, contacts, calls = (_count(session, model, company_id) for model in (CompanyNumber, Contact, Call))
    reason = _reason(session, company_id)
    _forget_log(session, company_id)
    forget_lines_about(session, company, _numbers_of(session, company_id))
    _mark_numbers(session, actor, company_id, reason)
    _mark_company(session, actor, company, reason)
    _forget_work(session, company_id)
    _forget_company(session, company)
    record(session, actor, "company.erased", company, numbers=numbers, contacts=contacts, calls=calls)
    return company


def erase_contact(session: Session, actor: Actor, contact_id: int) -> Company:
    """Take out one person. Somebody added at this company under the same name is blocked at once."""
    actor.require(Permission.PRIVACY_MANAGE)
    contact = locked(session, Contact, contact_id)
    company = session.get_one(Company, contact.company_id)
    own = select(col(Suppression.reason)).where(col(Suppression.contact_id) == contact_id)
    reason = session.scalars(own.order_by(col(Suppression.reason))).first() or SuppressionReason.ERASED
    forget_entries(session, Contact, select(col(Contact.id)).where(col(Contact.id) == contact_id))
    given = select(col(Consent.id)).where(col(Consent.contact_id) == contact_id)
    forget_entries(session, Consent, given)
    session.execute(update(Consent).where(col(Consent.contact_id) == contact_id).values(given_by=erased_name()))
    spoken = (col(WorkAnalysis.company_id) == company.id, col(WorkAnalysis.spoken_with) == contact.name)
    forget_entries(session, WorkAnalysis, select(col(WorkAnalysis.id)).where(*spoken))
    session.execute(update(WorkAnalysis).where(*spoken).values(spoken_with=erased_name()))
    calls = select(col(Call.id)).where(col(Call.company_id) == company.id)
    session.execute(delete(WrapUp).where(col(WrapUp.call_id).in_(calls)))
    hashed = person_mark(company.id, name_key(contact.name))
    _forget_contacts(session, col(Contact.id) == contact_id)
    keep_mark(session, actor, hashed, reason)
    session.expunge(contact)
    record(session, actor, "contact.erased", company)
    return company


def _case_runs(session: Session, company_id: int) -> bool:
    jobs = select(col(HiddenJob.id)).where(col(HiddenJob.company_id) == company_id)
    planned = (
        select(col(Meeting.id))
        .join(Introduction, col(Introduction.id) == Meeting.introduction_id)
        .where(col(Introduction.job_id).in_(jobs), col(Meeting.status) == MeetingStatus.PLANNED)
    )
    busy = (
        jobs.where(col(HiddenJob.stage).in_(RUNNING)),
        planned,
    )
    return any(session.scalar(one.limit(1)) is not None for one in busy)


def _count(session: Session, model: Any, company_id: int) -> int:
    return session.scalar(select(func.count()).select_from(model).where(col(model.company_id) == company_id)) or 0


def _reason(session: Session, company_id: int) -> SuppressionReason:
    own = select(col(Suppression.reason)).where(col(Suppression.company_id) == company_id)
    return session.scalars(own.order_by(col(Suppression.reason))).first() or SuppressionReason.ERASED


def keep_mark(session: Session, actor: Actor, hashed: str, reason: SuppressionReason) -> Suppression:
    kept = session.scalars(select(Suppression).where(col(Suppression.mark) == hashed)).one_or_none()
    if kept is None:
        kept = Suppression(mark=hashed, reason=reason, made_by_id=actor.id)
        session.add(kept)
    return kept


def _numbers_of(session: Session, company_id: int) -> set[str]:
    numbers = select(col(CompanyNumber.e164)).where(col(CompanyNumber.company_id) == company_id)
    return set(session.scalars(numbers))


def _mark_numbers(session: Session, actor: Actor, company_id: int, reason: SuppressionReason) -> None:
    """A number that another company has too is still known, so its block stays in words."""
    for e164 in _numbers_of(session, company_id):
        block = session.scalars(
            select(Suppression).where(col(Suppression.e164) == e164).order_by(col(Suppression.reason))
        ).first()
        others = exists().where(col(CompanyNumber.e164) == e164, col(CompanyNumber.company_id) != company_id)
        if session.scalar(select(others)):
            if block is None:
                session.add(Suppression(e164=e164, reason=reason, made_by_id=actor.id))
            continue
        keep_mark(session, actor, mark(Erased.NUMBER, e164), block.reason if block else reason)
        for kept in (Suppression, TakenBackBlock):
            session.execute(delete(kept).where(col(kept.e164) == e164))
    session.execute(delete(CompanyNumber).where(col(CompanyNumber.company_id) == company_id))


def _mark_company(session: Session, actor: Actor, company: Company, reason: SuppressionReason) -> None:
    for hashed in company_marks(Arrival.of(company)):
        keep_mark(session, actor, hashed, reason)
    session.execute(update(Suppression).where(col(Suppression.company_id) == company.id).values(note=""))
    session.flush()
    if company.kvk_number:
        other = col(Company.id) != company.id
        branches = session.scalars(select(Company).where(col(Company.kvk_number) == company.kvk_number, other)).all()
        block_known(session.connection(), [Arrival.of(branch) for branch in branches], actor.id)
    block_known(session.connection(), [Arrival.of(company)], actor.id)


def _forget_contacts(session: Session, which: ColumnElement[bool]) -> None:
    people = select(col(Contact.id)).where(which)
    for model in (Consent, FollowUp, Call):
        column = col(model.contact_id)
        session.execute(update(model).where(column.in_(people)).values(contact_id=None))
    for kept in (Suppression, TakenBackBlock):
        session.execute(delete(kept).where(col(kept.contact_id).in_(people)))
    session.execute(delete(Contact).where(which))


def _forget_work(session: Session, company_id: int) -> None:
    """What was written down in calls and about work; that they took place stays."""
    calls = select(col(Call.id)).where(col(Call.company_id) == company_id)
    jobs = select(col(HiddenJob.id)).where(col(HiddenJob.company_id) == company_id)
    meetings = select(col(Introduction.id)).where(col(Introduction.job_id).in_(jobs))
    for kept in (CallField, WrapUp):
        session.execute(delete(kept).where(col(kept.call_id).in_(calls)))
    session.execute(update(DialledCall).where(col(DialledCall.call_id).in_(calls)).values(e164=""))
    session.execute(update(Call).where(col(Call.company_id) == company_id).values(notes="", e164=""))
    lost = {"stage": Stage.LOST, "stage_since": now(), "lost_reason": LostReason.OTHER}
    left = col(HiddenJob.company_id) == company_id
    session.execute(update(HiddenJob).where(left, col(HiddenJob.stage) != Stage.LOST).values(**lost))
    session.execute(update(HiddenJob).where(left).values(title=erased_name(), **dict.fromkeys(JOB_TEXTS, "")))
    noted_down = col(WorkAnalysis.company_id) == company_id
    session.execute(delete(WorkTask).where(col(WorkTask.analysis_id).in_(_analyses(company_id))))
    session.execute(update(WorkAnalysis).where(noted_down).values(**dict.fromkeys(ANALYSIS_TEXTS, "")))
    session.execute(update(Suggestion).where(suggested_at(company_id)).values(why="", words=""))
    told = {"place": "", "host": "", "preparation": "", "employer_reason": ""}
    session.execute(update(Meeting).where(col(Meeting.introduction_id).in_(meetings)).values(**told))
    ours = col(FollowUp.company_id) == company_id
    _forget_messages(session, company_id)
    dropped = {"status": FollowUpStatus.DROPPED, "done_at": now(), "sequence": FollowUp.sequence + 1}
    session.execute(update(FollowUp).where(ours, col(FollowUp.status) == FollowUpStatus.OPEN).values(**dropped))
    session.execute(update(FollowUp).where(ours).values(note="", outcome="", moved_because="", recall_on=None))
    for noted in (SkippedCompany, Touch):
        session.execute(update(noted).where(col(noted.company_id) == company_id).values(note=""))
    entries = update(CallListEntry).where(col(CallListEntry.company_id) == company_id)
    session.execute(entries.values(state=EntryState.BLOCKED, blocked_because=erased_name()))


def _analyses(company_id: int) -> Select[Any]:
    return select(col(WorkAnalysis.id)).where(col(WorkAnalysis.company_id) == company_id)


def _forget_messages(session: Session, company_id: int) -> None:
    """Reminders and messages hold the name of the company."""
    begins = [f"{TAKEN_OVER}:{company_id}:"]
    for model, beginning in MESSAGES:
        ids = session.scalars(select(col(model.id)).where(col(model.company_id) == company_id))
        begins += [beginning.format(id_) for id_ in ids]
    for key in begins:
        for message in (Notice, OutboxMessage):
            session.execute(delete(message).where(col(message.once_key) >= key, col(message.once_key) < key + HIGHEST))
    session.execute(delete(Notice).where(col(Notice.page) == f"companies?company={company_id}"))
    name = session.get_one(Company, company_id).name
    many = "follow_ups:"  # one message about several companies
    together = (col(Notice.once_key) >= many, col(Notice.once_key) < many + HIGHEST)
    session.execute(delete(Notice).where(*together, col(Notice.body).contains(name, autoescape=True)))
    overview = (col(OutboxMessage.kind).is_(None), col(OutboxMessage.sent_at).is_(None))
    session.execute(delete(OutboxMessage).where(*overview, col(OutboxMessage.body).contains(name, autoescape=True)))


def _forget_company(session: Session, company: Company) -> None:
    here = company.id
    session.execute(update(Letter).where(col(Letter.company_id) == here).values(consent_id=None))
    for model in (Consent, Publication, CustomerRelation, Recommendation, TakenBackBlock):
        session.execute(delete(model).where(col(model.company_id) == here))
    _forget_contacts(session, col(Contact.company_id) == here)
    empty: dict[str, Any] = dict.fromkeys(("activity", "street", "town", "email", "website", "source"), "")
    empty |= dict.fromkeys(("kvk_number", "branch_number", "postcode", "latitude", "longitude"))
    moment = now()
    gone = {"name": erased_name(), "name_key": "", "erased_at": moment, "stopped_at": moment}
    words = words_of(f"{company.name} {company.town}")
    # Past the objects of the session: the audit log would keep what they were before.
    session.execute(update(Company).where(col(Company.id) == here).values(**empty, **gone))
    session.refresh(company)
    index_company(session, company)
    forget_words(session.connection(), words)


def _forget_log(session: Session, company_id: int) -> None:
    forget_entries(session, Company, select(col(Company.id)).where(col(Company.id) == company_id))
    for model in (Contact, Consent, Publication, CustomerRelation, FollowUp, HiddenJob, Call, Letter, Recommendation):
        forget_entries(session, model, select(col(model.id)).where(col(model.company_id) == company_id))
    forget_entries(session, WorkAnalysis, _analyses(company_id))
    tasks = select(col(WorkTask.id)).where(col(WorkTask.analysis_id).in_(_analyses(company_id)))
    forget_entries(session, WorkTask, tasks)
    forget_entries(session, Suggestion, select(col(Suggestion.id)).where(suggested_at(company_id)))
    numbers = select(col(CompanyNumber.e164)).where(col(CompanyNumber.company_id) == company_id)
    people = select(col(Contact.id)).where(col(Contact.company_id) == company_id)
    for kind in (Suppression, TakenBackBlock):
        ours = (col(kind.company_id) == company_id, col(kind.e164).in_(numbers), col(kind.contact_id).in_(people))
        forget_blocks(session, kind, or_(*ours))


def erased_name() -> str:
    with speaking(settings().language):
        return _("(erased)")
