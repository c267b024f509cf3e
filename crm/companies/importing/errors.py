"""Why a whole file cannot be imported, and what to do about it."""

from collections.abc import Sequence

from crm.core.errors import CrmError
from crm.core.i18n import _


class UnreadableFile(CrmError):
    """Not a table we can read; the text says what it is instead."""


class FileMissing(UnreadableFile):
    def __init__(self, name: str) -> None:
        super().__init__(_("There is no file “{name}” that can be opened.").format(name=name))


class EmptyFile(UnreadableFile):
    def __init__(self) -> None:
        super().__init__(_("This file is empty. Choose a file with a row of headings and a row per company."))


class OldExcel(UnreadableFile):
    def __init__(self) -> None:
        super().__init__(
            _(
                "This is an old Excel file, or one with a password. "
                "Open it in Excel and save it as “Excel workbook (.xlsx)” without a password."
            )
        )


class DamagedWorkbook(UnreadableFile):
    def __init__(self) -> None:
        super().__init__(_("This Excel file is damaged. Open it in Excel and save it again."))


class NotATable(UnreadableFile):
    def __init__(self) -> None:
        super().__init__(
            _("This is not a CSV or Excel file. Save your list as CSV or as “Excel workbook (.xlsx)” and try again.")
        )


class TooLarge(UnreadableFile):
    def __init__(self) -> None:
        super().__init__(
            _(
                "This file is too large. Divide the list over several files, "
                "and take away what stands far below or beside it."
            )
        )


class MissingColumns(CrmError):
    """Without a name and a telephone number no row can be imported."""

    def __init__(self, missing: Sequence[str], headers: Sequence[str]) -> None:
        super().__init__(
            _("No column holds: {missing}. The columns in this file are: {headers}.").format(
                missing=", ".join(missing), headers=", ".join(filter(None, headers)) or "–"
            )
        )


class FieldTwice(CrmError):
    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__(_("Two columns hold the same: {fields}. Choose one of them.").format(fields=", ".join(fields)))
