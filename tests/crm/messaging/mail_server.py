"""A real SMTP server for tests, and letters for it."""

import socket
from contextlib import contextmanager, suppress
from email import message_from_bytes
from email.policy import default
from threading import Event, Thread

from aiosmtpd.controller import Controller
from sqlmodel import select

from crm.access.models import User
from crm.access.permissions import Role
from crm.core.db import reading, transaction
from crm.core.settings import Settings
from crm.messaging import mail_text, services, smtp
from crm.messaging.mail_text import Section
from crm.messaging.models import NoticeKind, OutboxMessage
from crm.messaging.services import post_mail
from tests.conftest import add_user


class Mailbox:
    """What the server does with a message; `refuse` is its answer to one address, `answer` to a text."""

    def __init__(self):
        self.letters, self.refuse, self.hang_up_after, self.connections = [], {}, None, set()
        self.answer = "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.hang_up_after == len(self.letters):
            server.transport.abort()
            return "421 gone"
        self.connections.add(session.peer)
        if self.answer.startswith("2"):
            self.letters.append(message_from_bytes(envelope.content, policy=default))
        return self.answer


@contextmanager
def running(mailbox, monkeypatch, security="none", user="", password="", **options):
    """A mail server, and the product set to use it."""
    server = Controller(mailbox, hostname="127.0.0.1", port=free_port(), **options)
    server.start()
    use_server(monkeypatch, server.port, security, user, password)
    try:
        yield server
    finally:
        server.stop()


CUT, SILENCE = "cut", "silence"


@contextmanager
def saying(answers):
    """A server that says these lines one after the other, whatever it is told; gives its port."""
    over = Event()

    def speak(connection):
        for answer in answers:
            if answer == SILENCE:
                over.wait(60)
            if answer in {CUT, SILENCE}:
                break
            connection.sendall(answer.encode("latin-1") + b"\r\n")
            connection.recv(100)

    def serve(listening):
        connection, _address = listening.accept()
        with connection, suppress(OSError):
            speak(connection)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=serve, args=(listening,), daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        over.set()
        thread.join(60)


def use_server(monkeypatch, port, security="none", user="", password=""):
    chosen = Settings(
        smtp_host="localhost",
        smtp_port=port,
        smtp_security=security,
        smtp_user=user,
        smtp_password=password,
        mail_from="desk@voorbeeld.nl",
        organisation="Servicedesk Köpkoffie",
    )
    for module in (smtp, services, mail_text):
        monkeypatch.setattr(module, "settings", lambda: chosen)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def post(once_key="a", to="an@voorbeeld.nl", file=None):
    with transaction() as session:
        reader = session.exec(select(User).where(User.email == to)).one_or_none()
        reader = reader or session.get_one(User, add_user(session, Role.CALLER, email=to, name="An de Wit").id)
        words = {"subject": "Café", "sections": (Section("", ("Tot morgen, één uur.",)),)}
        post_mail(session, reader.id, kind=NoticeKind.PROMISE_DUE, once_key=once_key, file=file, **words)


def outbox():
    with reading() as session:
        return list(session.exec(select(OutboxMessage).order_by(OutboxMessage.id)))
