"""Send everybody the overview of the morning."""

from crm.core.clock import now
from crm.core.db import reading, transaction
from crm.followups.digest import digests_due, make_digest
from jobs.units import do_each


def send_digests() -> int:
    with reading() as session:
        due = digests_due(session, now())
    return do_each(due, _send_one)


def _send_one(user_id: int) -> bool:
    with transaction() as session:
        return make_digest(session, user_id, now())
