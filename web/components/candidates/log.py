"""The log of a job seeker: the tiles of guidance, moments of success, and what came of it."""

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.candidates.log import CandidateLog, TileState, candidate_log, finish_step, remove_entry
from crm.candidates.models import CandidateOutcome, ServiceStep, Tile
from crm.candidates.queries import CandidateCard
from crm.candidates.rules import doubtful_words
from crm.core.clock import today
from crm.core.db import reading
from crm.core.i18n import _, ngettext, show_date, show_day
from web import state
from web.actions import perform
from web.components.candidates.log_forms import EDITED_STEP, draw_outcome_form, draw_step_form, suggest_tile
from web.components.candidates.success_moments import draw_moments
from web.components.text import literal


def draw_log(actor: Actor, card: CandidateCard) -> None:
    person = card.candidate
    with reading() as session:
        log = candidate_log(session, actor, person.id)
    may_write = actor.may(Permission.CANDIDATE_EDIT)
    _draw_tiles(log, may_write)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        if may_write:
            draw_step_form(person.id, log.steps)
        _draw_steps(log, may_write)
    with right:
        draw_moments(actor, person.id, log)
        st.subheader(_("What came of it"), anchor=False)
        for outcome in log.outcomes:
            _draw_outcome(log, outcome, may_write)
        if may_write:
            draw_outcome_form(person.id)


def _draw_tiles(log: CandidateLog, may_write: bool) -> None:
    """In no fixed order: a tile says what was done, and a click writes down the next time."""
    with st.container(horizontal=True, gap="small", key="tiles"):
        for tile in Tile:
            known = log.tile(tile)
            with st.container(border=True, gap="xxsmall", width=188, key=f"tile-{tile.value}"):
                if may_write:
                    st.button(
                        tile.label,
                        key=f"choose-{tile.value}",
                        type="tertiary",
                        icon=":material/check_circle:" if known.last else ":material/radio_button_unchecked:",
                        on_click=suggest_tile,
                        args=(tile,),
                    )
                else:
                    st.markdown(f"**{tile.label}**")
                st.caption(_tile_text(known))


def _tile_text(known: TileState) -> str:
    words = []
    if known.last:
        times = ngettext("{n} time", "{n} times", known.times).format(n=known.times)
        words.append(f"{times}, {show_day(known.last)}" if known.times > 1 else show_day(known.last))
    if known.planned:
        words.append(_("planned {day}").format(day=show_day(known.planned)))
    return " · ".join(words) or _("not yet")


def _draw_steps(log: CandidateLog, may_write: bool) -> None:
    if not log.steps:
        st.info(_("Nothing in the log yet. Choose a tile above, and write down what you did or will do."))
    for step in log.steps:
        with st.container(border=True, gap="xxsmall", key=f"step-{step.id}"):
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                form = step.form.label.lower() if step.form else ""
                title = " · ".join(part for part in (f"**{step.tile.label}**", form) if part)
                st.markdown(title, width="content")
                _draw_step_state(step)
            st.caption(literal(_told(show_date(step.day), log.people.get(step.made_by_id, ""))))
            if step.note:
                st.text(step.note)
            _warn(step.note)
            if may_write:
                _draw_step_buttons(step)


def _draw_step_state(step: ServiceStep) -> None:
    if step.done:
        st.badge(_("Done"), icon=":material/check:", color="green")
    elif step.day < today():
        st.badge(_("Planned, and the day is over"), icon=":material/schedule:", color="orange")
    else:
        st.badge(_("Planned"), icon=":material/schedule:", color="primary")


def _draw_step_buttons(step: ServiceStep) -> None:
    with st.container(horizontal=True, gap="small"):
        if not step.done:
            st.button(
                _("Done"),
                key=f"finish-step-{step.id}",
                icon=":material/check:",
                on_click=perform,
                args=(_("Written down."), finish_step, step.id),
                kwargs={"version": step.version},
            )
        st.button(
            _("Change"),
            key=f"edit-step-{step.id}",
            type="tertiary",
            on_click=state.put,
            args=(EDITED_STEP, step.id),
        )
        _draw_remove(ServiceStep, step.id)


def _draw_remove(model: type[ServiceStep] | type[CandidateOutcome], entry_id: int) -> None:
    name = model.__tablename__
    with st.popover(_("Remove"), type="tertiary", key=f"ask-remove-{name}-{entry_id}"):
        st.markdown(_("This cannot be undone."))
        st.button(
            _("Remove this"),
            key=f"remove-{name}-{entry_id}",
            on_click=perform,
            args=(_("Removed."), remove_entry, model, entry_id),
        )


def _draw_outcome(log: CandidateLog, outcome: CandidateOutcome, may_write: bool) -> None:
    with st.container(border=True, gap="xxsmall", key=f"outcome-{outcome.id}"):
        st.markdown(f"**{outcome.kind.label}**")
        st.caption(literal(_told(show_date(outcome.day), log.people.get(outcome.made_by_id or 0, ""))))
        if outcome.note:
            st.text(outcome.note)
        _warn(outcome.note)
        if may_write:
            _draw_remove(CandidateOutcome, outcome.id)


def _told(day: str, person: str) -> str:
    return " · ".join(part for part in (day, person) if part)


def _warn(text: str) -> None:
    for warning in doubtful_words(text):
        st.warning(literal(warning), icon=":material/edit_note:")
