"""Asking a telephone system over HTTP: bounded in time and size, never asked twice, nothing in the log."""

import asyncio
import json
import ssl
from dataclasses import dataclass, field
from typing import Any

import httpx

from crm.telephony.dialling.port import Problem, TelephoneFailed

CONNECT_SECONDS = 1.5
SECONDS = 2.5
LARGEST_ANSWER = 64 * 1024
GONE = 404
NOTHING_THERE = frozenset({GONE})
FAILED = 500
WITH_FIELDS = frozenset({200, 201, FAILED})  # the others are clear without, and may be for people to read

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: dict[str, Any] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A field as text; empty when it is missing or something else."""
        value = self.body.get(name)
        return str(value) if isinstance(value, str | int) else ""


class Web:
    """One telephone system. The client is made in the loop where it is used, and kept."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client: httpx.AsyncClient | None = None

    async def ask(self, method: str, path: str, *, known: frozenset[int] = NOTHING_THERE, **request: Any) -> Answer:
        """The answer, also when its status is a refusal that the caller knows. Raises TelephoneFailed."""
        try:
            async with asyncio.timeout(SECONDS):
                answer = await self._ask(method, path, request)
        except _NOT_SENT as error:
            raise TelephoneFailed(Problem.NOT_REACHED) from error
        except (httpx.HTTPError, TimeoutError, ValueError) as error:
            raise TelephoneFailed(Problem.UNCLEAR) from error
        if answer.status not in known:
            _check(answer.status)
        return answer

    async def close(self) -> None:
        if self._client:
            await self._client.aclose()
            self._client = None

    async def _ask(self, method: str, path: str, request: dict[str, Any]) -> Answer:
        async with self._opened().stream(method, self._url + path, **request) as response:
            body = bytearray()
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > LARGEST_ANSWER:
                    raise ValueError("too large")
        return Answer(response.status_code, _object(bytes(body)) if response.status_code in WITH_FIELDS else {})

    def _opened(self) -> httpx.AsyncClient:
        if self._client is None:
            # No proxy and no .netrc of this machine: the settings say what is used.
            self._client = httpx.AsyncClient(
                verify=ssl.create_default_context(),
                timeout=httpx.Timeout(SECONDS, connect=CONNECT_SECONDS),
                limits=httpx.Limits(max_connections=50),
                trust_env=False,
            )
        return self._client


def _check(status: int) -> None:
    if status in {401, 403}:
        raise TelephoneFailed(Problem.NOT_SIGNED_IN)
    if status >= 500:
        raise TelephoneFailed(Problem.UNCLEAR)
    if status >= 300 and status != GONE:
        raise TelephoneFailed(Problem.NOT_ACCEPTED)


def _object(body: bytes) -> dict[str, Any]:
    """Raises ValueError for what is no JSON object; an empty answer has no fields."""
    found = json.loads(body) if body.strip() else {}
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found
