"""The overview of the morning: what was promised for today, what is late, and the news somebody chose."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission, roles_that_may
from crm.companies.models import Company
from crm.core.clock import day_bounds, local
from crm.core.i18n import _, show_day, show_moment, show_time, speaking
from crm.followups.models import FollowUp, FollowUpStatus
from crm.followups.wording import in_words
from crm.messaging.mail_text import Section
from crm.messaging.models import DIGEST_AT, Digest, DigestChoice
from crm.messaging.queries import news_for
from crm.messaging.services import insert_once, mail_is_sent, post_mail
from crm.reference.calendar import is_working_day

USEFUL_FOR = timedelta(hours=3)  # later it is no morning overview any more
FIRST_NEWS = timedelta(days=1)  # how far the first overview looks back
MOST_LINES = 15
MIDNIGHT = "00:00"


def digests_due(session: Session, moment: datetime) -> Sequence[int]:
    """Whose overview of this working day is not made yet, and whose time it is on the Dutch clock."""
    there = local(moment)
    if not mail_is_sent() or not is_working_day(there.date()):
        return []
    useful_since = there - USEFUL_FOR
    earliest = f"{useful_since:%H:%M}" if useful_since.date() == there.date() else MIDNIGHT
    at = func.coalesce(DigestChoice.at, DIGEST_AT)
    made = select(Digest.id).where(Digest.user_id == User.id, Digest.day == there.date())
    roles = roles_that_may(Permission.FOLLOWUP_OWN)
    statement = (
        select(User.id)
        .join(DigestChoice, col(DigestChoice.user_id) == User.id, isouter=True)
        .where(col(User.active), col(User.role).in_(roles), func.coalesce(DigestChoice.wanted, True))
        .where(at <= f"{there:%H:%M}", at > earliest, ~made.exists())
        .order_by(col(User.id))
    )
    return session.exec(statement).all()


def make_digest(session: Session, user_id: int, moment: datetime) -> bool:
    """Claim the overview of today and post it, in the caller's transaction; tells whether there was something to say.

    Killed anywhere, either both are done or nothing is; and of two processes one finds it claimed.
    """
    day = local(moment).date()
    before = select(func.max(Digest.created_at)).where(Digest.user_id == user_id)
    since = session.exec(before).one() or moment - FIRST_NEWS
    if not insert_once(session, Digest, user_id=user_id, day=day, created_at=moment):
        return False
    reader = session.get_one(User, user_id)
    with speaking(reader.language):
        sections = _sections(session, reader, moment, since)
        subject = _("Your overview of {day}").format(day=show_day(day))
    if not sections:
        return False
    return post_mail(
        session,
        user_id,
        kind=None,
        once_key=f"digest:{user_id}:{day}",
        subject=subject,
        sections=sections,
        page="today",
    )


def _sections(session: Session, reader: User, moment: datetime, since: datetime) -> tuple[Section, ...]:
    ends = day_bounds(local(moment).date())[1]
    today = [f"{show_time(step.due_at)} {words}" for step, words in _steps(session, reader, moment, ends)]
    late = [
        _("{what}, agreed for {moment}").format(what=words, moment=show_moment(step.due_at))
        for step, words in _steps(session, reader, None, moment)
    ]
    news = [notice.title for notice in news_for(session, Actor.of(reader), since, limit=MOST_LINES + 1)]
    parts = ((_("Late"), late), (_("Today"), today), (_("New"), news))
    return tuple(Section(heading, _shortened(lines)) for heading, lines in parts if lines)


def _steps(session: Session, reader: User, start: datetime | None, end: datetime) -> list[tuple[FollowUp, str]]:
    """What this person will do, in words, without what was said: `Call back: Bakkerij Zonneschijn, Dordrecht`."""
    statement = (
        select(FollowUp, func.coalesce(Company.name, ""), func.coalesce(Company.town, ""))
        .join(Company, col(FollowUp.company_id) == Company.id, isouter=True)
        .where(FollowUp.status == FollowUpStatus.OPEN, FollowUp.owner_id == reader.id, col(FollowUp.due_at) < end)
        .order_by(col(FollowUp.due_at), col(FollowUp.id))
        .limit(MOST_LINES + 1)
    )
    if start:
        statement = statement.where(col(FollowUp.due_at) >= start)
    return [(step, in_words(step.kind.label, name, town)) for step, name, town in session.exec(statement)]


def _shortened(lines: list[str]) -> tuple[str, ...]:
    if len(lines) <= MOST_LINES:
        return tuple(lines)
    return (*lines[:MOST_LINES], _("and more, in Kopkoffie"))
