"""Writing down job seekers and what they agreed to."""

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col, delete, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import Change, record
from crm.candidates.inputs import CandidateConsentInput, CandidateInput
from crm.candidates.models import Candidate, CandidateCompetence, CandidateStatus
from crm.core.clock import at, now, today
from crm.core.db import locked
from crm.core.errors import CrmError
from crm.core.i18n import _
from crm.reference.queries import postcode_area


class ConsentTooLong(CrmError):
    def __init__(self) -> None:
        super().__init__(_("Consent lasts from tomorrow up to one year from now. Choose a date in between."))


def add_candidate(session: Session, actor: Actor, given: CandidateInput) -> Candidate:
    actor.require(Permission.CANDIDATE_EDIT)
    candidate = Candidate(name=given.name)
    _fill(candidate, given)
    session.add(candidate)
    session.flush()
    competences = _set_competences(session, candidate, given.competences)
    record(session, actor, "candidate.added", candidate, competences=competences)
    return candidate


def edit_candidate(
    session: Session, actor: Actor, candidate_id: int, given: CandidateInput, *, version: int
) -> Candidate:
    actor.require(Permission.CANDIDATE_EDIT)
    candidate = locked(session, Candidate, candidate_id, version=version)
    _fill(candidate, given)
    flag_modified(candidate, "version")  # competences are rows of their own, but a change of them is a change too
    competences = _set_competences(session, candidate, given.competences)
    record(session, actor, "candidate.edited", candidate, competences=competences)
    return candidate


def set_status(
    session: Session, actor: Actor, candidate_id: int, status: CandidateStatus, *, version: int | None
) -> Candidate:
    """`version` is None when it follows from something else, such as a placement."""
    actor.require(Permission.CANDIDATE_EDIT)
    candidate = locked(session, Candidate, candidate_id, version=version)
    candidate.status = status
    record(session, actor, "candidate.status", candidate)
    return candidate


def record_consent(
    session: Session, actor: Actor, candidate_id: int, given: CandidateConsentInput, *, version: int
) -> Candidate:
    """Consent given now, up to and including the day `until`."""
    actor.require(Permission.CANDIDATE_EDIT)
    candidate = locked(session, Candidate, candidate_id, version=version)
    if not 0 < (given.until - today()).days <= 366:
        raise ConsentTooLong
    candidate.consent_text = given.text
    candidate.consent_at, candidate.consent_until = now(), at(given.until, 23, 59)
    record(session, actor, "candidate.consent_given", candidate)
    return candidate


def withdraw_consent(session: Session, actor: Actor, candidate_id: int, *, version: int) -> Candidate:
    """From this moment; what was agreed to before stays as evidence."""
    actor.require(Permission.CANDIDATE_EDIT)
    candidate = locked(session, Candidate, candidate_id, version=version)
    candidate.consent_until = now()
    record(session, actor, "candidate.consent_withdrawn", candidate)
    return candidate


def _fill(candidate: Candidate, given: CandidateInput) -> None:
    for name, value in given.model_dump(exclude={"competences", "phone", "barriers"}).items():
        setattr(candidate, name, value)
    candidate.e164 = given.phone
    candidate.barriers = [barrier.value for barrier in given.barriers]
    area = postcode_area(given.postcode) if given.postcode else None
    candidate.latitude, candidate.longitude = (area.latitude, area.longitude) if area else (None, None)
    candidate.town = area.town if area else given.town


def _set_competences(session: Session, candidate: Candidate, codes: list[str]) -> Change:
    mine = col(CandidateCompetence.candidate_id) == candidate.id
    before = sorted(session.exec(select(CandidateCompetence.code).where(mine)))
    session.exec(delete(CandidateCompetence).where(mine))
    session.add_all(CandidateCompetence(candidate_id=candidate.id, code=code) for code in codes)
    return Change(before or None, codes or None)
