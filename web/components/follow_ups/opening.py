"""Which dialog about a follow-up is open, and what every one of them has."""

from datetime import date
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.core.db import reading
from crm.core.i18n import _
from crm.followups.models import FollowUp
from crm.followups.queries import AgendaItem, possible_owners
from web import state
from web.components import dialogs
from web.components.text import literal

DIALOG = "follow-up-"  # with the kind: the name of the dialog
NEW = "new-follow-up"
PROPOSED = "follow-up-proposed-"  # with the id: the good moment that is on the screen
NOTE_LENGTH = 1000

TEAM = 0  # instead of None, which a select box takes for nothing chosen

Kind = Literal["done", "move", "pass", "edit", "new", "bulk", "snooze", "day"]


def open_dialog(kind: Kind, follow_up: FollowUp | None = None) -> None:
    """For the callback of a button. The version is the one the reader looked at."""
    dialogs.open_dialog(f"{DIALOG}{kind}", *((follow_up.id, follow_up.version) if follow_up else (0, 0)))
    state.forget(*state.keys(PROPOSED))


def open_day(day: date) -> None:
    """All of that day."""
    dialogs.open_dialog(f"{DIALOG}day", day.toordinal(), 0)


def close_when(result: object, problem: DeltaGenerator) -> None:
    """Close the dialog when it is kept; else say inside it what is wrong."""
    if result is not None:
        state.forget(*state.keys(NEW))
    dialogs.close_when(result, problem)


def draw_subject(item: AgendaItem) -> None:
    company = f" – {literal(item.company.name)}" if item.company else ""
    st.markdown(f"**{item.follow_up.kind.label}**{company}")
    if item.follow_up.note:
        st.text(item.follow_up.note)


def ask_owner(actor: Actor, key: str, *, everybody: bool) -> int | None:
    """Who does it; None for the team. Without `everybody`, oneself or the team."""
    names = {actor.user_id: _("I do this myself"), TEAM: _("Somebody of the team")}
    if everybody:
        with reading() as session:
            others = possible_owners(session, actor)
        names |= {owner_id: name for owner_id, name in others.items() if owner_id != actor.id}
    chosen: int = st.selectbox(
        _("Who does this"), list(names), format_func=names.__getitem__, key=key, persist_state="page"
    )
    return chosen or None


def leads(actor: Actor) -> bool:
    return actor.may(Permission.FOLLOWUP_TEAM)
