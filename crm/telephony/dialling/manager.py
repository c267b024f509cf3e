"""A connection with an Asterisk manager, signed in: answers go to whoever asked, events to whoever listens."""

import asyncio
import ssl
from collections.abc import Callable
from contextlib import suppress
from hashlib import md5

from crm.core.telephones import ManagerSystem
from crm.telephony.dialling.manager_protocol import Block, NotTheProtocol, Parser, encode

AT_ONCE = 4096
MOST_EVENTS = 10_000

Listener = Callable[[Block], None]


class SignInRefused(Exception):
    pass


class Connection:
    """Raises OSError from every question once the other side is gone, or talks nonsense."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, listen: Listener) -> None:
        self._reader, self._writer, self._listen = reader, writer, listen
        self._answers: dict[str, asyncio.Future[Block]] = {}
        self._lists: dict[str, list[Block]] = {}
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def open(cls, system: ManagerSystem, listen: Listener) -> "Connection":
        """Raises OSError or SignInRefused."""
        encryption = ssl.create_default_context() if system.encrypted else None
        reader, writer = await asyncio.open_connection(system.host, system.port, ssl=encryption)
        connection = cls(reader, writer, listen)
        try:
            await connection._sign_in(system)
        except BaseException:
            connection.close()
            raise
        return connection

    @property
    def closed(self) -> bool:
        return self._reading.done()

    def close(self) -> None:
        self._reading.cancel()
        self._writer.close()

    async def closing(self) -> None:
        self.close()
        with suppress(OSError):
            await self._writer.wait_closed()

    async def ask(self, action: Block, mark: str) -> Block:
        """The response to one action."""
        if self.closed:
            raise ConnectionError
        answer: asyncio.Future[Block] = asyncio.get_running_loop().create_future()
        self._answers[mark] = answer
        try:
            self._writer.write(encode({**action, "ActionID": mark}))
            await self._writer.drain()
            return await answer
        finally:
            self._answers.pop(mark, None)

    async def ask_list(self, action: Block, mark: str) -> list[Block]:
        """The events that answer an action, up to the one that says they are complete."""
        events: list[Block] = []
        self._lists[mark] = events
        try:
            if (await self.ask(action, mark)).get("Response") != "Success":
                raise ConnectionError
            self._answers[mark] = complete = asyncio.get_running_loop().create_future()
            if not (events and _is_last(events[-1])):
                await complete
            return events
        finally:
            self._lists.pop(mark, None)
            self._answers.pop(mark, None)

    async def _sign_in(self, system: ManagerSystem) -> None:
        """With a challenge: the secret itself is never sent, whether the connection is encrypted or not."""
        challenge = (await self.ask({"Action": "Challenge", "AuthType": "MD5"}, "challenge")).get("Challenge", "")
        secret = f"{challenge}{system.secret.get_secret_value()}".encode()
        key = md5(secret, usedforsecurity=False).hexdigest()  # the only kind the manager knows
        login = {"Action": "Login", "AuthType": "MD5", "Username": system.user, "Key": key, "Events": "call"}
        if (await self.ask(login, "login")).get("Response") != "Success":
            raise SignInRefused

    async def _read(self) -> None:
        parser = Parser()
        try:
            with suppress(OSError, NotTheProtocol):
                while data := await self._reader.read(AT_ONCE):
                    for block in parser.feed(data):
                        self._take(block)
        finally:
            self._writer.close()
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_exception(ConnectionError())

    def _take(self, block: Block) -> None:
        mark = block.get("ActionID", "")
        if "Response" in block and "Event" not in block:
            self._answer(mark, block)
        elif (events := self._lists.get(mark)) is not None and len(events) < MOST_EVENTS:
            events.append(block)
            if _is_last(block):
                self._answer(mark, block)
        else:
            self._listen(block)

    def _answer(self, mark: str, block: Block) -> None:
        answer = self._answers.get(mark)
        if answer and not answer.done():
            answer.set_result(block)


def _is_last(event: Block) -> bool:
    return event.get("EventList") == "Complete"
