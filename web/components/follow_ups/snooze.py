"""Moving a follow-up to the next moment at which such a company comes to the phone."""

from datetime import datetime

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.good_moments import next_good_moment
from crm.companies.models import Company
from crm.core.clock import now
from crm.core.db import reading
from crm.core.i18n import _, show_moment
from crm.followups.models import FollowUp
from crm.followups.queries import AgendaItem
from crm.followups.services import move
from crm.reference.trades import trade_group, trade_groups
from web import state
from web.actions import perform
from web.components.follow_ups.opening import PROPOSED, close_when, draw_subject
from web.components.text import literal
from web.session import current_actor


def draw_snooze(item: AgendaItem, version: int) -> None:
    """Says in words which moment it is, and why, before it is kept."""
    actor = current_actor(Permission.FOLLOWUP_OWN)
    draw_subject(item)
    moment = _moment(actor, item.follow_up, item.company) if item.company else None
    if item.company is None or moment is None:
        st.info(_("We know no good moment for this company in the next three weeks. Choose one yourself, with “Move”."))
        return
    trade = trade_groups()[trade_group(item.company.sbi_code)].plural
    why = _("{trade} often answer then").format(trade=trade)
    st.markdown(f":material/event_available: **{literal(show_moment(moment))}**: {literal(why)}.")
    problem = st.container()
    if st.button(_("Postpone until then"), type="primary", icon=":material/snooze:", key="save-snooze"):
        told = _("Moved to {moment}.").format(moment=show_moment(moment))
        moved = perform(told, move, item.follow_up.id, version=version, due_at=moment, reason=why)
        close_when(moved, problem)


def _moment(actor: Actor, follow_up: FollowUp, company: Company) -> datetime | None:
    """What was shown is what is kept, also when a quarter of an hour passed while somebody read it."""
    key = f"{PROPOSED}{follow_up.id}"
    if key not in state.keys(key):
        with reading() as session:
            trade = trade_group(company.sbi_code)
            found = next_good_moment(session, actor, follow_up.owner_id, trade, max(now(), follow_up.due_at))
        state.put(key, found)
    moment: datetime | None = state.value(key)
    return moment
