"""Whose line is which, and what is going on on it."""

from datetime import timedelta
from functools import cache

from sqlalchemy import bindparam
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.core.clock import now
from crm.core.errors import NotAllowed
from crm.core.settings import settings
from crm.telephony.dialling.port import DialState
from crm.telephony.models import DialledCall, PhoneLine, RingingCall

LONGEST_RINGING = timedelta(minutes=3)
LONGEST_TALK = timedelta(hours=2)


def line_of(session: Session, actor: Actor, user_id: int) -> PhoneLine | None:
    """One's own line, or for an administrator that of anybody."""
    if user_id != actor.id and not actor.may(Permission.USER_MANAGE):
        raise NotAllowed
    return session.exec(select(PhoneLine).where(PhoneLine.user_id == user_id)).one_or_none()


def lines(session: Session, actor: Actor, user_ids: list[int]) -> dict[int, PhoneLine]:
    actor.require(Permission.USER_MANAGE)
    found = session.exec(select(PhoneLine).where(col(PhoneLine.user_id).in_(user_ids))).all()
    return {line.user_id: line for line in found}


def system_of(line: PhoneLine) -> str:
    """The system that rings this line; empty when that is none, or one that the settings no longer have."""
    name = line.system or settings().telephony_default
    return name if line.line and name in settings().telephony else ""


def line_to_dial_on(session: Session, user_id: int) -> PhoneLine | None:
    """None for who dials with a link."""
    if not settings().telephony:
        return None
    line = session.exec(_line(), params={"user": user_id}).one_or_none()
    return line if line and system_of(line) else None


def owner_of(session: Session, system: str, line: str) -> PhoneLine | None:
    """Whose line this is at this system."""
    names = [system, ""] if system == settings().telephony_default else [system]
    found = select(PhoneLine).where(PhoneLine.line == line, col(PhoneLine.system).in_(names))
    return session.exec(found.order_by(col(PhoneLine.id)).limit(1)).first() if line else None


@cache
def _line() -> SelectOfScalar[PhoneLine]:
    return select(PhoneLine).where(col(PhoneLine.user_id) == bindparam("user"))


def last_dialled(session: Session, call_id: int) -> DialledCall | None:
    """What a telephone system was last asked to dial in this call."""
    return session.exec(_last_dialled(), params={"call": call_id}).first()


@cache
def _last_dialled() -> SelectOfScalar[DialledCall]:
    dialled = select(DialledCall).where(col(DialledCall.call_id) == bindparam("call"))
    return dialled.order_by(col(DialledCall.id).desc()).limit(1)


def ringing_for(session: Session, actor: Actor) -> RingingCall | None:
    """Who calls this user now, the latest first."""
    actor.require(Permission.CALL_MAKE)
    since = {"ringing_since": now() - LONGEST_RINGING, "talking_since": now() - LONGEST_TALK}
    return session.exec(_ringing(), params={"user": actor.user_id} | since).first()


@cache
def _ringing() -> SelectOfScalar[RingingCall]:
    """An end that was never told does not leave a call on the screen for ever."""
    state, began = col(RingingCall.state), col(RingingCall.created_at)
    rings = (state == DialState.RINGING) & (began > bindparam("ringing_since"))
    talks = (state == DialState.ANSWERED) & (began > bindparam("talking_since"))
    ringing = select(RingingCall).where(
        col(RingingCall.user_id) == bindparam("user"), col(RingingCall.ended_at).is_(None), rings | talks
    )
    return ringing.order_by(col(RingingCall.id).desc()).limit(1)
