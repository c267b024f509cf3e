"""What a company is, in words people use."""

from crm.companies.models import Company
from crm.core.i18n import _, ngettext
from crm.reference.queries import sbi


def what_they_do(company: Company) -> str:
    """In their own words, else the name of the trade."""
    trade = sbi(company.sbi_code)
    return company.activity or (trade.name if trade else "")


def size(company: Company) -> str:
    least, most = company.staff_min, company.staff_max
    if least is None and most is None:
        return ""
    if least is not None and most is None:
        return ngettext("{n} person or more", "{n} people or more", least).format(n=least)
    if least is None or least == most:
        return ngettext("{n} person", "{n} people", most or 0).format(n=most)
    return _("{least} to {most} people").format(least=least, most=most)


def postcode(company: Company) -> str:
    return show_postcode(company.postcode or "")


def show_postcode(code: str) -> str:
    """`3311 AB`"""
    return f"{code[:4]} {code[4:]}".strip()


def trade_label(code: str) -> str:
    """A trade with its code, for choosing one."""
    trade = sbi(code)
    return f"{code} {trade.name}" if trade else code
