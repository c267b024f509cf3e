"""Which companies of a list were skipped, by whom and why."""

import pandas as pd
import streamlit as st

from crm.access.permissions import Permission
from crm.calling.models import CallList
from crm.calling.services import skips_of_list
from crm.core.db import reading
from crm.core.i18n import _, show_moment
from web.components.dialogs import draw_cancel
from web.components.text import literal
from web.session import current_actor


def draw_skips(made: CallList) -> None:
    actor = current_actor(Permission.LIST_MANAGE)
    with reading() as session:
        rows = skips_of_list(session, actor, made.id)
    st.text(made.name)
    table = [
        [
            show_moment(row.skip.created_at),
            literal(row.company),
            literal(row.caller),
            row.skip.reason.label,
            literal(row.skip.note),
            show_moment(row.skip.until),
        ]
        for row in rows
    ]
    columns = [_("When"), _("Company"), _("Caller"), _("Reason"), _("In a few words"), _("Again from")]
    st.table(pd.DataFrame(table, columns=columns).set_index(columns[0]))
    draw_cancel(_("Close"))
