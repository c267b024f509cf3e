"""The only module that names keys of st.session_state.

It holds ids and plain values; what a person typed is a row in the database, not here.
"""

from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

Level = Literal["success", "error", "info", "warning"]

_MESSAGES = "messages"
_CHOSEN = "chosen"


@dataclass(frozen=True, slots=True)
class Message:
    level: Level
    text: str


def tell(level: Level, text: str) -> None:
    """Show a message at the top of the next drawing of the page."""
    st.session_state.setdefault(_MESSAGES, []).append(Message(level, text))


def take_messages() -> list[Message]:
    messages: list[Message] = st.session_state.pop(_MESSAGES, [])
    return messages


def value(key: str, default: Any = None) -> Any:
    """What the widget with this key holds."""
    return st.session_state.get(key, default)


def keys(prefix: str) -> list[str]:
    """The widgets on screen whose key begins like this."""
    return [key for key in st.session_state if isinstance(key, str) and key.startswith(prefix)]


def put(key: str, content: Any) -> None:
    """Set a widget before it is drawn."""
    st.session_state[key] = content


def forget(*keys: str) -> None:
    for key in keys:
        st.session_state.pop(key, None)


def choose(kind: str, record_id: int | None) -> None:
    """Remember which record of a kind ("company", "job", ...) is open on the screen."""
    st.session_state[f"{_CHOSEN}:{kind}"] = record_id


def chosen(kind: str) -> int | None:
    record_id: int | None = st.session_state.get(f"{_CHOSEN}:{kind}")
    return record_id
