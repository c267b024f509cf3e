"""Handing a follow-up over to a colleague or the team."""

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.core.db import reading
from crm.core.i18n import _
from crm.followups.queries import AgendaItem, possible_owners
from crm.followups.services import hand_over
from web.actions import perform
from web.components.follow_ups.opening import NOTE_LENGTH, TEAM, close_when, draw_subject
from web.session import current_actor


def draw_pass(item: AgendaItem, version: int) -> None:
    actor = current_actor(Permission.FOLLOWUP_OWN)
    follow_up = item.follow_up
    draw_subject(item)
    names = receivers(actor, follow_up.owner_id)
    owner_id = st.selectbox(
        _("To whom"),
        list(names),
        index=None,
        format_func=names.__getitem__,
        placeholder=_("Choose a colleague or the team"),
        key=f"pass-{follow_up.id}-owner",
    )
    word = st.text_area(
        _("A word with it"),
        key=f"pass-{follow_up.id}-word",
        max_chars=NOTE_LENGTH,
        height=80,
        placeholder=_("What does your colleague have to know?"),
    )
    st.caption(_("Who gets it has a message at once."))
    problem = st.container()
    ready = owner_id is not None
    if st.button(_("Hand over"), type="primary", icon=":material/forward:", key="save-pass", disabled=not ready):
        given = perform(
            _("Handed over."), hand_over, follow_up.id, version=version, owner_id=owner_id or None, word=word
        )
        close_when(given, problem)


def receivers(actor: Actor, holder_id: int | None = -1) -> dict[int, str]:
    """Everybody who can have it, but for who has it."""
    with reading() as session:
        people = possible_owners(session, actor)
    names = {TEAM: _("The team"), **people}
    return {owner_id: name for owner_id, name in names.items() if owner_id != (holder_id or TEAM)}
