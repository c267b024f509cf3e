"""The personal link on which a job seeker fills in the self-assessment: made, ended, and filled in a step at a time."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from pydantic import BaseModel, Field
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.access.queries import token_hash
from crm.audit.services import record
from crm.candidates.inputs import Story
from crm.candidates.models import Candidate
from crm.candidates.talents.models import Frequency, SelfAnswer, SelfAssessment
from crm.candidates.talents.statements import last_step, statements_of
from crm.core.clock import local, now
from crm.core.db import locked
from crm.core.errors import CrmError
from crm.core.i18n import _, show_date, speaking
from crm.core.settings import settings
from crm.messaging.models import NoticeKind, OutboxMessage
from crm.messaging.services import insert_once, mail_is_sent, notify

TALENT_PATH = "/talent"
LINK_LASTS = timedelta(days=21)


class LinkOver(CrmError):
    """The same for a link that never was, one that expired and one that was withdrawn."""

    def __init__(self) -> None:
        super().__init__(_("This link does not work any more."))


class NoMail(CrmError):
    def __init__(self) -> None:
        super().__init__(
            _("This cannot go by e-mail: an e-mail address, a mail server or the address of the site is missing.")
        )


class FilledStep(BaseModel):
    """One step of the self-assessment: words, or answers by competence. Words that are None stay as they are."""

    work_done: Story | None = None
    proud_of: Story | None = None
    answers: dict[str, Frequency] = Field(default={}, max_length=20)


@dataclass(frozen=True, slots=True)
class Filling:
    """What the page shows: the first name and what was filled in, nothing else that we know."""

    assessment: SelfAssessment
    first_name: str
    answers: dict[str, Frequency]


def can_mail(candidate: Candidate) -> bool:
    return bool(candidate.email and mail_is_sent() and settings().public_url)


def make_link(session: Session, actor: Actor, candidate_id: int, *, by_mail: bool = False) -> str:
    """The token of a new link, which is shown once; an earlier one ends. Raises NoMail."""
    actor.require(Permission.CANDIDATE_EDIT)
    candidate = locked(session, Candidate, candidate_id)
    if by_mail and not can_mail(candidate):
        raise NoMail
    end_link(session, actor, candidate_id)
    token = secrets.token_urlsafe(24)
    made = SelfAssessment(
        candidate_id=candidate_id, token_hash=token_hash(token), made_by_id=actor.id, expires_at=now() + LINK_LASTS
    )
    session.add(made)
    record(session, actor, "self_assessment.link_made", made, by_mail=by_mail)
    if by_mail:
        _mail(session, candidate, made, token)
    return token


def end_link(session: Session, actor: Actor, candidate_id: int) -> None:
    """Whoever has the link of now sees that it is over; what was filled in stays."""
    actor.require(Permission.CANDIDATE_EDIT)
    mine = (SelfAssessment.candidate_id == candidate_id, col(SelfAssessment.ended_at).is_(None))
    statement = select(SelfAssessment).where(*mine, col(SelfAssessment.finished_at).is_(None)).with_for_update()
    if (open_one := session.exec(statement).one_or_none()) is not None:
        open_one.ended_at = now()
        record(session, actor, "self_assessment.link_ended", open_one)


def filling(session: Session, token: str) -> Filling:
    """What was filled in so far, or all of it. Raises LinkOver."""
    assessment = session.exec(select(SelfAssessment).where(SelfAssessment.token_hash == token_hash(token))).first()
    if assessment is None or assessment.ended_at or assessment.expires_at <= now():
        raise LinkOver
    name = session.get_one(Candidate, assessment.candidate_id).name
    rows = session.exec(select(SelfAnswer).where(SelfAnswer.assessment_id == assessment.id))
    return Filling(assessment, name.split()[0], {row.code: Frequency(row.answer) for row in rows})


def save_step(
    session: Session, actor: Actor, token: str, step: int, given: FilledStep, *, send: bool = True
) -> SelfAssessment:
    """Keep what was filled in; the last step sends it to the coach, after which it stays. Raises LinkOver."""
    found = filling(session, token)
    assessment = locked(session, SelfAssessment, found.assessment.id)
    if assessment.finished_at:
        return assessment
    if assessment.ended_at:
        raise LinkOver
    if step == 1:
        for name, words in given.model_dump(include={"work_done", "proud_of"}, exclude_none=True).items():
            setattr(assessment, name, words)
    _keep_answers(session, assessment.id, step, given.answers)
    assessment.step = max(assessment.step, min(step, last_step()))
    if send and assessment.step == last_step() == step:
        assessment.finished_at = now()
        _tell_coach(session, assessment)
        record(session, actor, "self_assessment.finished", assessment)
    return assessment


def _keep_answers(session: Session, assessment_id: int, step: int, answers: dict[str, Frequency]) -> None:
    mine = select(SelfAnswer).where(SelfAnswer.assessment_id == assessment_id)
    known = {row.code: row for row in session.exec(mine)}
    for code in (statement.code for statement in statements_of(step)):
        if code not in answers:
            continue
        if code in known:
            known[code].answer = answers[code]
        else:
            session.add(SelfAnswer(assessment_id=assessment_id, code=code, answer=answers[code]))


def _mail(session: Session, candidate: Candidate, made: SelfAssessment, token: str) -> None:
    with speaking(""):
        words = _(
            "Hello {name},\n\nWhat are you good at? With this link you tell us in your own words. It takes about ten "
            "minutes. You can stop and go on later, also on another device.\n\n{address}\n\n"
            "The link works until {day}. It is yours alone: do not pass it on.\n\n"
            "Questions? Call {organisation}: {phone}."
        ).format(
            name=candidate.name.split()[0],
            address=settings().address_of(f"{TALENT_PATH.strip('/')}/{token}"),
            day=show_date(local(made.expires_at).date()),
            organisation=settings().organisation,
            phone=settings().office_phone,
        )
        subject = _("What are you good at?")
    insert_once(
        session,
        OutboxMessage,
        once_key=f"self-assessment-{made.id}",
        to_address=candidate.email,
        subject=subject,
        body=words,
        next_attempt_at=now(),
    )


def _tell_coach(session: Session, assessment: SelfAssessment) -> None:
    candidate = session.get_one(Candidate, assessment.candidate_id)
    user = session.get(User, candidate.coach_id or assessment.made_by_id)
    if user is None:
        return
    with speaking(user.language):
        notify(
            session,
            user.id,
            kind=NoticeKind.SELF_ASSESSED,
            once_key=f"self-assessment-done-{assessment.id}",
            title=_("{name} filled in the self-assessment").format(name=candidate.name),
            body=_("See what was said, and take over what you agree on."),
            page=f"candidates?candidate={candidate.id}&part=talents",
        )
