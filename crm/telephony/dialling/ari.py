"""Asterisk by its REST interface (ARI).

https://docs.asterisk.org/Latest_API/API_Documentation/Asterisk_REST_Interface/Channels_REST_API/
A channel that is over is gone, with its cause: that comes by the event endpoint, or not at all.
"""

from collections.abc import Mapping

import httpx

from crm.core.telephones import LINE, RestSystem
from crm.telephony.dialling.port import Cause, DialState, Problem, Status, TelephoneFailed
from crm.telephony.dialling.web import FAILED, GONE, Web

OWN_PHONE_SECONDS = 30
NO_CHANNEL = "Allocation failed"  # what it says of a line that it does not know

# What the application Dial writes in the channel when the other side answers, or does not.
_DIALLED: Mapping[str, Status] = {
    "ANSWER": Status(DialState.ANSWERED),
    "BUSY": Status(DialState.ENDED, Cause.BUSY),
    "NOANSWER": Status(DialState.ENDED, Cause.NO_ANSWER),
}


class AsteriskRest:
    def __init__(self, system: RestSystem) -> None:
        self._system = system
        self._web = Web(f"{system.url}/ari")
        self._auth = httpx.BasicAuth(system.user, system.secret.get_secret_value())

    async def dial(self, line: str, number: str, key: str) -> str:
        asked = {
            "endpoint": self._system.channel.replace(LINE, line),
            "extension": self._system.to_dial(number),
            "context": self._system.context,
            "priority": "1",
            "timeout": str(OWN_PHONE_SECONDS),
        }
        if self._system.caller_id:
            asked["callerId"] = self._system.caller_id
        known = frozenset({FAILED})
        answer = await self._web.ask("POST", f"/channels/{key}", params=asked, auth=self._auth, known=known)
        if answer.status == FAILED:
            raise TelephoneFailed(Problem.NOT_ACCEPTED if answer.text("error") == NO_CHANNEL else Problem.UNCLEAR)
        return key

    async def status(self, reference: str) -> Status:
        channel = await self._web.ask("GET", f"/channels/{reference}", auth=self._auth)
        if channel.status == GONE:
            return Status(DialState.ENDED)
        if channel.text("state") != "Up":  # the caller's own telephone still rings
            return Status(DialState.RINGING)
        wanted = {"variable": "DIALSTATUS"}
        dialled = await self._web.ask("GET", f"/channels/{reference}/variable", params=wanted, auth=self._auth)
        return _DIALLED.get(dialled.text("value"), Status(DialState.RINGING))

    async def hang_up(self, reference: str) -> None:
        await self._web.ask("DELETE", f"/channels/{reference}", auth=self._auth)

    async def close(self) -> None:
        await self._web.close()
