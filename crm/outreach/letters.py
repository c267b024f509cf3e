"""Writing to a company: who gets a letter, making it, printing it, and saying that it is in the post."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from secrets import token_hex

from sqlalchemy import ColumnElement, case, or_, select
from sqlmodel import Session, col

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.companies.gate import consent_would_help, nobody_objected
from crm.companies.models import Company, CompanyNumber, Suppression, SuppressionReason
from crm.companies.rules import GateFacts, decide
from crm.core.clock import at, local, now, today
from crm.core.db import locked
from crm.core.errors import CrmError
from crm.core.i18n import _
from crm.core.settings import settings
from crm.outreach.codes import code_of, fingerprint
from crm.outreach.inputs import QUIET_DAYS
from crm.outreach.layout import page_of
from crm.outreach.models import Letter, LetterText, Obstacle, Tongue
from crm.outreach.printing import to_pdf
from crm.outreach.sender import require_sender
from crm.outreach.texts import kept_text
from crm.outreach.touches import touch_by_letters
from crm.reference.queries import legal_forms

OBJECTIONS = (SuppressionReason.OBJECTION, SuppressionReason.COMPLAINT)


class NoLetter(CrmError):
    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(_("This company gets no letter: {reason}.").format(reason=obstacle.label.lower()))


class NothingToPrint(CrmError):
    def __init__(self) -> None:
        super().__init__(_("There is no letter to print: these companies may not be written to any more."))


class SentInFuture(CrmError):
    def __init__(self) -> None:
        super().__init__(_("Choose the day on which the letters really went out: today or earlier."))


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF; `left_out` are letters that may not go out any more since they were made."""

    pdf: bytes
    left_out: int = 0


def obstacle(moment: datetime, quiet_days: int) -> ColumnElement[str]:
    """For a statement about companies: why one gets no letter that asks for consent, or null.

    What somebody asked of us goes first, and a letter not long ago last.
    """
    return case(
        *((clause, reason.value) for reason, clause in _lasting()),
        (~consent_would_help(moment) & ~col(Company.legal_form).in_(_forms_that_can(moment)), Obstacle.FORM.value),
        (~consent_would_help(moment), Obstacle.CALLABLE.value),
        (_written_to(local(moment).date() - timedelta(days=quiet_days)), Obstacle.RECENT.value),
    )


def obstacle_of(session: Session, company_id: int, *, quiet_days: int = QUIET_DAYS) -> Obstacle | None:
    found = session.scalar(select(obstacle(now(), quiet_days)).where(col(Company.id) == company_id))
    return Obstacle(found) if found else None


def write_letter(session: Session, actor: Actor, company_id: int, language: Tongue = Tongue.NL) -> Letter:
    """Make the letter to one company. Raises NoLetter or SenderUnknown."""
    actor.require(Permission.LETTER_SEND)
    require_sender()
    locked(session, Company, company_id)
    if reason := obstacle_of(session, company_id):
        raise NoLetter(reason)
    letter = new_letter(company_id, kept_text(session, language).id, actor)
    session.add(letter)
    record(session, actor, "letter.made", letter)
    return letter


def new_letter(company_id: int, text_id: int, actor: Actor) -> Letter:
    seed = token_hex(16)
    return Letter(
        company_id=company_id,
        text_id=text_id,
        seed=seed,
        code_hash=fingerprint(code_of(seed)),
        expires_at=at(today() + timedelta(days=settings().letter_days + 1), 0),
        made_by_id=actor.user_id,
    )


def print_letters(session: Session, actor: Actor, letter_ids: Iterable[int], title: str) -> Printed:
    """The letters as one PDF in order of postcode; the day on them is that of sending, else today.

    Raises NothingToPrint, LetterTooLong, NotPrinted or SenderUnknown.
    """
    actor.require(Permission.LETTER_SEND)
    require_sender()
    ids = list(letter_ids)
    rows = session.execute(
        select(Letter, LetterText, Company)
        .join(LetterText, col(LetterText.id) == Letter.text_id)
        .join(Company, col(Company.id) == Letter.company_id)
        .where(col(Letter.id).in_(ids), may_be_written_to())
        .order_by(col(Company.postcode), col(Company.id))
    ).all()
    if not rows:
        raise NothingToPrint
    pages = [
        page_of(text, company, code_of(letter.seed), letter.sent_on or today(), letter.expires_at)
        for letter, text, company in rows
    ]
    return Printed(to_pdf(pages, title), len(ids) - len(rows))


def mark_sent(session: Session, actor: Actor, letter_id: int, day: date) -> Letter:
    """Say on which day the letter went out. Raises SentInFuture."""
    actor.require(Permission.LETTER_SEND)
    require_past(day)
    letter = locked(session, Letter, letter_id)
    letter.sent_on = day
    record(session, actor, "letter.sent", letter)
    touch_by_letters(session, actor, select(col(Letter.id)).where(col(Letter.id) == letter_id))
    return letter


def require_past(day: date) -> None:
    """Raises SentInFuture."""
    if day > today():
        raise SentInFuture


def may_be_written_to() -> ColumnElement[bool]:
    """A clause on Company: nothing lasting is against a letter that was made before."""
    return ~or_(*(clause for _reason, clause in _lasting()))


def _lasting() -> Iterator[tuple[Obstacle, ColumnElement[bool]]]:
    """What forbids any letter, at making it and again at printing it."""
    yield Obstacle.BLOCKED, or_(~nobody_objected(), _a_number_objected())
    yield Obstacle.STOPPED, col(Company.stopped_at).is_not(None)
    yield Obstacle.NON_MAILING, col(Company.non_mailing).is_(True)
    no_street, no_town = col(Company.street) == "", col(Company.town) == ""
    yield Obstacle.NO_ADDRESS, or_(no_street, no_town, col(Company.postcode).is_(None))


def _a_number_objected() -> ColumnElement[bool]:
    # Who phoned to be left alone may be nobody we know: then only the number tells whose company it was.
    owners = select(col(CompanyNumber.company_id)).join(Suppression, col(Suppression.e164) == CompanyNumber.e164)
    return col(Company.id).in_(owners.where(col(Suppression.reason).in_(OBJECTIONS)))


def _forms_that_can(moment: datetime) -> list[str]:
    """Legal forms of which a company may be called, be it after consent."""
    return [
        code
        for code in legal_forms()
        if decide(GateFacts(legal_form=code, moment=moment, any_time=True, has_consent=True)).allowed
    ]


def _written_to(since: date) -> ColumnElement[bool]:
    recent = or_(col(Letter.sent_on) > since, col(Letter.created_at) >= at(since, 0))
    return col(Company.id).in_(select(col(Letter.company_id)).where(recent))
