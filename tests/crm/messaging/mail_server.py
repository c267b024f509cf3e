"""A real SMTP server for tests, and letters for it."""

import socket
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default

from aiosmtpd.controller import Controller
from sqlmodel import select

from crm.core.db import reading, transaction
from crm.core.settings import Settings
from crm.messaging import services, smtp
from crm.messaging.models import OutboxMessage
from crm.messaging.services import post_mail


class Mailbox:
    """What the server does with a message; `refuse` is its answer to one address."""

    def __init__(self):
        self.letters, self.refuse, self.hang_up_after = [], {}, None

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.hang_up_after == len(self.letters):
            server.transport.abort()
            return "421 gone"
        self.letters.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


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
    monkeypatch.setattr(smtp, "settings", lambda: chosen)
    monkeypatch.setattr(services, "settings", lambda: chosen)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def post(once_key="a", to="an@voorbeeld.nl", **overrides):
    with transaction() as session:
        post_mail(
            session, once_key=once_key, to=to, **({"subject": "Café", "body": "Tot morgen, één uur."} | overrides)
        )


def outbox():
    with reading() as session:
        return list(session.exec(select(OutboxMessage).order_by(OutboxMessage.id)))
