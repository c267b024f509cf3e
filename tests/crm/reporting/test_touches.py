"""Calls to companies that had heard of us, beside the others."""

from datetime import date, timedelta

import pytest

from crm.calling.models import CallStatus
from crm.core.clock import at
from crm.core.errors import NotAllowed
from crm.outreach.models import Touch, TouchKind
from crm.reporting.touches import ENOUGH, CallResults, TouchEffect, touch_effect
from tests.crm.reporting.test_queries import TUESDAY, WEEK, make_call, make_job, script

__all__ = ["make_call", "make_job", "script"]

ARTICLE, LETTER = TouchKind.ARTICLE, TouchKind.LETTER


@pytest.fixture
def touch(session):
    def add(call, day: date, kind: TouchKind = ARTICLE) -> None:
        session.add(Touch(company_id=call.company_id, kind=kind, on_day=day))
        session.flush()

    return add


def calls(effect: TouchEffect) -> tuple[int, int]:
    return effect.touched.calls, effect.untouched.calls


def test_counts_conversations_and_hidden_jobs_on_both_sides(session, coordinator, make_call, make_job, touch):
    for disposition in ("GESPREK_LATENT", "GESPREK_LATENT", "GEEN_GEHOOR"):
        touch(make_call(disposition), TUESDAY - timedelta(days=5))
    job = make_call("GESPREK_LATENT")
    touch(job, TUESDAY - timedelta(days=5))
    make_job(job)
    make_job(job)
    make_call("GESPREK_LATENT")
    make_call("GEEN_GEHOOR")
    effect = touch_effect(session, coordinator, WEEK, ARTICLE, 4)
    assert effect == TouchEffect(CallResults(4, 3, 1), CallResults(2, 1, 0))


@pytest.mark.parametrize(
    ("days_before", "counts"),
    [(0, False), (1, True), (28, True), (29, False), (-1, False)],
    ids=lambda value: str(value),
)
def test_only_the_weeks_before_the_day_of_the_call_count(session, coordinator, make_call, touch, days_before, counts):
    touch(make_call("GEEN_GEHOOR"), TUESDAY - timedelta(days=days_before))
    assert calls(touch_effect(session, coordinator, WEEK, ARTICLE, 4)) == ((1, 0) if counts else (0, 1))


def test_many_touches_make_no_more_calls(session, coordinator, make_call, touch):
    call = make_call("GEEN_GEHOOR")
    for days in (3, 4, 5):
        touch(call, TUESDAY - timedelta(days=days))
    assert calls(touch_effect(session, coordinator, WEEK, ARTICLE, 4)) == (1, 0)


def test_a_kind_is_looked_at_by_itself_or_all_together(session, coordinator, make_call, touch):
    touch(make_call("GEEN_GEHOOR"), TUESDAY - timedelta(days=3), LETTER)
    assert calls(touch_effect(session, coordinator, WEEK, ARTICLE, 4)) == (0, 1)
    assert calls(touch_effect(session, coordinator, WEEK, None, 4)) == (1, 0)


def test_open_calls_and_other_periods_are_left_out(session, coordinator, make_call):
    make_call("GEEN_GEHOOR", moment=at(TUESDAY - timedelta(days=30), 10))
    make_call(None, status=CallStatus.OPEN, ended_at=None)
    assert calls(touch_effect(session, coordinator, WEEK, None, 4)) == (0, 0)


def test_small_numbers_are_told():
    few, enough = CallResults(ENOUGH - 1), CallResults(ENOUGH)
    assert TouchEffect(few, enough).is_small
    assert TouchEffect(enough, few).is_small
    assert not TouchEffect(enough, enough).is_small


def test_a_viewer_may_see_it_and_a_caller_not(session, viewer, caller):
    assert touch_effect(session, viewer, WEEK, None, 4).is_small
    with pytest.raises(NotAllowed):
        touch_effect(session, caller, WEEK, None, 4)
