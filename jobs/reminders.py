"""Remind people of follow-ups that are due."""

from crm.core.clock import now
from crm.core.db import reading, transaction
from crm.desk.cases import running_case
from crm.followups.reminders import Reminder, remind, reminders
from jobs.units import do_each


def remind_due() -> int:
    """Tells how many follow-ups people were reminded of."""
    with reading() as session:
        due = list(reminders(session, now()))
    return do_each(due, _remind)


def _remind(reminder: Reminder) -> int:
    with transaction() as session:
        return remind(session, reminder, now(), running_case)
