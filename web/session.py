"""Who is looking at this page."""

from urllib.parse import quote, urlsplit

import streamlit as st
from markupsafe import Markup

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.access.queries import actor_of
from crm.core.db import reading
from crm.core.i18n import _, look_for_language, set_language
from crm.messaging.queries import unread_for
from web import state
from web.components.messages import draw_messages

COOKIE = "kopkoffie_session"
# A link of our own: Streamlit's opens another tab, and leaves this one signed out.
SIGN_IN = Markup('<a class="sign-in" href="/sign-in?next={back}" target="_self">{label}</a>')


look_for_language(state.kept_language)


def session_token() -> str:
    """The sign-in cookie of the browser that asks; HttpOnly, so only the server sees it."""
    return st.context.cookies.get(COOKIE, "")


def waiting_messages() -> int:
    """How many messages wait for whoever is signed in here; none for who is not any more."""
    with reading() as session:
        return unread_for(session, session_token())


def current_actor(permission: Permission | None = None) -> Actor:
    """The signed-in user. Stops the page when there is none any more, or when the role may not see it.

    Every page calls this first, so a deep link is guarded as well as a click in the menu.
    """
    with reading() as session:
        actor = actor_of(session, session_token())
    if actor is None:
        draw_messages()  # a new password ends this very session
        st.warning(_("You are signed out. Sign in again to continue; what you wrote down is kept."))
        st.html(SIGN_IN.format(back=quote(urlsplit(st.context.url or "/").path), label=_("Sign in")))
        st.stop()
    set_language(actor.language)
    state.keep_language(actor.language)
    if permission and not actor.may(permission):
        st.error(_("Your role does not allow this. Ask your coordinator or administrator."))
        st.stop()
    return actor
