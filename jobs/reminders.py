"""Remind people of follow-ups that are due."""

import structlog

from crm.core.clock import now
from crm.core.db import reading, transaction
from crm.desk.cases import running_case
from crm.followups.reminders import due_without_reminder, remind

log = structlog.get_logger()


def remind_due() -> int:
    """One transaction for each follow-up, so that a bad one cannot silence the rest. Tells how many were reminded."""
    with reading() as session:
        due = due_without_reminder(session, now())
    return sum(_remind_one(follow_up_id) for follow_up_id in due)


def _remind_one(follow_up_id: int) -> bool:
    try:
        with transaction() as session:
            return remind(session, follow_up_id, now(), running_case)
    except Exception:
        log.exception("reminder_failed", follow_up=follow_up_id)
        return False
