"""Noting what was suggested, saying that it does not fit, and what was suggested before."""

from collections.abc import Callable, Iterable, Sequence
from typing import Literal

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.core.clock import today
from crm.core.db import reading, transaction
from crm.core.i18n import _, show_moment
from crm.matching.models import RefusalReason, Suggestion, SuggestionOutcome
from crm.matching.suggesting import RefusalInput, Shown, note_shown, note_shown_in_call, refuse, suggest_again
from crm.matching.suggestion_log import SuggestionLine
from web import state
from web.actions import perform
from web.components.links import link
from web.components.text import literal

NOTED, NOTED_IN_CALL = "noted-suggestions", "noted-in-call"
COLOURS: dict[SuggestionOutcome, Literal["gray", "green", "orange"]] = {
    SuggestionOutcome.OPEN: "gray",
    SuggestionOutcome.TAKEN: "green",
    SuggestionOutcome.REFUSED: "orange",
}

Lines = Callable[[Session, Actor], Sequence[SuggestionLine]]


def note(actor: Actor, shown: Iterable[Shown]) -> None:
    """To be called after they are drawn. What was noted today is not written again when the screen is drawn again."""
    day, noted = state.value(NOTED, (None, frozenset()))
    known = noted if day == today() else frozenset()
    fresh = [one for one in shown if (one.job_id, one.candidate_id) not in known]
    if fresh:
        with transaction() as session:
            note_shown(session, actor, fresh)
        state.put(NOTED, (today(), known | {(one.job_id, one.candidate_id) for one in fresh}))


def note_in_call(actor: Actor, call_id: int, shown: Iterable[Shown]) -> None:
    """As `note`, at the desk: what was shown once in this call is not written again with every word that is typed."""
    call, noted = state.value(NOTED_IN_CALL, (None, frozenset()))
    known = noted if call == call_id else frozenset()
    fresh = [one for one in shown if one.candidate_id not in known]
    if fresh:
        with transaction() as session:
            note_shown_in_call(session, actor, call_id, fresh)
        state.put(NOTED_IN_CALL, (call_id, known | {one.candidate_id for one in fresh}))


def draw_refusal(actor: Actor, job_id: int, candidate_id: int) -> None:
    if not actor.may(Permission.INTRODUCE):
        return
    name = f"{job_id}-{candidate_id}"
    with st.popover(_("Does not fit"), key=f"refusal-{name}"):
        st.radio(
            _("Why not?"),
            list(RefusalReason),
            format_func=lambda reason: reason.label,
            index=None,
            key=f"reason-{name}",
        )
        st.text_input(_("In your own words"), key=f"words-{name}", max_chars=300)
        st.caption(_("Is not suggested again for this work, until the work or the person changes."))
        st.button(_("Do not suggest again"), key=f"refuse-{name}", on_click=_refuse, args=(job_id, candidate_id))


def _refuse(job_id: int, candidate_id: int) -> None:
    name = f"{job_id}-{candidate_id}"

    def say(session: Session, actor: Actor) -> Suggestion:
        given = RefusalInput(reason=state.value(f"reason-{name}"), words=state.value(f"words-{name}", ""))
        return refuse(session, actor, job_id, candidate_id, given)

    if perform(_("Noted. It is in “Suggested before”."), say):
        state.forget(NOTED)


def draw_log(actor: Actor, read: Lines, *, of_job: bool) -> None:
    """What was suggested before; read only when somebody opens it."""
    before = st.expander(_("Suggested before"), icon=":material/history:", key="suggested-before", on_change="rerun")
    if not before.open:
        return
    with reading() as session:
        lines = read(session, actor)
    with before:
        if not lines:
            st.caption(_("Nothing was suggested yet."))
        for line in lines:
            _draw_line(actor, line, of_job=of_job)


def _draw_line(actor: Actor, line: SuggestionLine, *, of_job: bool) -> None:
    one = line.suggestion
    with st.container(gap="xxsmall", key=f"suggestion-line-{one.id}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            if of_job:
                link(actor, "candidates", line.candidate.name, bold=True, candidate=line.candidate.id)
            elif line.job:
                link(actor, "pipeline", f"{line.job.title} · {line.company.name}", bold=True, job=line.job.id)
            else:
                label = _("Call with {company}").format(company=line.company.name)
                link(actor, "companies", label, bold=True, company=line.company.id)
            st.badge(one.outcome.label, color=COLOURS[one.outcome])
        st.caption(literal(_told(line)))
        if one.outcome is SuggestionOutcome.REFUSED:
            _draw_refused(actor, one)


def _told(line: SuggestionLine) -> str:
    one = line.suggestion
    shown = _("{points} of 100: {why}").format(points=one.score, why=one.why)
    words = _("Shown to {name} in a call, {first}") if one.call_id else _("Shown to {name}, {first}")
    when = words.format(name=line.shown_to, first=show_moment(one.created_at))
    if one.last_shown_at.date() != one.created_at.date():
        when = _("{when}, last {moment}").format(when=when, moment=show_moment(one.last_shown_at))
    return f"{shown} · {when}"


def _draw_refused(actor: Actor, one: Suggestion) -> None:
    why = " · ".join(part for part in (one.reason.label if one.reason else "", one.words) if part)
    st.text(_("Reason: {reason}").format(reason=why))
    if one.basis and actor.may(Permission.INTRODUCE):
        st.button(_("Suggest again"), key=f"suggest-again-{one.id}", on_click=_suggest_again, args=(one.id,))


def _suggest_again(suggestion_id: int) -> None:
    if perform(_("It can be suggested again."), suggest_again, suggestion_id):
        state.forget(NOTED)
