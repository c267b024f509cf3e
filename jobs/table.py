"""Everything that runs by the clock. A new job is a line here; its work says how much it did."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta

from crm.core.i18n import N_, _
from crm.messaging.smtp import send_waiting
from crm.privacy.retention import TERMS
from crm.scheduling.rules import Daily, Every, When
from jobs.claims import release_claims
from jobs.digests import send_digests
from jobs.escalation import escalate
from jobs.lists import update_lists
from jobs.reminders import remind_due
from jobs.retention import forget_old
from jobs.sessions import forget_sessions


@dataclass(frozen=True, slots=True)
class Job:
    """`useful_for`: how late a run may still start. Runs that were missed become one.

    `work` may be cut off at any moment, and two processes may do it at once: what it does is claimed in the tables.
    `parts`: the titles of what it counts apart, when it gives a dict.
    """

    name: str
    title: str
    work: Callable[[], int | dict[str, int]]
    when: When
    useful_for: timedelta
    parts: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return _(self.title)


def every(*, seconds: int = 0, minutes: int = 0) -> Every:
    return Every(timedelta(seconds=seconds, minutes=minutes))


def daily(hour: int, minute: int = 0) -> Daily:
    return Daily(time(hour, minute))


FORGOTTEN = {term.name: term.title for term in TERMS}

# A time of day is that in the Netherlands.
JOBS = (
    Job("remind_due", N_("Remind people of what is due"), remind_due, every(seconds=30), timedelta(minutes=5)),
    Job("escalate", N_("Tell of callbacks that are late"), escalate, every(minutes=1), timedelta(minutes=5)),
    Job("send_waiting", N_("Send e-mail that is waiting"), send_waiting, every(seconds=20), timedelta(minutes=5)),
    Job("send_digests", N_("Send the overview of the morning"), send_digests, every(minutes=5), timedelta(minutes=15)),
    Job("release_claims", N_("Release companies nobody calls"), release_claims, every(minutes=1), timedelta(minutes=5)),
    Job("update_lists", N_("Keep call lists up to date"), update_lists, every(minutes=1), timedelta(minutes=15)),
    Job("forget_sessions", N_("End sign-ins that are over"), forget_sessions, every(minutes=60), timedelta(hours=1)),
    Job("forget_old", N_("Forget what is past its term"), forget_old, daily(3, 30), timedelta(hours=20), FORGOTTEN),
)
