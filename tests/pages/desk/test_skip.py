"""Skipping a company, and what the desk says before one dials."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlmodel import select

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.calling.models import Call, CallListEntry, Priority, SkippedCompany, SkipReason
from crm.core.clock import now
from crm.core.db import reading, transaction
from crm.desk.services import next_company, write
from tests.conftest import add_user, make_company
from tests.crm.calling.building import make_list
from tests.crm.desk.test_next_company import make_callback
from tests.pages.conftest import Visit, kept
from tests.pages.desk.building import text_of

TUESDAY = "2026-11-24 10:00+01:00"


@pytest.fixture
def caller(add_person: Callable[..., Actor]) -> Actor:
    return add_person(Role.CALLER)


def open_first(caller: Actor, companies: int = 2, **overrides: object) -> Call:
    with transaction() as session:
        make_list(session, [caller], companies, **overrides)
        call = next_company(session, caller)
        assert call is not None
        return call


class TestSkip:
    def test_asks_why_and_goes_on(self, visit: Visit, caller: Actor) -> None:
        call = open_first(caller)
        screen = visit("desk", caller)
        kept(screen.button, "skip").click().run()
        assert kept(screen.button, "confirm-skip").disabled
        kept(screen.radio, "skip-reason").set_value(SkipReason.CLOSED).run()
        kept(screen.button, "confirm-skip").click().run()
        assert not screen.exception
        with reading() as session:
            assert session.exec(select(SkippedCompany.company_id)).all() == [call.company_id]
            assert session.exec(select(Call.company_id)).one() != call.company_id

    def test_something_else_needs_words_and_loses_nothing(self, visit: Visit, caller: Actor) -> None:
        open_first(caller)
        screen = visit("desk", caller)
        kept(screen.button, "skip").click().run()
        kept(screen.radio, "skip-reason").set_value(SkipReason.OTHER).run()
        kept(screen.button, "confirm-skip").click().run()
        assert "few words" in screen.error[0].value
        kept(screen.text_input, "skip-note").input("Verhuisdag").run()
        kept(screen.button, "confirm-skip").click().run()
        with reading() as session:
            assert session.exec(select(SkippedCompany.note)).all() == ["Verhuisdag"]

    def test_a_call_that_has_begun_is_not_skipped(self, visit: Visit, caller: Actor) -> None:
        call = open_first(caller)
        with transaction() as session:
            write(session, caller, call.id, "summary", "Belt morgen terug.")
        screen = visit("desk", caller)
        kept(screen.button, "skip").click().run()
        kept(screen.radio, "skip-reason").set_value(SkipReason.MOMENT).run()
        kept(screen.button, "confirm-skip").click().run()
        assert "begun this call" in screen.error[0].value

    def test_the_coordinator_sees_it_on_the_list(
        self, visit: Visit, caller: Actor, add_person: Callable[..., Actor]
    ) -> None:
        open_first(caller)
        screen = visit("desk", caller)
        kept(screen.button, "skip").click().run()
        kept(screen.radio, "skip-reason").set_value(SkipReason.KNOWN).run()
        kept(screen.button, "confirm-skip").click().run()
        with reading() as session:
            list_id = session.exec(select(CallListEntry.list_id)).first()
        lists = visit("call_lists", add_person(Role.COORDINATOR))
        lists.button(key=f"skipped-{list_id}").click().run()
        assert not lists.exception
        assert any("I know these people" in line.value for line in lists.markdown)


class TestBeforeDialling:
    def test_the_builders_holiday_is_said(self, visit: Visit, caller: Actor) -> None:
        with time_machine.travel("2026-08-05 10:00+02:00", tick=True):
            with transaction() as session:
                make_list(session, [caller], [make_company(session, sbi_code="4321")])
                next_company(session, caller)
            said = text_of(visit("desk", caller))
        assert "Bouwvak until" in said
        assert "ask whether it is a good moment" in said

    def test_whose_promise_it_is(self, visit: Visit, caller: Actor) -> None:
        with transaction() as session:
            colleague = add_user(session, Role.CALLER, name="Ria de Wit")
            make_callback(session, colleague, due_at=now() - timedelta(hours=2))
            next_company(session, caller)
        assert "Ria de Wit agreed to call back: " in text_of(visit("desk", caller))

    def test_a_good_hour_of_the_trade_is_named_when_the_call_began_in_it(self, visit: Visit, caller: Actor) -> None:
        with transaction() as session:
            make_list(session, [caller], [make_company(session, sbi_code="4711")])
            next_company(session, caller)
        assert "New · Bakkers · shops often answer now" in text_of(visit("desk", caller))
        with time_machine.travel("2026-11-24 12:10+01:00", tick=True):
            assert "shops often answer now" in text_of(visit("desk", caller))  # it was the reason, and stays it

    def test_an_hour_like_the_others_is_not(self, visit: Visit, caller: Actor) -> None:
        with time_machine.travel("2026-11-24 12:10+01:00", tick=True):
            with transaction() as session:
                make_list(session, [caller], [make_company(session, sbi_code="4711")])
                next_company(session, caller)
            assert "often answer now" not in text_of(visit("desk", caller))

    def test_a_list_with_high_priority_is_named_so(self, visit: Visit, caller: Actor) -> None:
        open_first(caller, priority=Priority.HIGH)
        assert "New · Bakkers · the list with high priority" in text_of(visit("desk", caller))
