"""What each result asks for."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given as any_case
from hypothesis import strategies as st

from crm.calling.models import ObjectionRight
from crm.core.clock import AMSTERDAM, at, local, now
from crm.desk.inputs import NextStep, WrapUpInput
from crm.desk.rules import CannotWrapUp, WhyNow, cautions, check, disposition, needs, proposed_moment, why_now
from crm.followups.models import FollowUp, FollowUpKind
from crm.pipeline.inputs import HiddenJobInput
from crm.reference.calendar import is_working_day
from crm.reference.queries import dispositions

WORK = HiddenJobInput(title="Magazijn opruimen", reason="BLIJFT_LIGGEN")
MONDAY = date(2026, 11, 30)
MONDAY_MORNING = at(MONDAY, 10)


def step(kind: FollowUpKind = FollowUpKind.CALLBACK, due_at: datetime = MONDAY_MORNING) -> NextStep:
    return NextStep(kind=kind, due_at=due_at)


def wrap_up(code: str, **overrides: object) -> WrapUpInput:
    """Everything this result needs, apart from what a test takes away."""
    wanted = needs(disposition(code))
    fields: dict[str, object] = {"disposition": code, "objection_right": wanted.objection_right[0]}
    if wanted.summary:
        fields["summary"] = "Heeft het druk."
    if wanted.next_step:
        fields["next_step"] = step(wanted.steps[0])
    if wanted.job:
        fields["job"] = WORK
    if wanted.legal_form:
        fields["legal_form"] = "EMZ"
    return WrapUpInput(**(fields | overrides))


@pytest.mark.parametrize("code", list(dispositions()))
def test_every_result_can_be_saved_with_what_it_needs(code: str) -> None:
    check(wrap_up(code), now())


def test_a_result_that_does_not_exist_is_refused() -> None:
    with pytest.raises(CannotWrapUp):
        check(WrapUpInput(disposition="ZOMAAR"), now())


class TestRightToObject:
    @pytest.mark.parametrize(
        "code", [code for code, result in dispositions().items() if result.kind not in {"attempt", "data"}]
    )
    @pytest.mark.parametrize("missing", [None, ObjectionRight.NO_CONTACT])
    def test_a_conversation_says_whether_it_was_offered(self, code: str, missing: ObjectionRight | None) -> None:
        with pytest.raises(CannotWrapUp):
            check(wrap_up(code, objection_right=missing), now())

    @pytest.mark.parametrize("code", ["GEEN_GEHOOR", "IN_GESPREK", "VOICEMAIL"])
    def test_cannot_be_offered_to_nobody(self, code: str) -> None:
        with pytest.raises(CannotWrapUp):
            check(wrap_up(code, objection_right=ObjectionRight.OFFERED), now())


class TestSummary:
    @pytest.mark.parametrize("code", ["GESPREK_GEEN_WERK", "GESPREK_LATENT", "KOPKOFFIE", "GEEN_INTERESSE"])
    def test_a_conversation_has_one(self, code: str) -> None:
        with pytest.raises(CannotWrapUp):
            check(wrap_up(code, summary="   "), now())


class TestHiddenJob:
    @pytest.mark.parametrize("code", ["GESPREK_LATENT", "VACATURE", "KOPKOFFIE"])
    def test_found_work_has_a_name(self, code: str) -> None:
        with pytest.raises(CannotWrapUp):
            check(wrap_up(code, job=None), now())

    @pytest.mark.parametrize("code", ["KOPKOFFIE", "GESPREK_LATENT"])
    def test_may_be_one_that_is_known(self, code: str) -> None:
        check(wrap_up(code, job=None, known_job_id=7), now())

    @pytest.mark.parametrize("code", ["GEEN_GEHOOR", "VOICEMAIL", "VERZET", "BEDRIJF_GESTOPT", "KLACHT"])
    def test_does_not_go_with_every_result(self, code: str) -> None:
        with pytest.raises(CannotWrapUp):
            check(wrap_up(code, job=WORK), now())


class TestNextStep:
    @pytest.mark.parametrize("code", ["TERUGBELAFSPRAAK", "GESPREK_LATENT", "KOPKOFFIE", "KLACHT"])
    def test_some_results_cannot_do_without(self, code: str) -> None:
        with pytest.raises(CannotWrapUp):
            check(wrap_up(code, next_step=None), now())

    @pytest.mark.parametrize("code", ["VERZET", "VERKEERD_NUMMER", "BEDRIJF_GESTOPT", "KLACHT", "RECHTSVORM_FOUT"])
    @pytest.mark.parametrize("kind", [FollowUpKind.CALLBACK, FollowUpKind.RECALL])
    def test_nobody_is_called_again_after_some_results(self, code: str, kind: FollowUpKind) -> None:
        with pytest.raises(CannotWrapUp):
            check(wrap_up(code, next_step=step(kind)), now())

    def test_an_attempt_is_planned_by_the_list_itself(self) -> None:
        with pytest.raises(CannotWrapUp):
            check(wrap_up("GEEN_GEHOOR", next_step=step()), now())

    def test_an_agreed_callback_is_a_call(self) -> None:
        with pytest.raises(CannotWrapUp):
            check(wrap_up("TERUGBELAFSPRAAK", next_step=step(FollowUpKind.SEND_INFO)), now())

    def test_is_not_in_the_past(self) -> None:
        with pytest.raises(CannotWrapUp):
            check(wrap_up("GEEN_TIJD", next_step=step(due_at=now() - timedelta(minutes=1))), now())

    @pytest.mark.parametrize(
        "moment",
        [at(date(2026, 11, 29), 11), at(date(2026, 12, 25), 11), at(MONDAY, 8, 59), at(MONDAY, 22)],
        ids=["sunday", "christmas", "early", "late"],
    )
    def test_a_call_is_not_planned_when_nobody_may_be_called(self, moment: datetime) -> None:
        with pytest.raises(CannotWrapUp):
            check(wrap_up("TERUGBELAFSPRAAK", next_step=step(due_at=moment)), now())

    def test_other_work_may_be_planned_on_a_sunday(self) -> None:
        check(wrap_up("INFO_MAILEN", next_step=step(FollowUpKind.SEND_INFO, at(date(2026, 11, 29), 11))), now())

    def test_a_kopkoffie_is_planned_within_ten_working_days(self) -> None:
        late = step(FollowUpKind.PLAN_KOPKOFFIE, at(date(2026, 12, 9), 10))
        with pytest.raises(CannotWrapUp):
            check(wrap_up("KOPKOFFIE", next_step=late), now())
        check(wrap_up("KOPKOFFIE", next_step=late.model_copy(update={"due_at": at(date(2026, 12, 8), 10)})), now())


@pytest.mark.parametrize("code", [None, "", "BV", "XX"])
def test_a_wrong_legal_form_is_put_right(code: str | None) -> None:
    with pytest.raises(CannotWrapUp):
        check(wrap_up("RECHTSVORM_FOUT", legal_form=code), now())


class TestCautions:
    def test_says_that_it_is_a_holiday(self) -> None:
        assert "Eerste kerstdag" in cautions(step(FollowUpKind.OTHER, at(date(2026, 12, 25), 10)))[0]

    def test_says_that_it_is_early_for_us(self) -> None:
        assert cautions(step(due_at=at(MONDAY, 18)))

    def test_says_that_it_is_a_school_holiday(self) -> None:
        assert any("vakantie" in caution for caution in cautions(step(due_at=at(date(2026, 12, 22), 10))))

    def test_has_nothing_to_say_about_a_normal_day(self) -> None:
        assert cautions(step()) == []


@any_case(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)), st.integers(0, 520))
def test_the_proposed_moment_is_later_and_on_a_working_day(moment: datetime, days: int) -> None:
    start = moment.replace(tzinfo=AMSTERDAM)
    proposed = proposed_moment(start, days)
    assert proposed > start
    assert is_working_day(local(proposed).date())


class TestWhyNow:
    @pytest.mark.parametrize(("made_in_call", "why"), [(7, WhyNow.AGREED), (None, WhyNow.PLANNED)])
    def test_a_promise_comes_before_the_list(self, made_in_call: int | None, why: WhyNow) -> None:
        callback = FollowUp(kind=FollowUpKind.CALLBACK, due_at=MONDAY_MORNING, made_in_call_id=made_in_call, owner_id=1)
        assert why_now(callback, caller_id=1, on_list=True, attempts=1) is why

    @pytest.mark.parametrize(("owner", "why"), [(2, WhyNow.FOR_COLLEAGUE), (None, WhyNow.FOR_TEAM)])
    def test_a_promise_of_somebody_else_says_so(self, owner: int | None, why: WhyNow) -> None:
        callback = FollowUp(kind=FollowUpKind.CALLBACK, due_at=MONDAY_MORNING, made_in_call_id=7, owner_id=owner)
        assert why_now(callback, caller_id=1, on_list=False, attempts=0) is why

    @pytest.mark.parametrize(("attempts", "why"), [(0, WhyNow.FRESH), (1, WhyNow.RETRY), (5, WhyNow.RETRY)])
    def test_a_company_of_a_list_is_fresh_until_it_was_tried(self, attempts: int, why: WhyNow) -> None:
        assert why_now(None, caller_id=1, on_list=True, attempts=attempts) is why

    def test_without_promise_or_list_the_caller_chose_it(self) -> None:
        assert why_now(None, caller_id=1, on_list=False, attempts=0) is WhyNow.CHOSEN
