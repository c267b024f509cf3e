"""What there is to call for who has no call open."""

from dataclasses import dataclass
from itertools import islice

from sqlmodel import Session

from crm.access.actor import Actor
from crm.calling.capacity import full_lists
from crm.calling.queries import left_to_call
from crm.companies.rules import time_refusal
from crm.core.clock import now
from crm.desk import statements
from crm.desk.callbacks import calls_to_make
from crm.desk.queries import Parked, aside
from crm.followups.queries import due_callbacks

MOST_PROMISED = 20


@dataclass(frozen=True, slots=True)
class Waiting:
    """What there is to call when there is no open call, besides what is parked.

    `closed` says why nobody is called from the lists now.

    `refused` are promises of this caller to companies that may not be called at this moment, `full` the lists that
    had all their attempts of today.
    """

    callbacks: int
    refused: int
    left: int
    closed: str
    full: tuple[str, ...] = ()
    parked: Parked | None = None

    @property
    def can_start(self) -> bool:
        return self.callbacks > 0 or (self.left > 0 and not self.closed)


def waiting(session: Session, actor: Actor) -> Waiting:
    refusal = time_refusal(now(), agreed=False)
    promised = {follow_up.id for follow_up in islice(calls_to_make(session, actor), MOST_PROMISED)}
    own = due_callbacks(session, actor, now(), limit=MOST_PROMISED)
    refused = sum(follow_up.id not in promised for follow_up in own)
    closed, full = refusal.reason if refusal else "", full_lists(session, actor)
    row = session.exec(statements.parked_call(), params={"caller": actor.user_id}).first()
    parked = aside(*row) if row else None
    return Waiting(len(promised), refused, left_to_call(session, actor), closed, tuple(full), parked)
