"""The only module that names keys of st.session_state.

It holds ids and plain values; what a person typed is a row in the database, not here.
"""

from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

Level = Literal["success", "error", "info", "warning"]

_MESSAGES = "messages"
_LANGUAGE = "spoken-language"


@dataclass(frozen=True, slots=True)
class Message:
    level: Level
    text: str
    page: str = ""


def tell(level: Level, text: str, page: str = "") -> None:
    """Show a message at the top of the next drawing of the page; `page` is the address of where to put it right."""
    st.session_state.setdefault(_MESSAGES, []).append(Message(level, text, page))


def take_messages() -> list[Message]:
    messages: list[Message] = st.session_state.pop(_MESSAGES, [])
    return messages


def keep_language(code: str) -> None:
    """For the callbacks of the screen that is drawn now: they run before it is drawn again."""
    st.session_state[_LANGUAGE] = code


def kept_language() -> str | None:
    """None outside of a screen, and before the first drawing."""
    return st.session_state.get(_LANGUAGE) if get_script_run_ctx(suppress_warning=True) else None


def value(key: str, default: Any = None) -> Any:
    """What the widget with this key holds."""
    return st.session_state.get(key, default)


def keys(prefix: str = "") -> list[str]:
    """The widgets on screen whose key begins like this."""
    return [key for key in st.session_state if isinstance(key, str) and key.startswith(prefix)]


def put(key: str, content: Any) -> None:
    """Set a widget before it is drawn."""
    st.session_state[key] = content


def take(key: str) -> Any:
    """What was put there, for once."""
    return st.session_state.pop(key, None)


def forget(*keys: str) -> None:
    for key in keys:
        st.session_state.pop(key, None)
