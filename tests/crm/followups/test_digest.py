"""The overview of the morning."""

from datetime import timedelta

import pytest
import time_machine
from sqlmodel import select

from crm.access.models import User
from crm.access.permissions import Role
from crm.core.clock import AMSTERDAM, at, now
from crm.core.settings import Settings
from crm.followups.digest import MOST_LINES, digests_due, make_digest
from crm.followups.models import FollowUpKind, FollowUpStatus
from crm.messaging import services as messaging
from crm.messaging.inputs import ChoiceInput, DigestInput
from crm.messaging.models import Channel, NoticeKind, OutboxMessage
from crm.messaging.queries import unread
from crm.messaging.services import choose_channels, choose_digest, mark_read, notify
from tests.conftest import add_user


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-11-24 08:00+01:00", tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def mail_server(monkeypatch):
    monkeypatch.setattr(messaging, "settings", lambda: Settings(smtp_host="mail.voorbeeld.nl"))


def mails(session):
    return list(session.exec(select(OutboxMessage).order_by(OutboxMessage.id)))


def due_at(session, moment):
    with time_machine.travel(moment, tick=False):
        return list(digests_due(session, now()))


class TestWhoseTimeItIs:
    @pytest.mark.parametrize(
        ("moment", "is_due"),
        [
            ("2026-11-24 07:59+01:00", False),
            ("2026-11-24 08:00+01:00", True),
            ("2026-11-24 10:55+01:00", True),
            ("2026-11-24 11:05+01:00", False),  # no morning overview any more
            ("2026-11-22 08:00+01:00", False),  # a Sunday
            ("2026-12-25 08:00+01:00", False),  # Christmas
            ("2026-03-30 08:00+02:00", True),  # the day after the clock went forward
            ("2026-10-26 07:30+01:00", False),  # the day after it went back
        ],
    )
    def test_is_eight_o_clock_on_the_dutch_clock_of_a_working_day(self, session, caller, moment, is_due):
        assert due_at(session, moment) == ([caller.id] if is_due else [])

    def test_is_the_time_somebody_chose(self, session, caller, coach):
        choose_digest(session, caller, DigestInput(wanted=True, at="06:15"))
        assert due_at(session, "2026-11-24 06:20+01:00") == [caller.id]
        assert due_at(session, "2026-11-24 08:20+01:00") == [caller.id, coach.id]

    def test_is_nobody_who_does_not_want_it_left_or_has_no_follow_ups(self, session, caller, coach, viewer):
        choose_digest(session, caller, DigestInput(wanted=False, at="08:00"))
        session.get_one(User, coach.id).active = False
        session.flush()
        assert digests_due(session, now()) == []

    def test_is_nobody_where_no_mail_is_sent(self, session, caller, monkeypatch):
        monkeypatch.setattr(messaging, "settings", Settings)
        assert digests_due(session, now()) == []

    def test_comes_once_a_day_whatever_time_one_chooses_then(self, session, caller, make_follow_up, clock):
        make_follow_up(owner_id=caller.id, due_at=now() + timedelta(hours=2))
        assert make_digest(session, caller.id, now())
        assert not make_digest(session, caller.id, now())
        choose_digest(session, caller, DigestInput(wanted=True, at="09:00"))
        clock.shift(timedelta(hours=1))
        assert digests_due(session, now()) == []
        assert len(mails(session)) == 1
        clock.shift(timedelta(days=1))
        assert digests_due(session, now()) == [caller.id]

    def test_with_nothing_to_say_nothing_comes_all_day(self, session, caller, make_follow_up, clock):
        assert not make_digest(session, caller.id, now())
        clock.shift(timedelta(minutes=5))
        make_follow_up(owner_id=caller.id, due_at=now())
        assert digests_due(session, now()) == []
        assert mails(session) == []


class TestWhatItSays:
    def test_what_is_late_what_is_today_and_the_news_one_chose(self, session, caller, make_company, make_follow_up):
        company = make_company()
        own = {"owner_id": caller.id, "company_id": company.id, "note": "Zei: liever in mei"}
        make_follow_up(kind=FollowUpKind.CALLBACK, due_at=now() - timedelta(days=1), **own)
        make_follow_up(kind=FollowUpKind.SEND_INFO, due_at=at(now().astimezone(AMSTERDAM).date(), 14), **own)
        make_follow_up(due_at=now() + timedelta(days=1), **own)
        make_follow_up(due_at=now(), **own | {"status": FollowUpStatus.DONE})
        make_follow_up(due_at=now(), **own | {"owner_id": None})
        notify(session, caller.user_id, kind=NoticeKind.CORRECTED, once_key="a", title="Uw gesprek is verbeterd")
        notify(session, caller.user_id, kind=NoticeKind.TAKEN_OVER, once_key="b", title="Overgenomen")
        assert make_digest(session, caller.id, now() + timedelta(seconds=1))
        mail = mails(session)[-1]
        assert mail.subject == "Uw overzicht van di 24 nov"
        lines = [line for line in mail.body.splitlines() if line]
        start = lines.index("Te laat")
        assert lines[start : start + 6] == [
            "Te laat",
            "- Terugbelafspraak: Bakkerij Zonneschijn, Dordrecht, afgesproken voor ma 23 nov 08:00",
            "Vandaag",
            "- 14:00 Informatie sturen: Bakkerij Zonneschijn, Dordrecht",
            "Nieuw",
            "- Uw gesprek is verbeterd",
        ]
        assert "liever in mei" not in mail.body + mail.html
        assert "<h2" in mail.html

    def test_news_is_told_once_and_not_after_it_was_read(self, session, caller, clock):
        choose_channels(session, caller, ChoiceInput(kind=NoticeKind.LATE, channels={Channel.DIGEST, Channel.APP}))
        for key in ("a", "b"):
            notify(session, caller.user_id, kind=NoticeKind.LATE, once_key=key, title=f"Nieuws {key}")
        mark_read(session, caller, unread(session, caller)[0].id)
        clock.shift(timedelta(minutes=1))
        assert make_digest(session, caller.id, now())
        (mail,) = mails(session)
        assert "Nieuws a" in mail.body
        assert "Nieuws b" not in mail.body
        clock.shift(timedelta(days=1))
        assert not make_digest(session, caller.id, now())

    def test_is_short_however_much_there_is(self, session, caller, make_follow_up):
        for minutes in range(MOST_LINES + 5):
            make_follow_up(owner_id=caller.id, due_at=now() - timedelta(minutes=minutes + 1))
        make_digest(session, caller.id, now())
        body = mails(session)[0].body
        assert body.count("\n- ") == MOST_LINES + 1
        assert "en meer, in Kopkoffie" in body

    def test_speaks_the_language_of_the_reader(self, session, make_follow_up):
        reader = add_user(session, Role.CALLER, language="en")
        make_follow_up(owner_id=reader.id, due_at=now(), kind=FollowUpKind.CALLBACK)
        make_digest(session, reader.id, now())
        assert mails(session)[0].subject == "Your overview of Tue 24 Nov"
