"""Users: who may come in, as what, and until when."""

from sqlalchemy import delete
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.inputs import NewUser, PasswordChange
from crm.access.models import CalendarFeed, SignInSession, User
from crm.access.passwords import hash_password, matches, require_good
from crm.access.permissions import Permission, Role
from crm.audit.services import record
from crm.core.db import locked
from crm.core.errors import CrmError
from crm.core.i18n import LANGUAGES, _


class EmailTaken(CrmError):
    def __init__(self, email: str) -> None:
        super().__init__(_("There is already a user with {email}.").format(email=email))


class LastAdministrator(CrmError):
    def __init__(self) -> None:
        super().__init__(_("This is the last administrator. Make somebody else administrator first."))


class PasswordNotRight(CrmError):
    def __init__(self) -> None:
        super().__init__(_("Your current password is not right."))


class PasswordsDiffer(CrmError):
    def __init__(self) -> None:
        super().__init__(_("The two new passwords are not the same. Type them again."))


def add_user(session: Session, actor: Actor, person: NewUser) -> User:
    actor.require(Permission.USER_MANAGE)
    password = person.password.get_secret_value()
    require_good(password, person.email)
    if session.exec(select(User.id).where(User.email == person.email)).first():
        raise EmailTaken(person.email)
    user = User(**person.model_dump(exclude={"password"}), password_hash=hash_password(password))
    session.add(user)
    record(session, actor, "user.added", user)
    return user


def change_password(session: Session, actor: Actor, change: PasswordChange) -> None:
    """Change one's own password. Every browser has to sign in again, this one too; the calendar address ends."""
    user = locked(session, User, actor.user_id)
    if not matches(change.current.get_secret_value(), user.password_hash):
        raise PasswordNotRight
    if change.new != change.repeated:
        raise PasswordsDiffer
    _set_password(session, actor, user, change.new.get_secret_value(), "user.password_changed")


def reset_password(session: Session, actor: Actor, user_id: int, password: str) -> User:
    """Give somebody a new password; they are signed out everywhere, and their calendar address ends."""
    actor.require(Permission.USER_MANAGE)
    user = locked(session, User, user_id)
    _set_password(session, actor, user, password, "user.password_reset")
    return user


def change_role(session: Session, actor: Actor, user_id: int, role: Role, *, version: int | None = None) -> User:
    actor.require(Permission.USER_MANAGE)
    user = locked(session, User, user_id, version=version)
    if role is not Role.ADMIN:
        _require_other_administrator(session, user)
    user.role = role
    if not Actor.of(user).may(Permission.FOLLOWUP_OWN):
        _end_feed(session, user_id)
    record(session, actor, "user.role_changed", user)
    return user


def deactivate(session: Session, actor: Actor, user_id: int, *, version: int | None = None) -> User:
    """Close an account. Whoever is signed in with it is out at once; the work stays in their name."""
    actor.require(Permission.USER_MANAGE)
    user = locked(session, User, user_id, version=version)
    _require_other_administrator(session, user)
    user.active = False
    _end_access(session, user_id)
    record(session, actor, "user.deactivated", user)
    return user


def reactivate(session: Session, actor: Actor, user_id: int, *, version: int | None = None) -> User:
    actor.require(Permission.USER_MANAGE)
    user = locked(session, User, user_id, version=version)
    user.active = True
    record(session, actor, "user.reactivated", user)
    return user


def set_language(session: Session, actor: Actor, language: str) -> None:
    """One's own language; an unknown one changes nothing."""
    user = locked(session, User, actor.user_id)
    if language in LANGUAGES:
        user.language = language
        record(session, actor, "user.language_changed", user)


def _set_password(session: Session, actor: Actor, user: User, password: str, action: str) -> None:
    require_good(password, user.email)
    user.password_hash = hash_password(password)
    _end_access(session, user.id)
    record(session, actor, action, user)


def _end_access(session: Session, user_id: int) -> None:
    """Sign this user out of every browser, and end the address that a stranger may have made meanwhile."""
    session.execute(delete(SignInSession).where(col(SignInSession.user_id) == user_id))
    _end_feed(session, user_id)


def _end_feed(session: Session, user_id: int) -> None:
    session.execute(delete(CalendarFeed).where(col(CalendarFeed.user_id) == user_id))


def _require_other_administrator(session: Session, user: User) -> None:
    # All of them are held, so that two administrators cannot put each other out in the same moment.
    statement = select(User.id).where(User.role == Role.ADMIN, col(User.active)).with_for_update()
    if set(session.exec(statement)) == {user.id}:
        raise LastAdministrator
