from threading import Barrier, Thread

import pytest
from sqlmodel import col, select

from crm.access.permissions import Role
from crm.core.db import reading, transaction
from crm.core.settings import Settings
from crm.messaging import services
from crm.messaging.models import Notice, OutboxMessage
from crm.messaging.queries import unread, unread_count
from crm.messaging.services import mark_read, notify, post_mail
from tests.conftest import add_user


@pytest.fixture
def mail_server(monkeypatch):
    monkeypatch.setattr(services, "settings", lambda: Settings(smtp_host="mail.voorbeeld.nl"))


class TestNotify:
    def test_tells_the_same_thing_once(self, session, caller):
        assert notify(session, caller.user_id, once_key="a", title="Een") is True
        assert notify(session, caller.user_id, once_key="a", title="Twee") is False
        assert [notice.title for notice in unread(session, caller)] == ["Een"]

    def test_a_long_or_broken_title_still_fits(self, session, caller):
        notify(session, caller.user_id, once_key="a", title="regel\n\x00" + "x" * 500)
        (notice,) = unread(session, caller)
        assert notice.title.startswith("regel x")
        assert len(notice.title) == 200

    def test_is_undone_with_its_transaction(self, database):
        with transaction() as session:
            actor = add_user(session, Role.CALLER)

        def fail_after_telling():
            with transaction() as session:
                notify(session, actor.user_id, once_key="a", title="Een")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail_after_telling()
        with reading() as session:
            assert unread_count(session, actor) == 0

    def test_many_at_once_leave_one(self, database):
        with transaction() as session:
            actor = add_user(session, Role.CALLER)
        start, results = Barrier(8), []

        def work():
            start.wait()
            with transaction() as session:
                results.append(notify(session, actor.user_id, once_key="a", title="Een"))

        threads = [Thread(target=work) for _number in range(8)]
        [thread.start() for thread in threads]
        [thread.join(30) for thread in threads]
        assert sorted(results) == [False] * 7 + [True]
        with reading() as session:
            assert len(session.exec(select(Notice)).all()) == 1


class TestReading:
    def test_the_newest_comes_first_and_the_list_is_short(self, session, caller):
        for number in range(12):
            notify(session, caller.user_id, once_key=str(number), title=str(number))
        assert [notice.title for notice in unread(session, caller, limit=2)] == ["11", "10"]
        assert unread_count(session, caller) == 12

    def test_one_or_all_can_be_marked_as_read(self, session, caller):
        for number in range(3):
            notify(session, caller.user_id, once_key=str(number), title=str(number))
        mark_read(session, caller, unread(session, caller)[0].id)
        assert [notice.title for notice in unread(session, caller)] == ["1", "0"]
        mark_read(session, caller)
        assert unread_count(session, caller) == 0

    def test_nobody_reads_or_marks_those_of_another(self, session, caller, coach):
        notify(session, caller.user_id, once_key="a", title="Een")
        (notice,) = unread(session, caller)
        mark_read(session, coach, notice.id)
        mark_read(session, coach)
        assert unread(session, coach) == []
        assert unread_count(session, caller) == 1


class TestPostMail:
    def test_puts_it_in_the_outbox_once(self, session, mail_server):
        mail = {"to": "an@voorbeeld.nl", "subject": "Dag", "body": "Tekst"}
        assert post_mail(session, once_key="a", **mail, calendar=b"BEGIN:VCALENDAR")
        assert not post_mail(session, once_key="a", **mail)
        (message,) = session.exec(select(OutboxMessage))
        assert (message.to_address, message.calendar) == ("an@voorbeeld.nl", "BEGIN:VCALENDAR")
        assert message.next_attempt_at is not None

    def test_without_a_mail_server_nothing_waits_for_ever(self, session):
        assert not post_mail(session, once_key="a", to="an@voorbeeld.nl", subject="Dag", body="Tekst")
        assert session.exec(select(col(OutboxMessage.id))).all() == []
