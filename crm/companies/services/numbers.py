"""Telephone numbers of a company."""

from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.companies.inputs import NumberInput
from crm.companies.marks import Arrival, block_known
from crm.companies.models import Company, CompanyNumber
from crm.core.db import locked
from crm.core.errors import CrmError
from crm.core.i18n import _
from crm.telephony.numbers import NumberProblem, read_numbers, show_number


class NotOneNumber(CrmError):
    def __init__(self, text: str, problems: set[NumberProblem]) -> None:
        words = [_("“{text}” is not one Dutch telephone number.").format(text=text)]
        words += [problem.label for problem in sorted(problems - {NumberProblem.INVALID})]
        super().__init__(" ".join(words))


class NumberKnown(CrmError):
    def __init__(self, e164: str) -> None:
        super().__init__(_("{number} is already written down for this company.").format(number=show_number(e164)))


def add_number(session: Session, actor: Actor, company_id: int, new: NumberInput) -> CompanyNumber:
    """Raises NotOneNumber or NumberKnown."""
    actor.require(Permission.COMPANY_EDIT)
    e164, original = one_number(new.number)
    company = locked(session, Company, company_id)
    numbers = numbers_of(session, company_id)
    if any(number.e164 == e164 for number in numbers):
        raise NumberKnown(e164)
    first = not any(number.is_main for number in numbers)
    added = CompanyNumber(
        company_id=company.id, e164=e164, original=original, source=new.source, is_main=new.is_main or first
    )
    for number in numbers if new.is_main else []:
        number.is_main = False
    session.add(added)
    session.flush()
    block_known(session.connection(), [Arrival(company.id, "", numbers=[e164])], actor.id)
    record(session, actor, "company.number_added", company, number=e164, is_main=added.is_main)
    return added


def one_number(text: str) -> tuple[str, str]:
    found, refused = read_numbers(text)
    if len(found) != 1:
        raise NotOneNumber(text, {item.problem for item in refused})
    return found[0].e164, found[0].original


def numbers_of(session: Session, company_id: int) -> list[CompanyNumber]:
    statement = select(CompanyNumber).where(CompanyNumber.company_id == company_id).order_by(col(CompanyNumber.id))
    return list(session.exec(statement))
