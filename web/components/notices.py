"""Messages in the app."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import streamlit as st

from crm.access.actor import Actor
from crm.core.i18n import _, show_moment
from crm.messaging.models import Notice
from crm.messaging.services import mark_read
from web.actions import perform
from web.components.links import link
from web.components.text import literal
from web.navigation import SCREENS


def draw_notices(actor: Actor, notices: Sequence[Notice], count: int) -> None:
    for notice in notices:
        _draw_notice(actor, notice)
    if count > 1:
        st.button(
            _("Mark all {n} as read").format(n=count),
            icon=":material/done_all:",
            key="read-all",
            on_click=perform,
            args=("", mark_read),
        )


def _draw_notice(actor: Actor, notice: Notice) -> None:
    with st.container(border=True, gap="xxsmall", key=f"notice-{notice.id}"):
        st.markdown(f"**{literal(notice.title)}**")
        if notice.body:
            st.text(notice.body)
        st.caption(show_moment(notice.created_at))
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            _draw_way(actor, notice)
            st.button(
                _("Read"),
                icon=":material/done:",
                type="tertiary",
                key=f"read-{notice.id}",
                on_click=perform,
                args=("", mark_read, notice.id),
            )


def _draw_way(actor: Actor, notice: Notice) -> None:
    address = urlsplit(notice.page)
    if address.path in SCREENS:
        query: dict[str, Any] = dict(parse_qsl(address.query))
        link(actor, address.path, _("Look"), icon=":material/arrow_forward:", **query)
