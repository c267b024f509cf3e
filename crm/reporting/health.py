"""How the installation is doing, in numbers for who watches over it. Nobody and no company is in them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.models import Claim
from crm.core.clock import now
from crm.followups.reminders import count_due
from crm.messaging.models import OutboxMessage
from crm.scheduling.lease import last_beat
from crm.scheduling.models import ScheduledJob
from crm.scheduling.queries import scheduled_jobs

LATE = timedelta(minutes=5)  # ten times as long as the scheduler takes between two looks


@dataclass(frozen=True, slots=True)
class Health:
    last_beat: datetime | None
    jobs: list[ScheduledJob]
    mail_waiting: int
    mail_given_up: int
    oldest_mail_seconds: float
    reminders_due: int
    reminders_late: int
    claims_open: int


def health(session: Session, actor: Actor) -> Health:
    actor.require(Permission.SYSTEM_MANAGE)
    moment = now()
    waiting = select(func.count(), func.min(OutboxMessage.created_at)).where(
        col(OutboxMessage.next_attempt_at).is_not(None), col(OutboxMessage.sent_at).is_(None)
    )
    mails, oldest = session.exec(waiting).one()
    given_up = select(func.count()).where(col(OutboxMessage.given_up_at).is_not(None))
    return Health(
        last_beat=last_beat(session),
        jobs=sorted(scheduled_jobs(session, actor).values(), key=lambda job: job.name),
        mail_waiting=mails,
        mail_given_up=session.exec(given_up).one(),
        oldest_mail_seconds=max((moment - oldest).total_seconds(), 0.0) if oldest else 0.0,
        reminders_due=count_due(session, moment),
        reminders_late=count_due(session, moment - LATE),
        claims_open=session.exec(select(func.count()).select_from(Claim).where(Claim.expires_at > moment)).one(),
    )
