"""One cell of a file -> a value, or the doubt about it. Nothing is guessed."""

from collections.abc import Callable
from functools import lru_cache

from crm.companies.importing.cleaning.cells import Doubt, excel_doubt, is_empty, tidy
from crm.companies.importing.cleaning.online import email, text_of_at_most, website, yes_no
from crm.companies.importing.cleaning.place import postcode, town_name
from crm.companies.importing.cleaning.register import UNKNOWN_FORM, branch_number, kvk_number, legal_form, sbi_code
from crm.companies.importing.cleaning.size import staff
from crm.companies.importing.inputs import CompanyField

__all__ = ["CLEANERS", "UNKNOWN_FORM", "Doubt", "cell_reader", "tidy"]

REMEMBERED = 4_096

CLEANERS: dict[CompanyField, Callable[[str], object]] = {
    CompanyField.NAME: text_of_at_most(200),
    CompanyField.PHONE: str,
    CompanyField.KVK_NUMBER: kvk_number,
    CompanyField.BRANCH_NUMBER: branch_number,
    CompanyField.LEGAL_FORM: legal_form,
    CompanyField.SBI_CODE: sbi_code,
    CompanyField.ACTIVITY: text_of_at_most(300),
    CompanyField.STREET: text_of_at_most(150),
    CompanyField.HOUSE_NUMBER: text_of_at_most(20),
    CompanyField.HOUSE_SUFFIX: text_of_at_most(20),
    CompanyField.POSTCODE: postcode,
    CompanyField.TOWN: town_name,
    CompanyField.STAFF: staff,
    CompanyField.EMAIL: email,
    CompanyField.WEBSITE: website,
    CompanyField.NON_MAILING: yes_no,
    CompanyField.SOURCE: text_of_at_most(120),
}


REPETITIVE = frozenset(
    {
        CompanyField.LEGAL_FORM,
        CompanyField.SBI_CODE,
        CompanyField.ACTIVITY,
        CompanyField.HOUSE_NUMBER,
        CompanyField.POSTCODE,
        CompanyField.TOWN,
        CompanyField.STAFF,
        CompanyField.SOURCE,
    }
)


def cell_reader(company_field: CompanyField) -> Callable[[str], tuple[str, object]]:
    """A function from a cell to its text and its value: None when there is nothing, or a Doubt."""
    clean = CLEANERS[company_field]

    def read(cell: str) -> tuple[str, object]:
        text = tidy(cell)
        return ("", None) if is_empty(text) else (text, excel_doubt(text) or clean(text))

    # Some columns hold the same few texts over and over. `typed` because a number of Excel is read differently.
    return lru_cache(maxsize=REMEMBERED, typed=True)(read) if company_field in REPETITIVE else read
