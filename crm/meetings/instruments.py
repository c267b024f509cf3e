"""Schemes that are asked for a placement: which, by whom, and what became of it."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.core.clock import local
from crm.core.db import locked
from crm.core.errors import CrmError, NotFound
from crm.core.i18n import _
from crm.matching.models import Introduction, IntroductionStatus
from crm.meetings.inputs import UseInput
from crm.meetings.models import InstrumentUse, Meeting, MeetingStatus, UseState
from crm.pipeline.models import Stage, StageChange
from crm.reference.instruments import Instrument, find_instruments, instruments


class NoPlacementYet(CrmError):
    def __init__(self) -> None:
        super().__init__(_("Schemes are asked after the kopkoffie, when both sides want to go on."))


class HasEnded(CrmError):
    def __init__(self, one: Instrument) -> None:
        super().__init__(_("{name} does not exist any more. Choose something else.").format(name=one.name))


class TellsOfHealth(CrmError):
    def __init__(self, one: Instrument) -> None:
        super().__init__(
            _(
                "{name} says something about somebody's health, so it is not written down with a person. "
                "Give the employer the text from the catalogue: whoever decides helps them further."
            ).format(name=one.name)
        )


class AlreadyChosen(CrmError):
    def __init__(self, one: Instrument) -> None:
        super().__init__(_("{name} is on the list of this placement already.").format(name=one.name))


class AskedAlready(CrmError):
    def __init__(self) -> None:
        super().__init__(_("This has been asked already, so it stays. Write down what became of it."))


def uses(session: Session, actor: Actor, introduction_id: int) -> Sequence[InstrumentUse]:
    actor.require(Permission.MEETING_PLAN)
    statement = select(InstrumentUse).where(InstrumentUse.introduction_id == introduction_id)
    return session.exec(statement.order_by(col(InstrumentUse.id))).all()


def choosable(taken: Sequence[InstrumentUse]) -> list[Instrument]:
    """What may still be put on the list of a placement."""
    codes = {use.code for use in taken}
    return [one for one in find_instruments() if not one.about_health and one.code not in codes]


def placed_on(session: Session, actor: Actor, job_id: int) -> date | None:
    """The day on which somebody got this job, the last one when it happened twice."""
    actor.require(Permission.MEETING_PLAN)
    statement = select(StageChange.created_at).where(StageChange.job_id == job_id, StageChange.to_stage == Stage.PLACED)
    moment = session.exec(statement.order_by(col(StageChange.id).desc()).limit(1)).first()
    return local(moment).date() if moment else None


def is_open_to_schemes(introduction: Introduction, *, met: bool) -> bool:
    """Somebody was placed, or has had a kopkoffie after which nobody said no."""
    return introduction.status is IntroductionStatus.SUCCEEDED or (
        met and introduction.status is not IntroductionStatus.DECLINED
    )


def attach(session: Session, actor: Actor, introduction_id: int, code: str | None) -> InstrumentUse:
    """Put a scheme on the list of a placement: to be asked."""
    actor.require(Permission.MEETING_PLAN)
    introduction = locked(session, Introduction, introduction_id)
    chosen = instruments().get(code or "")
    if chosen is None:
        raise NotFound
    _check(session, introduction, chosen)
    use = InstrumentUse(introduction_id=introduction_id, code=chosen.code, made_by_id=actor.user_id)
    session.add(use)
    record(session, actor, "instrument.chosen", use)
    return use


def _check(session: Session, introduction: Introduction, chosen: Instrument) -> None:
    if chosen.has_ended:
        raise HasEnded(chosen)
    if chosen.about_health:
        raise TellsOfHealth(chosen)
    if not is_open_to_schemes(introduction, met=_met(session, introduction.id)):
        raise NoPlacementYet
    ours = InstrumentUse.introduction_id == introduction.id, InstrumentUse.code == chosen.code
    if session.exec(select(InstrumentUse.id).where(*ours)).first():
        raise AlreadyChosen(chosen)


def _met(session: Session, introduction_id: int) -> bool:
    held = Meeting.introduction_id == introduction_id, Meeting.status == MeetingStatus.HELD
    return session.exec(select(Meeting.id).where(*held).limit(1)).first() is not None


def note_state(session: Session, actor: Actor, use_id: int, given: UseInput, *, version: int) -> InstrumentUse:
    """Who asked it, when, and what the answer was."""
    actor.require(Permission.MEETING_PLAN)
    use = locked(session, InstrumentUse, use_id, version=version)
    use.state, use.asked_by, use.asked_on = given.state, given.asked_by, given.asked_on
    record(session, actor, f"instrument.{given.state.value}", use)
    return use


def detach(session: Session, actor: Actor, use_id: int, *, version: int) -> None:
    """Take it off the list again, as long as nobody has asked it."""
    actor.require(Permission.MEETING_PLAN)
    use = locked(session, InstrumentUse, use_id, version=version)
    if use.state is not UseState.TO_ASK:
        raise AskedAlready
    record(session, actor, "instrument.removed", use, code=use.code)
    session.delete(use)
