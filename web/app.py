"""The frame around every page: who is signed in, the menu, messages, and then the page itself."""

from typing import Literal
from urllib.parse import urlsplit

import streamlit as st
from markupsafe import Markup

from crm.access.actor import Actor
from crm.core.clock import now
from crm.core.i18n import _, show_moment
from crm.core.settings import PROJECT_DIR, settings
from web.components.bell import draw_bell
from web.components.messages import draw_messages
from web.navigation import Screen, home, menu
from web.session import current_actor

STATIC = PROJECT_DIR / "web" / "static"
WHO = Markup(
    '<p class="who"><strong>{name}</strong> <span>{role}</span></p>'
    '<a class="sign-out" href="/sign-out" target="_self">{sign_out}</a>'
)
WHOLE_SCREEN = {"desk"}  # the menu is one click away, and what went wrong is told where one looks


def page_of(screen: Screen, actor: Actor) -> st.Page:
    return st.Page(
        PROJECT_DIR / "pages" / f"{screen.name}.py",
        title=screen.label,
        icon=f":material/{screen.icon}:",
        url_path=screen.name,
        default=screen is home(actor),
    )


def draw_sidebar(actor: Actor) -> None:
    shade = "-dark" if st.context.theme.type == "dark" else ""
    st.logo(str(STATIC / f"logo{shade}.svg"), size="large", icon_image=str(STATIC / f"cup{shade}.svg"))
    with st.sidebar:
        st.html(WHO.format(name=actor.name, role=actor.role.label, sign_out=_("Sign out")))
        if settings().clock_offset:
            st.caption(_("Practice clock: {moment}").format(moment=show_moment(now())))


def sidebar(address: str) -> Literal["collapsed"] | int:
    return "collapsed" if address in WHOLE_SCREEN else 250


asked = urlsplit(st.context.url or "").path.strip("/")  # known before the page is, so nothing moves while it loads
st.set_page_config(page_icon=str(STATIC / "favicon.png"), layout="wide", initial_sidebar_state=sidebar(asked))
signed_in = current_actor()
pages = {group: [page_of(screen, signed_in) for screen in screens] for group, screens in menu(signed_in).items()}
page = st.navigation(pages, expanded=True)
st.set_page_config(page_title=f"{page.title} · Kopkoffie", initial_sidebar_state=sidebar(page.url_path))
if page.url_path not in WHOLE_SCREEN:
    draw_messages()
draw_sidebar(signed_in)
draw_bell(signed_in)
page.run()
