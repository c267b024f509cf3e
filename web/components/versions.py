"""What somebody is editing and a colleague changed meanwhile: both versions beside each other, field by field.

One way for every form. The form remembers the version it was opened on and saves with that; while the record has
another one, `draw_versions` shows what differs. Only who has looked and chosen goes on, on the new version; what was
typed stays in its widgets until then.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from crm.audit.queries import last_change
from crm.core.db import reading
from crm.core.i18n import _, show_moment
from crm.core.models import Versioned
from web import state
from web.components.text import literal

_NOTHING = object()


@dataclass(frozen=True, slots=True)
class Compared:
    """One field: `key` is that of its widget, `theirs` what the colleague made of it, `show` makes words of either."""

    label: str
    key: str
    theirs: Any
    show: Callable[[Any], str] = str


def begin_form(about: str, version: int, fields: Mapping[str, Any]) -> int:
    """Set the widgets `about-…` to these fields, unless somebody has begun to change them: that stays, also when the
    form was closed since. Gives the version on which it was begun."""
    begun: tuple[int, Mapping[str, Any]] | None = state.value(f"{about}-begun")
    if begun and any(state.value(f"{about}-{name}", before) != before for name, before in begun[1].items()):
        return begun[0]
    state.put(f"{about}-begun", (version, fields))
    for name, content in fields.items():
        if state.value(f"{about}-{name}", _NOTHING) != content:  # what is set anew loses the letters of who is typing
            state.put(f"{about}-{name}", content)
    return version


def begun_on(about: str) -> int:
    """The version on which the form was begun."""
    version: int = state.value(f"{about}-begun")[0]
    return version


def kept(about: str, version: int) -> None:
    """All that stands in the form is saved, which made this version."""
    fields = state.value(f"{about}-begun")[1]
    state.put(f"{about}-begun", (version, {name: state.value(f"{about}-{name}") for name in fields}))


def go_on_with(about: str, version: int) -> None:
    """Save on this version from now on: who typed has seen it."""
    state.put(f"{about}-begun", (version, state.value(f"{about}-begun")[1]))


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
