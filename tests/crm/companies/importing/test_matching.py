from typing import Any

import pytest

from crm.companies.importing.matching import Candidates, Known, Likeness, compare
from crm.companies.importing.rows import FileRow
from crm.companies.importing.table import Line
from crm.core.text import name_key
from crm.telephony.numbers import ParsedNumber

PHONE, OTHER_PHONE = "+31101234567", "+31786123456"


def make_row(name: str = "Bakkerij Jansen", phone: str = PHONE, **values: Any) -> FileRow:
    row = FileRow(Line(9, []), "", name_key(name), {"name": name, **values})
    row.numbers.append(ParsedNumber(phone, phone))
    return row


def make_known(name: str = "Bakkerij Jansen", *, id: int = 1, **values: Any) -> Known:
    fields = {"postcode": None, "kvk_number": None, "branch_number": None} | values
    return Known(id, name, name_key(name), **fields)


SAME, NEAR, OTHER = Likeness.SAME, Likeness.NEAR, Likeness.OTHER


class TestCompare:
    @pytest.mark.parametrize(
        ("row", "known", "shared", "likeness"),
        [
            # the branch number decides
            ({"branch_number": "1" * 12}, {"branch_number": "1" * 12, "name": "Iets anders"}, False, SAME),
            ({"branch_number": "1" * 12}, {"branch_number": "2" * 12}, True, OTHER),
            # one KVK number: the same company, unless the postcode says it is another branch
            ({"kvk_number": "1" * 8}, {"kvk_number": "1" * 8, "name": "Iets anders"}, False, SAME),
            ({"kvk_number": "1" * 8, "postcode": "3311AB"}, {"kvk_number": "1" * 8, "postcode": "3311AB"}, False, SAME),
            (
                {"kvk_number": "1" * 8, "postcode": "3311AB"},
                {"kvk_number": "1" * 8, "postcode": "3312AB"},
                False,
                OTHER,
            ),
            ({"kvk_number": "1" * 8, "postcode": "3311AB"}, {"kvk_number": "1" * 8, "postcode": "3312AB"}, True, NEAR),
            # different KVK numbers: different companies, but worth a look
            ({"kvk_number": "1" * 8}, {"kvk_number": "2" * 8}, True, NEAR),
            ({"kvk_number": "1" * 8, "postcode": "3311AB"}, {"kvk_number": "2" * 8, "postcode": "3311AB"}, False, NEAR),
            ({"kvk_number": "1" * 8}, {"kvk_number": "2" * 8}, False, OTHER),
            # without KVK numbers
            ({"postcode": "3311AB"}, {"postcode": "3311AB"}, False, SAME),
            ({"name": "Bakkerij Jansen B.V."}, {"name": "BAKKERIJ JANSEN"}, True, SAME),
            ({"name": "Bakkerij Janssen"}, {}, True, SAME),
            ({"name": "Garage Vet"}, {}, True, NEAR),
            ({"name": "Bakkerij Janssen", "postcode": "3311AB"}, {"postcode": "3311AB"}, False, NEAR),
            ({"postcode": "3311AB"}, {"postcode": "3312AB"}, True, NEAR),
            ({"postcode": "3311AB"}, {"postcode": "3312AB"}, False, OTHER),
            ({"postcode": "3311"}, {"postcode": "3311AB"}, True, SAME),
            ({"name": "Garage Vet", "postcode": "3311AB"}, {"postcode": "3311AB"}, False, OTHER),
            ({}, {}, False, OTHER),
        ],
    )
    def test_decides(self, row: dict[str, Any], known: dict[str, Any], shared: bool, likeness: Likeness) -> None:
        assert compare(make_row(**row), make_known(**known), shared=shared) is likeness

    def test_a_number_that_is_wrong_there_proves_nothing_about_another_name(self) -> None:
        assert compare(make_row("Garage Vet"), make_known(), shared=True, wrong=True) is OTHER
        assert compare(make_row(), make_known(), shared=True, wrong=True) is SAME


class TestFind:
    def candidates(self, *companies: tuple[Known, list[str]]) -> Candidates:
        found = Candidates()
        for known, numbers in companies:
            found.add(known, [(e164, False) for e164 in numbers])
        return found

    def test_finds_nothing_among_nothing(self) -> None:
        assert Candidates().find(make_row()) is None

    def test_prefers_the_branch_number(self) -> None:
        other = make_known(id=1, kvk_number="1" * 8)
        branch = make_known("Oude naam", id=2, branch_number="1" * 12)
        match = self.candidates((other, [PHONE]), (branch, [])).find(
            make_row(kvk_number="1" * 8, branch_number="1" * 12)
        )
        assert match is not None
        assert match.known is branch

    def test_prefers_the_one_that_agrees_in_most(self) -> None:
        by_name = make_known(id=1, postcode="3311AB")
        by_all = make_known(id=2, postcode="3311AB")
        match = self.candidates((by_name, []), (by_all, [PHONE])).find(make_row(postcode="3311AB"))
        assert match is not None
        assert (match.likeness, match.known) == (SAME, by_all)

    def test_a_bare_kvk_number_does_not_choose_between_branches(self) -> None:
        branches = [make_known(f"Vestiging {n}", id=n, kvk_number="1" * 8, postcode=f"331{n}AB") for n in (1, 2)]
        match = self.candidates(*((known, []) for known in branches)).find(make_row("Bakker", kvk_number="1" * 8))
        assert match is not None
        assert match.likeness is NEAR

    def test_finds_a_company_by_what_an_earlier_row_added(self) -> None:
        known = make_known()
        candidates = self.candidates((known, [PHONE]))
        candidates.enrich(known, make_row(phone=OTHER_PHONE, kvk_number="1" * 8))
        for row in (make_row(phone=OTHER_PHONE), make_row("Ander", "+31201234567", kvk_number="1" * 8)):
            match = candidates.find(row)
            assert match is not None
            assert match.known is known
