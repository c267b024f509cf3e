"""Sending the outbox by SMTP.

A message is claimed by moving its next attempt forward, before it is sent: two processes never send the same one at
once. Dying between sending and noting sends it again, byte for byte and with the same Message-ID.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, formataddr
from hashlib import sha256
from typing import Any

import structlog
from sqlalchemy import update
from sqlmodel import col, select

from crm.core.clock import now
from crm.core.db import reading, transaction
from crm.core.settings import settings
from crm.core.stopping import is_stopping
from crm.messaging.models import OutboxMessage
from crm.messaging.outbox import tell_administrators
from crm.messaging.rules import ATTEMPTS, FIRST_WAIT, ends_connection, is_final, wait_after

TIMEOUT_SECONDS = 20
BATCH = 200

# About this message. Every other error of smtplib is an OSError, and about the server.
REFUSED = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPNotSupportedError,
    ValueError,
)
IMPOSSIBLE = (smtplib.SMTPNotSupportedError, ValueError)  # an address that no server would take

log = structlog.get_logger()


def send_waiting() -> int:
    """Send what is waiting over one connection, the oldest first; tells how many went out.

    Without a connection nothing is tried: all of it waits a while, and keeps its attempts for when the server is back.
    """
    if not settings().smtp_host or not _something_waits():
        return 0
    try:
        server = _connect()
    except OSError as error:
        _put_off(error)
        return 0
    with _parting(server):
        return _send_over(server)


def _send_over(server: smtplib.SMTP) -> int:
    sent = 0
    for _attempt in range(BATCH):
        if is_stopping() or not (message := _claim()):
            break
        try:
            server.send_message(compose(message))
        except (*REFUSED, OSError) as error:
            _note_failure(message, error)
            if not isinstance(error, REFUSED) or ends_connection(_code(error)):
                break
        else:
            _note_sent(message)
            sent += 1
    return sent


def compose(message: OutboxMessage) -> EmailMessage:
    """The e-mail, the same at every attempt. Raises ValueError for an impossible address."""
    key = sha256(message.once_key.encode()).hexdigest()[:32]
    sender = settings().mail_from
    mail = EmailMessage(policy=SMTP_POLICY)
    mail["From"] = formataddr((settings().organisation, sender))
    mail["To"] = message.to_address
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<{key}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.body)
    if message.html:
        mail.add_alternative(message.html, subtype="html")
    if message.calendar:
        _attach(mail, message.calendar)
    for number, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        part.set_boundary(f"{key}-{number}")
    return mail


def _attach(mail: EmailMessage, calendar: str) -> None:
    lines = calendar.splitlines()
    method = next((line.partition(":")[2] for line in lines if line.startswith("METHOD:")), "PUBLISH")
    mail.add_attachment(calendar, subtype="calendar", filename="kopkoffie.ics", cte="base64", params={"method": method})


def _something_waits() -> bool:
    with reading() as session:
        due = select(OutboxMessage.id).where(col(OutboxMessage.next_attempt_at) <= now()).limit(1)
        return session.exec(due).first() is not None


def _claim() -> OutboxMessage | None:
    with transaction() as session:
        message = session.exec(
            select(OutboxMessage)
            .where(col(OutboxMessage.next_attempt_at) <= now())
            .order_by(col(OutboxMessage.next_attempt_at), col(OutboxMessage.id))
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if message:
            message.attempts += 1
            message.next_attempt_at = now() + wait_after(message.attempts)
        return message


@contextmanager
def _parting(server: smtplib.SMTP) -> Iterator[None]:
    try:
        yield
        with suppress(OSError):  # it has the messages: a rude goodbye does not matter
            server.quit()
    finally:
        server.close()


def _connect() -> smtplib.SMTP:
    chosen = settings()
    address = (chosen.smtp_host, chosen.smtp_port)
    if chosen.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(*address, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(*address, timeout=TIMEOUT_SECONDS)
    try:
        if chosen.smtp_security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if chosen.smtp_user:
            server.login(chosen.smtp_user, chosen.smtp_password.get_secret_value())
        server.ehlo_or_helo_if_needed()  # else it is said with the first message, and seems to be about that
    except BaseException:
        server.close()
        raise
    return server


def _note_sent(message: OutboxMessage) -> None:
    """What was said is with the reader now, so it does not stay here."""
    empty = {"subject": "", "body": "", "html": "", "calendar": None, "last_error": ""}
    _change(message, sent_at=now(), next_attempt_at=None, given_up_at=None, **empty)
    log.info("mail_sent", message=message.id, attempts=message.attempts)


def _note_failure(message: OutboxMessage, error: Exception) -> None:
    """Without the server's own words: they repeat the address."""
    ours = isinstance(error, smtplib.SMTPSenderRefused)  # about a setting of ours, which can be put right
    final = isinstance(error, IMPOSSIBLE) or (is_final(_code(error)) and not ours)
    given_up = final or message.attempts >= ATTEMPTS
    if given_up:
        _change(message, last_error=_shorten(error), given_up_at=now(), next_attempt_at=None)
        with transaction() as session:
            tell_administrators(session)
    else:
        _change(message, last_error=_shorten(error))
    log.warning("mail_failed", message=message.id, attempts=message.attempts, error=_shorten(error), given_up=given_up)


def _put_off(error: Exception) -> None:
    """A server that is away, or refuses our password, says nothing about the messages."""
    due = update(OutboxMessage).where(col(OutboxMessage.next_attempt_at) <= now())
    with transaction() as session:
        session.execute(due.values(next_attempt_at=now() + FIRST_WAIT, last_error=_shorten(error)))
    log.warning("mail_server_unreachable", error=_shorten(error))


def _change(message: OutboxMessage, **values: Any) -> None:
    """Also when it was erased meanwhile: then there is nothing to note."""
    with transaction() as session:
        session.execute(update(OutboxMessage).where(col(OutboxMessage.id) == message.id).values(**values))


def _code(error: Exception) -> int:
    """What the server answered; 0 when it did not."""
    refusals = getattr(error, "recipients", {}) or {}
    code: int = getattr(error, "smtp_code", None) or next((refusal[0] for refusal in refusals.values()), 0)
    return code


def _shorten(error: Exception) -> str:
    return f"{type(error).__name__} {_code(error) or ''}".strip()
