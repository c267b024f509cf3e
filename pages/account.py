"""My account: language, the own telephone, what one wants to hear of, the own calendar, and a new password."""

import streamlit as st

from crm.access.inputs import PasswordChange
from crm.access.passwords import MINIMUM_LENGTH
from crm.access.permissions import Permission
from crm.access.services import change_password, set_language
from crm.core.db import reading
from crm.core.i18n import LANGUAGES, _
from crm.core.settings import settings
from crm.telephony.queries import line_of
from web import state
from web.actions import perform
from web.components.absences import draw_own_absences
from web.components.calendar_feed import draw_calendar_feed
from web.components.notice_choices import draw_notice_choices
from web.components.phone_line import draw_line_form, keep_line
from web.session import current_actor

PASSWORDS = ("current-password", "new-password", "repeated-password")

actor = current_actor()


def choose_language() -> None:
    perform("", set_language, state.value("language"))


def choose_password() -> None:
    current, new, repeated = (state.value(key, "") for key in PASSWORDS)
    perform(
        _("Your password is changed. Sign in with the new one."),
        change_password,
        PasswordChange(current=current, new=new, repeated=repeated),
    )


st.title(_("My account"))
with st.container(width=560):
    with st.container(border=True):
        st.text(actor.name)
        st.caption(actor.role.label)
        st.radio(
            _("Language"),
            list(LANGUAGES),
            index=list(LANGUAGES).index(actor.language),
            format_func=LANGUAGES.__getitem__,
            horizontal=True,
            key="language",
            on_change=choose_language,
        )

    if settings().telephony and actor.may(Permission.CALL_MAKE):
        st.subheader(_("My telephone"))
        with reading() as session:
            line = line_of(session, actor, actor.user_id)
        if draw_line_form(line):
            keep_line(actor.user_id)
            st.rerun()

    draw_notice_choices()
    draw_calendar_feed()
    draw_own_absences()

    st.subheader(_("New password"))
    with st.form("password"):
        st.text_input(_("Current password"), type="password", key=PASSWORDS[0], autocomplete="current-password")
        st.text_input(
            _("New password"),
            type="password",
            key=PASSWORDS[1],
            autocomplete="new-password",
            help=_("At least {n} characters. Three or four words in a row work well.").format(n=MINIMUM_LENGTH),
        )
        st.text_input(_("New password, once more"), type="password", key=PASSWORDS[2], autocomplete="new-password")
        st.caption(_("After this you sign in again, on every computer you use, and your calendar address ends."))
        st.form_submit_button(_("Change password"), type="primary", on_click=choose_password, key="change-password")
