"""On which days somebody is not here: one's own on the account page, everybody's for who divides the work."""

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from crm.access.absences import absences_of, add_absence, coming_absences, remove_absence
from crm.access.inputs import AbsenceInput
from crm.access.models import Absence
from crm.access.permissions import Permission
from crm.core.clock import today
from crm.core.db import reading
from crm.core.i18n import _, show_date
from web import state
from web.actions import perform
from web.components.text import literal
from web.session import current_actor

PERSON, FIRST, LAST = "absent-person", "absent-first", "absent-last"


def draw_own_absences() -> None:
    actor = current_actor()
    if not actor.may(Permission.FOLLOWUP_OWN):
        return
    st.subheader(_("When I am not here"), anchor=False)
    st.text(
        _(
            "On these days no moment is proposed for you, and colleagues make the calls that are due. "
            "You need not say why."
        )
    )
    with reading() as session:
        own = absences_of(session, actor, actor.user_id)
    for absence in own:
        _draw_row(absence, "")
    _draw_form({actor.user_id: actor.name})


def draw_absences(people: Mapping[int, str]) -> None:
    """Of everybody; `people` are those of whom one can be filled in."""
    actor = current_actor(Permission.FOLLOWUP_TEAM)
    st.subheader(_("Who is not here"), anchor=False)
    with reading() as session:
        coming = coming_absences(session, actor)
    if not coming:
        st.text(_("Everybody is here, as far as anybody filled in."))
    for away in coming:
        _draw_row(away.absence, away.name)
    _draw_form(people)


def days_text(absence: Absence) -> str:
    if absence.first_day == absence.last_day:
        return show_date(absence.first_day)
    return _("{first} to {last}").format(first=show_date(absence.first_day), last=show_date(absence.last_day))


def _draw_row(absence: Absence, name: str) -> None:
    words = " – ".join(filter(None, (name, days_text(absence))))
    with st.container(horizontal=True, vertical_alignment="center", key=f"absence-{absence.id}"):
        now_away = absence.first_day <= today()
        st.markdown(f":material/{'person_off' if now_away else 'event'}: {literal(words)}", width="content")
        st.button(
            _("Take away"),
            key=f"remove-absence-{absence.id}",
            type="tertiary",
            on_click=perform,
            args=(_("The days are taken away."), remove_absence, absence.id),
        )


def _draw_form(people: Mapping[int, str]) -> None:
    with st.form("absence", border=False):
        if len(people) > 1:
            st.selectbox(
                _("Who"),
                list(people),
                index=None,
                format_func=people.__getitem__,
                placeholder=_("Choose a colleague"),
                key=PERSON,
            )
        first, last = st.columns(2)
        first.date_input(_("First day"), None, format="DD-MM-YYYY", key=FIRST)
        last.date_input(_("Last day"), None, format="DD-MM-YYYY", key=LAST)
        keep = partial(_keep, list(people))
        st.form_submit_button(_("Fill in these days"), on_click=keep, key="keep-absence")


def _keep(people: Sequence[int]) -> None:
    current_actor(Permission.FOLLOWUP_OWN)  # what is said here is in their language
    user_id = people[0] if len(people) == 1 else state.value(PERSON)
    if user_id is None:
        state.tell("error", _("Choose who is not here."))
        return
    given = {"first_day": state.value(FIRST), "last_day": state.value(LAST)}
    kept = perform(
        _("These days are filled in."),
        lambda session, actor: add_absence(session, actor, user_id, AbsenceInput.model_validate(given)),
    )
    if kept:
        for key in (PERSON, FIRST, LAST):
            state.put(key, None)
