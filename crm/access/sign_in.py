"""Signing in, in three steps that each have a transaction of their own.

An attempt is counted before the password is looked at: a refusal undoes its own transaction, and a burst of attempts
at the same moment must not slip past the count. Checking takes long on purpose, so it holds no lock.
"""

import secrets
from contextlib import suppress
from datetime import timedelta
from math import ceil

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.inputs import clean_email
from crm.access.models import SignInFailure, SignInSession, User
from crm.access.passwords import MAXIMUM_LENGTH, matches
from crm.access.queries import actor_of, token_hash
from crm.access.rules import ACCOUNT_TRIES, ADDRESS_TRIES, FORGET_AFTER, still_to_wait
from crm.audit.services import record
from crm.core.clock import now
from crm.core.errors import CrmError
from crm.core.i18n import _, ngettext
from crm.core.secrets import keyed_hash
from crm.core.settings import settings


class SignInRefused(CrmError):
    """The same for an unknown account, a wrong password and a closed account."""

    def __init__(self) -> None:
        super().__init__(_("This e-mail address and password do not belong together. Try again."))


class TooManyAttempts(CrmError):
    def __init__(self, wait: timedelta) -> None:
        self.seconds = ceil(wait.total_seconds())
        super().__init__(
            _(
                "Too many attempts. Wait {time}, then try again. Forgotten your password? Ask your administrator."
            ).format(time=_show_wait(self.seconds))
        )


def count_attempt(session: Session, email: str, address: str) -> None:
    """Step 1. Raises TooManyAttempts while this account or this address still has to wait."""
    moment = now()
    for subject, tries in _subjects(email, address):
        known = _failures(session, subject)
        if moment - known.last_failure_at > FORGET_AFTER:
            known.failures = 0
        if wait := still_to_wait(known.failures, tries, known.last_failure_at, moment):
            raise TooManyAttempts(wait)
        known.failures += 1
        known.last_failure_at = moment


def check_password(session: Session, email: str, password: str) -> Actor:
    """Step 2. Raises SignInRefused, after the same time whatever is wrong."""
    user = session.exec(select(User).where(User.email == clean_email(email))).one_or_none()
    right = matches(password[: MAXIMUM_LENGTH + 1], user.password_hash if user else None)
    if user is None or not right or not user.active:
        raise SignInRefused
    return Actor.of(user)


def open_session(session: Session, actor: Actor, email: str, address: str) -> str:
    """Step 3. Forgive the counted attempts and return the token for the cookie, which is not kept anywhere."""
    user = session.exec(select(User).where(User.id == actor.id, col(User.active)).with_for_update()).one_or_none()
    if user is None:
        raise SignInRefused
    subjects = [subject for subject, _tries in _subjects(email, address)]
    session.execute(delete(SignInFailure).where(col(SignInFailure.subject).in_(subjects)))
    token = secrets.token_urlsafe(32)
    expires_at = now() + timedelta(hours=settings().session_hours)
    session.add(SignInSession(token_hash=token_hash(token), user_id=user.id, expires_at=expires_at))
    record(session, actor, "user.signed_in", user)
    return token


def sign_out(session: Session, token: str) -> None:
    """End this browser's session; the user's other browsers stay signed in."""
    actor = actor_of(session, token)
    session.execute(delete(SignInSession).where(col(SignInSession.token_hash) == token_hash(token)))
    if actor:
        record(session, actor, "user.signed_out", session.get_one(User, actor.id))


def forget_expired(session: Session) -> int:
    """Take away sessions that are over and failures that no longer count. Tells how many sessions."""
    moment = now()
    session.execute(delete(SignInFailure).where(col(SignInFailure.last_failure_at) < moment - FORGET_AFTER))
    over = delete(SignInSession).where(col(SignInSession.expires_at) <= moment)
    return len(session.execute(over.returning(col(SignInSession.id))).all())


def _subjects(email: str, address: str) -> tuple[tuple[str, int], ...]:
    return (
        (keyed_hash("sign-in account", clean_email(email)), ACCOUNT_TRIES),
        (keyed_hash("sign-in address", address), ADDRESS_TRIES),
    )


def _failures(session: Session, subject: str) -> SignInFailure:
    """The row of this subject, held until the end of the transaction."""
    find = select(SignInFailure).where(SignInFailure.subject == subject).with_for_update()
    known = session.exec(find).one_or_none()
    if known is None:
        with suppress(IntegrityError), session.begin_nested():  # somebody else may just have added it
            session.add(SignInFailure(subject=subject, last_failure_at=now()))
        known = session.exec(find).one()
    return known


def _show_wait(seconds: int) -> str:
    if seconds < 60:
        return ngettext("{n} second", "{n} seconds", seconds).format(n=seconds)
    minutes = ceil(seconds / 60)
    return ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)
