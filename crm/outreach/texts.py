"""The wording of letters: what a coordinator wrote last, or the text that comes with the product."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import yaml
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.core.settings import PROJECT_DIR, settings
from crm.outreach.inputs import LetterTextInput
from crm.outreach.layout import sample_pages
from crm.outreach.models import LetterText, Tongue
from crm.outreach.printing import to_pdf, to_picture
from crm.outreach.wording import fill

FOLDER = PROJECT_DIR / "data" / "letters"


@dataclass(frozen=True, slots=True)
class TextVersion:
    """A wording and who wrote it; without a name it came with the product."""

    text: LetterText
    writer: str | None


def current_text(session: Session, language: Tongue) -> LetterText:
    """The newest wording. It has no id as long as it is the one that comes with the product."""
    return _newest(session, language) or LetterText(**standard_text(language).model_dump())


def kept_text(session: Session, language: Tongue) -> LetterText:
    """The newest wording as a row, to refer to."""
    text = _newest(session, language)
    if text is None:
        text = LetterText(**standard_text(language).model_dump())
        session.add(text)
        session.flush()
    return text


def save_text(session: Session, actor: Actor, given: LetterTextInput) -> LetterText:
    """From now on letters have these words; letters that were made keep theirs. Raises LetterTooLong."""
    actor.require(Permission.LETTER_SEND)
    text = LetterText(**given.model_dump(), made_by_id=actor.user_id)
    to_pdf(sample_pages(text), given.subject)
    session.add(text)
    record(session, actor, "letter_text.made", text)
    return text


def preview(session: Session, actor: Actor, given: LetterTextInput) -> bytes:
    """A picture of a letter with these words, before they are kept. Raises LetterTooLong or NotPrinted."""
    actor.require(Permission.LETTER_SEND)
    return to_picture(sample_pages(LetterText(**given.model_dump()))[0])


def versions(session: Session, actor: Actor, language: Tongue, *, limit: int = 20) -> list[TextVersion]:
    """The newest first."""
    actor.require(Permission.LETTER_SEND)
    statement = (
        select(LetterText, User.name)
        .outerjoin(User, col(LetterText.made_by_id) == User.id)
        .where(LetterText.language == language)
        .order_by(col(LetterText.id).desc())
        .limit(limit)
    )
    return [TextVersion(text, writer) for text, writer in session.exec(statement)]


def consent_text(text: LetterText) -> str:
    """The exact words somebody agrees to, without anything of one company."""
    return fill(text.consent, {"organisatie": settings().organisation, "maanden": str(settings().consent_months)})


@cache
def standard_text(language: Tongue) -> LetterTextInput:
    raw = yaml.safe_load((FOLDER / f"{language.value}.yaml").read_text("utf-8"))
    return LetterTextInput(language=language, **raw)


def _newest(session: Session, language: Tongue) -> LetterText | None:
    newest = select(LetterText).where(LetterText.language == language).order_by(col(LetterText.id).desc()).limit(1)
    found: Sequence[LetterText] = session.exec(newest).all()
    return found[0] if found else None
