"""What part of the hidden jobs to show, and as a board or as a list. All of it stands in the address."""

from typing import Literal

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.core.i18n import _
from crm.pipeline.board import Choices
from crm.pipeline.inputs import LONGEST_SEARCH, MINE, NOBODY, BoardFilters, Owner
from crm.pipeline.models import Pipeline
from web.components.address import PAGE, in_address, text_in_address

SORT = "sort"
ALL = "all"  # kinds of work
CHOSEN = ("view", "pipeline", "text", "town", "owner", "stale", SORT, PAGE)  # in the address
View = Literal["board", "list"]


def choose_view() -> View:
    names: dict[View, str] = {"board": _("As a board"), "list": _("As a list")}
    chosen: View = st.segmented_control(
        _("How to show them"),
        list(names),
        required=True,
        format_func=names.__getitem__,
        label_visibility="collapsed",
        **in_address("view", {view: view for view in names}, "board"),
    )
    return chosen


def choose_pipeline(running: dict[Pipeline, int]) -> Pipeline | None:
    """With how many are running of each kind. None is all of them together."""
    labels = {pipeline.value: f"{pipeline.label} ({running[pipeline]})" for pipeline in Pipeline}
    labels[ALL] = _("All ({n})").format(n=sum(running.values()))
    chosen: str = st.segmented_control(
        _("Kind of work"),
        list(labels),
        required=True,
        format_func=labels.__getitem__,
        label_visibility="collapsed",
        **in_address("pipeline", {code: code for code in labels}, Pipeline.WORK.value),
    )
    return None if chosen == ALL else Pipeline(chosen)


def choose_filters(actor: Actor, choices: Choices, pipeline: Pipeline | None) -> BoardFilters:
    """Who may not see whose work it is, cannot look for that either."""
    names = actor.may(Permission.COMPANY_VIEW)
    with st.container(horizontal=True, vertical_alignment="center", key="filters"):
        text = _ask_text() if names else ""
        town: str | None = st.selectbox(
            _("Town"),
            choices.towns,
            index=None,
            placeholder=_("All towns"),
            label_visibility="collapsed",
            **in_address("town", {town: town for town in choices.towns}),
        )
        owner = _ask_owner(choices.owners) if names else None
        still = choices.stale[pipeline] if pipeline else sum(choices.stale.values())
        words = _("Only what stands still ({n})").format(n=still)
        stale: bool = st.toggle(words, **in_address("stale", {"1": True}, False))
    return BoardFilters(pipeline=pipeline, text=text, town=town or "", owner=owner, stale=stale)


def draw_nothing(filters: BoardFilters) -> None:
    if filters == BoardFilters(pipeline=filters.pipeline):
        words = _(
            "No hidden jobs here yet. They come from calls: ask the questions of the script and write down the work."
        )
    else:
        words = _("No hidden job fits this choice.")
    st.info(words, icon=":material/work_history:")


def _ask_text() -> str:
    text: str = st.text_input(
        _("Search"),
        placeholder=_("Search work or company"),
        label_visibility="collapsed",
        **text_in_address("text", LONGEST_SEARCH),
    )
    return text


def _ask_owner(owners: dict[int, str]) -> Owner | None:
    names: dict[Owner, str] = {MINE: _("Only mine"), NOBODY: _("Nobody's yet")}
    names |= dict(owners.items())
    chosen: Owner | None = st.selectbox(
        _("Whose"),
        list(names),
        index=None,
        format_func=names.__getitem__,
        placeholder=_("Of everyone"),
        label_visibility="collapsed",
        **in_address("owner", {str(owner): owner for owner in names}),
    )
    return chosen


def open_job(job_id: int) -> None:
    """For a callback. What was chosen stays in the address, for the way back."""
    st.query_params["job"] = str(job_id)


def draw_way_back() -> None:
    """To the board from which a job was opened, as it was chosen there."""
    back = _("Back to the board")
    st.button(back, key="to-board", icon=":material/arrow_back:", type="tertiary", on_click=_go_back)


def _go_back() -> None:
    st.query_params.from_dict(_chosen())


def _chosen() -> dict[str, str]:
    return {name: value for name, value in st.query_params.to_dict().items() if name in CHOSEN}
