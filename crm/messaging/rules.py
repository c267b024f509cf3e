"""Who hears of what, and how, unless they choose otherwise; and how often an e-mail is tried."""

from datetime import time, timedelta
from math import ceil
from typing import NamedTuple

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.messaging.models import Channel, NoticeKind

EARLIEST, LATEST = time(5), time(12)  # of a morning overview

PAGE_SIZE = 20  # of messages and of e-mails on a screen

FIRST_WAIT = timedelta(minutes=5)  # longer than one attempt can take, so that one under way is not started again
LONGEST_WAIT = timedelta(hours=24)
GROWTH = 3
ATTEMPTS = 8


class About(NamedTuple):
    """Who such a notice can be for, and how they hear of it by default."""

    permission: Permission
    channels: frozenset[Channel]


_APP = frozenset({Channel.APP})
_APP_AND_MAIL = _APP | {Channel.MAIL}
_APP_AND_DIGEST = _APP | {Channel.DIGEST}

KINDS: dict[NoticeKind, About] = {
    NoticeKind.PROMISE_DUE: About(Permission.FOLLOWUP_OWN, _APP_AND_MAIL),
    NoticeKind.LATE: About(Permission.FOLLOWUP_OWN, _APP_AND_DIGEST),
    NoticeKind.HANDED_OVER: About(Permission.FOLLOWUP_OWN, _APP_AND_DIGEST),
    NoticeKind.TAKEN_OVER: About(Permission.CALL_MAKE, _APP),
    NoticeKind.CORRECTED: About(Permission.CALL_MAKE, _APP_AND_DIGEST),
    NoticeKind.ANSWERED: About(Permission.LETTER_SEND, _APP_AND_DIGEST),
    NoticeKind.SELF_ASSESSED: About(Permission.CANDIDATE_EDIT, _APP_AND_DIGEST),
    NoticeKind.UNASSIGNED: About(Permission.FOLLOWUP_TEAM, _APP_AND_MAIL),
    NoticeKind.ESCALATED: About(Permission.FOLLOWUP_TEAM, _APP_AND_MAIL),
    NoticeKind.LIST_ASKED: About(Permission.LIST_MANAGE, _APP_AND_DIGEST),
    NoticeKind.LIST_MADE: About(Permission.CANDIDATE_EDIT, _APP_AND_DIGEST),
    NoticeKind.AGAINST_RULES: About(Permission.LIST_MANAGE, _APP_AND_DIGEST),
    NoticeKind.PROBLEM: About(Permission.OUTBOX_MANAGE, _APP_AND_DIGEST),
}


def kinds_for(actor: Actor) -> list[NoticeKind]:
    """What this person can get to hear of."""
    return [kind for kind, about in KINDS.items() if actor.may(about.permission)]


def pages(total: int) -> int:
    """One at least."""
    return max(ceil(total / PAGE_SIZE), 1)


def wait_after(attempts: int) -> timedelta:
    """How long until it is tried again: longer each time, and never longer than a day."""
    return min(FIRST_WAIT * int(GROWTH ** (attempts - 1)), LONGEST_WAIT)


def is_final(code: int) -> bool:
    """Whether this answer of a mail server stays the same however often one asks: there is no such address."""
    return 500 <= code < 600


def ends_connection(code: int) -> bool:
    """Whether nothing more can be said after this answer (0: none): the server closes, or it does not speak SMTP."""
    return code == 421 or (code != 0 and not 400 <= code < 600)
