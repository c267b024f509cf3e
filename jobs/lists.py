"""Keep live call lists up to date."""

import structlog

from crm.access.actor import SYSTEM
from crm.calling.lists import is_outdated, lists_to_update, mark_up_to_date, update_list
from crm.companies.queries import newest_import
from crm.core.clock import now
from crm.core.db import reading, transaction
from crm.core.errors import CrmError

log = structlog.get_logger()


def update_lists() -> int:
    """One transaction for each list, so that a bad one cannot stop the rest. Tells how many changed."""
    with reading() as session:
        due = lists_to_update(session, now())
    return sum(_update_one(list_id) for list_id in due)


def _update_one(list_id: int) -> bool:
    try:
        with reading() as session:
            newest, outdated = newest_import(session), is_outdated(session, list_id)
        with transaction() as session:
            if outdated:
                return bool(update_list(session, SYSTEM, list_id))
            mark_up_to_date(session, list_id, newest)
    except CrmError:  # closed or frozen meanwhile
        return False
    except Exception:
        log.exception("list_update_failed", list=list_id)
    return False
