"""Click-to-dial of Voys and others on the VoIPGRID platform: the caller's own telephone rings first."""

from collections.abc import Mapping

from crm.core.telephones import VoipgridSystem
from crm.telephony.dialling.port import Cause, DialState, Problem, Status, TelephoneFailed
from crm.telephony.dialling.web import GONE, Web

CALLS = "/api/clicktodial/"

# `failed_b` does not say why the other was not reached.
_STATES: Mapping[str, Status] = {
    "dialing_a": Status(DialState.RINGING),
    "dialing_b": Status(DialState.RINGING),
    "connected": Status(DialState.ANSWERED),
    "disconnected": Status(DialState.ENDED),
    "failed_a": Status(DialState.FAILED, Cause.OWN_PHONE),
    "failed_b": Status(DialState.ENDED),
}


class Voipgrid:
    def __init__(self, system: VoipgridSystem) -> None:
        self._system = system
        self._web = Web(system.url)
        self._signed_in = {"Authorization": f"Token {system.email}:{system.token.get_secret_value()}"}

    async def dial(self, line: str, number: str, key: str) -> str:
        asked = {"a_number": line, "b_number": self._system.to_dial(number), "auto_answer": False}
        if self._system.caller_id:
            asked["b_cli"] = self._system.caller_id
        answer = await self._web.ask("POST", CALLS, json=asked, headers=self._signed_in)
        if answer.status == GONE:
            raise TelephoneFailed(Problem.NOT_ACCEPTED)
        return _plain(answer.text("callid"))

    async def status(self, reference: str) -> Status:
        answer = await self._web.ask("GET", f"{CALLS}{reference}/", headers=self._signed_in)
        if answer.status == GONE:
            return Status(DialState.ENDED)
        return _STATES.get(answer.text("status"), Status(DialState.RINGING))

    async def hang_up(self, reference: str) -> None:
        await self._web.ask("DELETE", f"{CALLS}{reference}/", headers=self._signed_in)

    async def close(self) -> None:
        await self._web.close()


def _plain(callid: str) -> str:
    """It becomes part of an address. Without one nobody knows what became of the call."""
    if not callid.replace("-", "").isalnum() or not callid.isascii() or len(callid) > 100:
        raise TelephoneFailed(Problem.UNCLEAR)
    return callid
