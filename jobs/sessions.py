"""Forget sign-in sessions that are over."""

from crm.access.sign_in import forget_expired
from crm.core.db import transaction


def forget_sessions() -> int:
    with transaction() as session:
        return forget_expired(session)
