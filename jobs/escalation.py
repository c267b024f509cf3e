"""Promised calls that are late go to the team, and then to the coordinators."""

from crm.core.clock import now
from crm.core.db import reading, transaction
from crm.followups.escalation import give_to_team, late_owners, tell_coordinators
from jobs.units import do_each


def escalate() -> int:
    """Tells how many promised calls went a step further."""
    with reading() as session:
        owners = late_owners(session, now())
    return do_each([*owners, None], _escalate)


def _escalate(owner_id: int | None) -> int:
    with transaction() as session:
        return tell_coordinators(session, now()) if owner_id is None else give_to_team(session, owner_id, now())
