"""Who a browser belongs to, and who there is."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from sqlalchemy import bindparam, func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from crm.access.actor import Actor
from crm.access.demo import DEMO_DOMAIN
from crm.access.models import SignInSession, User
from crm.access.permissions import Permission, roles_that_may
from crm.core.clock import now


def token_hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def actor_of(session: Session, token: str) -> Actor | None:
    """The user signed in with this cookie; None when it ended, expired or the account was closed."""
    user = session.exec(_signed_in(), params={"token": token_hash(token), "moment": now()}).one_or_none()
    return Actor.of(user) if user else None


@cache
def _signed_in() -> SelectOfScalar[User]:
    # Every click asks for this, and building a statement costs more than running it.
    return (
        select(User)
        .join(SignInSession, col(SignInSession.user_id) == User.id)
        .where(
            col(SignInSession.token_hash) == bindparam("token"),
            col(SignInSession.expires_at) > bindparam("moment"),
            col(User.active),
        )
    )


def people_who_may(session: Session, permission: Permission) -> Sequence[User]:
    """Those who work here and may do this, such as the coordinators who are told of something."""
    roles = col(User.role).in_(roles_that_may(permission))
    return session.exec(select(User).where(col(User.active), roles).order_by(col(User.id))).all()


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
