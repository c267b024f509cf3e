"""The same for several follow-ups at once: what can be done is done, the rest is said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.core.clock import at, local
from crm.core.errors import CrmError, NotFound
from crm.followups.models import FollowUp, FollowUpStatus
from crm.followups.rules import check_due, check_outcome
from crm.followups.services.closing import complete
from crm.followups.services.passing import hand_over
from crm.followups.services.planning import move
from crm.followups.services.shared import AlreadyClosed

Refused = dict[int, str]


class Action(Protocol):
    """What is done to each; `check` raises the CrmError that doing it would raise."""

    def check(self, follow_up: FollowUp) -> None: ...

    def do(self, session: Session, actor: Actor, follow_up: FollowUp, version: int) -> object: ...


@dataclass(frozen=True, slots=True)
class Finish:
    outcome: str

    def check(self, follow_up: FollowUp) -> None:
        check_outcome(follow_up.kind, None, self.outcome)

    def do(self, session: Session, actor: Actor, follow_up: FollowUp, version: int) -> object:
        return complete(session, actor, follow_up.id, version=version, outcome=self.outcome)


@dataclass(frozen=True, slots=True)
class Postpone:
    """To another day, each at its own time."""

    day: date
    reason: str

    def check(self, follow_up: FollowUp) -> None:
        check_due(follow_up.kind, self._moment(follow_up))

    def do(self, session: Session, actor: Actor, follow_up: FollowUp, version: int) -> object:
        due_at = self._moment(follow_up)
        return move(session, actor, follow_up.id, version=version, due_at=due_at, reason=self.reason)

    def _moment(self, follow_up: FollowUp) -> datetime:
        there = local(follow_up.due_at)
        return at(self.day, there.hour, there.minute)


@dataclass(frozen=True, slots=True)
class HandOver:
    owner_id: int | None
    word: str

    def check(self, follow_up: FollowUp) -> None:
        """Whoever has it now."""

    def do(self, session: Session, actor: Actor, follow_up: FollowUp, version: int) -> object:
        return hand_over(session, actor, follow_up.id, version=version, owner_id=self.owner_id, word=self.word)


def obstacle(follow_up: FollowUp, action: Action) -> str:
    """Why this one would stay as it is; empty when it can be done."""
    try:
        if follow_up.status is not FollowUpStatus.OPEN:
            raise AlreadyClosed
        action.check(follow_up)
    except CrmError as error:
        return str(error)
    return ""


def bulk(session: Session, actor: Actor, chosen: Mapping[int, int], action: Action) -> Refused:
    """`chosen` has the version of each that the reader looked at. Gives those that stayed as they are, with why."""
    actor.require(Permission.FOLLOWUP_TEAM)
    refused: Refused = {}
    for follow_up_id, version in sorted(chosen.items()):
        try:
            with session.begin_nested():
                action.do(session, actor, _known(session, follow_up_id), version)
        except CrmError as error:
            refused[follow_up_id] = str(error)
    return refused


def _known(session: Session, follow_up_id: int) -> FollowUp:
    follow_up = session.get(FollowUp, follow_up_id)
    if follow_up is None:
        raise NotFound
    return follow_up
