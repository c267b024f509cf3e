"""Who a browser belongs to."""

from hashlib import sha256

from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.models import SignInSession, User
from crm.core.clock import now


def token_hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def actor_of(session: Session, token: str) -> Actor | None:
    """The user signed in with this cookie; None when it ended, expired or the account was closed."""
    user = session.exec(
        select(User)
        .join(SignInSession, col(SignInSession.user_id) == User.id)
        .where(SignInSession.token_hash == token_hash(token), SignInSession.expires_at > now(), col(User.active))
    ).one_or_none()
    return Actor.of(user) if user else None
