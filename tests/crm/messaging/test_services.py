from datetime import timedelta
from threading import Barrier, Thread

import pytest
from pydantic import ValidationError
from sqlmodel import col, select

from crm.access.models import SignInSession, User
from crm.access.permissions import Role
from crm.access.queries import token_hash
from crm.core import db
from crm.core.clock import now, today
from crm.core.db import reading, transaction
from crm.core.settings import Settings
from crm.messaging import mail_text, services
from crm.messaging.inputs import ChoiceInput, DigestInput
from crm.messaging.models import Channel, Digest, Notice, NoticeKind, OutboxMessage
from crm.messaging.queries import (
    MOST_COUNTED,
    choices,
    digest_choice,
    notices,
    unread,
    unread_count,
    unread_for,
)
from crm.messaging.rules import KINDS, PAGE_SIZE
from crm.messaging.services import choose_channels, choose_digest, forget_old, mark_read, notify
from tests.conftest import add_user


@pytest.fixture
def mail_server(monkeypatch):
    chosen = Settings(smtp_host="mail.voorbeeld.nl", public_url="https://koffie.voorbeeld.nl")
    for module in (services, mail_text):
        monkeypatch.setattr(module, "settings", lambda: chosen)


class TestNotify:
    def test_tells_the_same_thing_once(self, session, caller):
        assert notify(session, caller.user_id, kind=NoticeKind.TAKEN_OVER, once_key="a", title="Een") is True
        assert notify(session, caller.user_id, kind=NoticeKind.TAKEN_OVER, once_key="a", title="Twee") is False
        assert [notice.title for notice in unread(session, caller)] == ["Een"]

    def test_a_long_or_broken_title_still_fits(self, session, caller):
        notify(session, caller.user_id, kind=NoticeKind.TAKEN_OVER, once_key="a", title="regel\n\x00" + "x" * 500)
        (notice,) = unread(session, caller)
        assert notice.title.startswith("regel x")
        assert len(notice.title) == 200

    def test_is_undone_with_its_transaction(self, database):
        with transaction() as session:
            actor = add_user(session, Role.CALLER)

        def fail_after_telling():
            with transaction() as session:
                notify(session, actor.user_id, kind=NoticeKind.TAKEN_OVER, once_key="a", title="Een")
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
                results.append(notify(session, actor.user_id, kind=NoticeKind.TAKEN_OVER, once_key="a", title="Een"))

        threads = [Thread(target=work) for _number in range(8)]
        [thread.start() for thread in threads]
        [thread.join(120) for thread in threads]
        assert sorted(results) == [False] * 7 + [True]
        with reading() as session:
            assert len(session.exec(select(Notice)).all()) == 1


class TestReading:
    def test_the_newest_comes_first_and_the_list_is_short(self, session, caller):
        for number in range(12):
            notify(session, caller.user_id, kind=NoticeKind.TAKEN_OVER, once_key=str(number), title=str(number))
        assert [notice.title for notice in unread(session, caller, limit=2)] == ["11", "10"]
        assert unread_count(session, caller) == 12

    def test_one_or_all_can_be_marked_as_read(self, session, caller):
        for number in range(3):
            notify(session, caller.user_id, kind=NoticeKind.TAKEN_OVER, once_key=str(number), title=str(number))
        mark_read(session, caller, unread(session, caller)[0].id)
        assert [notice.title for notice in unread(session, caller)] == ["1", "0"]
        mark_read(session, caller)
        assert unread_count(session, caller) == 0

    def test_nobody_reads_or_marks_those_of_another(self, session, caller, coach):
        notify(session, caller.user_id, kind=NoticeKind.TAKEN_OVER, once_key="a", title="Een")
        (notice,) = unread(session, caller)
        mark_read(session, coach, notice.id)
        mark_read(session, coach)
        assert unread(session, coach) == []
        assert unread_count(session, caller) == 1


class TestHowSomebodyHears:
    def tell(self, session, actor, kind=NoticeKind.PROMISE_DUE, once_key="a", **overrides):
        words = {
            "title": "Terugbellen",
            "body": "Zei aan de telefoon: liever in mei",
            "mail": "Afgesproken voor tien uur.",
        }
        return notify(session, actor.user_id, kind=kind, once_key=once_key, **(words | overrides))

    def mails(self, session):
        return list(session.exec(select(OutboxMessage)))

    def test_by_default_a_promise_comes_in_the_app_and_by_mail_once(self, session, caller, mail_server):
        assert self.tell(session, caller, page="followups", calendar=lambda: b"BEGIN:VCALENDAR")
        assert not self.tell(session, caller)
        assert unread_count(session, caller) == 1
        (mail,) = self.mails(session)
        assert (mail.kind, mail.user_id, mail.calendar) == (NoticeKind.PROMISE_DUE, caller.id, "BEGIN:VCALENDAR")
        assert "Afgesproken voor tien uur." in mail.body
        assert "https://koffie.voorbeeld.nl/followups" in mail.body

    def test_what_was_said_at_the_telephone_stays_in_the_app(self, session, caller, mail_server):
        self.tell(session, caller)
        (mail,) = self.mails(session)
        assert "liever in mei" not in mail.body + mail.html
        assert "liever in mei" in unread(session, caller)[0].body

    @pytest.mark.parametrize(
        ("channels", "in_app", "mails"),
        [({Channel.MAIL}, 0, 1), ({Channel.APP}, 1, 0), (set(), 0, 0), ({Channel.DIGEST}, 0, 0)],
    )
    def test_as_somebody_chose(self, session, caller, mail_server, channels, in_app, mails):
        choose_channels(session, caller, ChoiceInput(kind=NoticeKind.PROMISE_DUE, channels=channels))
        assert self.tell(session, caller) is bool(channels)
        assert (unread_count(session, caller), len(self.mails(session))) == (in_app, mails)
        assert notices(session, caller).total == in_app

    def test_the_choice_for_one_thing_leaves_the_others_and_other_people_alone(self, session, caller, coach):
        choose_channels(session, caller, ChoiceInput(kind=NoticeKind.LATE, channels=set()))
        choose_channels(session, caller, ChoiceInput(kind=NoticeKind.LATE, channels={Channel.MAIL}))
        assert choices(session, caller)[NoticeKind.LATE] == {Channel.MAIL}
        assert choices(session, caller)[NoticeKind.HANDED_OVER] == KINDS[NoticeKind.HANDED_OVER].channels
        assert choices(session, coach)[NoticeKind.LATE] == KINDS[NoticeKind.LATE].channels

    def test_everybody_chooses_only_of_what_can_reach_them(self, session, caller, coordinator, viewer):
        assert NoticeKind.ESCALATED not in choices(session, caller)
        assert NoticeKind.ESCALATED in choices(session, coordinator)
        assert choices(session, viewer) == {}

    def test_nothing_is_lost_where_no_mail_can_be_sent(self, session, caller):
        choose_channels(session, caller, ChoiceInput(kind=NoticeKind.PROMISE_DUE, channels={Channel.MAIL}))
        assert self.tell(session, caller)
        assert unread_count(session, caller) == 1
        assert self.mails(session) == []

    @pytest.mark.parametrize(
        ("channels", "in_app", "mails"),
        [({Channel.DIGEST}, 1, 0), ({Channel.DIGEST, Channel.MAIL}, 1, 1), ({Channel.MAIL}, 0, 1)],
    )
    def test_who_wants_no_overview_sees_what_was_meant_for_it_in_the_app(
        self, session, caller, mail_server, channels, in_app, mails
    ):
        choose_digest(session, caller, DigestInput(wanted=False, at="08:00"))
        choose_channels(session, caller, ChoiceInput(kind=NoticeKind.PROMISE_DUE, channels=channels))
        assert self.tell(session, caller)
        assert (unread_count(session, caller), len(self.mails(session))) == (in_app, mails)

    def test_what_waits_for_the_overview_comes_in_the_app_when_that_is_turned_off(
        self, session, caller, coach, mail_server
    ):
        for reader in (caller, coach):
            choose_channels(session, reader, ChoiceInput(kind=NoticeKind.LATE, channels={Channel.DIGEST}))
            for told in ("yesterday", "today"):
                once_key = f"{told}:{reader.id}"
                self.tell(session, reader, NoticeKind.LATE, once_key=once_key, title=told)
        told = select(Notice).where(col(Notice.once_key).startswith("yesterday"))
        for notice in session.exec(told):
            notice.created_at = now() - timedelta(days=1)
        session.add(Digest(user_id=caller.user_id, day=today(), created_at=now() - timedelta(hours=1)))
        session.flush()
        choose_digest(session, caller, DigestInput(wanted=False, at="08:00"))
        assert [notice.title for notice in unread(session, caller)] == ["today"]
        assert unread(session, coach) == []

    def test_who_left_gets_no_mail(self, session, caller, mail_server):
        session.get_one(User, caller.id).active = False
        self.tell(session, caller)
        assert self.mails(session) == []

    @pytest.mark.parametrize(("language", "words"), [("nl", "Dag Caller,"), ("en", "Hello Caller,")])
    def test_a_mail_speaks_the_language_of_the_reader_and_shows_names_as_they_are(
        self, session, mail_server, language, words
    ):
        reader = add_user(session, Role.CALLER, language=language)
        self.tell(session, reader, title="Bel <b>Jansen & Zn</b>", mail="<img src='https://x.nl/'>")
        (mail,) = self.mails(session)
        assert words in mail.body
        assert f'<html lang="{language}">' in mail.html
        assert "Bel &lt;b&gt;Jansen &amp; Zn&lt;/b&gt;" in mail.html
        assert "<img" not in mail.html
        assert "Bel <b>Jansen & Zn</b>" in mail.body


class TestBell:
    def sign_in(self, session, actor, ends=timedelta(hours=1)):
        row = SignInSession(token_hash=token_hash(actor.name), user_id=actor.user_id, expires_at=now() + ends)
        session.add(row)
        session.flush()
        return actor.name

    def test_counts_for_whoever_is_signed_in_and_stops_at_a_hundred(self, session, caller, coach):
        token = self.sign_in(session, caller)
        notify(session, coach.user_id, kind=NoticeKind.LATE, once_key="x", title="Van een ander")
        assert unread_for(session, token) == 0
        for number in range(MOST_COUNTED + 3):
            notify(session, caller.user_id, kind=NoticeKind.LATE, once_key=str(number), title=str(number))
        assert unread_for(session, token) == unread_count(session, caller) == MOST_COUNTED

    def test_says_nothing_to_who_is_signed_out(self, session, caller):
        notify(session, caller.user_id, kind=NoticeKind.LATE, once_key="a", title="Een")
        assert unread_for(session, "nobody") == 0
        assert unread_for(session, self.sign_in(session, caller, timedelta(hours=-1))) == 0


class TestAllNotices:
    def test_come_in_pages_with_what_was_read_or_without(self, session, caller):
        for number in range(PAGE_SIZE + 5):
            notify(session, caller.user_id, kind=NoticeKind.LATE, once_key=str(number), title=str(number))
        mark_read(session, caller, unread(session, caller)[0].id)
        first, second = notices(session, caller), notices(session, caller, page=2)
        assert (first.total, len(first.rows), len(second.rows)) == (PAGE_SIZE + 5, PAGE_SIZE, 5)
        assert first.rows[0].title == str(PAGE_SIZE + 4)
        assert notices(session, caller, page=9) == second
        assert notices(session, caller, only_unread=True).total == PAGE_SIZE + 4


class TestForgetOld:
    def test_what_was_read_long_ago_goes_and_the_rest_stays(self, session, caller, mail_server):
        keys = ("unread", "read", "read-long-ago")
        for key in keys:
            notify(session, caller.user_id, kind=NoticeKind.LATE, once_key=key, title=key)
        for key, ago in (("read", timedelta(days=10)), ("read-long-ago", timedelta(days=100))):
            notice = session.exec(select(Notice).where(Notice.once_key == key)).one()
            notice.created_at = notice.read_at = now() - ago
        moments = {"waiting": None, "sent": timedelta(days=10), "sent-long-ago": timedelta(days=100)}
        for key, ago in moments.items():
            sent_at = now() - ago if ago else None
            session.add(OutboxMessage(once_key=key, to_address="a@b.nl", subject="", body="", sent_at=sent_at))
        session.flush()
        assert forget_old(session, now()) == 2
        assert set(session.exec(select(Notice.once_key))) == {"unread", "read"}
        assert set(session.exec(select(OutboxMessage.once_key))) == {"waiting", "sent"}

    def test_a_year_of_them_goes_in_portions(self, session, caller, monkeypatch):
        monkeypatch.setattr(db, "PORTION", 2)
        old = {"created_at": now() - timedelta(days=400)}
        for number in range(3):
            values = {"user_id": caller.id, "kind": NoticeKind.LATE, "title": "x", "once_key": f"{number}"}
            session.add(Notice(**values, **old))
            session.add(Notice(**values | {"once_key": f"read {number}"}, read_at=now() - timedelta(days=390), **old))
            mail = {"to_address": "a@b.nl", "subject": "", "body": "", "given_up_at": now() - timedelta(days=100)}
            session.add(OutboxMessage(once_key=str(number), **mail))
            session.add(Digest(user_id=caller.id, day=today() - timedelta(days=100 + number)))
        session.flush()
        assert [forget_old(session, now()) for _portion in range(4)] == [8, 4, 0, 0]


class TestDigestChoice:
    def test_is_eight_until_one_chooses(self, session, caller):
        assert (digest_choice(session, caller).wanted, digest_choice(session, caller).at) == (True, "08:00")
        choose_digest(session, caller, DigestInput(wanted=False, at="06:45"))
        assert (digest_choice(session, caller).wanted, digest_choice(session, caller).at) == (False, "06:45")

    @pytest.mark.parametrize("at", ["04:59", "12:01", "koffietijd", None])
    def test_is_in_the_morning(self, at):
        with pytest.raises(ValidationError):
            DigestInput.model_validate({"wanted": True, "at": at})
