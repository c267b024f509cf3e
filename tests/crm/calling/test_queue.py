"""In what order companies are called."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.audit.models import AuditEntry
from crm.calling.inputs import ListFilters, ListInput, ListSettings
from crm.calling.lists import change_list
from crm.calling.lists import make_list as make_filtered_list
from crm.calling.models import (
    RETRY,
    CallList,
    CallListEntry,
    CallListMember,
    EntryState,
    HourFigures,
    ListStatus,
    ObjectionRight,
    Priority,
)
from crm.calling.queries import left_to_call
from crm.calling.services import claim_company, claim_next, free, mark_dialled, open_call
from crm.companies.models import Company
from crm.core.clock import now
from crm.core.errors import ChangedMeanwhile, NotAllowed
from crm.reference.trades import trade_group
from crm.scripts.models import ScriptVersion
from tests.conftest import add_user, make_company
from tests.crm.calling.building import entries_of, finish_call, make_list, start_call

LOW = ListSettings(priority=Priority.LOW)
TUESDAY_TEN = "2026-11-24 10:10+01:00"  # good for restaurants and shops, not for building


@pytest.fixture(autouse=True)
def _tuesday_morning() -> Iterator[None]:
    with time_machine.travel(TUESDAY_TEN, tick=False):
        yield


def waiting_since(made: CallList, company: Company, minutes: int, *, attempts: int = 0) -> CallListEntry:
    return CallListEntry(
        list_id=made.id,
        company_id=company.id,
        due_at=now() - timedelta(minutes=minutes),
        attempts=attempts,
        lane=RETRY if attempts else trade_group(company.sbi_code),
    )


def order_of(session: Session, caller: Actor) -> list[int]:
    """The companies as this caller would get them."""
    found = []
    while claim := claim_next(session, caller):
        found.append(claim.company_id)
        entry = session.get_one(CallListEntry, claim.entry_id)
        free(session, claim)
        entry.state = EntryState.DONE
        session.flush()
    return found


class TestOrder:
    def test_retries_go_first_the_oldest_of_all_lists_whatever_their_priority(
        self, session: Session, caller: Actor
    ) -> None:
        low = make_list(session, [caller], 0, name="Laag", priority=Priority.LOW)
        high = make_list(session, [caller], 0, name="Hoog", priority=Priority.HIGH)
        first, second, fresh = (make_company(session) for _each in range(3))
        session.add_all(
            [
                waiting_since(high, fresh, 90),
                waiting_since(high, second, 5, attempts=2),
                waiting_since(low, first, 10, attempts=1),
            ]
        )
        session.flush()
        assert order_of(session, caller) == [first.id, second.id, fresh.id]

    def test_fresh_ones_go_by_the_priority_of_their_list(self, session: Session, caller: Actor) -> None:
        companies = {}
        for priority in (Priority.LOW, Priority.NORMAL, Priority.HIGH):
            made = make_list(session, [caller], 1, name=priority.name, priority=priority)
            companies[priority] = entries_of(session, made)[0].company_id
        assert order_of(session, caller) == [companies[priority] for priority in Priority]

    def test_within_a_priority_the_best_chance_now_goes_first(self, session: Session, caller: Actor) -> None:
        made = make_list(session, [caller], 0)
        other = make_list(session, [caller], 0, name="Ander")
        builder, baker, cafe = (make_company(session, sbi_code=code) for code in ("4321", "4724", "5630"))
        session.add_all(
            [waiting_since(made, builder, 90), waiting_since(made, baker, 20), waiting_since(other, cafe, 30)]
        )
        session.flush()
        assert order_of(session, caller) == [cafe.id, baker.id, builder.id]

    def test_own_calls_change_the_order(self, session: Session, caller: Actor) -> None:
        made = make_list(session, [caller], 0)
        builder, baker = make_company(session, sbi_code="4321"), make_company(session, sbi_code="4724")
        session.add_all([waiting_since(made, builder, 5), waiting_since(made, baker, 20)])
        session.add(HourFigures(weekday=1, hour=10, trade_group="building", calls=60, spoken=55))
        session.add(HourFigures(weekday=1, hour=11, trade_group="retail", calls=60, spoken=60))
        session.flush()
        assert order_of(session, caller) == [builder.id, baker.id]

    def test_who_waits_longest_goes_first_among_equals_over_lists(self, session: Session, caller: Actor) -> None:
        made, other = make_list(session, [caller], 0), make_list(session, [caller], 0, name="Ander")
        companies = [make_company(session) for _each in range(4)]
        lists = (made, other, made, other)
        session.add_all(
            waiting_since(one, company, minutes)
            for one, company, minutes in zip(lists, companies, (10, 40, 30, 20), strict=True)
        )
        session.flush()
        assert order_of(session, caller) == [companies[place].id for place in (1, 2, 3, 0)]

    def test_those_that_came_at_the_same_moment_go_in_order_of_entry(self, session: Session, caller: Actor) -> None:
        made = make_list(session, [caller], 0)
        companies = [make_company(session) for _each in range(3)]
        for company in reversed(companies):
            session.add(waiting_since(made, company, 10))
            session.flush()
        assert order_of(session, caller) == [company.id for company in reversed(companies)]

    def test_a_paused_list_with_high_priority_gives_nothing(self, session: Session, caller: Actor) -> None:
        make_list(session, [caller], 1, name="Pauze", priority=Priority.HIGH, status=ListStatus.PAUSED)
        made = make_list(session, [caller], 1)
        assert order_of(session, caller) == [entries_of(session, made)[0].company_id]

    def test_a_lane_whose_companies_are_all_held_is_passed_over(self, session: Session, caller: Actor) -> None:
        made = make_list(session, [caller], 0)
        tried, fresh = make_company(session), make_company(session)
        session.add_all([waiting_since(made, tried, 90, attempts=1), waiting_since(made, fresh, 5)])
        session.flush()
        claim_company(session, add_user(session, Role.CALLER), tried.id)
        assert order_of(session, caller) == [fresh.id]

    def test_what_is_left_counts_every_lane(self, session: Session, caller: Actor) -> None:
        made = make_list(session, [caller], 0)
        later = make_company(session)
        session.add_all(
            [
                waiting_since(made, make_company(session, sbi_code="4321"), 5),
                waiting_since(made, make_company(session), 5, attempts=2),
                waiting_since(made, later, -5),
            ]
        )
        session.flush()
        assert left_to_call(session, caller) == 2


class TestLanes:
    def test_a_new_list_puts_companies_in_the_lane_of_their_trade(self, session: Session, coordinator: Actor) -> None:
        make_list(session, [])
        codes = ("5610", "4781", "4711", None)
        companies = [make_company(session, sbi_code=code, town="Zwijndrecht") for code in codes]
        wish = ListInput(
            name="Nieuw",
            filters=ListFilters(towns=("Zwijndrecht",)),
            script_version_id=session.exec(select(ScriptVersion.id)).first(),
            priority=Priority.HIGH,
        )
        made = make_filtered_list(session, coordinator, wish)
        lanes = {entry.company_id: entry.lane for entry in entries_of(session, made)}
        assert made.priority == Priority.HIGH
        assert [lanes[company.id] for company in companies] == ["horeca", "garage", "retail", "other"]

    def test_who_did_not_answer_goes_to_the_retries(self, session: Session, caller: Actor) -> None:
        [entry] = entries_of(session, make_list(session, [caller], 1))
        call = start_call(session, caller)
        finish_call(session, caller, call.id, disposition="IN_GESPREK", objection_right=None)
        assert (entry.lane, entry.attempts, entry.state) == (RETRY, 1, EntryState.WAITING)


class TestPriority:
    def test_is_changed_and_written_in_the_audit_log(self, session: Session, caller: Actor, coordinator: Actor) -> None:
        made = make_list(session, [caller], 1)
        change_list(session, coordinator, made.id, LOW, version=made.version)
        [changes] = session.exec(select(AuditEntry.changes).where(AuditEntry.action == "list.changed")).all()
        assert changes["priority"][-1] == Priority.LOW

    def test_not_on_top_of_a_change_by_a_colleague(self, session: Session, coordinator: Actor) -> None:
        made = make_list(session, [], 1)
        change_list(session, coordinator, made.id, ListSettings(priority=Priority.HIGH), version=1)
        session.flush()
        with pytest.raises(ChangedMeanwhile):
            change_list(session, coordinator, made.id, LOW, version=1)

    def test_is_for_coordinators(self, session: Session, caller: Actor) -> None:
        made = make_list(session, [caller], 1)
        with pytest.raises(NotAllowed):
            change_list(session, caller, made.id, LOW, version=1)


class TestCounting:
    def figures(self, session: Session) -> list[tuple[int, int, str, int, int]]:
        found = session.exec(select(HourFigures).order_by(HourFigures.id)).all()
        return [(one.weekday, one.hour, one.trade_group, one.calls, one.spoken) for one in found]

    def test_each_call_of_a_list_counts_at_the_hour_of_dialling(self, session: Session, caller: Actor) -> None:
        made = make_list(session, [caller], 0)
        for minutes, code in ((30, "4711"), (20, "4724"), (10, "5610")):
            session.add(waiting_since(made, make_company(session, sbi_code=code), minutes))
        session.flush()
        results = [("GEEN_GEHOOR", None), ("GEEN_INTERESSE", ObjectionRight.OFFERED), ("VOICEMAIL", None)]
        for disposition, right in results:
            call = start_call(session, caller)
            mark_dialled(session, caller, call.id)
            with time_machine.travel("2026-11-24 11:05+01:00", tick=False):
                finish_call(session, caller, call.id, disposition=disposition, objection_right=right)
        assert sorted(self.figures(session)) == [(1, 10, "horeca", 1, 0), (1, 10, "retail", 2, 1)]

    def test_a_wrong_number_says_nothing_about_the_hour(self, session: Session, caller: Actor) -> None:
        make_list(session, [caller], 1)
        call = start_call(session, caller)
        finish_call(session, caller, call.id, disposition="VERKEERD_NUMMER", objection_right=None)
        assert self.figures(session) == []

    def test_a_call_that_somebody_chose_does_not_count(self, session: Session, caller: Actor) -> None:
        make_list(session, [caller], 1)
        claim = claim_company(session, caller, make_company(session).id)
        call = open_call(session, caller, claim)
        finish_call(session, caller, call.id, disposition="GEEN_GEHOOR", objection_right=None)
        assert self.figures(session) == []


def test_members_of_other_lists_are_not_given(session: Session, caller: Actor) -> None:
    made = make_list(session, [], 1, priority=Priority.HIGH)
    assert claim_next(session, caller) is None
    session.add(CallListMember(list_id=made.id, user_id=caller.id))
    session.flush()
    assert claim_next(session, caller) is not None
