"""Keep live call lists up to date."""

from crm.access.actor import SYSTEM
from crm.calling.lists import lists_to_update, update_list
from crm.core.clock import now
from crm.core.db import reading
from jobs.units import do_each


def update_lists() -> int:
    """Tells how many changed. One that is closed or frozen meanwhile is left alone."""
    with reading() as session:
        due = lists_to_update(session, now())
    return do_each(due, _update_one)


def _update_one(list_id: int) -> bool:
    return bool(update_list(SYSTEM, list_id))
