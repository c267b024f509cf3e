"""One's own agenda in one's own calendar: the address, shown once, and how to end it."""

from urllib.parse import urljoin

import streamlit as st

from crm.access.models import CalendarFeed
from crm.access.permissions import Permission
from crm.agenda.feed import feed_path
from crm.agenda.queries import feed_of
from crm.agenda.services import close_feed, open_feed
from crm.core.db import reading
from crm.core.i18n import _, show_moment
from crm.core.settings import settings
from web import state
from web.actions import perform
from web.session import current_actor

ADDRESS = "calendar-address"


def draw_calendar_feed() -> None:
    actor = current_actor()
    if not actor.may(Permission.FOLLOWUP_OWN):
        return
    st.subheader(_("Your agenda in your own calendar"), anchor=False)
    with reading() as session:
        feed = feed_of(session, actor)
    st.text(
        _(
            "Outlook, Google Calendar and the calendar on your telephone can show what you promised, and follow every "
            "change. They see what to do and at which company; no notes, no names and no numbers."
        )
    )
    if feed is None:
        st.button(_("Make an address"), icon=":material/calendar_add_on:", key="open-feed", on_click=_open)
        return
    if address := state.take(ADDRESS):
        _draw_address(address)
    _draw_open_feed(feed)


def _draw_address(address: str) -> None:
    st.code(address, language=None, wrap_lines=True)
    st.caption(
        _(
            "Copy this address now: it is shown once. In your calendar choose “from the internet” or “subscribe”, and "
            "paste it. Whoever has it can read along, so give it to nobody."
        )
    )


def _draw_open_feed(feed: CalendarFeed) -> None:
    read = _("last read {moment}").format(moment=show_moment(feed.read_at)) if feed.read_at else _("not read yet")
    st.caption(f"{_('Address made {moment}').format(moment=show_moment(feed.created_at))}, {read}.")
    with st.container(horizontal=True):
        st.button(_("Make another address"), key="open-feed", on_click=_open, help=_("The one of now ends."))
        st.button(_("End this address"), key="close-feed", on_click=_close)


def _open() -> None:
    done = _("The address is made. Copy it into your calendar.")
    if token := perform(done, open_feed):
        state.put(ADDRESS, urljoin(settings().public_url or st.context.url or "", feed_path(token)))


def _close() -> None:
    perform(_("The address has ended. Your calendar reads nothing any more."), close_feed)
