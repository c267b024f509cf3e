"""What a result means for the next attempt, and what may be written down."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.calling.models import EntryState, ObjectionRight
from crm.calling.rules import (
    SAID,
    DoesNotFitField,
    NextTry,
    NobodyWasSpoken,
    ObjectionRightMissing,
    checked,
    clean,
    may_leave_message,
    next_try,
    objection_right,
    retry_at,
)
from crm.core.clock import AMSTERDAM, local
from crm.reference.calendar import desk_window
from crm.reference.models import SPOKEN, Reached
from crm.reference.queries import dispositions
from crm.scripts.graph import AskedField, FieldKind, Option

TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=AMSTERDAM)
RESULTS = dispositions()
SPOKEN_TO = [code for code, result in RESULTS.items() if result.kind in SPOKEN]
ATTEMPTS = [code for code, result in RESULTS.items() if result.is_system]
RETRIED = [code for code, result in RESULTS.items() if result.retry]


class TestObjectionRight:
    @pytest.mark.parametrize("code", SPOKEN_TO)
    @pytest.mark.parametrize("given", [None, ObjectionRight.NO_CONTACT])
    def test_must_be_told_after_speaking_to_somebody(self, code: str, given: ObjectionRight | None) -> None:
        with pytest.raises(ObjectionRightMissing):
            objection_right(RESULTS[code], given)

    @pytest.mark.parametrize("code", SPOKEN_TO)
    @pytest.mark.parametrize("given", sorted(SAID))
    def test_is_kept_as_told(self, code: str, given: ObjectionRight) -> None:
        assert objection_right(RESULTS[code], given) is given

    @pytest.mark.parametrize("code", ATTEMPTS)
    def test_cannot_be_mentioned_to_nobody(self, code: str) -> None:
        assert objection_right(RESULTS[code], None) is ObjectionRight.NO_CONTACT
        with pytest.raises(NobodyWasSpoken):
            objection_right(RESULTS[code], ObjectionRight.OFFERED)


class TestNextTry:
    def test_no_answer_is_tried_on_another_day_in_another_part_of_it(self) -> None:
        again = next_try(RESULTS["GEEN_GEHOOR"].retry, 1, TUESDAY)
        assert again == NextTry(EntryState.WAITING, datetime(2026, 11, 25, 12, 30, tzinfo=AMSTERDAM))

    def test_exactly_the_results_without_contact_are_tried_again(self) -> None:
        out_of_service = {code for code in ATTEMPTS if RESULTS[code].reached is Reached.OUT_OF_SERVICE}
        assert {code for code, result in RESULTS.items() if result.retry} == set(ATTEMPTS) - out_of_service

    def test_voicemail_waits_two_working_days_over_the_weekend(self) -> None:
        friday = datetime(2026, 11, 27, 16, 0, tzinfo=AMSTERDAM)
        assert retry_at(RESULTS["VOICEMAIL"].retry, friday) == datetime(2026, 12, 1, 9, 30, tzinfo=AMSTERDAM)

    def test_a_busy_line_is_tried_an_hour_later(self) -> None:
        assert retry_at(RESULTS["IN_GESPREK"].retry, TUESDAY) == datetime(2026, 11, 24, 11, 0, tzinfo=AMSTERDAM)

    @pytest.mark.parametrize(
        ("moment", "expected"),
        [
            ((2026, 11, 24, 16, 30), (2026, 11, 25, 9, 30)),  # after closing time: the next morning
            ((2026, 11, 27, 16, 30), (2026, 11, 30, 9, 30)),  # Friday: Monday
            ((2026, 12, 24, 16, 30), (2026, 12, 28, 9, 30)),  # Christmas and its weekend
            ((2026, 11, 24, 6, 0), (2026, 11, 24, 9, 30)),  # before opening time: this morning
        ],
    )
    def test_an_hour_later_is_within_the_hours_of_the_desk(
        self, moment: tuple[int, ...], expected: tuple[int, ...]
    ) -> None:
        later = retry_at(RESULTS["IN_GESPREK"].retry, datetime(*moment, tzinfo=AMSTERDAM))
        assert later == datetime(*expected, tzinfo=AMSTERDAM)

    @pytest.mark.parametrize("code", RETRIED)
    def test_three_attempts_are_enough(self, code: str) -> None:
        assert next_try(RESULTS[code].retry, 2, TUESDAY).state is EntryState.WAITING
        assert next_try(RESULTS[code].retry, 3, TUESDAY) == NextTry(EntryState.DONE)

    @pytest.mark.parametrize("code", [code for code in RESULTS if code not in RETRIED])
    def test_who_was_reached_is_done(self, code: str) -> None:
        assert next_try(RESULTS[code].retry, 1, TUESDAY) == NextTry(EntryState.DONE)

    @given(st.sampled_from(RETRIED), st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31)))
    def test_every_retry_is_later_and_within_the_hours_of_the_desk(self, code: str, wall: datetime) -> None:
        moment = wall.replace(tzinfo=AMSTERDAM)
        again = local(retry_at(RESULTS[code].retry, moment))
        opens, closes = desk_window(again.date())
        assert again > moment
        assert opens <= again.time() < closes


class TestMessage:
    @pytest.mark.parametrize(
        ("once_in", "earlier", "may"),
        [
            (3, [], True),
            (3, [Reached.MESSAGE_LEFT], False),
            (3, [Reached.NO_ANSWER, Reached.MESSAGE_LEFT], False),
            (3, [Reached.VOICEMAIL, Reached.NO_ANSWER, Reached.MESSAGE_LEFT], True),
            (2, [Reached.NO_ANSWER, Reached.MESSAGE_LEFT], True),
            (1, [Reached.MESSAGE_LEFT], True),
            (0, [], False),
        ],
    )
    def test_may_be_left_once_in_so_many_attempts(self, once_in: int, earlier: list[Reached], may: bool) -> None:
        assert may_leave_message(once_in, earlier) is may


def field(kind: FieldKind, **overrides: Any) -> AskedField:
    return AskedField(name="it", label="Iets", kind=kind, **overrides)


DAYS = (Option(value="ma", label="maandag"), Option(value="di", label="dinsdag"))


class TestFields:
    @pytest.mark.parametrize(
        ("asked", "value", "kept"),
        [
            (field(FieldKind.TEXT), "  hallo\x00 ", "hallo"),
            (field(FieldKind.NUMBER, maximum=60), 7.5, 7.5),
            (field(FieldKind.SCALE), 8, 8),
            (field(FieldKind.YES_NO), False, False),
            (field(FieldKind.DATE), "2026-12-01", "2026-12-01"),
            (field(FieldKind.DATE), date(2026, 12, 1), "2026-12-01"),
            (field(FieldKind.CHOICE, options=DAYS), "ma", "ma"),
            (field(FieldKind.LIST, options=DAYS), ["ma", "di"], ["ma", "di"]),
            (field(FieldKind.LIST), ["bellen", "  "], ["bellen"]),
            (field(FieldKind.NUMBER), 0, 0),
        ],
    )
    def test_what_fits_is_kept(self, asked: AskedField, value: Any, kept: Any) -> None:
        assert checked(asked, value) == kept

    @pytest.mark.parametrize("kind", FieldKind)
    @pytest.mark.parametrize("nothing", [None, "", []])
    def test_nothing_is_kept_as_nothing(self, kind: FieldKind, nothing: Any) -> None:
        assert checked(field(kind), nothing) is None

    @pytest.mark.parametrize(
        ("asked", "value"),
        [
            (field(FieldKind.TEXT), 7),
            (field(FieldKind.NUMBER), "7"),
            (field(FieldKind.NUMBER), 11),
            (field(FieldKind.NUMBER), -1),
            (field(FieldKind.NUMBER), float("nan")),
            (field(FieldKind.NUMBER), float("inf")),
            (field(FieldKind.NUMBER), True),
            (field(FieldKind.SCALE), 7.5),
            (field(FieldKind.YES_NO), "ja"),
            (field(FieldKind.DATE), "morgen"),
            (field(FieldKind.DATE), 20261201),
            (field(FieldKind.CHOICE, options=DAYS), "wo"),
            (field(FieldKind.LIST, options=DAYS), ["ma", "wo"]),
            (field(FieldKind.LIST), "bellen"),
            (field(FieldKind.LIST), [["bellen"]]),
        ],
    )
    def test_what_does_not_fit_is_refused_by_the_name_on_screen(self, asked: AskedField, value: Any) -> None:
        with pytest.raises(DoesNotFitField, match=r"^Iets: "):
            checked(asked, value)

    @given(st.text())
    def test_any_text_fits_in_a_database(self, text: str) -> None:
        kept = clean(text, 10)
        assert "\x00" not in kept
        assert len(kept.encode("utf-8")) <= 40
