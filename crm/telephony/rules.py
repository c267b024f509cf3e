"""How a call at a telephone system goes on, and when what is told about it is to be believed."""

import hmac
import re
from datetime import datetime, timedelta
from hashlib import sha256

from crm.telephony.dialling.port import Cause, DialState, Status

EVENT_PATH = "/telefonie/gebeurtenis"
REPLAY_SECONDS = 300
WITHOUT_REFERENCE = timedelta(seconds=20)  # longer than dialling can take: the process that dialled is gone

_RANK = {
    DialState.ASKED: 0,
    DialState.RINGING: 1,
    DialState.ANSWERED: 2,
    DialState.ENDED: 3,
    DialState.FAILED: 3,
}
END = frozenset({DialState.ENDED, DialState.FAILED})
ANSWERED, FAILED = DialState.ANSWERED, Status(DialState.FAILED)

_SECONDS = re.compile(r"[0-9]{1,12}")


def goes_on(before: DialState, after: DialState) -> bool:
    """Whether news is later than what is known. Events come in any order, and an end stays an end."""
    return _RANK[after] > _RANK[before]


def after(state: DialState, cause: Cause | None, news: Status) -> Status:
    """What is known of a call with this news. A reason may come after the end, but never changes one."""
    if goes_on(state, news.state):
        return Status(news.state, news.cause or cause)
    if state in END and cause is None and news.state in END:
        return Status(state, news.cause)
    return Status(state, cause)


def happened_at(told: datetime | None, *, since: datetime, moment: datetime) -> datetime:
    """When it was, as far as that can be: not before the call began and not in the future."""
    return told if told and since <= told <= moment else moment


def is_lost(state: DialState, reference: str | None, age: timedelta) -> bool:
    """Asked for by a process that died before it knew what came of it."""
    return state is DialState.ASKED and reference is None and age > WITHOUT_REFERENCE


def signature(secret: str, seconds: str, body: bytes) -> str:
    """HMAC-SHA256 over the time and the body, as the header carries it."""
    return "sha256=" + hmac.new(secret.encode(), seconds.encode() + b"." + body, sha256).hexdigest()


def is_genuine(secret: str, seconds: str, given: str, body: bytes, moment: float) -> bool:
    """`seconds` is when it was signed, since 1970; what is older or newer than five minutes may be a repetition."""
    if not secret or not _SECONDS.fullmatch(seconds) or abs(moment - int(seconds)) > REPLAY_SECONDS:
        return False
    return hmac.compare_digest(signature(secret, seconds, body).encode(), given.encode())
