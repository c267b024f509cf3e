import pytest

from crm.core.spreadsheet import harmless


@pytest.mark.parametrize("cell", ["=1+1", "+HYPERLINK()", "-cmd", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_could_be_a_formula_is_text(cell: str) -> None:
    assert harmless(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["De Zon", "+31 10 123 45 67", "-5", "", "a=b", "010-1234567"])
def test_anything_else_stays_as_it_is(cell: str) -> None:
    assert harmless(cell) == cell
