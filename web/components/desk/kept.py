"""What a field of the desk needs to be kept when it changes, and to show what is kept."""

from collections.abc import Callable
from typing import Any

from crm.desk.queries import Talk
from crm.desk.services import write
from web import state
from web.components.desk.acting import act
from web.components.desk.belonging import of_call

Keep = Callable[[int, str, Any], object]


def _write(call_id: int, name: str, given: Any) -> object:
    return act(write, call_id, name, given)


def kept(talk: Talk, name: str, value: Any, *, keep: Keep = _write, place: str = "") -> dict[str, Any]:
    """Key and callback of a widget that holds `value`; `place` tells two fields of the same name apart."""
    key = of_call(f"{place}{name}", talk.call.id)
    state.put(key, value)
    return {"key": key, "on_change": _keep, "args": (keep, talk.call.id, name, key)}


def _keep(keep: Keep, call_id: int, name: str, key: str) -> None:
    keep(call_id, name, state.value(key))
