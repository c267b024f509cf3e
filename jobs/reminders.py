"""Remind people of follow-ups that are due."""

from crm.core.clock import now
from crm.core.db import reading, transaction
from crm.desk.cases import running_case
from crm.followups.reminders import due_without_reminder, remind
from jobs.units import do_each


def remind_due() -> int:
    """Tells how many follow-ups were reminded of."""
    with reading() as session:
        due = due_without_reminder(session, now())
    return do_each(due, _remind_one)


def _remind_one(follow_up_id: int) -> bool:
    with transaction() as session:
        return remind(session, follow_up_id, now(), running_case)
