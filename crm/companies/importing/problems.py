"""What can be wrong with a row or a cell, in words for the one who has to correct it."""

from dataclasses import dataclass

from crm.core.i18n import N_, _
from crm.core.types import LabelledEnum
from crm.telephony.numbers import NumberProblem


class Problem(LabelledEnum):
    """A code for programs and a sentence for people. The first group rejects the row."""

    MISSING_NAME = "missing_name", N_("There is no name. Without a name this row cannot be imported.")
    MISSING_PHONE = "missing_phone", N_("There is no telephone number that works, so this row cannot be imported.")
    UNCLOSED_QUOTE = (
        "unclosed_quote",
        N_('A quotation mark (") in this row is not closed. Put one in or take one away.'),
    )

    PHONE_SCIENTIFIC = "phone_scientific", NumberProblem.SCIENTIFIC.text
    PHONE_PREMIUM = "phone_premium", NumberProblem.PREMIUM.text
    PHONE_SHORT = "phone_short", NumberProblem.SHORT.text
    PHONE_FAX = "phone_fax", NumberProblem.FAX.text
    PHONE_INVALID = "phone_invalid", NumberProblem.INVALID.text
    PHONE_ZERO = "phone_zero", N_("The first zero was missing. It was read as {number}; check this.")

    EXTRA_CELLS = "extra_cells", N_("This row has more cells than there are headings. The extra cells were not read.")
    TOO_LONG = "too_long", N_("This text is too long and was left out.")
    EXCEL_ERROR = "excel_error", N_("This is an error from Excel and was left out.")
    EXCEL_DATE = (
        "excel_date",
        N_("Excel has made a date of this. Give the column the type “Text” and fill it in again."),
    )
    SCIENTIFIC = (
        "scientific",
        N_("Excel has cut off the last digits. Give the column the type “Text” in Excel and fill it in again."),
    )
    KVK_INVALID = "kvk_invalid", N_("A KVK number has 8 digits. It was left out.")
    BRANCH_INVALID = "branch_invalid", N_("A branch number has 12 digits. It was left out.")
    BRANCH_IS_KVK = "branch_is_kvk", N_("This is the KVK number, not the number of the branch. It was left out.")
    LEGAL_FORM_UNKNOWN = (
        "legal_form_unknown",
        N_("We do not know this legal form. The company is imported as “unknown” and may not be called yet."),
    )
    SBI_UNKNOWN = "sbi_unknown", N_("This code is not in SBI 2025. It was left out.")
    SBI_AMBIGUOUS = "sbi_ambiguous", N_("This can be {one} or {other}: the first zero may be lost. It was left out.")
    POSTCODE_INVALID = "postcode_invalid", N_("This is not a Dutch postcode such as 3311 AB. It was left out.")
    POSTCODE_UNKNOWN = "postcode_unknown", N_("We do not know where this postcode is. It was kept.")
    TOWN_DIFFERS = "town_differs", N_("By its postcode this is {town}. What the file says was kept.")
    STAFF_INVALID = "staff_invalid", N_("This is not a number of people such as 5 or 2-9. It was left out.")
    EMAIL_INVALID = "email_invalid", N_("This is not an e-mail address. It was left out.")
    WEBSITE_INVALID = "website_invalid", N_("This is not the address of a website. It was left out.")
    YES_NO_INVALID = "yes_no_invalid", N_("Fill in yes or no. It was left out.")

    DIFFERS = "differs", N_("We have “{kept}” for this company. That was kept.")
    DUPLICATE = "duplicate", N_("This is the same company as in line {line}. What was new was added there.")
    NEAR_DUPLICATE = "near_duplicate", N_("This looks like “{name}” ({where}). Decide whether it is the same company.")
    LEFT_OUT = "left_out", N_("You left this row out. It looks like “{name}”.")
    UNKNOWN_COLUMN = "unknown_column", N_("This column was not read.")
    NOTHING_WRITTEN = (
        "nothing_written",
        N_("Nothing was imported, because you wanted all rows and this many are not good."),
    )


@dataclass(frozen=True, slots=True)
class Issue:
    row: int
    column: str
    value: str
    problem: Problem
    message: str


def issue(row: int, column: str, value: str, problem: Problem, **details: object) -> Issue:
    """An issue with its message in the reader's language."""
    message = _(problem.text)
    return Issue(row, column, value, problem, message.format(**details) if details else message)
