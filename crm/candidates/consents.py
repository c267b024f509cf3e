"""What job seekers agreed to: rows that are evidence, and what follows from them for introducing."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.candidates.inputs import CandidateConsentInput
from crm.candidates.models import Candidate, CandidateConsent
from crm.candidates.rules import introducible
from crm.companies.models import ConsentChannel
from crm.core.clock import at, now, today
from crm.core.db import locked
from crm.core.errors import CrmError
from crm.core.i18n import _


class ConsentTooLong(CrmError):
    def __init__(self) -> None:
        super().__init__(_("Consent lasts from tomorrow up to one year from now. Choose a date in between."))


class BlankLeft(CrmError):
    def __init__(self) -> None:
        super().__init__(_("Fill in the name of the partner organisation where the dots are."))


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """A consent, with who wrote it down and who wrote down that it was taken back."""

    consent: CandidateConsent
    recorded_by: str
    withdrawn_by: str


def consents_of(session: Session, actor: Actor, candidate_id: int) -> list[ConsentLine]:
    """All that was ever agreed to, the newest first."""
    actor.require(Permission.CANDIDATE_VIEW)
    recorder, withdrawer = aliased(User), aliased(User)
    statement = (
        select(CandidateConsent, recorder.name, withdrawer.name)
        .join(recorder, col(CandidateConsent.recorded_by_id) == recorder.id, isouter=True)
        .join(withdrawer, col(CandidateConsent.withdrawn_by_id) == withdrawer.id, isouter=True)
        .where(CandidateConsent.candidate_id == candidate_id)
        .order_by(col(CandidateConsent.given_at).desc(), col(CandidateConsent.id).desc())
    )
    return [ConsentLine(consent, by or "", ended or "") for consent, by, ended in session.exec(statement)]


def record_consent(
    session: Session, actor: Actor, candidate_id: int, given: CandidateConsentInput, *, version: int
) -> list[CandidateConsent]:
    """Consent given now, a row for each purpose. Raises ConsentTooLong or BlankLeft."""
    actor.require(Permission.CANDIDATE_EDIT)
    candidate = locked(session, Candidate, candidate_id, version=version)
    if not 0 < (given.until - today()).days <= 366:
        raise ConsentTooLong
    if any("…" in text for text in given.texts.values()):
        raise BlankLeft
    moment, end = now(), at(given.until, 23, 59)
    made = [
        CandidateConsent(
            candidate_id=candidate_id,
            purpose=purpose,
            channel=given.channel,
            text=text,
            given_at=moment,
            expires_at=end,
            recorded_by_id=actor.id,
        )
        for purpose, text in given.texts.items()
    ]
    session.add_all(made)
    _follow(session, candidate)
    record(session, actor, "candidate.consent_given", candidate, purposes=[one.purpose.value for one in made])
    return made


def withdraw_consent(session: Session, actor: Actor, consent_id: int, channel: ConsentChannel) -> CandidateConsent:
    """From this moment; what was agreed to before stays as evidence. Taken back already: it stays as it was."""
    actor.require(Permission.CANDIDATE_EDIT)
    consent = locked(session, CandidateConsent, consent_id)
    candidate = locked(session, Candidate, consent.candidate_id)
    if consent.withdrawn_at is None:
        for one in _standing(session, consent):
            one.withdrawn_at, one.withdrawn_channel, one.withdrawn_by_id = now(), channel, actor.id
        _follow(session, candidate)
        record(session, actor, "candidate.consent_withdrawn", candidate, purposes=[consent.purpose.value])
    return consent


def _standing(session: Session, consent: CandidateConsent) -> Sequence[CandidateConsent]:
    """This one and what was agreed to earlier for the same: who takes it back means all of it."""
    same = (
        CandidateConsent.candidate_id == consent.candidate_id,
        CandidateConsent.purpose == consent.purpose,
        col(CandidateConsent.withdrawn_at).is_(None),
    )
    return session.exec(select(CandidateConsent).where(*same)).all()


def _follow(session: Session, candidate: Candidate) -> None:
    session.flush()
    rows = session.exec(select(CandidateConsent).where(CandidateConsent.candidate_id == candidate.id)).all()
    candidate.consent_at, candidate.consent_until = introducible(rows, now())
