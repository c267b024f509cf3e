"""What a person decides about an import."""

from pydantic import BaseModel, ConfigDict, Field

from crm.core.i18n import N_
from crm.core.types import LabelledEnum


class CompanyField(LabelledEnum):
    """What a column of a file can hold."""

    NAME = "name", N_("Name")
    PHONE = "phone", N_("Telephone")
    KVK_NUMBER = "kvk_number", N_("KVK number")
    BRANCH_NUMBER = "branch_number", N_("Branch number")
    LEGAL_FORM = "legal_form", N_("Legal form")
    SBI_CODE = "sbi_code", N_("SBI code")
    ACTIVITY = "activity", N_("Activity")
    STREET = "street", N_("Street")
    HOUSE_NUMBER = "house_number", N_("House number")
    HOUSE_SUFFIX = "house_suffix", N_("House number suffix")
    POSTCODE = "postcode", N_("Postcode")
    TOWN = "town", N_("Town")
    STAFF = "staff", N_("Staff")
    EMAIL = "email", N_("E-mail")
    WEBSITE = "website", N_("Website")
    NON_MAILING = "non_mailing", N_("Non-mailing indicator")
    SOURCE = "source", N_("Source")


class Choice(LabelledEnum):
    """What to do with a row that looks like a company we may already have."""

    SAME = "same", N_("The same company")
    ANOTHER = "another", N_("Another company")
    LEAVE_OUT = "leave_out", N_("Leave out")


class Decision(BaseModel):
    """`candidate` is the company the person looked at; the decision counts for no other."""

    model_config = ConfigDict(frozen=True)

    choice: Choice
    candidate: str


class ImportInput(BaseModel):
    """How to import a file. Without `columns` the suggested mapping is used.

    `source`: where the numbers come from; the name of the file when empty. `sheet`: of a workbook.
    `columns`: column number (from 0) to field. `decisions`: line in the file to decision.
    """

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    source: str = Field(default="", max_length=120)
    file_name: str = Field(default="", max_length=200)
    sheet: str | None = None
    columns: dict[int, CompanyField] | None = None
    all_or_nothing: bool = False
    decisions: dict[int, Decision] = {}
