"""Forget sign-in sessions that are over."""

from sqlalchemy import delete
from sqlmodel import col

from crm.access.models import SignInSession
from crm.core.clock import now
from crm.core.db import transaction


def forget_expired() -> int:
    with transaction() as session:
        gone = session.execute(
            delete(SignInSession).where(col(SignInSession.expires_at) <= now()).returning(col(SignInSession.id))
        )
        return len(gone.all())
