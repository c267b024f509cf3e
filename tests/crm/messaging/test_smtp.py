"""The outbox against a real SMTP server."""

import socket
from datetime import timedelta
from threading import Barrier, Event, Thread

import pytest
import time_machine
from aiosmtpd.smtp import AuthResult
from structlog.testing import capture_logs

from crm.core.clock import now
from crm.core.stopping import stopping_at
from crm.messaging import smtp
from crm.messaging.rules import ATTEMPTS, FIRST_WAIT, LONGEST_WAIT, wait_after
from crm.messaging.smtp import compose, send_waiting
from tests.crm.messaging.mail_server import CUT, SILENCE, free_port, outbox, post, running, saying, use_server

INVITATION = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Kopkoffie\r\nEND:VCALENDAR\r\n"


class TestSending:
    def test_a_letter_arrives_as_it_was_written_and_is_noted(self, database, mailbox, monkeypatch):
        with running(mailbox, monkeypatch):
            post()
            assert send_waiting() == 1
            assert send_waiting() == 0
        (letter,) = mailbox.letters
        assert (letter["Subject"], letter["To"]) == ("Café", "an@voorbeeld.nl")
        assert letter["From"].addresses[0].display_name == "Servicedesk Köpkoffie"
        text, html = letter.iter_parts()
        assert "Dag An,\n\nCafé\n\nTot morgen, één uur.\n" in text.get_content().replace("\r", "")
        assert '<html lang="nl">' in html.get_content()
        (message,) = outbox()
        assert message.sent_at
        assert (message.next_attempt_at, message.last_error, message.attempts) == (None, "", 1)

    def test_an_invitation_travels_along_for_the_calendar(self, sqlite_database, mailbox, monkeypatch):
        with running(mailbox, monkeypatch):
            post(file=INVITATION)
            send_waiting()
        words, invitation = mailbox.letters[0].iter_parts()
        assert [part.get_content_type() for part in words.iter_parts()] == ["text/plain", "text/html"]
        assert invitation.get_content_type() == "text/calendar"
        assert invitation["Content-Type"].params["method"] == "REQUEST"
        assert invitation.get_payload(decode=True) == INVITATION

    def test_a_second_attempt_is_the_same_message_byte_for_byte(self, sqlite_database, mailbox, monkeypatch):
        with running(mailbox, monkeypatch):
            post(file=INVITATION)
            (message,) = outbox()
            with time_machine.travel(now() + timedelta(days=3)):
                assert compose(message).as_bytes() == compose(outbox()[0]).as_bytes()
            assert compose(message)["Message-ID"].endswith("@voorbeeld.nl>")

    def test_without_a_mail_server_nothing_is_tried(self, sqlite_database):
        assert send_waiting() == 0

    def test_over_starttls_with_a_name_and_password(
        self, sqlite_database, mailbox, monkeypatch, certificate, server_tls
    ):
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        options = {"tls_context": server_tls, "auth_required": True, "authenticator": only_the_desk}
        with running(mailbox, monkeypatch, "starttls", "desk", "geheim", **options):
            post()
            assert send_waiting() == 1

    def test_over_tls_from_the_first_byte(self, sqlite_database, mailbox, monkeypatch, certificate, server_tls):
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        with running(mailbox, monkeypatch, "tls", ssl_context=server_tls):
            post()
            assert send_waiting() == 1

    def test_a_server_with_a_certificate_nobody_trusts_gets_nothing(
        self, sqlite_database, mailbox, monkeypatch, server_tls
    ):
        with running(mailbox, monkeypatch, "starttls", "desk", "geheim", tls_context=server_tls):
            post()
            assert send_waiting() == 0
        assert outbox()[0].last_error.startswith("SSLCertVerificationError")

    def test_it_stops_after_a_letter_when_its_process_has_to_end(self, sqlite_database, mailbox, monkeypatch):
        stop, note = Event(), smtp._note_sent
        monkeypatch.setattr(smtp, "_note_sent", lambda message: note(message) or stop.set())
        with running(mailbox, monkeypatch):
            for number in range(3):
                post(once_key=str(number))
            with stopping_at(stop):
                assert send_waiting() == 1
            assert [message.attempts for message in outbox()].count(0) == 2

    def test_eight_senders_at_once_send_each_letter_once(self, database, mailbox, monkeypatch):
        with running(mailbox, monkeypatch):
            for number in range(20):
                post(once_key=str(number))
            start, sent = Barrier(8), []

            def work():
                start.wait()
                sent.append(send_waiting())

            threads = [Thread(target=work) for _number in range(8)]
            [thread.start() for thread in threads]
            [thread.join(120) for thread in threads]
        assert sum(sent) == 20
        assert len({letter["Message-ID"] for letter in mailbox.letters}) == len(mailbox.letters) == 20


def only_the_desk(_server, _session, _envelope, _mechanism, given):
    return AuthResult(handled=False, success=(given.login, given.password) == (b"desk", b"geheim"))


class TestWhatGoesWrong:
    def test_a_refused_address_is_given_up_at_once_and_does_not_hold_up_the_others(
        self, database, mailbox, monkeypatch
    ):
        mailbox.refuse["weg@voorbeeld.nl"] = "550 weg@voorbeeld.nl is gone"
        with running(mailbox, monkeypatch), capture_logs() as logs:
            post("a", to="weg@voorbeeld.nl")
            post("b")
            post("c")
            assert send_waiting() == 2
        refused, *sent = outbox()
        assert (refused.sent_at, refused.last_error) == (None, "SMTPRecipientsRefused 550")
        assert (refused.next_attempt_at, bool(refused.given_up_at), bool(refused.body)) == (None, True, True)
        assert all(message.sent_at for message in sent)
        assert "weg@" not in str(logs)
        assert len(mailbox.connections) == 1

    def test_what_was_sent_leaves_no_words_behind(self, sqlite_database, mailbox, monkeypatch):
        with running(mailbox, monkeypatch):
            post(file=INVITATION)
            send_waiting()
        (message,) = outbox()
        assert (message.subject, message.body, message.html, message.calendar) == ("", "", "", None)

    def test_it_is_tried_again_later_and_then_no_more(self, sqlite_database, mailbox, monkeypatch):
        mailbox.refuse["an@voorbeeld.nl"] = "451 later"
        with running(mailbox, monkeypatch), time_machine.travel("2026-11-24 10:00+01:00") as clock:
            post()
            moments = []
            while (message := outbox()[0]).next_attempt_at:
                moments.append(message.next_attempt_at)
                clock.move_to(message.next_attempt_at + timedelta(seconds=1))
                assert send_waiting() == 0
        assert message.attempts == len(moments) == ATTEMPTS
        assert message.given_up_at
        assert moments == sorted(moments)

    @pytest.mark.parametrize(("answer", "given_up"), [("452 full", False), ("554 no such words", True)])
    def test_a_text_that_is_refused_for_good_is_not_tried_again(
        self, sqlite_database, mailbox, monkeypatch, answer, given_up
    ):
        mailbox.answer = answer
        with running(mailbox, monkeypatch):
            post()
            assert send_waiting() == 0
        assert bool(outbox()[0].given_up_at) is given_up
        assert outbox()[0].last_error == f"SMTPDataError {answer[:3]}"

    def test_a_sender_that_is_refused_can_be_put_right_and_loses_nothing(self, sqlite_database, mailbox, monkeypatch):
        async def refuse(*_args):
            return "553 not you"

        mailbox.handle_MAIL = refuse
        with running(mailbox, monkeypatch):
            post()
            assert send_waiting() == 0
        assert outbox()[0].given_up_at is None

    def test_what_fails_at_first_arrives_later(self, sqlite_database, mailbox, monkeypatch):
        mailbox.refuse["an@voorbeeld.nl"] = "451 later"
        with running(mailbox, monkeypatch), time_machine.travel("2026-11-24 10:00+01:00") as clock:
            post()
            send_waiting()
            mailbox.refuse.clear()
            assert send_waiting() == 0
            clock.shift(FIRST_WAIT + timedelta(seconds=5))
            assert send_waiting() == 1
        assert outbox()[0].last_error == ""

    def test_a_server_that_is_gone_costs_no_attempt_and_is_asked_again_after_a_while(
        self, sqlite_database, mailbox, monkeypatch
    ):
        use_server(monkeypatch, free_port())
        with time_machine.travel("2026-11-24 10:00+01:00") as clock:
            post("a")
            post("b")
            assert send_waiting() == 0
            assert [message.attempts for message in outbox()] == [0, 0]
            assert {message.last_error for message in outbox()} == {"ConnectionRefusedError"}
            with running(mailbox, monkeypatch):
                assert send_waiting() == 0
                clock.shift(FIRST_WAIT + timedelta(seconds=5))
                assert send_waiting() == 2
        assert {message.last_error for message in outbox()} == {""}

    @pytest.mark.parametrize(
        ("answers", "tried"),
        [
            (["220 hello", "\x00\xff koffie", "\x80"], 0),  # no SMTP
            (["220 hello", "250 hello", "250 from", "250 to", "354 go on", CUT], 1),  # cut in the middle of the text
            (["220 hello", "250 hello", "250 from", "250 to", "354 go on", SILENCE], 1),  # nobody knows if it arrived
            (["220 hello", "250 hello", "250 from", "olifant"], 1),
            (["220 hello", "250 hello", "421 closing"], 1),
        ],
    )
    def test_a_conversation_that_breaks_off_loses_nothing(self, sqlite_database, monkeypatch, answers, tried):
        monkeypatch.setattr(smtp, "TIMEOUT_SECONDS", 0.3)
        with saying(answers) as port:
            use_server(monkeypatch, port)
            post("a")
            post("b")
            assert send_waiting() == 0
        first, second = outbox()
        assert (first.attempts, second.attempts) == (tried, 0)
        assert (first.given_up_at, bool(first.next_attempt_at), bool(first.last_error)) == (None, True, True)

    def test_a_server_that_goes_half_way_leaves_the_letter_waiting(self, sqlite_database, mailbox, monkeypatch):
        mailbox.hang_up_after = 1
        with running(mailbox, monkeypatch):
            for key in "abc":
                post(key)
            assert send_waiting() == 1
        assert [bool(message.sent_at) for message in outbox()] == [True, False, False]
        assert outbox()[1].last_error == "SMTPServerDisconnected"

    def test_a_wrong_password_is_said_without_repeating_it(
        self, sqlite_database, mailbox, monkeypatch, certificate, server_tls
    ):
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        options = {"tls_context": server_tls, "auth_required": True, "authenticator": only_the_desk}
        with running(mailbox, monkeypatch, "starttls", "desk", "fout", **options), capture_logs() as logs:
            post()
            assert send_waiting() == 0
        assert outbox()[0].last_error == "SMTPAuthenticationError 535"
        assert "fout" not in str(logs)

    def test_a_server_that_never_answers_is_given_up_on(self, sqlite_database, monkeypatch):
        monkeypatch.setattr(smtp, "TIMEOUT_SECONDS", 0.3)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            use_server(monkeypatch, silent.getsockname()[1])
            post()
            assert send_waiting() == 0
        assert outbox()[0].last_error in {"SMTPServerDisconnected", "TimeoutError"}
        assert outbox()[0].attempts == 0

    @pytest.mark.parametrize("address", ["geen adres", "", "a\nBcc: b@voorbeeld.nl", "@", "a@b@c", "é@voorbeeld.nl"])
    def test_an_impossible_address_does_not_hold_up_the_others(self, sqlite_database, mailbox, monkeypatch, address):
        with running(mailbox, monkeypatch):
            post("a", to=address)
            post("b")
            send_waiting()
        assert [letter["To"] for letter in mailbox.letters if letter["To"] == "an@voorbeeld.nl"]
        assert not any("Bcc" in letter or "b@voorbeeld.nl" in str(letter["To"]) for letter in mailbox.letters)

    def test_killed_between_sending_and_noting_it_never_becomes_another_letter(
        self, sqlite_database, mailbox, monkeypatch
    ):
        with running(mailbox, monkeypatch), time_machine.travel("2026-11-24 10:00+01:00") as clock:
            post(file=INVITATION)
            with monkeypatch.context() as dying:
                dying.setattr(smtp, "_note_sent", stop_here)
                with pytest.raises(KeyboardInterrupt):
                    send_waiting()
            assert send_waiting() == 0
            clock.shift(FIRST_WAIT + timedelta(seconds=5))
            assert send_waiting() == 1
        first, second = mailbox.letters
        assert first.as_bytes() == second.as_bytes()


def stop_here(*_args):
    raise KeyboardInterrupt


def test_pauses_grow_to_a_day_and_begin_later_than_one_attempt_can_take():
    steps = 8  # connect, hello, STARTTLS, hello, sign in (2), addresses, text
    pauses = [wait_after(attempts) for attempts in range(1, ATTEMPTS + 1)]
    assert pauses[0].total_seconds() > steps * smtp.TIMEOUT_SECONDS
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_WAIT
