"""Reading letters and what came of them."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session, col

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.models import Company
from crm.outreach.models import Answer, Letter


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter and the company it is for."""

    letter: Letter
    company: str
    town: str


@dataclass(frozen=True, slots=True)
class LetterFigures:
    """Letters made, in the post, and answered."""

    made: int
    sent: int
    answers: dict[Answer, int]


def letters_of(session: Session, actor: Actor, company_id: int, *, limit: int = 10) -> list[Letter]:
    """The newest first."""
    actor.require(Permission.COMPANY_VIEW)
    statement = select(Letter).where(col(Letter.company_id) == company_id).order_by(col(Letter.id).desc()).limit(limit)
    return list(session.scalars(statement))


def letters(
    session: Session, actor: Actor, *, answered: bool = False, page: int = 1, page_size: int = 20
) -> list[LetterRow]:
    """The newest first; of answers the newest answer."""
    actor.require(Permission.LETTER_SEND)
    newest = col(Letter.answered_at if answered else Letter.id)
    statement = select(Letter, col(Company.name), col(Company.town)).join(Company, col(Company.id) == Letter.company_id)
    if answered:
        statement = statement.where(col(Letter.answered_at).is_not(None))
    ordered = statement.order_by(newest.desc()).offset((page - 1) * page_size).limit(page_size)
    return [LetterRow(*row) for row in session.execute(ordered)]


def figures(session: Session, actor: Actor) -> LetterFigures:
    actor.require(Permission.LETTER_SEND)
    counts = select(col(Letter.answer), func.count(), func.count(col(Letter.sent_on))).group_by(col(Letter.answer))
    rows = session.execute(counts).all()
    answers = {answer: n for answer, n, _sent in rows if answer}
    return LetterFigures(sum(row[1] for row in rows), sum(row[2] for row in rows), answers)
