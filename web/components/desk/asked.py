"""What the script asks to write down at this question, as far as the wrap-up form does not ask it already."""

from collections.abc import Callable
from datetime import date
from typing import Any

import streamlit as st

from crm.core.i18n import _
from crm.desk.form import FORM, JOB_FIELDS
from crm.desk.queries import Talk
from crm.scripts.graph import AskedField, FieldKind
from web.components.autosave import TextField
from web.components.desk.kept import kept
from web.components.desk.texts import draw_texts
from web.components.text import literal

# The left zone shows these, or the program knows them itself.
KNOWN = frozenset(
    {
        "legal_form", "call_status", "legal_ground", "time_window", "blocked_because", "attempt_number",
        "next_attempt_on", "objection_on", "objection_channel", "duration",
    }
)  # fmt: skip


def draw_asked(talk: Talk) -> None:
    asked = [field for field in talk.script.fields_of(talk.position.node) if _belongs_here(field)]
    if not asked:
        return
    typed = [field for field in asked if _is_text(field)]
    chosen = [field for field in asked if not _is_text(field)]
    with st.container(key="asked", gap="xsmall"):
        if chosen:
            with st.container(horizontal=True, gap="small"):
                for field in chosen:
                    _DRAW[field.kind](field, talk)
        if typed:
            draw_texts(talk, f"asked-{talk.position.node.id}", [_text_field(field, talk) for field in typed])


def _belongs_here(field: AskedField) -> bool:
    return field.name in JOB_FIELDS or (field.name not in KNOWN and field.name not in FORM)


def _is_text(field: AskedField) -> bool:
    return field.kind is FieldKind.TEXT or (field.kind is FieldKind.LIST and not field.options)


def _text_field(field: AskedField, talk: Talk) -> TextField:
    value = talk.fields.get(field.name)
    if field.kind is FieldKind.LIST:
        return TextField(
            field.name, field.label, "\n".join(value or []), lines=2, placeholder=_("One on each line"), longest=2000
        )
    return TextField(field.name, field.label, value or "", half=True, longest=2000)


def _widget(field: AskedField, talk: Talk, value: Any) -> dict[str, Any]:
    """The common arguments of a widget."""
    return {"label": literal(field.label)} | kept(talk, field.name, value, place="asked-")


def _yes_no(field: AskedField, talk: Talk) -> None:
    widget = _widget(field, talk, talk.fields.get(field.name))
    words = {True: _("Yes"), False: _("No")}
    st.segmented_control(options=list(words), format_func=words.__getitem__, **widget)


def _number(field: AskedField, talk: Talk) -> None:
    widget = _widget(field, talk, talk.fields.get(field.name))
    st.number_input(min_value=field.minimum, max_value=field.maximum, step=1, width=180, **widget)


def _scale(field: AskedField, talk: Talk) -> None:
    widget = _widget(field, talk, talk.fields.get(field.name))
    st.pills(options=list(range(field.minimum, field.maximum + 1)), **widget)


def _date(field: AskedField, talk: Talk) -> None:
    kept = talk.fields.get(field.name)
    widget = _widget(field, talk, date.fromisoformat(kept) if kept else None)
    st.date_input(format="DD-MM-YYYY", width=180, **widget)


def _choice(field: AskedField, talk: Talk) -> None:
    labels = {option.value: literal(option.label) for option in field.options}
    widget = _widget(field, talk, talk.fields.get(field.name))
    st.pills(options=list(labels), format_func=labels.__getitem__, **widget)


def _several(field: AskedField, talk: Talk) -> None:
    labels = {option.value: option.label for option in field.options}
    widget = _widget(field, talk, talk.fields.get(field.name) or [])
    st.multiselect(options=list(labels), format_func=labels.__getitem__, placeholder="", **widget)


_DRAW: dict[FieldKind, Callable[[AskedField, Talk], None]] = {
    FieldKind.YES_NO: _yes_no,
    FieldKind.NUMBER: _number,
    FieldKind.SCALE: _scale,
    FieldKind.DATE: _date,
    FieldKind.CHOICE: _choice,
    FieldKind.LIST: _several,
}
