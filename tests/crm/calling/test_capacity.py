"""How many attempts a list may have on a day, and what is told about a list that is called from."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from pydantic import ValidationError
from sqlmodel import Session

from crm.access.actor import Actor
from crm.calling import lists
from crm.calling.capacity import full_lists
from crm.calling.inputs import ListSettings
from crm.calling.lists.forecast import Unknown
from crm.calling.models import Call, CallList, CallStatus, ListStatus, ObjectionRight
from crm.calling.queries import left_to_call
from crm.calling.services import claim_next
from crm.pipeline.queries import jobs_found_by_list
from crm.reference.models import Reached
from tests.conftest import make_company, make_job
from tests.crm.calling.building import finish_call, make_list, start_call

TUESDAY = datetime(2026, 11, 24, 9, tzinfo=UTC)


def attempt(session: Session, caller: Actor) -> None:
    call = start_call(session, caller)
    finish_call(session, caller, call.id, disposition="GEEN_GEHOOR", objection_right=None)
    session.expire_all()


def allow(session: Session, coordinator: Actor, made: CallList, capacity: int | None) -> None:
    session.refresh(made)
    wanted = ListSettings(daily_capacity=capacity)
    lists.change_list(session, coordinator, made.id, wanted, version=made.version)
    session.flush()


class TestCapacity:
    def test_a_list_stops_at_its_number_and_goes_on_the_next_day(self, session: Session, caller: Actor) -> None:
        with time_machine.travel(TUESDAY, tick=False) as clock:
            made = make_list(session, [caller], 4, daily_capacity=2)
            for _n in range(2):
                attempt(session, caller)
            assert claim_next(session, caller) is None
            assert left_to_call(session, caller) == 0
            assert full_lists(session, caller) == [made.name]
            clock.shift(timedelta(days=1))
            assert full_lists(session, caller) == []
            assert claim_next(session, caller) is not None

    def test_what_a_colleague_is_calling_counts_already(
        self, session: Session, caller: Actor, coordinator: Actor
    ) -> None:
        make_list(session, [caller, coordinator], 4, daily_capacity=1)
        assert claim_next(session, coordinator) is not None
        assert claim_next(session, caller) is None

    def test_the_other_lists_of_a_caller_go_on(self, session: Session, caller: Actor) -> None:
        with time_machine.travel(TUESDAY, tick=False):
            make_list(session, [caller], 4, daily_capacity=1)
            attempt(session, caller)
            other = make_list(session, [caller], 1, name="Andere")
            assert claim_next(session, caller) is not None
            assert full_lists(session, caller) == ["Bakkers"]
            assert other.attempts_that_day == 0

    def test_attempts_of_earlier_on_the_day_count_when_it_is_set(
        self, session: Session, caller: Actor, coordinator: Actor
    ) -> None:
        with time_machine.travel(TUESDAY, tick=False):
            made = make_list(session, [caller], 5)
            for _n in range(2):
                attempt(session, caller)
            allow(session, coordinator, made, 2)
            assert claim_next(session, caller) is None
            allow(session, coordinator, made, 3)
            attempt(session, caller)
            assert claim_next(session, caller) is None
            allow(session, coordinator, made, None)
            assert claim_next(session, caller) is not None

    def test_counting_does_not_stand_in_the_way_of_a_coordinator(
        self, session: Session, caller: Actor, coordinator: Actor
    ) -> None:
        with time_machine.travel(TUESDAY, tick=False):
            made = make_list(session, [caller], 3, daily_capacity=5)
            version = made.version
            attempt(session, caller)
            lists.set_status(session, coordinator, made.id, ListStatus.PAUSED, version=version)

    @pytest.mark.parametrize("wrong", [0, -1, 10_001])
    def test_must_be_a_sensible_number(self, wrong: int) -> None:
        with pytest.raises(ValidationError):
            ListSettings(daily_capacity=wrong)


class TestFigures:
    def test_of_a_list_are_attempts_conversations_and_hidden_jobs(
        self, session: Session, caller: Actor, coordinator: Actor
    ) -> None:
        with time_machine.travel(TUESDAY, tick=False):
            made = make_list(session, [caller], 3)
            attempt(session, caller)
            call = start_call(session, caller)
            finish_call(
                session, caller, call.id, disposition="GESPREK_GEEN_WERK", objection_right=ObjectionRight.OFFERED
            )
            make_job(session, call_id=call.id, company_id=call.company_id)
            make_job(session)
            [row] = lists.call_lists(session, coordinator).rows
        assert (row.attempts, row.conversations) == (2, 1)
        assert jobs_found_by_list(session, coordinator, [made.id]) == {made.id: 1}

    def test_the_forecast_follows_from_what_was_called_on_earlier_days(
        self, session: Session, caller: Actor, coordinator: Actor
    ) -> None:
        with time_machine.travel(TUESDAY, tick=False):
            made = make_list(session, [caller], 3)
            [row] = lists.call_lists(session, coordinator).rows
            assert row.forecast.unknown is Unknown.NO_PACE
            for days in (1, 4, 4):
                add_call(session, made, caller, TUESDAY - timedelta(days=days))
            session.flush()
            [row] = lists.call_lists(session, coordinator).rows
        assert row.forecast.per_day == 1.5  # three attempts on a Friday and a Monday
        assert row.forecast.day > TUESDAY.date()

    def test_of_a_paused_list_no_day_is_named(self, session: Session, caller: Actor, coordinator: Actor) -> None:
        make_list(session, [caller], 3, status=ListStatus.PAUSED)
        [row] = lists.call_lists(session, coordinator).rows
        assert row.forecast.unknown is Unknown.STOPPED


def add_call(session: Session, made: CallList, caller: Actor, moment: datetime) -> None:
    session.add(
        Call(
            company_id=make_company(session).id,
            caller_id=caller.user_id,
            list_id=made.id,
            script_version_id=made.script_version_id,
            status=CallStatus.DONE,
            ended_at=moment,
            reached=Reached.NO_ANSWER,
        )
    )
