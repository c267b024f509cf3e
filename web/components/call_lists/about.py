"""What every new call list asks: a name, a script and callers; and words about lists."""

from typing import Any

import streamlit as st

from crm.access.actor import Actor
from crm.calling.lists import callers
from crm.calling.models import Priority
from crm.core.db import reading
from crm.core.i18n import _, ngettext
from crm.scripts.queries import latest_versions
from web import state

SEARCHABLE: dict[str, Any] = {"filter_mode": "contains", "select_all": False}
CAPACITY: dict[str, Any] = {"min_value": 1, "max_value": 10_000, "step": 1}
NAME, SCRIPT, CALLERS = "list-name", "list-script", "list-callers"
PRIORITY, MOST_A_DAY = "list-priority", "list-capacity"

Named = dict[int, str]


def choices(actor: Actor) -> tuple[Named, Named] | None:
    """The scripts and the callers to choose from. Without any script it says who can help."""
    with reading() as session:
        scripts = {version.id: version.title for version in latest_versions(session)}
        people = {user.id: user.name for user in callers(session, actor)}
    if not scripts:
        st.warning(_("There is no call script yet. Ask your administrator to load one."))
        return None
    return scripts, people


def draw_about(scripts: Named, people: Named) -> None:
    """The widgets, for in a form; `read_about` reads them back."""
    st.text_input(_("Name of the list"), key=NAME, max_chars=120, placeholder=_("Bakers in Dordrecht"))
    st.selectbox(_("Call script"), list(scripts), format_func=scripts.__getitem__, key=SCRIPT)
    st.multiselect(
        _("Who calls?"),
        list(people),
        format_func=people.__getitem__,
        placeholder=_("Choose one or more callers"),
        key=CALLERS,
        **SEARCHABLE,
    )
    st.segmented_control(
        _("Priority"),
        list(Priority),
        default=Priority.NORMAL,
        required=True,
        format_func=lambda priority: priority.label,
        key=PRIORITY,
        help=priority_help(),
    )
    st.number_input(
        _("Attempts a day, at most"), value=None, placeholder=_("As many as we can"), key=MOST_A_DAY, **CAPACITY
    )


def read_about() -> dict[str, Any]:
    return {
        "name": state.value(NAME),
        "script_version_id": state.value(SCRIPT),
        "caller_ids": tuple(state.value(CALLERS)),
        "priority": state.value(PRIORITY),
        "daily_capacity": state.value(MOST_A_DAY),
    }


def whole(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def live_words() -> str:
    return _(
        "Companies that fit later come on by themselves. "
        "Those that do not fit any more go off, unless somebody began with them."
    )


def callers_of(names: dict[int, str], ids: tuple[int, ...]) -> str:
    """Names in a row, with a word for nobody."""
    known = ", ".join(names[user_id] for user_id in ids if user_id in names)
    return known or _("nobody yet")


def priority_help() -> str:
    return _("Of companies that nobody called yet, those of a list with high priority go first.")


def priority_label(priority: Priority) -> str:
    return {
        Priority.HIGH: _("High priority"),
        Priority.NORMAL: _("Normal priority"),
        Priority.LOW: _("Low priority"),
    }[priority]


def companies_in(count: int) -> str:
    return ngettext("{n} company", "{n} companies", count).format(n=whole(count))
