from dataclasses import replace
from datetime import date

import pytest

from crm.core.i18n import speaking
from crm.reference import instruments as module
from crm.reference.instruments import InstrumentKind, contract_term, find_instruments, for_employer, instruments
from crm.reference.queries import rows

DAY = date(2026, 11, 24)


def with_what(text):
    """The first row of the file, with this text in it."""
    return next(rows("instruments.csv")) | {"what": text}


class TestAmounts:
    @pytest.mark.parametrize(
        "text", ["€ 500", "500 euro", "30%", "70 procent", "3,05 per uur", "6.000 per jaar", "EUR 12", "2 percent"]
    )
    def test_a_row_with_an_amount_is_refused(self, monkeypatch, text):
        monkeypatch.setattr(module, "rows", lambda _file: iter([with_what(text)]))
        with pytest.raises(ValueError, match="an amount"):
            instruments.__wrapped__()

    def test_a_row_without_one_is_read(self, monkeypatch):
        monkeypatch.setattr(module, "rows", lambda _file: iter([with_what("Na 6 maanden, vóór 2027.")]))
        assert len(instruments.__wrapped__()) == 1

    def test_no_row_of_ours_names_one(self):
        assert len(instruments()) == 23


class TestAge:
    def test_facts_are_old_after_the_term(self):
        one = replace(instruments()["PROEF"], as_of=date(2026, 5, 24))
        assert not one.is_old(DAY)
        assert one.is_old(date(2026, 11, 25))

    def test_what_nobody_checked_is_old(self):
        assert replace(instruments()["PROEF"], as_of=None).is_old(DAY)

    def test_an_old_one_tells_the_employer_so(self):
        with speaking("nl"):
            assert "een tijd niet nagekeken" in for_employer(instruments()["SLIM"], DAY)
            assert "een tijd niet nagekeken" not in for_employer(instruments()["PROEF"], DAY)


class TestFind:
    def test_what_has_ended_comes_along_only_when_asked_for(self):
        assert "STAP" not in {one.code for one in find_instruments()}
        assert "STAP" in {one.code for one in find_instruments(ended=True)}

    def test_looks_for_all_words_anywhere(self):
        assert [one.code for one in find_instruments("UWV verzekering")] == ["PROEF"]

    def test_by_kind(self):
        assert {one.kind for one in find_instruments(kind=InstrumentKind.METHOD)} == {InstrumentKind.METHOD}

    def test_every_one_that_exists_says_who_decides(self):
        assert all(one.decides for one in find_instruments())


class TestContractTerm:
    def test_in_cleaning_hiring_in_ends_after_a_year(self):
        term = contract_term("81210")
        assert term
        assert term.ends(date(2026, 2, 28)) == date(2027, 2, 28)

    @pytest.mark.parametrize("sbi", ["81301", "", None])
    def test_elsewhere_there_is_none(self, sbi):
        assert contract_term(sbi) is None
