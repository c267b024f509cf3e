"""3CX, version 20 or newer, by its call control interface. Its tokens last an hour."""

from collections.abc import Mapping
from time import monotonic
from typing import Any

from crm.core.telephones import ThreeCxSystem
from crm.telephony.dialling.port import DialState, Problem, Status, TelephoneFailed
from crm.telephony.dialling.web import GONE, Answer, Web

OWN_PHONE_SECONDS = 30
RENEW_BEFORE = 60  # seconds

_STATES: Mapping[str, DialState] = {
    "Connected": DialState.ANSWERED,
    "Talking": DialState.ANSWERED,
    "Hold": DialState.ANSWERED,
    "Held": DialState.ANSWERED,
    "Disconnected": DialState.ENDED,
}


class ThreeCx:
    def __init__(self, system: ThreeCxSystem) -> None:
        self._system = system
        self._web = Web(system.url)
        self._token, self._until = "", 0.0

    async def dial(self, line: str, number: str, key: str) -> str:
        asked = {"destination": self._system.to_dial(number), "timeout": OWN_PHONE_SECONDS}
        answer = await self._ask("POST", f"/callcontrol/{line}/makecall", json=asked)
        if answer.status == GONE:
            raise TelephoneFailed(Problem.NOT_ACCEPTED)
        made = answer.body.get("result")
        participant = made.get("id") if isinstance(made, dict) else None
        if not isinstance(participant, int):
            raise TelephoneFailed(Problem.UNCLEAR)
        return f"/callcontrol/{line}/participants/{participant}"

    async def status(self, reference: str) -> Status:
        answer = await self._ask("GET", reference)
        if answer.status == GONE:
            return Status(DialState.ENDED)
        return Status(_STATES.get(answer.text("status"), DialState.RINGING))

    async def hang_up(self, reference: str) -> None:
        await self._ask("POST", f"{reference}/drop", json={})

    async def close(self) -> None:
        await self._web.close()

    async def _ask(self, method: str, path: str, **request: Any) -> Answer:
        """Once more after a token that is no longer good: what was refused for that was not done."""
        fresh = monotonic() >= self._until
        if fresh:
            await self._renew()
        try:
            return await self._signed_in(method, path, request)
        except TelephoneFailed as failed:
            if failed.problem is not Problem.NOT_SIGNED_IN or fresh:
                raise
        await self._renew()
        return await self._signed_in(method, path, request)

    async def _signed_in(self, method: str, path: str, request: dict[str, Any]) -> Answer:
        return await self._web.ask(method, path, headers={"Authorization": f"Bearer {self._token}"}, **request)

    async def _renew(self) -> None:
        """Nothing has been dialled yet, so what goes wrong here is never unclear."""
        who = {
            "grant_type": "client_credentials",
            "client_id": self._system.client_id,
            "client_secret": self._system.client_secret.get_secret_value(),
        }
        try:
            answer = await self._web.ask("POST", "/connect/token", data=who)
        except TelephoneFailed as failed:
            refused = failed.problem in {Problem.NOT_SIGNED_IN, Problem.NOT_ACCEPTED}
            raise TelephoneFailed(Problem.NOT_SIGNED_IN if refused else Problem.NOT_REACHED) from failed
        token, lasts = answer.text("access_token"), answer.body.get("expires_in")
        if not token.isascii() or not token.isprintable() or not token or not isinstance(lasts, int):
            raise TelephoneFailed(Problem.NOT_SIGNED_IN)
        self._token, self._until = token, monotonic() + lasts - RENEW_BEFORE
