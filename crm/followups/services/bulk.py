"""The same for several follow-ups at once: what can be done is done, the rest is said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.core.clock import at, local
from crm.core.errors import CrmError, NotFound
from crm.followups.inputs import clean_note
from crm.followups.models import FollowUp, FollowUpStatus
from crm.followups.rules import check_due, check_outcome
from crm.followups.services.closing import complete
from crm.followups.services.passing import give, tell_of, with_word
from crm.followups.services.planning import move
from crm.followups.services.shared import AlreadyClosed, hold_companies, open_one

Refused = dict[int, str]


class Action(Protocol):
    """What is done to each; `check` raises the CrmError that doing it would raise. `tell` comes once, after all."""

    def check(self, actor: Actor, follow_up: FollowUp) -> None: ...

    def do(self, session: Session, actor: Actor, follow_up: FollowUp, version: int) -> bool:
        """Tells whether this changed anything."""

    def tell(self, session: Session, actor: Actor, done: Sequence[FollowUp]) -> None: ...


@dataclass(frozen=True, slots=True)
class Finish:
    outcome: str

    def check(self, actor: Actor, follow_up: FollowUp) -> None:
        check_outcome(follow_up.kind, None, self.outcome)

    def do(self, session: Session, actor: Actor, follow_up: FollowUp, version: int) -> bool:
        complete(session, actor, follow_up.id, version=version, outcome=self.outcome)
        return True

    def tell(self, session: Session, actor: Actor, done: Sequence[FollowUp]) -> None:
        """Nobody waits for it."""


@dataclass(frozen=True, slots=True)
class Postpone:
    """To another day, each at its own time."""

    day: date
    reason: str

    def check(self, actor: Actor, follow_up: FollowUp) -> None:
        check_due(follow_up.kind, self._moment(follow_up))

    def do(self, session: Session, actor: Actor, follow_up: FollowUp, version: int) -> bool:
        due_at = self._moment(follow_up)
        move(session, actor, follow_up.id, version=version, due_at=due_at, reason=self.reason)
        return True

    def tell(self, session: Session, actor: Actor, done: Sequence[FollowUp]) -> None:
        """Who has it is reminded at the new moment."""

    def _moment(self, follow_up: FollowUp) -> datetime:
        there = local(follow_up.due_at)
        return at(self.day, there.hour, there.minute)


@dataclass(frozen=True, slots=True)
class HandOver:
    owner_id: int | None
    word: str

    def check(self, actor: Actor, follow_up: FollowUp) -> None:
        with_word(follow_up, actor, clean_note(self.word))

    def do(self, session: Session, actor: Actor, follow_up: FollowUp, version: int) -> bool:
        held = open_one(session, follow_up.id, version)
        return give(session, actor, held, self.owner_id, clean_note(self.word))

    def tell(self, session: Session, actor: Actor, done: Sequence[FollowUp]) -> None:
        tell_of(session, actor, self.owner_id, done, clean_note(self.word))


def obstacle(actor: Actor, follow_up: FollowUp, action: Action) -> str:
    """Why this one would stay as it is; empty when it can be done."""
    try:
        if follow_up.status is not FollowUpStatus.OPEN:
            raise AlreadyClosed
        action.check(actor, follow_up)
    except CrmError as error:
        return str(error)
    return ""


def bulk(session: Session, actor: Actor, chosen: Mapping[int, int], action: Action) -> Refused:
    """`chosen` has the version of each that the reader looked at. Gives those that stayed as they are, with why."""
    actor.require(Permission.FOLLOWUP_TEAM)
    hold_companies(session, chosen)
    refused: Refused = {}
    done: list[FollowUp] = []
    for follow_up_id, version in sorted(chosen.items()):
        try:
            with session.begin_nested():
                follow_up = _known(session, follow_up_id)
                if action.do(session, actor, follow_up, version):
                    done.append(follow_up)
        except CrmError as error:
            refused[follow_up_id] = str(error)
    if done:
        action.tell(session, actor, done)
    return refused


def _known(session: Session, follow_up_id: int) -> FollowUp:
    follow_up = session.get(FollowUp, follow_up_id)
    if follow_up is None:
        raise NotFound
    return follow_up
