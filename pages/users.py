"""Users: who may come in, and as what."""

import streamlit as st

from crm.access.permissions import Permission
from crm.access.queries import users
from crm.core.db import reading
from crm.core.i18n import _
from crm.core.settings import settings
from crm.telephony.queries import lines
from web import state
from web.components.dialogs import dialog_button
from web.components.user_rows import NEW, draw_open_dialog, draw_user
from web.session import current_actor

SIZE = 25

actor = current_actor(Permission.USER_MANAGE)

with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title(_("Users"), anchor=False)
    dialog_button(_("New user"), NEW, key="new-user", type="primary", icon=":material/person_add:")

with reading() as session:
    shown = users(session, actor, page=state.value("users-page", 1), size=SIZE)
    telephones = lines(session, actor, [user.id for user in shown.users]) if settings().telephony else {}
for user in shown.users:
    with st.container(border=True):
        draw_user(user, telephones.get(user.id))
if shown.total > SIZE:
    st.pagination(-(-shown.total // SIZE), key="users-page")
draw_open_dialog(shown.users, telephones)
