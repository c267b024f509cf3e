from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import event
from sqlmodel import select

from crm.access.models import User
from crm.access.permissions import Role
from crm.companies.models import CompanyNumber, Suppression, SuppressionReason
from crm.core.clock import now
from crm.core.settings import Settings
from crm.followups.models import FollowUpKind, FollowUpStatus
from crm.followups.reminders import MOST_APART, Reminder, count_due, remind, reminders
from crm.followups.services import assign, move
from crm.messaging import services as messaging
from crm.messaging.models import Notice, OutboxMessage
from crm.messaging.queries import unread
from tests.conftest import add_user


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-11-24 10:00+01:00", tick=False) as clock:
        yield clock


@pytest.fixture
def mail_server(monkeypatch):
    monkeypatch.setattr(messaging, "settings", lambda: Settings(smtp_host="mail.voorbeeld.nl"))


def remind_all(session):
    return [remind(session, reminder, now()) for reminder in list(reminders(session, now()))]


def readers(session):
    return sorted(notice.user_id for notice in session.exec(select(Notice)))


class TestWhatIsDue:
    def test_the_moment_itself_is_in_time(self, session, caller, make_follow_up):
        follow_up = make_follow_up(owner_id=caller.id, due_at=now())
        assert list(reminders(session, now())) == [Reminder(caller.id, follow_up.id)]
        assert list(reminders(session, now() - timedelta(seconds=1))) == []
        assert (count_due(session, now()), count_due(session, now() - timedelta(seconds=1))) == (1, 0)

    def test_what_is_closed_or_reminded_is_not(self, session, caller, make_follow_up):
        make_follow_up(due_at=now(), status=FollowUpStatus.DONE)
        make_follow_up(due_at=now(), status=FollowUpStatus.DROPPED)
        make_follow_up(due_at=now(), reminded_at=now())
        assert list(reminders(session, now())) == []
        assert count_due(session, now()) == 0

    def test_what_nobody_has_counts_too(self, session, make_follow_up):
        follow_up = make_follow_up(due_at=now())
        assert list(reminders(session, now())) == [Reminder(None, follow_up.id)]
        assert count_due(session, now()) == 1

    @pytest.mark.parametrize("owned", [True, False])
    @pytest.mark.parametrize("shared_engine", ["sqlite"], indirect=True)  # PostgreSQL plans by how much there is
    def test_is_found_by_an_index_for_each_owner(self, session, caller, make_follow_up, owned):
        make_follow_up(owner_id=caller.id if owned else None, due_at=now())
        asked, connection = [], session.connection()
        event.listen(connection, "before_cursor_execute", lambda *given: asked.append(given[2:4]))
        list(reminders(session, now()))
        statements = [one for one in asked if "reminded_at" in one[0]]
        assert len(statements) == 3
        for statement, values in statements:
            plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all())
            assert "ix_follow_up_status_reminded_at_owner_id_due_at" in plan, plan


class TestRemind:
    def test_tells_the_owner_what_and_when_and_posts_an_e_mail(
        self, session, caller, make_company, make_follow_up, mail_server
    ):
        company = make_company(legal_form="BV")
        follow_up = make_follow_up(owner_id=caller.id, due_at=now(), company_id=company.id, note="Vraag naar mei")
        assert remind_all(session) == [1]
        (notice,) = unread(session, caller)
        assert notice.title.endswith("Bakkerij Zonneschijn, Dordrecht")
        assert "10:00" in notice.body
        assert "Vraag naar mei" in notice.body
        (mail,) = session.exec(select(OutboxMessage))
        assert mail.to_address == session.get_one(User, caller.id).email
        assert "Vraag naar mei" not in mail.body
        session.refresh(follow_up)
        assert (follow_up.reminded_at, follow_up.version) == (now(), 1)

    def test_once(self, session, caller, make_follow_up, mail_server):
        follow_up = make_follow_up(owner_id=caller.id, due_at=now())
        reminder = Reminder(caller.id, follow_up.id)
        assert remind(session, reminder, now()) == 1
        assert remind(session, reminder, now()) == 0
        assert readers(session) == [caller.id]
        assert len(session.exec(select(OutboxMessage)).all()) == 1

    def test_what_was_done_in_the_meantime_is_left_alone(self, session, caller, make_follow_up):
        follow_up = make_follow_up(owner_id=caller.id, due_at=now(), status=FollowUpStatus.DONE)
        assert not remind(session, Reminder(caller.id, follow_up.id), now())
        assert readers(session) == []

    def test_again_after_it_was_moved(self, session, caller, make_follow_up, clock):
        follow_up = make_follow_up(owner_id=caller.id, due_at=now())
        remind_all(session)
        move(session, caller, follow_up.id, version=1, due_at=now() + timedelta(hours=1))
        assert remind_all(session) == []
        clock.shift(timedelta(hours=1))
        assert remind_all(session) == [1]
        assert readers(session) == [caller.id, caller.id]

    def test_the_new_owner_too_and_the_old_one_not_again(self, session, caller, coach, coordinator, make_follow_up):
        follow_up = make_follow_up(owner_id=caller.id, due_at=now())
        remind_all(session)
        assign(session, coordinator, follow_up.id, version=1, owner_id=coach.id)
        remind_all(session)
        assert readers(session) == sorted([caller.id, coach.id])

    def test_work_of_the_team_reaches_each_coordinator_once(self, session, caller, coach, coordinator, make_follow_up):
        second = add_user(session, Role.COORDINATOR)
        add_user(session, Role.COORDINATOR, active=False)
        make_follow_up(due_at=now())
        remind_all(session)
        remind_all(session)
        assert readers(session) == [coordinator.id, second.id]

    def test_work_of_somebody_who_left_reaches_the_coordinators(self, session, caller, coordinator, make_follow_up):
        session.get_one(User, caller.id).active = False
        make_follow_up(owner_id=caller.id, due_at=now())
        remind_all(session)
        assert readers(session) == [coordinator.id]

    @pytest.mark.parametrize(("language", "words"), [("nl", "Terugbelafspraak"), ("en", "Call back")])
    def test_speaks_the_language_of_the_reader(self, session, make_follow_up, language, words):
        reader = add_user(session, Role.CALLER, language=language)
        make_follow_up(owner_id=reader.id, due_at=now(), kind=FollowUpKind.CALLBACK)
        remind_all(session)
        assert unread(session, reader)[0].title == words

    def test_never_sends_somebody_to_a_company_that_objected(self, session, make_company, make_follow_up):
        reader = add_user(session, Role.CALLER, language="en")
        company = make_company(legal_form="BV")
        session.add(CompanyNumber(company_id=company.id, e164="+31786130000", is_main=True))
        make_follow_up(owner_id=reader.id, due_at=now(), company_id=company.id, kind=FollowUpKind.CALLBACK)
        session.add(Suppression(company_id=company.id, reason=SuppressionReason.OBJECTION))
        session.flush()
        remind_all(session)
        assert unread(session, reader)[0].title == "Do not call: Bakkerij Zonneschijn, Dordrecht"

    def test_a_call_that_is_allowed_says_what_to_do(self, session, make_company, make_follow_up):
        reader = add_user(session, Role.CALLER, language="en")
        company = make_company(legal_form="BV")
        session.add(CompanyNumber(company_id=company.id, e164="+31786130000", is_main=True))
        make_follow_up(owner_id=reader.id, due_at=now(), company_id=company.id, kind=FollowUpKind.CALLBACK)
        remind_all(session)
        assert unread(session, reader)[0].title == "Call back: Bakkerij Zonneschijn, Dordrecht"


class TestManyAtOnce:
    """Nobody gets three hundred messages."""

    def due(self, make_follow_up, owner_id, number, minutes_ago=1, **overrides):
        for place in range(number):
            make_follow_up(owner_id=owner_id, due_at=now() - timedelta(minutes=minutes_ago - place / 60), **overrides)

    def test_a_few_that_are_due_now_are_told_one_by_one(self, session, caller, make_follow_up):
        self.due(make_follow_up, caller.id, MOST_APART, minutes_ago=1)
        assert remind_all(session) == [1] * MOST_APART
        assert len(unread(session, caller)) == MOST_APART

    def test_more_than_a_few_are_one_message(self, session, make_company, make_follow_up, mail_server):
        reader = add_user(session, Role.CALLER, language="en")
        company = make_company(legal_form="BV")
        self.due(make_follow_up, reader.id, 12, minutes_ago=1, company_id=company.id, kind=FollowUpKind.SEND_INFO)
        assert remind_all(session) == [12]
        (notice,) = unread(session, reader)
        assert notice.title == "12 follow-ups are due"
        lines = notice.body.splitlines()
        assert lines[0] == "The first was agreed for Tue 24 Nov 09:59."
        assert lines[1] == "Tue 24 Nov 09:59 Send information: Bakkerij Zonneschijn, Dordrecht"
        assert lines[-1] == "and 7 more"
        (mail,) = session.exec(select(OutboxMessage))
        assert mail.subject == "12 follow-ups are due"
        assert "Bakkerij" not in mail.body + (mail.html or "")
        assert remind_all(session) == []

    @pytest.mark.parametrize(("number", "messages"), [(1, 1), (2, 1), (300, 1)])
    def test_what_came_due_while_nobody_reminded_is_one_message(
        self, session, caller, make_follow_up, number, messages
    ):
        self.due(make_follow_up, caller.id, number, minutes_ago=24 * 60)
        assert sum(remind_all(session)) == number
        assert len(readers(session)) == messages

    def test_each_hears_of_their_own_and_the_coordinators_of_the_teams(
        self, session, caller, coach, coordinator, make_follow_up
    ):
        for owner_id, number in ((caller.id, 7), (coach.id, 8), (None, 9)):
            self.due(make_follow_up, owner_id, number)
        assert remind_all(session) == [7, 8, 9]
        titles = {notice.user_id: notice.title for notice in session.exec(select(Notice))}
        assert {owner: title.split()[0] for owner, title in titles.items()} == {
            caller.id: "7",
            coach.id: "8",
            coordinator.id: "9",
        }
        assert "team" in titles[coordinator.id]

    def test_costs_the_same_few_statements_however_many_there_are(self, session, caller, make_follow_up):
        counted = []
        event.listen(session.connection(), "before_cursor_execute", lambda *given: counted.append(given[2]))
        spent = []
        for number in (10, 60):
            self.due(make_follow_up, caller.id, number)
            session.flush()
            counted.clear()
            remind_all(session)
            spent.append(len(counted))
        assert spent[0] == spent[1] < 15

    def test_two_that_come_to_the_same_work_tell_once(self, session, caller, make_follow_up):
        self.due(make_follow_up, caller.id, 10)
        found = list(reminders(session, now()))
        assert [remind(session, reminder, now()) for reminder in (*found, *found)] == [10, 0]
        assert len(readers(session)) == 1
