"""One user among the others, and the questions before something happens to the account."""

import streamlit as st

from crm.access.inputs import NewUser
from crm.access.models import User
from crm.access.passwords import generate_password
from crm.access.permissions import Role
from crm.access.services import add_user, change_role, deactivate, reactivate, reset_password
from crm.core.i18n import LANGUAGES, _
from web import state
from web.actions import perform
from web.components.messages import draw_messages
from web.components.text import literal

NEW_FIELDS = ("name", "email", "role", "language")


def draw_user(user: User) -> None:
    name, role, password, account = st.columns([4, 2, 2, 2], vertical_alignment="center")
    closed = "" if user.active else f" :gray-badge[{_('Closed')}]"
    name.markdown(f"**{literal(user.name)}**{closed}  \n{literal(user.email)}")
    role.selectbox(
        _("Role of {name}").format(name=literal(user.name)),
        list(Role),
        index=list(Role).index(user.role),
        format_func=lambda item: item.label,
        key=f"role-{user.id}",
        on_change=choose_role,
        args=(user,),
        label_visibility="collapsed",
        disabled=not user.active,
    )
    if not user.active:
        done = _("The account is open again.")
        account.button(_("Open again"), key=f"open-{user.id}", on_click=perform, args=(done, reactivate, user.id))
        return
    if password.button(_("New password"), key=f"password-{user.id}"):
        st.dialog(_("Give a new password?"))(ask_password)(user)
    if account.button(_("Close account"), key=f"close-{user.id}"):
        st.dialog(_("Close this account?"))(ask_deactivate)(user)


def ask_new() -> None:
    st.text_input(_("Name"), key="new-name", max_chars=120)
    st.text_input(_("E-mail address"), key="new-email", max_chars=200)
    st.selectbox(_("Role"), list(Role), format_func=lambda role: role.label, key="new-role")
    st.selectbox(_("Language"), list(LANGUAGES), format_func=LANGUAGES.__getitem__, key="new-language")
    st.caption(_("A password is made for this person. You see it once."))
    if st.button(_("Add user"), type="primary", key="add-user"):
        if add():
            st.rerun()
        draw_messages()


def ask_deactivate(user: User) -> None:
    st.text(user.name)
    st.write(_("Whoever is signed in with it is out at once. All work stays, under the same name."))
    with st.container(horizontal=True):
        done = _("The account is closed.")
        if st.button(
            _("Close account"), type="primary", on_click=perform, args=(done, deactivate, user.id), key="confirm"
        ):
            st.rerun()
        if st.button(_("Cancel"), key="cancel"):
            st.rerun()


def ask_password(user: User) -> None:
    st.text(user.name)
    st.write(_("The old password stops working, and this person is signed out everywhere."))
    if st.button(_("Make a new password"), type="primary", on_click=give_password, args=(user.id,), key="confirm"):
        st.rerun()


def add() -> bool:
    password = generate_password()
    person = {field: state.value(f"new-{field}") for field in NEW_FIELDS} | {"password": password}
    added = perform("", lambda session, by: add_user(session, by, NewUser.model_validate(person)))
    tell_password(added, password)
    return added is not None


def give_password(user_id: int) -> None:
    password = generate_password()
    tell_password(perform("", reset_password, user_id, password), password)


def tell_password(user: User | None, password: str) -> None:
    if user:
        text = _("{name} signs in with {email} and the password {password} – write it down, you see it only once.")
        state.tell("info", text.format(name=user.name, email=user.email, password=password))


def choose_role(user: User) -> None:
    role = Role(state.value(f"role-{user.id}"))
    if not perform(_("The role is changed."), change_role, user.id, role, version=user.version):
        state.put(f"role-{user.id}", user.role)
