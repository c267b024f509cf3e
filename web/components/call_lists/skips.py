"""Which companies of a list were skipped, by whom and why."""

import streamlit as st

from crm.access.permissions import Permission
from crm.calling.models import CallList
from crm.calling.services import SkipRow, skips_of_list
from crm.core.db import reading
from crm.core.i18n import _, show_moment
from crm.followups.next_steps import NextStep, next_steps
from web.components.dialogs import draw_cancel
from web.components.next_step import draw_step
from web.components.text import literal
from web.session import current_actor


def draw_skips(made: CallList) -> None:
    actor = current_actor(Permission.LIST_MANAGE)
    with reading() as session:
        rows = skips_of_list(session, actor, made.id)
        steps = next_steps(session, actor, {row.skip.company_id for row in rows})
    st.text(made.name)
    for row in rows:
        _draw_skip(row, steps.get(row.skip.company_id))
    draw_cancel(_("Close"))


def _draw_skip(row: SkipRow, step: NextStep | None) -> None:
    skip = row.skip
    with st.container(border=True, gap="xxsmall", key=f"skip-{skip.id}"):
        st.markdown(f"**{literal(row.company)}**")
        st.markdown(" · ".join(literal(words) for words in (skip.reason.label, skip.note) if words))
        back = f"{_('Again from')} {show_moment(skip.until)}"
        st.caption(" · ".join(literal(words) for words in (show_moment(skip.created_at), row.caller, back)))
        if step:
            draw_step(step)
