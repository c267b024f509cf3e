"""Text fields that save themselves while one types, and lose nothing when the server or the connection stops."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from crm.core.i18n import _
from web import state
from web.components.browser import browser_component

_FIELDS = browser_component("autosave", __file__, "lasting")

Texts = dict[str, str]
Bases = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Saved:
    """`line` says when. `merged` has what was made of texts that another window had changed meanwhile."""

    line: str
    merged: Texts = field(default_factory=dict)


Save = Callable[[Texts, Bases], Saved | None]
Kept = Callable[[Texts], None]


@dataclass(frozen=True, slots=True)
class TextField:
    """One text to fill in; `half` puts two beside each other, `shortcut` is the letter that leads to it."""

    name: str
    label: str
    value: str
    lines: int = 1
    half: bool = False
    placeholder: str = ""
    longest: int = 4000
    shortcut: str = ""


def autosave(key: str, scope: str, fields: list[TextField], *, saved: str, save: Save, kept: Kept) -> None:
    """Draw the fields. Draw them in a fragment of their own, so that saving does not redraw the page.

    `scope` names what the texts belong to in the browser's storage and is never used again for anything else.
    `save` gets the texts that changed, and for each what it was made from; it gives the line that says they are kept
    ("saved at 10:42"), or None when they are refused. Until then `saved` is that line. `kept` is called after that with
    what was sent.
    """
    answer = state.value(_answer(key))
    _FIELDS(
        key=key,
        data={
            "scope": scope,
            "fields": [asdict(field) for field in fields],
            "answer": answer,
            "saved": answer["saved"] if answer and answer["saved"] else saved,
            "words": {
                "typing": _("Saving…"),
                "offline": _("No connection: what you type is kept in this browser and goes along later."),
                "merged": _("Another window had other text here. Both are kept, below each other."),
                "refused": _("Not saved. Look at the message on this page."),
            },
        },
        on_typed_change=partial(_keep, key, save, kept),
    )


def _keep(key: str, save: Save, kept: Kept) -> None:
    sent = state.value(key)["typed"]
    texts, done = dict(sent["texts"]), save(dict(sent["texts"]), bases_of(sent))
    answer = {"sent": sent["sent"], "texts": texts, "saved": done.line if done else None}
    state.put(_answer(key), answer | {"merged": done.merged if done else {}})
    kept(texts)


def bases_of(sent: Mapping[str, Any]) -> Bases:
    """What each text was made from: what the browser had of it, or sent before without hearing that it arrived."""
    return {name: list(bases) for name, bases in sent["bases"].items()}


def unanswered(key: str) -> tuple[Texts, Bases]:
    """The texts that came together with the press of a button and have not been saved yet."""
    sent = (state.value(key) or {}).get("typed") or {}
    answer = state.value(_answer(key)) or {}
    if not sent or sent["sent"] == answer.get("sent"):
        return {}, {}
    return dict(sent["texts"]), bases_of(sent)


def _answer(key: str) -> str:
    return f"{key}:answer"
