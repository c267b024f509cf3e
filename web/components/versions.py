"""What somebody is editing and a colleague changed meanwhile: both versions beside each other, field by field.

One way for every form. The form remembers the version it was opened on and saves with that; while the record has
another one, `draw_versions` shows what differs. Only who has looked and chosen goes on, on the new version; what was
typed stays in its widgets until then.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar

import streamlit as st

from crm.audit.queries import last_change
from crm.core.db import reading
from crm.core.i18n import _, show_moment
from crm.core.models import Versioned
from web import state
from web.components.text import literal

Saved = TypeVar("Saved", bound=Versioned)

_NOTHING = object()


@dataclass(frozen=True, slots=True)
class Compared:
    """One field: `key` is that of its widget, `theirs` what the colleague made of it, `show` makes words of either."""

    label: str
    key: str
    theirs: Any
    show: Callable[[Any], str] = str


@dataclass
class Begun:
    """The version a form was begun on, and what stood in its fields then."""

    version: int
    fields: Mapping[str, Any]
    saving: Lock


def begin_form(about: str, version: int, fields: Mapping[str, Any]) -> int:
    """Set the widgets `about-…` to these fields, unless somebody has begun to change them: that stays, also when the
    form was closed since. Gives the version on which it was begun."""
    begun = _begun(about)
    if begun and (begun.version > version or _changed(about, begun)):
        return begun.version
    state.put(f"{about}-begun", Begun(version, fields, Lock()))
    for name, content in fields.items():
        if state.value(f"{about}-{name}", _NOTHING) != content:  # what is set anew loses the letters of who is typing
            state.put(f"{about}-{name}", content)
    return version


def _begun(about: str) -> Begun | None:
    begun: Begun | None = state.value(f"{about}-begun")
    return begun


def _changed(about: str, begun: Begun) -> bool:
    return any(state.value(f"{about}-{name}", before) != before for name, before in begun.fields.items())


def keep(about: str, save: Callable[[int], Saved | None]) -> Saved | None:
    """Save what stands in the form; `save` gets the version it was begun on, and the form goes on from what that makes.

    A click can come while the field that was left for it is still being saved. Streamlit runs the two beside each
    other, and stops the first as soon as it asks for the state. So one waits for the other, and once something is
    saved nothing is asked. None when it was not saved, or when the form is gone.
    """
    begun = _begun(about)
    if begun is None:
        return None
    given = {name: state.value(f"{about}-{name}") for name in begun.fields}
    with begun.saving:
        saved = save(begun.version)
        if saved:
            begun.version, begun.fields = saved.version, given
    return saved


def go_on_with(about: str, version: int) -> None:
    """Save on this version from now on: who typed has seen it."""
    if begun := _begun(about):
        begun.version = version


def draw_versions(opened: int, record: Versioned, fields: Sequence[Compared], go_on: Callable[[int], None]) -> None:
    """Nothing while the record is still the one that was opened. `go_on` gets the version to save on from then on."""
    if record.version == opened:
        return
    with reading() as session:
        change = last_change(session, record)
    who = change.person if change else _("A colleague")
    moment = show_moment(change.at) if change else ""
    st.warning(literal(_("{name} changed this while you were typing ({moment}).").format(name=who, moment=moment)))
    differing = [field for field in fields if _words(field, state.value(field.key)) != _words(field, field.theirs)]
    for field in differing:
        _draw_field(field, who)
    with st.container(horizontal=True):
        st.button(
            _("Keep what stands in my form"), key="keep-mine", type="primary", on_click=go_on, args=(record.version,)
        )
        if differing:
            st.button(
                _("Take over all of {name}").format(name=literal(who)),
                key="take-theirs",
                on_click=_take_all,
                args=(differing, go_on, record.version),
            )


def yes_or_no(value: bool) -> str:
    return _("Yes") if value else _("No")


def _draw_field(field: Compared, who: str) -> None:
    with st.container(border=True, key=f"version-{field.key}"):
        mine, theirs, take = st.columns([5, 5, 3], vertical_alignment="center")
        mine.markdown(f"**{literal(field.label)}**  \n{_('Mine')}: {_shown(field, state.value(field.key))}")
        theirs.markdown(f"**{literal(field.label)}**  \n{literal(who)}: {_shown(field, field.theirs)}")
        take.button(_("Take this one"), key=f"take-{field.key}", on_click=state.put, args=(field.key, field.theirs))


def _words(field: Compared, value: Any) -> str:
    return field.show(value).strip() if value not in (None, "", []) else ""


def _shown(field: Compared, value: Any) -> str:
    return literal(_words(field, value)) or f":gray[{_('empty')}]"


def _take_all(fields: Sequence[Compared], go_on: Callable[[int], None], version: int) -> None:
    for field in fields:
        state.put(field.key, field.theirs)
    go_on(version)
