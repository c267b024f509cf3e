"""Call lists: who is on them, who is not and why, who calls, and how far they are."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.audit.models import AuditEntry
from crm.calling import lists
from crm.calling.inputs import ListFilters, ListInput, postcode_ranges
from crm.calling.models import CallList, CallListEntry, CallListMember, EntryState, ListStatus
from crm.companies.models import Company, Suppression, SuppressionReason
from crm.core.db import transaction
from crm.core.errors import ChangedMeanwhile, CrmError, NotAllowed
from crm.scripts.models import ScriptVersion
from tests.conftest import add_user, make_company

numbers = count(1)


def make_script(session: Session) -> int:
    number = next(numbers)
    script = ScriptVersion(key="werving", number=number, title="Werving", source="-", checksum=f"{number:064}")
    session.add(script)
    session.flush()
    return script.id


def make_input(session: Session, **overrides: Any) -> ListInput:
    fields: dict[str, Any] = {"name": "Bakkers in Dordrecht"}
    if "script_version_id" not in overrides:
        fields["script_version_id"] = make_script(session)
    return ListInput(**(fields | overrides))


def companies_on(session: Session, made: CallList) -> list[int]:
    statement = select(CallListEntry.company_id).where(CallListEntry.list_id == made.id)
    return list(session.exec(statement.order_by(col(CallListEntry.id))))


class TestFilters:
    @pytest.mark.parametrize(
        ("filters", "letters"),
        [
            ({}, "abd"),
            ({"large": True}, "abcd"),
            ({"trades": ("C",)}, "a"),
            ({"trades": ("10",)}, "a"),
            ({"trades": ("107", "I")}, "ab"),
            ({"trades": ("1071",)}, "a"),
            ({"towns": ("Rotterdam", "Breda"), "large": True}, "bc"),
            ({"postcodes": "33"}, "a"),
            ({"postcodes": "3000-3299, 4811 ab", "large": True}, "bc"),
            ({"sizes": ("micro",)}, "ab"),
            ({"sizes": ("groot", "klein"), "large": True}, "c"),
            ({"sizes": ("groot",)}, ""),
            ({"legal_forms": ("NV",), "large": True}, "c"),
            ({"never_called": True}, "bd"),
            ({"towns": ("Rotterdam",), "trades": ("C",)}, ""),
        ],
    )
    def test_choose_companies(
        self, session: Session, coordinator: Actor, filters: dict[str, Any], letters: str
    ) -> None:
        called = datetime(2026, 11, 1, tzinfo=UTC)
        make_company(session, name="a", sbi_code="10710", staff_min=2, staff_max=9, last_called_at=called)
        make_company(session, name="b", sbi_code="56110", town="Rotterdam", postcode="3011AA", staff_min=5)
        make_company(session, name="c", legal_form="NV", town="Breda", postcode="4811AB", staff_min=300)
        make_company(session, name="d", town="", postcode=None)
        chosen = ListFilters(**filters)
        assert lists.preview(session, coordinator, chosen).total == len(letters)
        if letters:
            made = lists.make_list(session, coordinator, make_input(session, filters=chosen))
            found = session.exec(select(Company.name).where(col(Company.id).in_(companies_on(session, made))))
            assert "".join(sorted(found)) == letters

    def test_postcode_areas_are_written_in_several_ways(self) -> None:
        assert postcode_ranges(" 33 ;3311 ab,3000 – 3099") == [("33", "33"), ("3311AB", "3311AB"), ("3000", "3099")]

    @pytest.mark.parametrize("wrong", ["dordrecht", "0311", "3399-3300", "33-34", "3311A", "33111", "-", "3311 %"])
    def test_an_impossible_postcode_area_is_refused(self, wrong: str) -> None:
        with pytest.raises(ValidationError):
            ListFilters(postcodes=wrong)

    @pytest.mark.parametrize("wrong", [{"trades": ("XX",)}, {"sizes": ("xl",)}, {"legal_forms": ("GMBH",)}])
    def test_codes_that_do_not_exist_are_refused(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(ValidationError):
            ListFilters(**wrong)


class TestPreview:
    def test_counts_who_may_be_called_and_why_others_may_not(self, session: Session, coordinator: Actor) -> None:
        for _n in range(3):
            make_company(session)
        for _n in range(2):
            make_company(session, legal_form="EMZ")
        session.add(Suppression(company_id=make_company(session).id, reason=SuppressionReason.OBJECTION))
        session.flush()
        seen = lists.preview(session, coordinator, ListFilters())
        assert (seen.total, seen.callable, seen.listed) == (6, 3, 0)
        assert seen.blocked == [
            ("Eenmanszaak zonder toestemming: niet bellen.", 2),
            ("Dit bedrijf wil niet gebeld worden.", 1),
        ]

    def test_says_how_many_are_on_another_open_list(self, session: Session, coordinator: Actor) -> None:
        make_company(session)
        made = lists.make_list(session, coordinator, make_input(session))
        make_company(session)
        assert lists.preview(session, coordinator, ListFilters()).listed == 1
        lists.set_status(session, coordinator, made.id, ListStatus.CLOSED, version=made.version)
        session.flush()
        assert lists.preview(session, coordinator, ListFilters()).listed == 0


class TestMakeList:
    def test_holds_only_companies_that_may_be_called(self, session: Session, coordinator: Actor) -> None:
        good = [make_company(session).id for _n in range(3)]
        make_company(session, legal_form="ONB")
        make_company(session, legal_form="EMZ")
        made = lists.make_list(session, coordinator, make_input(session))
        assert sorted(companies_on(session, made)) == good
        entry = session.exec(select(CallListEntry).limit(1)).one()
        assert (entry.state, entry.attempts, entry.blocked_because) == (EntryState.WAITING, 0, "")
        assert entry.due_at.tzinfo is not None

    def test_keeps_how_it_was_chosen_and_who_made_it(self, session: Session, coordinator: Actor) -> None:
        make_company(session)
        made = lists.make_list(session, coordinator, make_input(session, filters=ListFilters(postcodes="33")))
        assert made.filters["postcodes"] == "33"
        assert made.made_by_id == coordinator.id
        entry = session.exec(select(AuditEntry)).one()
        assert (entry.action, entry.changes["companies"]) == ("list.made", [None, 1])

    def test_calls_in_another_order_than_the_street(self, session: Session, coordinator: Actor) -> None:
        for _n in range(30):
            make_company(session)
        found = companies_on(session, lists.make_list(session, coordinator, make_input(session)))
        assert found != sorted(found)

    def test_leaves_out_companies_of_another_open_list_unless_asked(self, session: Session, coordinator: Actor) -> None:
        first = make_company(session).id
        lists.make_list(session, coordinator, make_input(session))
        second = make_company(session).id
        made = lists.make_list(session, coordinator, make_input(session, name="Tweede"))
        assert companies_on(session, made) == [second]
        all_of_them = make_input(session, name="Derde", filters=ListFilters(skip_listed=False))
        assert sorted(companies_on(session, lists.make_list(session, coordinator, all_of_them))) == [first, second]

    def test_refuses_an_empty_list(self, session: Session, coordinator: Actor) -> None:
        make_company(session, legal_form="EMZ")
        with pytest.raises(lists.NothingToCall):
            lists.make_list(session, coordinator, make_input(session))

    def test_refuses_a_name_in_use_so_a_double_click_makes_one_list(self, session: Session, coordinator: Actor) -> None:
        make_company(session)
        lists.make_list(session, coordinator, make_input(session))
        with pytest.raises(lists.ListNameTaken, match="Bakkers"):
            lists.make_list(session, coordinator, make_input(session, filters=ListFilters(skip_listed=False)))

    @pytest.mark.parametrize("name", ["", "   ", "x" * 121])
    def test_needs_a_name(self, name: str) -> None:
        with pytest.raises(ValidationError):
            ListInput(name=name, script_version_id=1)


class TestMembers:
    def test_are_replaced_as_a_whole(self, session: Session, coordinator: Actor) -> None:
        make_company(session)
        people = [add_user(session, Role.CALLER).user_id for _n in range(3)]
        made = lists.make_list(session, coordinator, make_input(session, caller_ids=tuple(people[:2])))
        lists.set_members(session, coordinator, made.id, people[1:], version=1)
        session.flush()
        members = session.exec(select(CallListMember.user_id).where(CallListMember.list_id == made.id))
        assert sorted(members) == people[1:]

    @pytest.mark.parametrize("person", [{"role": Role.VIEWER}, {"role": Role.CALLER, "active": False}])
    def test_must_be_allowed_to_call(self, session: Session, coordinator: Actor, person: dict[str, Any]) -> None:
        make_company(session)
        somebody = add_user(session, **person).user_id
        with pytest.raises(lists.NotACaller):
            lists.make_list(session, coordinator, make_input(session, caller_ids=(somebody,)))
        assert somebody not in [user.id for user in lists.callers(session, coordinator)]

    def test_may_be_nobody_yet_but_not_somebody_who_does_not_exist(self, session: Session, coordinator: Actor) -> None:
        make_company(session)
        made = lists.make_list(session, coordinator, make_input(session))
        with pytest.raises(lists.NotACaller):
            lists.set_members(session, coordinator, made.id, [404_404], version=1)


class TestOverview:
    def test_shows_progress_and_callers_the_newest_first(self, session: Session, coordinator: Actor) -> None:
        caller = add_user(session, Role.CALLER).user_id
        for _n in range(4):
            make_company(session)
        made = lists.make_list(session, coordinator, make_input(session, caller_ids=(caller,)))
        make_company(session)
        newer = lists.make_list(session, coordinator, make_input(session, name="Nieuwer"))
        entries = session.exec(select(CallListEntry).where(CallListEntry.list_id == made.id)).all()
        entries[0].state, entries[1].state = EntryState.DONE, EntryState.BLOCKED
        session.flush()
        page = lists.call_lists(session, coordinator)
        assert [row.list.id for row in page.rows] == [newer.id, made.id]
        row = page.rows[1]
        assert (row.total, row.finished, row.progress, row.caller_ids) == (4, 2, 0.5, (caller,))

    def test_closed_lists_come_last_and_pages_are_short(self, session: Session, coordinator: Actor) -> None:
        made = []
        for n in range(3):
            make_company(session)
            made.append(lists.make_list(session, coordinator, make_input(session, name=f"Lijst {n}")))
        lists.set_status(session, coordinator, made[2].id, ListStatus.CLOSED, version=made[2].version)
        session.flush()
        pages = [lists.call_lists(session, coordinator, page, 2) for page in (1, 2)]
        assert [[row.list.name for row in page.rows] for page in pages] == [["Lijst 1", "Lijst 0"], ["Lijst 2"]]
        assert {page.total for page in pages} == {3}

    def test_an_empty_list_has_made_no_progress(self) -> None:
        assert lists.ListRow(CallList(name="leeg", script_version_id=1, made_by_id=1)).progress == 0.0

    def test_a_status_change_on_an_old_version_is_refused(self, session: Session, coordinator: Actor) -> None:
        make_company(session)
        made = lists.make_list(session, coordinator, make_input(session))
        lists.set_status(session, coordinator, made.id, ListStatus.PAUSED, version=1)
        session.flush()
        with pytest.raises(ChangedMeanwhile):
            lists.set_status(session, coordinator, made.id, ListStatus.CLOSED, version=1)


class TestPermissions:
    @pytest.mark.parametrize(
        "attempt",
        [
            lambda session, actor: lists.preview(session, actor, ListFilters()),
            lambda session, actor: lists.make_list(session, actor, make_input(session)),
            lambda session, actor: lists.set_members(session, actor, 1, [], version=1),
            lambda session, actor: lists.set_status(session, actor, 1, ListStatus.OPEN, version=1),
            lambda session, actor: lists.call_lists(session, actor),
            lambda session, actor: lists.callers(session, actor),
        ],
    )
    def test_a_caller_does_not_manage_lists(
        self, session: Session, caller: Actor, attempt: Callable[[Session, Actor], Any]
    ) -> None:
        with pytest.raises(NotAllowed):
            attempt(session, caller)


def test_lists_made_at_the_same_moment_share_no_company(database: Engine) -> None:
    with transaction() as session:
        coordinator = add_user(session, Role.COORDINATOR)
        for _n in range(40):
            make_company(session)
        wishes = [make_input(session, name=f"Lijst {n}") for n in range(4)]

    def make(wish: ListInput) -> str:
        try:
            with transaction() as session:
                lists.make_list(session, coordinator, wish)
        except CrmError as refused:
            return type(refused).__name__
        return "made"

    with ThreadPoolExecutor(4) as pool:
        results = sorted(pool.map(make, wishes))
    assert results == ["NothingToCall", "NothingToCall", "NothingToCall", "made"]
    with Session(database) as session:
        assert len(session.exec(select(CallListEntry)).all()) == 40
