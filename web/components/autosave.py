"""Text fields that save themselves while one types, and lose nothing when the server or the connection stops."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from crm.core.i18n import _
from web import state

_HERE = Path(__file__).parent
_FIELDS = st.components.v2.component(
    "autosave",
    html=(_HERE / "autosave.html").read_text("utf-8"),
    css=(_HERE / "autosave.css").read_text("utf-8"),
    js=(_HERE / "autosave.js").read_text("utf-8"),
)

Texts = dict[str, str]
Save = Callable[[Texts], bool]


@dataclass(frozen=True, slots=True)
class TextField:
    """One text to fill in; `half` puts two beside each other."""

    name: str
    label: str
    value: str
    lines: int = 1
    half: bool = False
    placeholder: str = ""
    longest: int = 4000


def autosave(key: str, scope: str, fields: list[TextField], *, saved: str, save: Save) -> None:
    """Draw the fields. Draw them in a fragment of their own, so that saving does not redraw the page.

    `scope` names what the texts belong to in the browser's storage and is never used again for anything else.
    `save` gets the texts that changed and tells whether they are kept; `saved` says so ("saved at 10:42").
    """
    _FIELDS(
        key=key,
        data={
            "scope": scope,
            "fields": [asdict(field) for field in fields],
            "kept": state.value(_kept(key)),
            "saved": saved,
            "words": {"typing": _("Saving…"), "offline": _("Not saved: no connection. Keep this page open.")},
        },
        on_typed_change=partial(_keep, key, save),
    )


def _keep(key: str, save: Save) -> None:
    sent = state.value(key)["typed"]
    if save(dict(sent["texts"])):
        state.put(_kept(key), sent)


def typed(key: str) -> Texts:
    """The texts that the browser sent last: a button that is pressed at once may come with newer ones."""
    component: Any = state.value(key) or {}
    return dict((component.get("typed") or {}).get("texts", {}))


def _kept(key: str) -> str:
    return f"{key}:kept"
