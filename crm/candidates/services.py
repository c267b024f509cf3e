"""Writing down job seekers."""

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import Change, record
from crm.candidates.inputs import BarriersInput, PersonInput, SkillsInput, StepInput, WhenInput
from crm.candidates.models import Candidate, CandidateCompetence, CandidateStatus
from crm.core.clock import now
from crm.core.db import locked
from crm.reference.queries import postcode_area

_OTHERWISE = {"competences", "phone", "barriers", "travel_by", "town"}  # kept in another shape than they are given


def add_candidate(session: Session, actor: Actor, given: PersonInput) -> Candidate:
    actor.require(Permission.CANDIDATE_EDIT)
    candidate = Candidate(name=given.name)
    _fill(candidate, given)
    session.add(candidate)
    session.flush()
    competences = _set_competences(session, candidate, given)
    record(session, actor, "candidate.added", candidate, competences=competences)
    return candidate


def edit_candidate(session: Session, actor: Actor, candidate_id: int, given: StepInput, *, version: int) -> Candidate:
    """What is in `given`; the rest stays as it is."""
    actor.require(Permission.CANDIDATE_EDIT)
    candidate = locked(session, Candidate, candidate_id, version=version)
    _fill(candidate, given)
    competences = _set_competences(session, candidate, given)
    flag_modified(candidate, "version")  # competences are rows of their own, but a change of them is a change too
    record(session, actor, "candidate.edited", candidate, competences=competences)
    return candidate


def set_status(
    session: Session, actor: Actor, candidate_id: int, status: CandidateStatus, *, version: int | None
) -> Candidate:
    """`version` is None when it follows from something else, such as a placement."""
    actor.require(Permission.CANDIDATE_EDIT)
    candidate = locked(session, Candidate, candidate_id, version=version)
    if candidate.status is not status:
        candidate.status, candidate.status_since = status, now()
    record(session, actor, "candidate.status", candidate)
    return candidate


def _fill(candidate: Candidate, given: StepInput) -> None:
    for name, value in given.model_dump(exclude=_OTHERWISE).items():
        setattr(candidate, name, value)
    if isinstance(given, PersonInput):
        candidate.e164 = given.phone
        area = postcode_area(given.postcode) if given.postcode else None
        candidate.latitude, candidate.longitude = (area.latitude, area.longitude) if area else (None, None)
        candidate.town = area.town if area else given.town
    if isinstance(given, BarriersInput):
        candidate.barriers = [barrier.value for barrier in given.barriers]
    if isinstance(given, WhenInput):
        candidate.travel_by = [way.value for way in given.travel_by]


def _set_competences(session: Session, candidate: Candidate, given: StepInput) -> Change | None:
    """Tells how they changed; None when they were not asked."""
    if not isinstance(given, SkillsInput):
        return None
    levels = given.competences
    mine = col(CandidateCompetence.candidate_id) == candidate.id
    rows = session.exec(select(CandidateCompetence).where(mine).order_by(CandidateCompetence.code)).all()
    before = {row.code: row.level for row in rows}
    for row in rows:
        if row.code in levels:
            row.level = levels[row.code]
        else:
            session.delete(row)
    new = levels.keys() - before.keys()
    session.add_all(CandidateCompetence(candidate_id=candidate.id, code=code, level=levels[code]) for code in new)
    return Change(before or None, {code: int(level) for code, level in levels.items()} or None)
