"""Telling people something, once: a notice in the app, an e-mail in the outbox, or both, as they chose."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.audit.services import record
from crm.core.clock import now
from crm.core.db import delete_some, insert_for
from crm.core.i18n import speaking
from crm.core.models import Record
from crm.core.settings import settings
from crm.core.text import squeeze
from crm.messaging.inputs import ChoiceInput, DigestInput
from crm.messaging.mail_text import MailText, Section
from crm.messaging.models import Channel, Digest, DigestChoice, Notice, NoticeChoice, NoticeKind, OutboxMessage
from crm.messaging.queries import channels_of

READ_IS_KEPT = timedelta(days=90)
NOTICE_IS_KEPT = timedelta(days=365)
MAIL_IS_KEPT = timedelta(days=90)


def notify(
    session: Session,
    user_id: int,
    *,
    kind: NoticeKind,
    once_key: str,
    title: str,
    body: str = "",
    page: str = "",
    mail: str = "",
    calendar: Callable[[], bytes] | None = None,
) -> bool:
    """Tell somebody as they chose, unless they were told before; tells whether it is new.

    `page` is where it leads: `companies?company=5`. An e-mail has the title and `mail`, and `calendar` for their
    calendar; `body` stays in the app.
    """
    channels = channels_of(session, user_id, kind)
    if channels and not mail_is_sent():
        channels = frozenset({Channel.APP})
    title, told = squeeze(title)[:200], False
    if channels & {Channel.APP, Channel.DIGEST}:
        values = {"user_id": user_id, "kind": kind, "title": title, "body": body, "page": page}
        told = insert_once(session, Notice, once_key=once_key, in_app=Channel.APP in channels, **values)
    if Channel.MAIL in channels:
        sections = (Section("", tuple(mail.splitlines())),)
        told |= post_mail(
            session,
            user_id,
            kind=kind,
            once_key=once_key,
            subject=title,
            sections=sections,
            page=page,
            file=calendar() if calendar else None,
        )
    return told


def post_mail(
    session: Session,
    user_id: int,
    *,
    kind: NoticeKind | None,
    once_key: str,
    subject: str,
    sections: tuple[Section, ...],
    page: str = "",
    file: bytes | None = None,
) -> bool:
    """Put an e-mail to somebody in the outbox, in their language, unless it was there before or nothing can be sent.

    `file` is for their calendar.
    """
    user = session.get_one(User, user_id)
    if not mail_is_sent() or not user.active:
        return False
    with speaking(user.language):
        words = MailText(user.first_name, subject, sections, page)
        text, html = words.as_text(), words.as_html()
    return insert_once(
        session,
        OutboxMessage,
        user_id=user_id,
        kind=kind,
        once_key=once_key,
        to_address=user.email,
        subject=squeeze(subject)[:200],
        body=text,
        html=html,
        calendar=file.decode() if file else None,
        next_attempt_at=now(),
    )


def mail_is_sent() -> bool:
    """Whether this installation has a mail server."""
    return bool(settings().smtp_host)


def mark_read(session: Session, actor: Actor, notice_id: int | None = None) -> None:
    """One notice, or all, of the reader. Reading is no news to others, so the audit log leaves it out."""
    mine = (col(Notice.user_id) == actor.user_id, col(Notice.in_app).is_(True), col(Notice.read_at).is_(None))
    statement = update(Notice).where(*mine)
    if notice_id is not None:
        statement = statement.where(col(Notice.id) == notice_id)
    session.execute(statement.values(read_at=now()))


def choose_channels(session: Session, actor: Actor, given: ChoiceInput) -> NoticeChoice:
    """How one wants to hear of one kind of thing from now on."""
    mine = select(NoticeChoice).where(NoticeChoice.user_id == actor.user_id, NoticeChoice.kind == given.kind)
    choice = session.exec(mine).one_or_none() or NoticeChoice(user_id=actor.user_id, kind=given.kind)
    for channel in Channel:
        setattr(choice, channel.value, channel in given.channels)
    session.add(choice)
    record(session, actor, "notice_choice.changed", choice)
    return choice


def choose_digest(session: Session, actor: Actor, given: DigestInput) -> DigestChoice:
    """Whether and when one wants the overview of the morning. Without it, what waits for the next comes in the app."""
    mine = select(DigestChoice).where(DigestChoice.user_id == actor.user_id)
    choice = session.exec(mine).one_or_none() or DigestChoice(user_id=actor.user_id)
    choice.wanted, choice.at = given.wanted, f"{given.at:%H:%M}"
    session.add(choice)
    if not choice.wanted:
        _show_what_waits(session, actor.user_id)
    record(session, actor, "digest_choice.changed", choice)
    return choice


def _show_what_waits(session: Session, user_id: int) -> None:
    made = select(func.max(Digest.created_at)).where(Digest.user_id == user_id)
    waiting = [col(Notice.user_id) == user_id, col(Notice.in_app).is_(False), col(Notice.read_at).is_(None)]
    if last := session.exec(made).one():
        waiting.append(col(Notice.created_at) > last)
    session.execute(update(Notice).where(*waiting).values(in_app=True))


def forget_old(session: Session, moment: datetime) -> int:
    """Some of the notices that were read or are very old, and of the e-mails that ended long ago. Tells how much."""
    read, mail = moment - READ_IS_KEPT, moment - MAIL_IS_KEPT
    was_read = (col(Notice.created_at) < read, col(Notice.read_at) < read)  # the index of the first finds them
    return (
        delete_some(session, Notice, *was_read)
        + delete_some(session, Notice, col(Notice.created_at) < moment - NOTICE_IS_KEPT)
        + delete_some(session, OutboxMessage, col(OutboxMessage.sent_at) < mail)
        + delete_some(session, OutboxMessage, col(OutboxMessage.given_up_at) < mail)
        + delete_some(session, Digest, col(Digest.day) < mail.date())
    )


def insert_once(session: Session, model: type[Record], **values: Any) -> bool:
    """Insert, or do nothing when there is such a row. Tells whether it is new."""
    statement = insert_for(session.connection())(model).values(**values).on_conflict_do_nothing()
    return session.execute(statement.returning(col(model.id))).first() is not None
