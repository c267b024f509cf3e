"""What the invented companies heard of the desk besides calls: letters with their answers, an article, a visit."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlmodel import Session, col, select

from crm.access.actor import SYSTEM
from crm.access.models import User
from crm.companies.models import (
    Company,
    CompanyNumber,
    Consent,
    ConsentChannel,
    Contact,
    Suppression,
    SuppressionReason,
)
from crm.core.clock import at, now, today
from crm.demo.conversations import Desk
from crm.outreach.answers import BY_CODE, VERIFIED, for_us
from crm.outreach.codes import code_of, fingerprint
from crm.outreach.models import (
    Answer,
    Campaign,
    Letter,
    Mailing,
    MailingCompany,
    Recommendation,
    Tongue,
    Touch,
    TouchKind,
)
from crm.outreach.texts import consent_text, kept_text
from crm.pipeline.models import HiddenJob, Stage
from crm.reference.calendar import add_working_days

LETTERS = 24
ANSWERS = (Answer.YES, Answer.NO, Answer.YES, Answer.LATER, Answer.YES, Answer.NO)
ASKED_FORMS = ("EMZ", "VOF", "MA", "CV")
VISITS = 3
RECOMMENDED = (
    ("Binnen twee weken zat hier iemand die het werk al kende. En ik hoefde geen advertentie te zetten.", True),
    ("Ik dacht dat het weer een verkooppraatje was. Het werd een kop koffie, en nu heb ik mijn avonden terug.", False),
    ("Zij vroegen wat er bleef liggen, niet welke vacature ik had. Dat scheelde.", True),
)


def reach_companies(desk: Desk, coordinator: User) -> None:
    """A mailing that was answered by some, one letter that is still to be posted, an article, and a few visits."""
    asked = _without_consent(desk.session)
    chosen, last = asked[:LETTERS], asked[LETTERS]
    posted = add_working_days(today() - timedelta(days=14), 0)
    mailing = _mailing(desk, coordinator, chosen, posted)
    letters = [_letter(desk, coordinator, company, posted) for company in chosen]
    desk.session.add_all(letters)
    desk.session.flush()
    for letter in letters:
        desk.session.add(MailingCompany(mailing_id=mailing.id, company_id=letter.company_id, letter_id=letter.id))
        desk.session.add(_touch(letter.company_id, TouchKind.LETTER, posted, coordinator, letter_id=letter.id))
    for letter, answer in zip(desk.random.sample(letters, len(ANSWERS)), ANSWERS, strict=True):
        _answer(desk.session, desk.random, letter, answer)
    desk.session.add(_letter(desk, coordinator, last, None))
    _article_and_visits(desk, coordinator)
    _recommendations(desk, coordinator)


def _without_consent(session: Session) -> list[Company]:
    asked_before = select(Consent.company_id)
    blocked = select(Suppression.company_id).where(col(Suppression.company_id).is_not(None))
    statement = select(Company).where(
        col(Company.legal_form).in_(ASKED_FORMS),
        col(Company.id).not_in(asked_before),
        col(Company.id).not_in(blocked),
    )
    return list(session.exec(statement.order_by(col(Company.id)).limit(LETTERS + 1)))


def _mailing(desk: Desk, coordinator: User, companies: list[Company], posted: date) -> Mailing:
    made = Mailing(
        name="Eenmanszaken en vof’s in de Drechtsteden",
        filters={"legal_forms": list(ASKED_FORMS)},
        text_id=kept_text(desk.session, Tongue.NL).id,
        quiet_days=180,
        made_by_id=coordinator.id,
        sent_on=posted,
        created_at=at(posted, 11),
    )
    desk.session.add(made)
    desk.session.flush()
    return made


def _letter(desk: Desk, coordinator: User, company: Company, posted: date | None) -> Letter:
    seed = desk.random.randbytes(16).hex()
    made = at(posted, 11) if posted else now()
    return Letter(
        company_id=company.id,
        text_id=kept_text(desk.session, Tongue.NL).id,
        seed=seed,
        code_hash=fingerprint(code_of(seed)),
        expires_at=made + timedelta(days=90),
        made_by_id=coordinator.id,
        sent_on=posted,
        created_at=made,
    )


def _touch(company_id: int, kind: TouchKind, day: date, person: User, **more: Any) -> Touch:
    return Touch(company_id=company_id, kind=kind, on_day=day, made_by_id=person.id, created_at=at(day, 11), **more)


def _answer(session: Session, random: Random, letter: Letter, answer: Answer) -> None:
    """As the page of the letter keeps it: a yes is evidence, a no blocks the company and its numbers."""
    days = random.randint(2, 8)
    moment = min(letter.created_at + timedelta(days=days, minutes=random.randint(5, 300)), now())
    letter.answer, letter.answered_at = answer, moment
    if answer is Answer.YES:
        letter.consent_id = _consent(session, letter, moment).id
    elif answer is Answer.NO:
        session.add_all(_blocks(session, letter, moment))


def _consent(session: Session, letter: Letter, moment: datetime) -> Consent:
    owner = session.exec(select(Contact).where(Contact.company_id == letter.company_id)).first()
    if owner is None:
        surname = session.get_one(Company, letter.company_id).name.split()[-1]
        owner = Contact(company_id=letter.company_id, name=surname, function="eigenaar", created_at=moment)
        session.add(owner)
        session.flush()
    consent = Consent(
        company_id=letter.company_id,
        contact_id=owner.id,
        given_by=f"{owner.name}, {owner.function}",
        channel=ConsentChannel.LETTER,
        text=consent_text(kept_text(session, Tongue.NL)),
        verified_how=for_us(VERIFIED).format(number=letter.id),
        given_at=moment,
        expires_at=moment + timedelta(days=365),
        created_at=moment,
    )
    session.add(consent)
    session.flush()
    return consent


def _blocks(session: Session, letter: Letter, moment: datetime) -> Iterable[Suppression]:
    numbers = session.exec(select(CompanyNumber.e164).where(CompanyNumber.company_id == letter.company_id))
    blocked: list[dict[str, Any]] = [{"company_id": letter.company_id}, *({"e164": number} for number in numbers)]
    for what in blocked:
        note = for_us(BY_CODE)
        yield Suppression(
            reason=SuppressionReason.OBJECTION, note=note, made_by_id=SYSTEM.id, created_at=moment, **what
        )


def _article_and_visits(desk: Desk, coordinator: User) -> None:
    """In the second week, so that there are calls before it, after it, and to companies that did not read it."""
    day = add_working_days(today() - timedelta(days=11), 0)
    article = Campaign(
        name="Artikel in het Drechtse Nieuwsblad",
        kind=TouchKind.ARTICLE,
        on_day=day,
        filters={"towns": ["Dordrecht"]},
        made_by_id=coordinator.id,
        created_at=at(day, 9),
    )
    desk.session.add(article)
    desk.session.flush()
    companies = [company for company, _trade in desk.businesses.values()]
    readers = [company.id for company in companies if company.town == "Dordrecht"]
    desk.session.add_all(_touch(id_, TouchKind.ARTICLE, day, coordinator, campaign_id=article.id) for id_ in readers)
    for company in desk.random.sample(companies, VISITS):
        caller = desk.random.choice(desk.callers)
        desk.session.add(
            _touch(company.id, TouchKind.VISIT, day, caller, note="Kaartje afgegeven, eigenaar was er niet.")
        )


def _recommendations(desk: Desk, coordinator: User) -> None:
    """Of employers where somebody went to work."""
    pleased = select(HiddenJob.company_id).where(col(HiddenJob.stage).in_((Stage.PLACED, Stage.AFTERCARE))).distinct()
    ids = desk.session.exec(pleased.order_by(col(HiddenJob.company_id)).limit(len(RECOMMENDED))).all()
    for company_id, (words, by_name) in zip(ids, RECOMMENDED, strict=False):
        said = Recommendation(
            company_id=company_id,
            words=words,
            by_name=by_name,
            agreed_on=today() - timedelta(days=3),
            made_by_id=coordinator.id,
        )
        desk.session.add(said)
