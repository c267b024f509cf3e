"""One user among the others, and the questions before something happens to the account."""

from functools import partial

import streamlit as st

from crm.access.inputs import NewUser
from crm.access.models import User
from crm.access.passwords import generate_password
from crm.access.permissions import Permission, Role
from crm.access.services import add_user, change_role, deactivate, reactivate, reset_password
from crm.core.i18n import LANGUAGES, _
from crm.telephony.models import PhoneLine
from web import state
from web.actions import perform
from web.components.dialogs import close_when, dialog_button, draw_cancel, opened, show_dialog
from web.components.phone_line import draw_line_form, keep_line, line_in_words, may_have_line
from web.components.text import literal
from web.session import current_actor

NEW, PASSWORD, TELEPHONE, CLOSE = "new-user", "password", "telephone", "close-account"
NEW_FIELDS = ("name", "email", "role", "language")


def draw_user(user: User, line: PhoneLine | None) -> None:
    name, role, password, account = st.columns([4, 2, 2, 2], vertical_alignment="center")
    closed = "" if user.active else f" :gray-badge[{_('Closed')}]"
    telephone = line_in_words(line)
    about = " · ".join(literal(text) for text in (user.email, telephone) if text)
    name.markdown(f"**{literal(user.name)}**{closed}  \n{about}")
    role.selectbox(
        _("Role of {name}").format(name=literal(user.name)),
        list(Role),
        index=list(Role).index(user.role),
        format_func=lambda item: item.label,
        key=f"role-{user.id}",
        on_change=_choose_role,
        args=(user,),
        label_visibility="collapsed",
        disabled=not user.active,
    )
    if not user.active:
        done = _("The account is open again.")
        account.button(_("Open again"), key=f"open-{user.id}", on_click=perform, args=(done, reactivate, user.id))
        return
    if may_have_line(user):
        with account:
            dialog_button(_("Telephone"), TELEPHONE, user.id, key=f"telephone-{user.id}")
    with password:
        dialog_button(_("New password"), PASSWORD, user.id, key=f"password-{user.id}")
    with account:
        dialog_button(_("Close account"), CLOSE, user.id, key=f"close-{user.id}")


def draw_open_dialog(users: list[User], lines: dict[int, PhoneLine]) -> None:
    """Draw the dialog that is open, if it is about one of these."""
    name, about = opened()
    if name == NEW:
        show_dialog(_("New user"), _draw_new)
    user = next((user for user in users if (user.id,) == about), None)
    if user and name == PASSWORD:
        show_dialog(_("Give a new password?"), partial(_draw_password, user))
    elif user and name == TELEPHONE:
        show_dialog(_("Telephone"), partial(_draw_telephone, user, lines.get(user.id)))
    elif user and name == CLOSE:
        show_dialog(_("Close this account?"), partial(_draw_deactivate, user))


# A dialog redraws on its own, without the page: so each asks first who is there, and in what language.


def _draw_new() -> None:
    current_actor(Permission.USER_MANAGE)
    st.text_input(_("Name"), key="new-name", max_chars=120)
    st.text_input(_("E-mail address"), key="new-email", max_chars=200)
    st.selectbox(_("Role"), list(Role), format_func=lambda role: role.label, key="new-role")
    st.selectbox(_("Language"), list(LANGUAGES), format_func=LANGUAGES.__getitem__, key="new-language")
    st.caption(_("A password is made for this person. You see it once."))
    problem = st.container()
    if st.button(_("Add user"), type="primary", key="add-user"):
        close_when(_add(), problem)


def _draw_deactivate(user: User) -> None:
    current_actor(Permission.USER_MANAGE)
    st.text(user.name)
    st.write(
        _("Whoever is signed in is out at once, and the calendar address ends. All work stays, under the same name.")
    )
    problem = st.container()
    with st.container(horizontal=True):
        if st.button(_("Close account"), type="primary", key="confirm"):
            close_when(perform(_("The account is closed."), deactivate, user.id), problem)
        draw_cancel()


def _draw_password(user: User) -> None:
    current_actor(Permission.USER_MANAGE)
    st.text(user.name)
    st.write(
        _("The old password stops working, this person is signed out everywhere, and their calendar address ends.")
    )
    problem = st.container()
    if st.button(_("Make a new password"), type="primary", key="confirm"):
        password = generate_password()
        close_when(_tell_password(perform("", reset_password, user.id, password), password), problem)


def _draw_telephone(user: User, line: PhoneLine | None) -> None:
    current_actor(Permission.USER_MANAGE)
    st.text(user.name)
    problem = st.container()
    if draw_line_form(line):
        close_when(keep_line(user.id), problem)


def _add() -> User | None:
    password = generate_password()
    person = {field: state.value(f"new-{field}") for field in NEW_FIELDS} | {"password": password}
    added = perform("", lambda session, by: add_user(session, by, NewUser.model_validate(person)))
    return _tell_password(added, password)


def _tell_password(user: User | None, password: str) -> User | None:
    if user:
        text = _("{name} signs in with {email} and the password {password} – write it down, you see it only once.")
        state.tell("info", text.format(name=user.name, email=user.email, password=password))
    return user


def _choose_role(user: User) -> None:
    role = Role(state.value(f"role-{user.id}"))
    if not perform(_("The role is changed."), change_role, user.id, role, version=user.version):
        state.put(f"role-{user.id}", user.role)
