"""Whose line is which, and what telephone systems tell about calls on them."""

from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.core.clock import now
from crm.core.db import delete_some, locked
from crm.core.errors import CrmError, NotAllowed, NotFound
from crm.core.i18n import _
from crm.core.settings import settings
from crm.telephony import rules
from crm.telephony.dialling.port import Problem, Status
from crm.telephony.events import EventInput
from crm.telephony.inputs import LineInput
from crm.telephony.models import BY_LINK, DialledCall, PhoneEvent, PhoneLine, RingingCall
from crm.telephony.queries import owner_of

KEPT = timedelta(days=1)


class LineTaken(CrmError):
    def __init__(self, line: str, owner: str) -> None:
        super().__init__(
            _("Line {line} belongs to {name}. Choose another, or ask {name}.").format(line=line, name=owner)
        )


class LineMissing(CrmError):
    def __init__(self) -> None:
        super().__init__(_("Fill in the own line, such as 101."))


def set_line(session: Session, actor: Actor, user_id: int, given: LineInput) -> PhoneLine:
    """One's own line, or as an administrator that of somebody else. Raises LineTaken or LineMissing."""
    if user_id != actor.id:
        actor.require(Permission.USER_MANAGE)
    if not actor.may(Permission.CALL_MAKE):
        raise NotAllowed
    if session.get(User, user_id) is None:
        raise NotFound
    if given.system not in {"", BY_LINK} and not given.own_line:
        raise LineMissing
    _require_free(session, user_id, given)
    known = select(PhoneLine).where(PhoneLine.user_id == user_id).with_for_update()
    line = session.exec(known).one_or_none() or PhoneLine(user_id=user_id)
    line.system, line.line = given.system, given.own_line
    session.add(line)
    record(session, actor, "phone_line.changed", line)
    return line


def _require_free(session: Session, user_id: int, given: LineInput) -> None:
    system = given.system or settings().telephony_default
    owner = owner_of(session, system, given.own_line) if system != BY_LINK else None
    if owner and owner.user_id != user_id:
        raise LineTaken(given.own_line, session.get_one(User, owner.user_id).name)


def note_placed(session: Session, dialled_id: int, reference: str, news: Status) -> DialledCall:
    """The telephone system took the call. What it told by an event in the meantime is not undone."""
    dialled = locked(session, DialledCall, dialled_id)
    dialled.reference = reference
    return _note(dialled, news)


def note_problem(session: Session, dialled_id: int, problem: Problem) -> DialledCall:
    """The telephone system was not reached, or did not take the call: over for this system."""
    dialled = locked(session, DialledCall, dialled_id)
    dialled.problem = problem
    return _note(dialled, rules.FAILED)


def note_status(session: Session, dialled_id: int, news: Status) -> DialledCall:
    return _note(locked(session, DialledCall, dialled_id), news)


def take_event(session: Session, event: EventInput) -> None:
    """Note what a telephone system told. The same event twice counts once; one about a call of others is let go."""
    if _is_known(session, event):
        return
    forget_old(session, now())
    if event.direction == "out":
        _tell_dialled(session, event)
    else:
        _tell_ringing(session, event)


def _note(dialled: DialledCall, news: Status, at: datetime | None = None) -> DialledCall:
    moment = rules.happened_at(at, since=dialled.created_at, moment=now())
    if dialled.answered_at:  # then nothing was in the way
        news = Status(news.state)
    later = rules.after(dialled.state, dialled.cause, news)
    if later.state is not dialled.state:
        if later.state is rules.ANSWERED:
            dialled.answered_at = moment
        elif later.state in rules.END:
            dialled.ended_at = moment
    dialled.state, dialled.cause = later.state, later.cause
    return dialled


def _is_known(session: Session, event: EventInput) -> bool:
    try:
        with session.begin_nested():
            session.add(PhoneEvent(system=event.system, event_id=event.id))
            session.flush()
    except IntegrityError:
        return True
    return False


def forget_old(session: Session, moment: datetime) -> int:
    """Some of what telephone systems told longer than a day ago. Tells how much."""
    return sum(delete_some(session, kind, col(kind.created_at) < moment - KEPT) for kind in (PhoneEvent, RingingCall))


def _tell_dialled(session: Session, event: EventInput) -> None:
    same = (DialledCall.system == event.system, DialledCall.reference == event.reference)
    dialled = session.exec(select(DialledCall).where(*same).with_for_update()).first()
    if dialled:
        _note(dialled, Status(event.state, event.cause), event.at)


def _tell_ringing(session: Session, event: EventInput) -> None:
    same = (RingingCall.system == event.system, RingingCall.reference == event.reference)
    ringing = session.exec(select(RingingCall).where(*same).with_for_update()).one_or_none()
    if ringing is None:
        owner = owner_of(session, event.system, event.line)
        if owner is None:
            return
        ringing = RingingCall(user_id=owner.user_id, system=event.system, reference=event.reference)
        session.add(ringing)
    ringing.e164 = ringing.e164 or event.number
    later = rules.after(ringing.state, None, Status(event.state))
    ringing.state = later.state
    if later.state in rules.END and ringing.ended_at is None:
        ringing.ended_at = now()
