"""What an owner answers with the code of a letter: consent, an objection, or not now."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission, Role
from crm.audit.services import record
from crm.companies.gate import nobody_objected
from crm.companies.inputs import ConsentInput, ContactInput, NumberInput, WithdrawalInput
from crm.companies.models import Company, Consent, ConsentChannel, Contact, SuppressionReason
from crm.companies.services import (
    NumberKnown,
    add_contact,
    add_number,
    edit_contact,
    record_consent,
    suppress,
    withdraw_consent,
)
from crm.core.clock import at, now, today
from crm.core.db import locked
from crm.core.errors import CrmError
from crm.core.i18n import N_, _, show_moment, speaking
from crm.core.secrets import keyed_hash
from crm.core.settings import settings
from crm.core.text import plain
from crm.messaging.models import NoticeKind
from crm.messaging.services import notify
from crm.outreach.codes import fingerprint
from crm.outreach.inputs import AnswerInput
from crm.outreach.models import Answer, Letter, LetterText, Tongue
from crm.outreach.texts import consent_text, current_text
from crm.reference.calendar import add_months

SOURCE = N_("answer to our letter")
BY_CODE = N_("Answered with the code of our letter.")
VERIFIED = N_("Personal code of letter {number}, posted to the address of the company.")


class CodeUnknown(CrmError):
    """The same for a code that never was and for one that is over."""

    def __init__(self) -> None:
        super().__init__(_("We do not know this code, or it no longer works."))


class StaysBlocked(CrmError):
    def __init__(self) -> None:
        super().__init__(
            _("For this company we have written down that nobody calls. Please phone us if you want to change that.")
        )


class WordsChanged(CrmError):
    def __init__(self) -> None:
        super().__init__(_("The text was changed while you were reading. Read it once more and answer again."))


@dataclass(frozen=True, slots=True)
class Question:
    """What the page of a letter shows: of the company no more than its name and town."""

    code: str
    company: str
    town: str
    consent: str
    shown: str
    answer: Answer | None
    answered_at: datetime | None
    is_blocked: bool


def question(session: Session, code: str, language: Tongue) -> Question:
    """The letter with this code, to be answered in this language. Raises CodeUnknown."""
    letter = session.exec(_with_code(code)).one_or_none()
    if letter is None:
        raise CodeUnknown
    company = session.get_one(Company, letter.company_id)
    words = _words(session, letter, language)
    return Question(
        code=code,
        company=company.name,
        town=company.town,
        consent=words,
        shown=_mark(words),
        answer=_standing(session, letter),
        answered_at=letter.answered_at,
        is_blocked=_is_blocked(session, company.id),
    )


def give_answer(
    session: Session, actor: Actor, code: str, given: AnswerInput, *, language: Tongue, shown: str
) -> Letter:
    """Keep an answer as evidence: yes becomes consent, no a block at once. Answering again takes an earlier yes back.

    `shown` tells which words somebody read. Raises CodeUnknown, StaysBlocked, WordsChanged or NotOneNumber.
    """
    actor.require(Permission.COMPANY_EDIT)
    letter = session.exec(_with_code(code).with_for_update()).one_or_none()
    if letter is None:
        raise CodeUnknown
    company = locked(session, Company, letter.company_id)
    if given.no_letters and not company.non_mailing:
        company.non_mailing = True
        record(session, actor, "company.changed", company)
    if _standing(session, letter) is given.answer:  # sent twice
        return letter
    if _is_blocked(session, company.id):
        raise StaysBlocked
    _carry_out(session, actor, letter, given, _agreed_words(session, letter, language, shown))
    letter.answer, letter.answered_at = given.answer, now()
    record(session, actor, "letter.answered", letter)
    _tell_coordinators(session, letter, company)
    return letter


def _standing(session: Session, letter: Letter) -> Answer | None:
    """What was answered, unless it was a yes that somebody took back in another way."""
    consent = session.get(Consent, letter.consent_id) if letter.consent_id else None
    is_over = letter.answer is Answer.YES and not (consent and consent.holds_at(now()))
    return None if is_over else letter.answer


def _with_code(code: str) -> SelectOfScalar[Letter]:
    # Only a keyed fingerprint is compared, in an index: how long that takes tells nothing about codes.
    return select(Letter).where(Letter.code_hash == fingerprint(code), Letter.expires_at > now())


def _words(session: Session, letter: Letter, language: Tongue) -> str:
    own = session.get_one(LetterText, letter.text_id)
    return consent_text(own if own.language == language else current_text(session, language))


def _mark(words: str) -> str:
    return keyed_hash("consent words", words)


def _agreed_words(session: Session, letter: Letter, language: Tongue, shown: str) -> str:
    words = _words(session, letter, language)
    if _mark(words) != shown:
        raise WordsChanged
    return words


def _carry_out(session: Session, actor: Actor, letter: Letter, given: AnswerInput, words: str) -> None:
    match given.answer:
        case Answer.YES:
            _take_back(session, actor, [letter.consent_id] if letter.consent_id else [])
            letter.consent_id = _consent(session, actor, letter, given, words).id
        case Answer.LATER:
            _take_back(session, actor, [letter.consent_id] if letter.consent_id else [])
        case Answer.NO:
            _take_back(session, actor, _held(session, letter.company_id))
            suppress(session, actor, letter.company_id, reason=SuppressionReason.OBJECTION, note=for_us(BY_CODE))


def _held(session: Session, company_id: int) -> list[int]:
    kept = session.exec(select(Consent).where(Consent.company_id == company_id, col(Consent.withdrawn_at).is_(None)))
    return [consent.id for consent in kept]


def _take_back(session: Session, actor: Actor, consent_ids: list[int]) -> None:
    told = WithdrawalInput(channel=ConsentChannel.LETTER, how=for_us(BY_CODE))
    for consent_id in consent_ids:
        withdraw_consent(session, actor, consent_id, told)


def _consent(session: Session, actor: Actor, letter: Letter, given: AnswerInput, words: str) -> Consent:
    contact = _person(session, actor, letter.company_id, given)
    if given.telephone:
        _keep_number(session, actor, letter.company_id, given.telephone)
    evidence = ConsentInput(
        given_by=f"{given.name}, {given.function}"[:120],
        contact_id=contact.id,
        channel=ConsentChannel.LETTER,
        text=words,
        verified_how=for_us(VERIFIED).format(number=letter.id),
        expires_at=at(add_months(today(), settings().consent_months), 0),
    )
    return record_consent(session, actor, letter.company_id, evidence)


def _person(session: Session, actor: Actor, company_id: int, given: AnswerInput) -> Contact:
    told = ContactInput(name=given.name, function=given.function, best_time=given.best_time)
    for known in session.exec(select(Contact).where(Contact.company_id == company_id).order_by(col(Contact.id))):
        if plain(known.name) == plain(given.name):
            return edit_contact(session, actor, known.id, told, version=known.version)
    return add_contact(session, actor, company_id, told)


def _keep_number(session: Session, actor: Actor, company_id: int, telephone: str) -> None:
    try:
        add_number(session, actor, company_id, NumberInput(number=telephone, source=for_us(SOURCE), is_main=True))
    except NumberKnown:
        return


def for_us(text: str) -> str:
    """What is kept is read at the desk, whatever language the owner answered in."""
    with speaking(""):
        return _(text)


def _is_blocked(session: Session, company_id: int) -> bool:
    return session.exec(select(Company.id).where(Company.id == company_id, nobody_objected())).first() is None


def _tell_coordinators(session: Session, letter: Letter, company: Company) -> None:
    """Whoever writes letters; the number of the version makes each answer news once."""
    people = session.exec(select(User).where(User.role == Role.COORDINATOR, col(User.active)))
    for user in {user.id: user for user in (*people, session.get_one(User, letter.made_by_id))}.values():
        with speaking(user.language):
            notify(
                session,
                user.id,
                kind=NoticeKind.ANSWERED,
                once_key=f"letter-{letter.id}-{letter.version}-{user.id}",
                title=f"{company.name}: {letter.answer.label if letter.answer else ''}",
                body=_("Answered our letter on {moment}.").format(moment=show_moment(letter.answered_at or now())),
                page=f"companies?company={company.id}",
            )
