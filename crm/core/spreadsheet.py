"""Cells that go to Excel."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_NUMBER_SIGNS = frozenset("0123456789 +-().,/")


def harmless(cell: str) -> str:
    """The cell so that a spreadsheet does not run it as a formula.

    What could be a formula gets an apostrophe in front. A telephone number such as `+31 10 1234567` stays as it
    came: out of digits and signs alone nothing harmful can be made, and people want to import the file again.
    """
    if cell.startswith(_FORMULA_STARTS) and not _NUMBER_SIGNS.issuperset(cell):
        return "'" + cell
    return cell
