"""Sending the outbox by SMTP.

A message is claimed by moving its next attempt forward, before it is sent: two processes never send the same one at
once. Dying between sending and noting sends it again, byte for byte and with the same Message-ID.
"""

import smtplib
import ssl
from contextlib import suppress
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, formataddr
from hashlib import sha256

import structlog
from sqlmodel import Session, col, select

from crm.core.clock import now
from crm.core.db import locked, transaction
from crm.core.settings import settings
from crm.messaging.models import OutboxMessage

# Each longer than one attempt can take, so that an attempt still under way is not started again.
RETRY_MINUTES = (5, 15, 60, 240, 720, 1440)
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

log = structlog.get_logger()


def send_waiting() -> int:
    """Send what is waiting, the oldest first; tells how many went out.

    Stops when the server cannot be reached: the rest keeps its attempts for when it is back.
    """
    sent = 0
    while settings().smtp_host and sent < BATCH and (message := _claim()):
        try:
            _send(compose(message))
        except REFUSED as error:
            _note_failure(message, error)
        except OSError as error:
            _note_failure(message, error)
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
    if message.calendar:
        _attach(mail, message.calendar)
        mail.set_boundary(key)
    return mail


def _attach(mail: EmailMessage, calendar: str) -> None:
    lines = calendar.splitlines()
    method = next((line.partition(":")[2] for line in lines if line.startswith("METHOD:")), "PUBLISH")
    mail.add_attachment(calendar, subtype="calendar", filename="kopkoffie.ics", cte="base64", params={"method": method})


def _claim() -> OutboxMessage | None:
    with transaction() as session:
        message = session.exec(
            select(OutboxMessage)
            .where(col(OutboxMessage.sent_at).is_(None), col(OutboxMessage.next_attempt_at) <= now())
            .order_by(col(OutboxMessage.next_attempt_at), col(OutboxMessage.id))
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if message:
            wait = RETRY_MINUTES[min(message.attempts, len(RETRY_MINUTES) - 1)]
            message.attempts += 1
            message.next_attempt_at = now() + timedelta(minutes=wait)
        return message


def _send(mail: EmailMessage) -> None:
    server = _connect()
    try:
        server.send_message(mail)
        with suppress(smtplib.SMTPException, OSError):  # it has the message: a rude goodbye does not matter
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
    except BaseException:
        server.close()
        raise
    return server


def _note_sent(message: OutboxMessage) -> None:
    with transaction() as session:
        row = _row(session, message)
        row.sent_at, row.next_attempt_at, row.last_error = now(), None, ""
    log.info("mail_sent", message=message.id, attempts=message.attempts)


def _note_failure(message: OutboxMessage, error: Exception) -> None:
    """Without the server's own words: they repeat the address."""
    last = message.attempts > len(RETRY_MINUTES)
    with transaction() as session:
        row = _row(session, message)
        row.last_error = _shorten(error)
        if last:
            row.next_attempt_at = None
    log.warning("mail_failed", message=message.id, attempts=message.attempts, error=_shorten(error), given_up=last)


def _row(session: Session, message: OutboxMessage) -> OutboxMessage:
    return locked(session, OutboxMessage, message.id)


def _shorten(error: Exception) -> str:
    refusals = getattr(error, "recipients", {}) or {}
    code = getattr(error, "smtp_code", None) or next((refusal[0] for refusal in refusals.values()), "")
    return f"{type(error).__name__} {code}".strip()
