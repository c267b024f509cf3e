from datetime import timedelta

import pytest
import time_machine
from sqlmodel import select

from crm.access.models import User
from crm.access.permissions import Role
from crm.companies.models import CompanyNumber, Suppression, SuppressionReason
from crm.core.clock import now
from crm.core.settings import Settings
from crm.followups.models import FollowUpKind, FollowUpStatus
from crm.followups.reminders import due_without_reminder, remind
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
    return [remind(session, follow_up_id, now()) for follow_up_id in due_without_reminder(session, now())]


def readers(session):
    return sorted(notice.user_id for notice in session.exec(select(Notice)))


class TestWhatIsDue:
    def test_the_moment_itself_is_in_time(self, session, caller, make_follow_up):
        follow_up = make_follow_up(owner_id=caller.id, due_at=now())
        assert due_without_reminder(session, now()) == [follow_up.id]
        assert due_without_reminder(session, now() - timedelta(seconds=1)) == []

    def test_what_is_closed_or_reminded_is_not(self, session, caller, make_follow_up):
        make_follow_up(due_at=now(), status=FollowUpStatus.DONE)
        make_follow_up(due_at=now(), status=FollowUpStatus.DROPPED)
        make_follow_up(due_at=now(), reminded_at=now())
        assert due_without_reminder(session, now()) == []


class TestRemind:
    def test_tells_the_owner_what_and_when_and_posts_an_e_mail(
        self, session, caller, make_company, make_follow_up, mail_server
    ):
        company = make_company(legal_form="BV")
        follow_up = make_follow_up(owner_id=caller.id, due_at=now(), company_id=company.id, note="Vraag naar mei")
        assert remind_all(session) == [True]
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
        assert remind(session, follow_up.id, now())
        assert not remind(session, follow_up.id, now())
        assert readers(session) == [caller.id]
        assert len(session.exec(select(OutboxMessage)).all()) == 1

    def test_what_was_done_in_the_meantime_is_left_alone(self, session, caller, make_follow_up):
        follow_up = make_follow_up(owner_id=caller.id, due_at=now(), status=FollowUpStatus.DONE)
        assert not remind(session, follow_up.id, now())
        assert readers(session) == []

    def test_again_after_it_was_moved(self, session, caller, make_follow_up, clock):
        follow_up = make_follow_up(owner_id=caller.id, due_at=now())
        remind_all(session)
        move(session, caller, follow_up.id, version=1, due_at=now() + timedelta(hours=1))
        assert remind_all(session) == []
        clock.shift(timedelta(hours=1))
        assert remind_all(session) == [True]
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

    @pytest.mark.parametrize(("language", "words"), [("nl", "Terugbellen"), ("en", "Call back")])
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
