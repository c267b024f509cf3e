"""Writing about companies: what they are, who works there, and whether they may be called."""

from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import Change, record
from crm.companies.inputs import (
    CompanyInput,
    ConsentInput,
    ContactInput,
    NewCompanyInput,
    NumberBlockInput,
    NumberInput,
)
from crm.companies.models import Company, CompanyNumber, Consent, Contact, Suppression, SuppressionReason
from crm.core.clock import now
from crm.core.db import locked
from crm.core.errors import CrmError, NotFound
from crm.core.i18n import _
from crm.core.text import name_key, squeeze
from crm.reference.queries import legal_forms, postcode_area
from crm.telephony.numbers import NumberProblem, read_numbers, show_number

WHOLE_COMPANY = frozenset({SuppressionReason.OBJECTION, SuppressionReason.COMPLAINT})


class NotOneNumber(CrmError):
    def __init__(self, text: str, problems: set[NumberProblem]) -> None:
        words = [_("“{text}” is not one Dutch telephone number.").format(text=text)]
        words += [problem.label for problem in sorted(problems - {NumberProblem.INVALID})]
        super().__init__(" ".join(words))


class NumberKnown(CrmError):
    def __init__(self, e164: str) -> None:
        super().__init__(_("{number} is already written down for this company.").format(number=show_number(e164)))


class CompanyKnown(CrmError):
    def __init__(self, company: Company) -> None:
        super().__init__(
            _("“{name}” in {town} looks the same. Look there first.").format(
                name=company.name, town=company.town or "?"
            )
        )


class UnknownLegalForm(CrmError):
    def __init__(self) -> None:
        super().__init__(_("Choose a legal form from the list."))


class NothingToCheck(CrmError):
    def __init__(self) -> None:
        super().__init__(_("This legal form does not need a check."))


def add_company(session: Session, actor: Actor, new: NewCompanyInput) -> Company:
    """Add one company by hand. Raises CompanyKnown when one with this number, or name and postcode, exists."""
    actor.require(Permission.COMPANY_EDIT)
    e164, original = _one_number(new.number)
    if known := _lookalike(session, new, e164):
        raise CompanyKnown(known)
    company = Company(
        name_key=name_key(new.name), source=new.source, **new.model_dump(exclude={"number", "source", "is_main"})
    )
    _place(company)
    session.add(company)
    session.flush()
    session.add(CompanyNumber(company_id=company.id, e164=e164, original=original, source=new.source, is_main=True))
    record(session, actor, "company.added", company, number=e164)
    return company


def change_company(session: Session, actor: Actor, company_id: int, changed: CompanyInput, *, version: int) -> Company:
    """Raises ChangedMeanwhile when somebody else was first."""
    actor.require(Permission.COMPANY_EDIT)
    company = locked(session, Company, company_id, version=version)
    moved = changed.postcode != company.postcode
    for name, value in changed.model_dump().items():
        setattr(company, name, value)
    company.name_key = name_key(changed.name)
    if moved:
        _place(company)
    record(session, actor, "company.changed", company)
    return company


def set_legal_form(session: Session, actor: Actor, company_id: int, code: str) -> Company:
    actor.require(Permission.COMPANY_EDIT)
    if code not in legal_forms():
        raise UnknownLegalForm
    company = locked(session, Company, company_id)
    company.legal_form = code
    record(session, actor, "company.legal_form", company)
    return company


def confirm_legal_form(session: Session, actor: Actor, company_id: int, *, version: int) -> Company:
    """Say that somebody found out: a company of this doubtful form is a legal person and may be called."""
    actor.require(Permission.COMPANY_EDIT)
    company = locked(session, Company, company_id, version=version)
    if legal_forms()[company.legal_form].cold_call != "manual":
        raise NothingToCheck
    company.legal_form_checked = company.legal_form
    record(session, actor, "company.legal_form_checked", company)
    return company


def mark_stopped(session: Session, actor: Actor, company_id: int) -> Company:
    actor.require(Permission.COMPANY_EDIT)
    company = locked(session, Company, company_id)
    company.stopped_at = company.stopped_at or now()
    record(session, actor, "company.stopped", company)
    return company


def mark_running(session: Session, actor: Actor, company_id: int) -> Company:
    """Undo mark_stopped."""
    actor.require(Permission.COMPANY_EDIT)
    company = locked(session, Company, company_id)
    company.stopped_at = None
    record(session, actor, "company.running", company)
    return company


def add_number(session: Session, actor: Actor, company_id: int, new: NumberInput) -> CompanyNumber:
    """Raises NotOneNumber or NumberKnown."""
    actor.require(Permission.COMPANY_EDIT)
    e164, original = _one_number(new.number)
    company = locked(session, Company, company_id)
    numbers = _numbers(session, company_id)
    if any(number.e164 == e164 for number in numbers):
        raise NumberKnown(e164)
    first = not any(number.is_main for number in numbers)
    added = CompanyNumber(
        company_id=company.id, e164=e164, original=original, source=new.source, is_main=new.is_main or first
    )
    for number in numbers if new.is_main else []:
        number.is_main = False
    session.add(added)
    record(session, actor, "company.number_added", company, number=e164, is_main=added.is_main)
    return added


def mark_wrong_number(session: Session, actor: Actor, company_id: int, e164: str) -> Company:
    """The number reaches somebody else: it is not called again, for no company."""
    actor.require(Permission.COMPANY_EDIT)
    company = locked(session, Company, company_id)
    numbers = _numbers(session, company_id)
    for number in numbers:
        if number.e164 == e164:
            number.is_wrong, number.is_main = True, False
    right = [number for number in numbers if not number.is_wrong]
    if right and not any(number.is_main for number in right):
        right[0].is_main = True
    _suppress_numbers(session, actor, {e164}, SuppressionReason.WRONG_NUMBER)
    record(session, actor, "company.wrong_number", company, number=e164)
    return company


def suppress(
    session: Session,
    actor: Actor,
    company_id: int,
    *,
    reason: SuppressionReason,
    e164: str | None = None,
    contact_id: int | None = None,
    note: str = "",
) -> Company:
    """Never call again. An objection or complaint covers the company, all its numbers and the person who made it;
    another reason covers only the number or person given, or else the company with its numbers.
    """
    actor.require(Permission.COMPANY_BLOCK)
    company = locked(session, Company, company_id)
    note = squeeze(note)[:500]
    if contact_id:
        _require_contact(session, company_id, contact_id)
        session.add(Suppression(contact_id=contact_id, reason=reason, note=note, made_by_id=actor.id))
    numbers = {e164} if e164 else set()
    if reason in WHOLE_COMPANY or not (e164 or contact_id):
        session.add(Suppression(company_id=company_id, reason=reason, note=note, made_by_id=actor.id))
        numbers |= {number.e164 for number in _numbers(session, company_id)}
    _suppress_numbers(session, actor, numbers, reason, note)
    record(
        session,
        actor,
        "company.suppressed",
        company,
        reason=reason.value,
        numbers=sorted(numbers),
        contact_id=Change(None, contact_id),
    )
    return company


def suppress_number(session: Session, actor: Actor, given: NumberBlockInput) -> tuple[Suppression, bool]:
    """Never call this number again, whoever has it now or later. Also tells whether that is new.

    Raises NotOneNumber.
    """
    actor.require(Permission.COMPANY_BLOCK)
    e164, _original = _one_number(given.number)
    added = _suppress_numbers(session, actor, {e164}, given.reason, given.note)
    for block in added:
        record(session, actor, "suppression.added", block)
    first = select(Suppression).where(Suppression.e164 == e164).order_by(col(Suppression.id)).limit(1)
    return session.exec(first).one(), bool(added)


def add_contact(session: Session, actor: Actor, company_id: int, new: ContactInput) -> Contact:
    actor.require(Permission.COMPANY_EDIT)
    locked(session, Company, company_id)
    contact = Contact(company_id=company_id, **new.model_dump())
    session.add(contact)
    record(session, actor, "contact.added", contact)
    return contact


def edit_contact(session: Session, actor: Actor, contact_id: int, changed: ContactInput, *, version: int) -> Contact:
    actor.require(Permission.COMPANY_EDIT)
    contact = locked(session, Contact, contact_id, version=version)
    for name, value in changed.model_dump().items():
        setattr(contact, name, value)
    record(session, actor, "contact.changed", contact)
    return contact


def record_consent(session: Session, actor: Actor, company_id: int, given: ConsentInput) -> Consent:
    """Keep the evidence that this company said yes to being called."""
    actor.require(Permission.COMPANY_EDIT)
    locked(session, Company, company_id)
    consent = Consent(company_id=company_id, recorded_by_id=actor.user_id, **given.model_dump())
    session.add(consent)
    record(session, actor, "consent.recorded", consent)
    return consent


def withdraw_consent(session: Session, actor: Actor, consent_id: int, *, version: int) -> Consent:
    actor.require(Permission.COMPANY_EDIT)
    consent = locked(session, Consent, consent_id, version=version)
    consent.withdrawn_at = consent.withdrawn_at or now()
    record(session, actor, "consent.withdrawn", consent)
    return consent


def _place(company: Company) -> None:
    """Where the postcode is; also the town, unless somebody filled it in."""
    area = postcode_area(company.postcode) if company.postcode else None
    company.latitude, company.longitude = (area.latitude, area.longitude) if area else (None, None)
    company.town = company.town or (area.town if area else "")


def _one_number(text: str) -> tuple[str, str]:
    found, refused = read_numbers(text)
    if len(found) != 1:
        raise NotOneNumber(text, {item.problem for item in refused})
    return found[0].e164, found[0].original


def _numbers(session: Session, company_id: int) -> list[CompanyNumber]:
    statement = select(CompanyNumber).where(CompanyNumber.company_id == company_id).order_by(col(CompanyNumber.id))
    return list(session.exec(statement))


def _lookalike(session: Session, new: NewCompanyInput, e164: str) -> Company | None:
    same_number = select(Company).join(CompanyNumber).where(CompanyNumber.e164 == e164).limit(1)
    same_name = select(Company).where(Company.name_key == name_key(new.name), Company.postcode == new.postcode).limit(1)
    return session.exec(same_number).first() or session.exec(same_name).first()


def _require_contact(session: Session, company_id: int, contact_id: int) -> None:
    contact = session.get(Contact, contact_id)
    if contact is None or contact.company_id != company_id:
        raise NotFound


def _suppress_numbers(
    session: Session, actor: Actor, numbers: set[str], reason: SuppressionReason, note: str = ""
) -> list[Suppression]:
    known = set(session.exec(select(Suppression.e164).where(col(Suppression.e164).in_(numbers))))
    added = [Suppression(e164=e164, reason=reason, note=note, made_by_id=actor.id) for e164 in sorted(numbers - known)]
    session.add_all(added)
    return added
