"""Who a browser belongs to, and who there is."""

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import func
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.demo import DEMO_DOMAIN
from crm.access.models import SignInSession, User
from crm.access.permissions import Permission
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


@dataclass(frozen=True, slots=True)
class UserPage:
    users: list[User]
    total: int


def users(session: Session, actor: Actor, *, page: int = 1, size: int = 25) -> UserPage:
    """Everybody with an account, those who may come in first."""
    actor.require(Permission.USER_MANAGE)
    ordered = select(User).order_by(col(User.active).desc(), User.name, col(User.id))
    shown = session.exec(ordered.offset((page - 1) * size).limit(size)).all()
    return UserPage(list(shown), session.exec(select(func.count()).select_from(User)).one())


def demo_accounts(session: Session) -> list[User]:
    """The first account of each role, when this is a demo; anybody may ask, for the sign-in page lists them."""
    firsts = (
        select(func.min(User.id))
        .where(col(User.email).endswith(f"@{DEMO_DOMAIN}"), col(User.active))
        .group_by(User.role)
    )
    return list(session.exec(select(User).where(col(User.id).in_(firsts)).order_by(col(User.id))).all())
