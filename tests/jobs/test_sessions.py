from datetime import timedelta

from sqlmodel import select

from crm.access.models import SignInSession
from crm.access.permissions import Role
from crm.core.clock import now
from crm.core.db import reading, transaction
from jobs.sessions import forget_sessions
from tests.conftest import add_user


def test_only_sessions_that_are_over_are_forgotten(database):
    with transaction() as session:
        actor = add_user(session, Role.CALLER)
        for name, minutes in (("over", -1), ("still open", 5)):
            ends = now() + timedelta(minutes=minutes)
            session.add(SignInSession(token_hash=name, user_id=actor.user_id, expires_at=ends))
    assert forget_sessions() == 1
    assert forget_sessions() == 0
    with reading() as session:
        assert session.exec(select(SignInSession.token_hash)).all() == ["still open"]
