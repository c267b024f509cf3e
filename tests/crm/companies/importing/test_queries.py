import pytest
from openpyxl import load_workbook

from crm.companies.importing.inputs import CompanyField
from crm.companies.importing.queries import Column, look_into
from crm.core.errors import NotAllowed


def test_shows_each_column_with_its_first_values_and_what_it_seems_to_hold(coordinator, make_csv) -> None:
    preview = look_into(coordinator, make_csv("Naam;Iets", "De Zon;a", "De Maan;a", "De Ster;b", "De Roos;c"))
    assert preview.columns == (
        Column(0, "Naam", CompanyField.NAME, ("De Zon", "De Maan", "De Ster")),
        Column(1, "Iets", None, ("a", "b", "c")),
    )


def test_leaves_out_columns_without_anything_in_them(coordinator, make_xlsx) -> None:
    path = make_xlsx(A=[["Naam", "", "Telefoon", None], ["De Zon", None, "010-1234567", "x"]])
    book = load_workbook(path)
    book["A"]["XFD3"] = "verdwaald"  # what stands alone far away must not give a screen of sixteen thousand columns
    book.save(path)
    columns = look_into(coordinator, path).columns
    assert [(column.index, column.header) for column in columns] == [(0, "Naam"), (2, "Telefoon"), (3, ""), (16383, "")]


def test_is_not_for_callers(caller, make_csv) -> None:
    with pytest.raises(NotAllowed):
        look_into(caller, make_csv("Naam"))
