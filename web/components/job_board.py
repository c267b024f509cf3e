"""The board of hidden jobs: a column per stage, a card per job."""

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.core.i18n import _, ngettext, show_amount
from crm.followups.next_steps import NextStep
from crm.matching.services import move_job
from crm.pipeline.models import Stage
from crm.pipeline.queries import CARDS_PER_STAGE, BoardCard, BoardColumn
from crm.pipeline.rules import other_steps, step_back, step_forward
from web import state
from web.actions import perform
from web.components.dialogs import open_dialog
from web.components.job_lost import LOSE, draw_lose_dialog
from web.components.links import open_here
from web.components.next_step import draw_step
from web.components.text import literal

STYLE = Path(__file__).with_suffix(".css")
SHOWN, MORE = "board-cards", 24
WIDE, NARROW = 182, 110  # pixels at least; together they fit a wide screen

Steps = Mapping[int, NextStep]


def draw_board(actor: Actor, columns: list[BoardColumn], steps: Steps) -> None:
    """`steps` has the next step of each company."""
    st.html(STYLE)
    with st.container(horizontal=True, wrap=False, gap="xsmall", key="board"):
        for column in columns:
            if column.stage is not Stage.LOST:
                _draw_column(actor, column, steps)
    draw_lose_dialog()


def draw_lost(column: BoardColumn) -> None:
    """The lost jobs, closed until somebody asks for them."""
    with st.expander(f"{Stage.LOST.label} ({column.total})", icon=":material/inventory_2:", key="lost"):
        if not column.cards:
            st.caption(_("Nothing was lost."))
        for card in column.cards:
            with st.container(horizontal=True, vertical_alignment="center"):
                open_here(card.title, f"open-{card.job_id}", job=card.job_id)
                reason = card.lost_reason.label if card.lost_reason else ""
                st.caption(" · ".join(literal(part) for part in (card.company, reason, age(card)) if part))


def _draw_column(actor: Actor, column: BoardColumn, steps: Steps) -> None:
    with st.container(width=WIDE if column.cards else NARROW, gap="small", key=f"stage-{column.stage.value}"):
        st.header(f"{column.stage.label} :gray-badge[{column.total}]", anchor=False)
        if not column.cards:
            st.caption(_("Nothing here"))
        for card in column.cards:
            _draw_card(actor, card, steps.get(card.company_id))
        if hidden := column.total - len(column.cards):
            label = ngettext("{n} more", "{n} more", hidden).format(n=hidden)
            st.button(label, key=f"show-{column.stage.value}", icon=":material/expand_more:", on_click=_show_more)


def cards_per_stage() -> int:
    return int(state.value(SHOWN, CARDS_PER_STAGE))


def _show_more() -> None:
    state.put(SHOWN, cards_per_stage() + MORE)


def _draw_card(actor: Actor, card: BoardCard, step: NextStep | None) -> None:
    with st.container(border=True, gap="xsmall", key=f"card-{card.job_id}"):
        open_here(card.title, f"open-{card.job_id}", job=card.job_id)
        st.markdown("  \n".join(_lines(card)))
        if step:
            draw_step(step)
        if actor.may(Permission.JOB_MOVE):
            draw_steps(card.job_id, card.stage, card.version, place=f"card-{card.job_id}")


def _lines(card: BoardCard) -> list[str]:
    hours = _("{n} hours").format(n=show_amount(card.hours)) if card.hours else _("hours unknown")
    waiting = f":orange[:material/hourglass_bottom: **{stands_still(card)}**]" if card.is_stale else age(card)
    where = f"{literal(card.town)} · {hours}" if card.town else hours
    return [literal(card.company), where, waiting]


def age(card: BoardCard) -> str:
    """How long the job is in its stage."""
    if card.days_here == 0:
        return _("since today")
    return ngettext("for {n} day", "for {n} days", card.days_here).format(n=card.days_here)


def stands_still(card: BoardCard) -> str:
    return ngettext("standing still for {n} day", "standing still for {n} days", card.days_here).format(
        n=card.days_here
    )


def draw_steps(job_id: int, stage: Stage, version: int, *, place: str) -> None:
    """Buttons for the usual steps and a menu for the others."""
    back, forward = step_back(stage), step_forward(stage)
    with st.container(horizontal=True, gap="xxsmall", wrap=False):
        if back:
            _step_button(_("Back"), f"back-{place}", job_id, back, version)
        if forward:
            _step_button(_("Next"), f"next-{place}", job_id, forward, version)
        if others := _other_choices(stage):
            key = f"more-{place}"
            st.menu_button(
                _("More"),
                list(others),
                key=key,
                help=_("Other steps"),
                type="tertiary",
                on_click=_choose_step,
                args=(key, others, job_id, version),
            )


def _step_button(label: str, key: str, job_id: int, target: Stage, version: int) -> None:
    st.button(
        label,
        key=key,
        help=_("To “{stage}”").format(stage=target.label),
        on_click=_take_step,
        args=(job_id, target, version),
    )


def _take_step(job_id: int, target: Stage, version: int) -> None:
    take_step(job_id, target, version)


def _other_choices(stage: Stage) -> dict[str, Stage]:
    return {_("To “{stage}”").format(stage=target.label): target for target in other_steps(stage)}


def _choose_step(key: str, choices: dict[str, Stage], job_id: int, version: int) -> None:
    """A lost job is lost for a reason, which is asked first."""
    target = choices.get(state.value(key) or "")
    if target is Stage.LOST:
        open_dialog(LOSE, job_id, version)
    elif target:
        take_step(job_id, target, version)


def take_step(job_id: int, target: Stage, version: int, note: str = "") -> bool:
    """Whether the job moved."""
    done = _("Moved to “{stage}”.").format(stage=target.label)
    return perform(done, move_job, job_id, target, version=version, note=note) is not None
