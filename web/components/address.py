"""What is chosen on a screen stands in its address, to send to somebody and to keep: by a code, in any language."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from web import state
from web.components.links import asked

PAGE = "page"


def in_address(
    name: str, codes: Mapping[str, Any], default: Any = None, *, then: Callable[[], None] | None = None
) -> dict[str, Any]:
    """The key and the callback of a widget that shows what `?name=` asks for, and puts there what is chosen.

    An unknown code asks for the default. Another choice begins on its first page; `then` is what it brings besides.
    """
    state.put(name, codes.get(st.query_params.get(name, ""), default))
    return {"key": name, "on_change": _choose, "args": (name, codes, default, then)}


def text_in_address(name: str, longest: int) -> dict[str, Any]:
    """The same of a field to type in. It is only set anew when the address has something else: nobody loses letters."""
    wanted = st.query_params.get(name, "")[:longest]
    if state.value(name) != wanted:
        state.put(name, wanted)
    return {"key": name, "max_chars": longest, "on_change": _write, "args": (name,)}


def asked_page() -> int:
    return asked(PAGE) or 1


def draw_pages(pages: int, shown: int) -> None:
    """The way to the other pages, when there are any."""
    if pages > 1:
        state.put(PAGE, shown)
        st.pagination(pages, key=PAGE, on_change=_turn)


def _turn() -> None:
    st.query_params[PAGE] = str(state.value(PAGE))


def _write(name: str) -> None:
    st.query_params.pop(PAGE, None)
    if text := state.value(name):
        st.query_params[name] = text
    else:
        st.query_params.pop(name, None)


def _choose(name: str, codes: Mapping[str, Any], default: Any, then: Callable[[], None] | None) -> None:
    chosen = state.value(name)
    st.query_params.pop(PAGE, None)
    if chosen == default:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = next(code for code, value in codes.items() if value == chosen)
    if then:
        then()
