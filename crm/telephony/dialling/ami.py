"""Asterisk by its manager interface (AMI): one connection that stays, and the events of our own calls.

https://docs.asterisk.org/Latest_API/API_Documentation/AMI_Actions/Originate/ and the events below it
"""

import asyncio
from collections.abc import Mapping
from uuid import uuid4

from crm.core.telephones import LINE, ManagerSystem
from crm.telephony.dialling.manager import Connection, SignInRefused
from crm.telephony.dialling.manager_protocol import Block
from crm.telephony.dialling.port import Cause, DialState, Problem, Status, TelephoneFailed, cause_of

CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 2.0
OWN_PHONE_SECONDS = 30
MOST_FOLLOWED = 2_000

_DIALLED: Mapping[str, Cause] = {"BUSY": Cause.BUSY, "NOANSWER": Cause.NO_ANSWER}
_END = frozenset({DialState.ENDED, DialState.FAILED})


class _Followed:
    """A call as its events tell it."""

    def __init__(self) -> None:
        self.status = Status(DialState.RINGING)
        self._picked_up = False
        self._cause: Cause | None = None

    def take(self, event: Block) -> None:
        """The caller's own telephone answers, then the other is dialled, then the channel is hung up."""
        if self.status.state in _END:
            return
        match event.get("Event"):
            case "OriginateResponse" if event.get("Response") != "Success":
                self.status = Status(DialState.FAILED, Cause.OWN_PHONE)
            case "OriginateResponse" | "DialBegin":
                self._picked_up = True
            case "DialEnd" if event.get("DialStatus") == "ANSWER":
                self.status = Status(DialState.ANSWERED)
            case "DialEnd":
                self._cause = _DIALLED.get(event.get("DialStatus", ""))
            case "Hangup":
                self._end(event)

    def _end(self, event: Block) -> None:
        if self.status.state is DialState.ANSWERED:
            self.status = Status(DialState.ENDED)
        elif self._picked_up:
            self.status = Status(DialState.ENDED, self._cause or cause_of(event.get("Cause", "")))
        else:
            self.status = Status(DialState.FAILED, Cause.OWN_PHONE)


class AsteriskManager:
    def __init__(self, system: ManagerSystem) -> None:
        self._system = system
        self._connection: Connection | None = None
        self._connecting = asyncio.Lock()
        self._calls: dict[str, _Followed] = {}

    async def dial(self, line: str, number: str, key: str) -> str:
        action = {
            "Action": "Originate",
            "Channel": self._system.channel.replace(LINE, line),
            "Exten": self._system.to_dial(number),
            "Context": self._system.context,
            "Priority": "1",
            "Timeout": str(OWN_PHONE_SECONDS * 1000),
            "Async": "true",
            "ChannelId": key,
        }
        if self._system.caller_id:
            action["CallerID"] = self._system.caller_id
        connection = await self._connected()
        self._follow(key, _Followed())
        answer = await self._ask(connection, action, key=key)
        if answer.get("Response") != "Success":
            del self._calls[key]
            raise TelephoneFailed(Problem.NOT_ACCEPTED)
        return key

    async def status(self, reference: str) -> Status:
        """From the events; after a break in the connection by looking whether the channel is still there."""
        connection = await self._connected()
        known = self._calls.get(reference)
        if known is None:
            found = await self._channels(connection)
            known = _Followed()
            known.status = found.get(reference, Status(DialState.ENDED))
            self._follow(reference, known)
        return known.status

    async def hang_up(self, reference: str) -> None:
        await self._ask(await self._connected(), {"Action": "Hangup", "Channel": reference})

    async def close(self) -> None:
        if self._connection:
            await self._connection.closing()

    async def _connected(self) -> Connection:
        async with self._connecting:
            if self._connection is None or self._connection.closed:
                self._calls.clear()  # what happened in between was not heard
                self._connection = await self._sign_in()
            return self._connection

    async def _sign_in(self) -> Connection:
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                return await Connection.open(self._system, self._take)
        except SignInRefused as refused:
            raise TelephoneFailed(Problem.NOT_SIGNED_IN) from refused
        except (OSError, TimeoutError) as error:
            raise TelephoneFailed(Problem.NOT_REACHED) from error

    async def _ask(self, connection: Connection, action: Block, *, key: str = "") -> Block:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await connection.ask(action, key or uuid4().hex)
        except (OSError, TimeoutError) as error:
            connection.close()  # who does not answer now will not answer the next either
            raise TelephoneFailed(Problem.UNCLEAR) from error

    async def _channels(self, connection: Connection) -> dict[str, Status]:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                events = await connection.ask_list({"Action": "Status"}, uuid4().hex)
        except (OSError, TimeoutError) as error:
            connection.close()
            raise TelephoneFailed(Problem.UNCLEAR) from error
        talking = {event.get("Uniqueid", ""): bool(event.get("BridgeID")) for event in events}
        return {
            channel: Status(DialState.ANSWERED if talks else DialState.RINGING) for channel, talks in talking.items()
        }

    def _follow(self, key: str, call: _Followed) -> None:
        if len(self._calls) >= MOST_FOLLOWED:
            del self._calls[next(iter(self._calls))]
        self._calls[key] = call

    def _take(self, event: Block) -> None:
        mark = event.get("ActionID") if event.get("Event") == "OriginateResponse" else event.get("Uniqueid")
        if call := self._calls.get(mark or ""):
            call.take(event)
