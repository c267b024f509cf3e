"""Live lists: what comes on later, what goes off, and what stays because somebody began with it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func
from sqlmodel import Session, col, select

from crm.access.actor import SYSTEM, Actor
from crm.access.models import User
from crm.access.permissions import Role
from crm.audit.models import AuditEntry
from crm.calling import lists
from crm.calling.inputs import ListFilters, ListSettings
from crm.calling.lists import ListChange, live
from crm.calling.lists.live import Portion
from crm.calling.models import Call, CallList, CallListEntry, CallStatus, Claim, EntryState, ListStatus
from crm.companies.models import Company, Consent, ConsentChannel, ImportBatch, Suppression, SuppressionReason
from crm.companies.queries import newest_import
from crm.core.clock import now
from crm.core.db import reading, transaction
from crm.core.errors import NotAllowed, NotFound
from tests.conftest import add_user, make_company
from tests.crm.calling.test_lists import companies_on, make_input


def make_live(session: Session, actor: Actor, **filters: Any) -> CallList:
    wanted = make_input(session, filters=ListFilters(**filters), is_live=True)
    return lists.make_list(session, actor, wanted)


def update(session: Session, actor: Actor, list_id: int) -> ListChange:
    """As `update_list`, in the transaction of the test."""
    newest, last = newest_import(session), session.scalar(func.max(Company.id)) or 0
    change = live.update_portion(session, actor, list_id, Portion(0, last))
    live.mark_up_to_date(session, list_id, newest)
    return change


def entry_of(session: Session, company: Company) -> CallListEntry:
    session.expire_all()
    return session.exec(select(CallListEntry).where(CallListEntry.company_id == company.id)).one()


def updates(session: Session) -> list[dict[str, Any]]:
    return [entry.changes for entry in session.exec(select(AuditEntry).where(AuditEntry.action == "list.updated"))]


def move(session: Session, company: Company) -> None:
    company.town = "Rotterdam"
    session.flush()


class TestUpdate:
    def test_takes_up_a_company_that_came_later(self, session: Session, coordinator: Actor) -> None:
        first = make_company(session).id
        made = make_live(session, coordinator, towns=("Dordrecht",))
        make_company(session, town="Rotterdam")
        second = make_company(session).id
        assert update(session, coordinator, made.id) == ListChange(added=1)
        assert companies_on(session, made) == [first, second]
        assert updates(session) == [{"added": [None, 1], "removed": [None, 0]}]

    def test_takes_up_a_company_that_gave_consent_and_not_before(self, session: Session, coordinator: Actor) -> None:
        company = make_company(session, legal_form="EMZ")
        made = make_live(session, coordinator)
        assert not update(session, coordinator, made.id)
        session.add(Consent(company_id=company.id, given_by="A", channel=ConsentChannel.LETTER, text="ja"))
        session.flush()
        assert update(session, coordinator, made.id) == ListChange(added=1)

    def test_gives_back_a_company_that_was_blocked_and_may_be_called_now(
        self, session: Session, coordinator: Actor
    ) -> None:
        company = make_company(session)
        made = make_live(session, coordinator)
        entry = entry_of(session, company)
        entry.state, entry.blocked_because, company.stopped_at = EntryState.BLOCKED, "gestopt", now()
        session.flush()
        assert not update(session, coordinator, made.id)
        company.stopped_at = None
        session.flush()
        assert update(session, coordinator, made.id) == ListChange(added=1)
        assert (entry_of(session, company).state, entry_of(session, company).blocked_because) == (
            EntryState.WAITING,
            "",
        )

    def test_takes_off_what_does_not_match_any_more(self, session: Session, coordinator: Actor) -> None:
        stays, moves, blocked = (make_company(session) for _n in range(3))
        made = make_live(session, coordinator, towns=("Dordrecht",))
        move(session, moves)
        session.add(Suppression(company_id=blocked.id, reason=SuppressionReason.OBJECTION))
        session.flush()
        assert update(session, coordinator, made.id) == ListChange(removed=2)
        assert companies_on(session, made) == [stays.id]

    @pytest.mark.parametrize("begun", ["attempt", "call", "claim", "done"])
    def test_leaves_what_somebody_began_with(
        self, session: Session, coordinator: Actor, caller: Actor, begun: str
    ) -> None:
        company = make_company(session)
        made = make_live(session, coordinator, towns=("Dordrecht",))
        entry = entry_of(session, company)
        if begun == "attempt":
            entry.attempts = 1
        elif begun == "done":
            entry.state = EntryState.DONE
        elif begun == "call":
            session.add(
                Call(
                    company_id=company.id,
                    caller_id=caller.user_id,
                    entry_id=entry.id,
                    script_version_id=made.script_version_id,
                    status=CallStatus.DONE,
                )
            )
        else:
            session.add(Claim(company_id=company.id, user_id=caller.user_id, entry_id=entry.id, expires_at=now()))
        move(session, company)
        assert not update(session, coordinator, made.id)
        assert companies_on(session, made) == [company.id]

    def test_doing_it_again_changes_nothing_and_leaves_no_second_trace(
        self, session: Session, coordinator: Actor
    ) -> None:
        made = make_live(session, coordinator)
        made_later = make_company(session)
        everything = Portion(0, made_later.id)
        assert live.is_outdated(session, made.id, everything)
        update(session, coordinator, made.id)
        assert not live.is_outdated(session, made.id, everything)
        assert not update(session, coordinator, made.id)
        assert len(updates(session)) == 1

    def test_leaves_to_another_open_list_what_is_there(self, session: Session, coordinator: Actor) -> None:
        made = make_live(session, coordinator)
        make_company(session)
        lists.make_list(session, coordinator, make_input(session, name="Andere"))
        assert not update(session, coordinator, made.id)

    def test_does_not_stand_in_the_way_of_a_coordinator_who_changes_the_list(
        self, session: Session, coordinator: Actor
    ) -> None:
        made = make_live(session, coordinator)
        make_company(session)
        update(session, SYSTEM, made.id)
        lists.set_status(session, coordinator, made.id, ListStatus.PAUSED, version=made.version)

    def test_a_frozen_or_closed_list_never_changes(self, session: Session, coordinator: Actor) -> None:
        make_company(session)
        frozen = lists.make_list(session, coordinator, make_input(session))
        closed = lists.make_list(session, coordinator, make_input(session, name="Dicht", is_live=True))
        closed.status = ListStatus.CLOSED
        make_company(session)
        for made in (frozen, closed):
            with pytest.raises(lists.ListFrozen):
                update(session, coordinator, made.id)
        with pytest.raises(NotFound):
            update(session, coordinator, 404_404)

    def test_is_not_for_callers(self, session: Session, caller: Actor) -> None:
        with pytest.raises(NotAllowed):
            update(session, caller, 1)
        with pytest.raises(NotAllowed):
            lists.change_list(session, caller, 1, ListSettings(), version=1)


class TestWhichLists:
    def due(self, session: Session, moment: datetime) -> list[int]:
        return list(lists.lists_to_update(session, moment))

    def test_every_quarter_of_an_hour(self, session: Session, coordinator: Actor) -> None:
        made = make_live(session, coordinator)
        assert self.due(session, now() + timedelta(minutes=14)) == []
        assert self.due(session, now() + timedelta(minutes=15)) == [made.id]

    def test_right_after_an_import(self, session: Session, coordinator: Actor) -> None:
        made = make_live(session, coordinator)
        session.add(ImportBatch(file_name="nieuw.csv", file_sha256="-"))
        session.flush()
        assert self.due(session, now()) == [made.id]
        update(session, SYSTEM, made.id)
        assert self.due(session, now()) == []

    def test_not_those_that_are_frozen_or_closed(self, session: Session, coordinator: Actor) -> None:
        made = make_live(session, coordinator)
        made.status = ListStatus.CLOSED
        session.flush()
        make_company(session)
        lists.make_list(session, coordinator, make_input(session, name="Vast"))
        assert self.due(session, now() + timedelta(days=1)) == []


class TestSettings:
    def test_a_list_can_be_frozen_and_made_live_again(self, session: Session, coordinator: Actor) -> None:
        made = make_live(session, coordinator)
        for is_live in (False, True):
            lists.change_list(session, coordinator, made.id, ListSettings(is_live=is_live), version=made.version)
            session.flush()
            assert session.exec(select(CallList.is_live)).one() is is_live

    def test_a_list_without_a_choice_stays_frozen(self, session: Session, coordinator: Actor) -> None:
        make_company(session)
        made = lists.make_list(session, coordinator, make_input(session))
        made.filters = {}
        session.flush()
        with pytest.raises(lists.ListFrozen):
            lists.change_list(session, coordinator, made.id, ListSettings(is_live=True), version=made.version)


def test_updates_at_the_same_moment_put_a_company_on_one_list_once(database: Engine) -> None:
    with transaction() as session:
        coordinator = add_user(session, Role.COORDINATOR)
        made = [lists.make_list(session, coordinator, make_input(session, name=name, is_live=True)).id for name in "ab"]
        for _n in range(30):
            make_company(session)

    with ThreadPoolExecutor(4) as pool:
        added = [change.added for change in pool.map(lists.update_list, [SYSTEM] * 4, [*made, *made])]
    assert sorted(added) == [0, 0, 0, 30]
    with Session(database) as session:
        assert len(session.exec(select(CallListEntry)).all()) == 30


def test_an_update_does_not_wait_for_a_caller_who_is_taking_a_company(database: Engine) -> None:
    if database.dialect.name != "postgresql":
        pytest.skip("in SQLite writers take turns")
    with transaction() as session:
        coordinator = add_user(session, Role.COORDINATOR)
        companies = [make_company(session) for _n in range(2)]
        list_id = make_live(session, coordinator, towns=("Dordrecht",)).id
        for company in companies:
            move(session, company)
        first = entry_of(session, companies[0]).id
    with transaction() as busy:
        busy.exec(select(CallListEntry).where(CallListEntry.id == first).with_for_update()).one()
        assert lists.update_list(coordinator, list_id) == ListChange(removed=1)
    assert lists.update_list(coordinator, list_id) == ListChange(removed=1)


class TestPortions:
    """A list of a million is brought up to date in many transactions; here each is about two companies."""

    @pytest.fixture
    def list_id(self, database: Engine, monkeypatch: pytest.MonkeyPatch) -> int:
        """A live list with two companies that do not belong on it any more, while five others do by now."""
        monkeypatch.setattr(live, "PORTION", 2)
        with transaction() as session:
            coordinator = add_user(session, Role.COORDINATOR)
            leaving = [make_company(session) for _n in range(2)]
            made = make_live(session, coordinator, towns=("Dordrecht",))
            made.updated_at = now() - timedelta(hours=1)
            for company in leaving:
                move(session, company)
            for _n in range(5):
                make_company(session)
            return made.id

    def on_it(self) -> list[int]:
        with reading() as session:
            return list(session.exec(select(CallListEntry.company_id).order_by(col(CallListEntry.company_id))))

    def due(self) -> list[int]:
        with reading() as session:
            return list(lists.lists_to_update(session, now()))

    def test_somebody_else_writes_in_between(self, list_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
        real, seen = live.is_outdated, []

        def looked_at(session: Session, one: int, portion: Portion) -> bool:
            with transaction() as other:  # in SQLite it waits in vain if the update still held the database
                other.add(User(email=f"{portion.after}@voorbeeld.nl", name="A", password_hash="-", role=Role.CALLER))
            seen.append(len(self.on_it()))
            return real(session, one, portion)

        monkeypatch.setattr(live, "is_outdated", looked_at)
        assert lists.update_list(SYSTEM, list_id) == ListChange(added=5, removed=2)
        assert seen == [2, 0, 2, 4]
        assert len(self.on_it()) == 5

    def test_after_a_crash_halfway_the_next_time_does_the_rest(
        self, list_id: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real, done = live.update_portion, []

        def dying(session: Session, actor: Actor, one: int, portion: Portion) -> ListChange:
            change = real(session, actor, one, portion)
            if len(done) == 2:
                raise SystemExit
            done.append(change)
            return change

        with monkeypatch.context() as patch, pytest.raises(SystemExit):
            patch.setattr(live, "update_portion", dying)
            lists.update_list(SYSTEM, list_id)
        assert done == [ListChange(removed=2), ListChange(added=2)]
        assert (len(self.on_it()), self.due()) == (2, [list_id])
        assert lists.update_list(SYSTEM, list_id) == ListChange(added=3)
        assert (len(self.on_it()), len(set(self.on_it())), self.due()) == (5, 5, [])
        with reading() as session:
            assert [(one["added"][1], one["removed"][1]) for one in updates(session)] == [
                (0, 2),
                (2, 0),
                (2, 0),
                (1, 0),
            ]

    def test_what_needs_no_change_is_not_written_for(self, list_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
        lists.update_list(SYSTEM, list_id)
        monkeypatch.setattr(live, "update_portion", None)
        assert lists.update_list(SYSTEM, list_id) == ListChange()
