"""Messages in the app."""

from collections.abc import Sequence
from urllib.parse import parse_qsl, urlsplit

import streamlit as st

from crm.access.actor import Actor
from crm.core.i18n import _, show_moment
from crm.core.settings import PROJECT_DIR
from crm.messaging.models import Notice
from crm.messaging.services import mark_read
from web.actions import perform
from web.components.text import literal
from web.navigation import SCREENS, may_see


def draw_notices(actor: Actor, notices: Sequence[Notice], count: int) -> None:
    for notice in notices:
        draw_notice(actor, notice)
    if count > 1:
        draw_mark_all(count)


def draw_mark_all(count: int) -> None:
    st.button(
        _("Mark all as read"),
        icon=":material/done_all:",
        key="read-all",
        on_click=perform,
        args=("", mark_read),
        disabled=not count,
    )


def draw_notice(actor: Actor, notice: Notice) -> None:
    """What was not read yet is bold and says so; looking at the place it is about is reading it."""
    with st.container(border=True, gap="xxsmall", key=f"notice-{notice.id}"):
        title = literal(notice.title)
        st.markdown(title if notice.read_at else f"**{title}**")
        if notice.body:
            st.text(notice.body)
        st.caption(_about(notice))
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            _draw_way(actor, notice)
            if notice.read_at is None:
                st.button(
                    _("Read"),
                    icon=":material/done:",
                    type="tertiary",
                    key=f"read-{notice.id}",
                    on_click=perform,
                    args=("", mark_read, notice.id),
                )


def _about(notice: Notice) -> str:
    told = show_moment(notice.created_at)
    return f"{told} · {_('read')}" if notice.read_at else f"{told} · {_('new')}"


def _draw_way(actor: Actor, notice: Notice) -> None:
    address = urlsplit(notice.page)
    screen = SCREENS.get(address.path)
    if screen is None or not may_see(actor, screen):
        return
    if st.button(_("Look"), icon=":material/arrow_forward:", type="tertiary", key=f"look-{notice.id}"):
        perform("", mark_read, notice.id)
        st.switch_page(PROJECT_DIR / "pages" / f"{screen.name}.py", query_params=dict(parse_qsl(address.query)))
