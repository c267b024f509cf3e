"""Keep live call lists up to date."""

import structlog

from crm.access.actor import SYSTEM
from crm.calling.lists import lists_to_update, update_list
from crm.core.clock import now
from crm.core.db import reading
from crm.core.errors import CrmError

log = structlog.get_logger()


def update_lists() -> int:
    """Each list by itself, so that a bad one cannot stop the rest. Tells how many changed."""
    with reading() as session:
        due = lists_to_update(session, now())
    return sum(_update_one(list_id) for list_id in due)


def _update_one(list_id: int) -> bool:
    try:
        return bool(update_list(SYSTEM, list_id))
    except CrmError:  # closed or frozen meanwhile
        return False
    except Exception:
        log.exception("list_update_failed", list=list_id)
    return False
