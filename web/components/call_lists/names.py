"""A call list from pasted names: what each line is about, and what a person still has to say."""

from collections.abc import Sequence
from math import ceil
from zlib import crc32

import pandas as pd
import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.calling.inputs import NamedListInput
from crm.calling.lists import (
    NamedLine,
    choose_name,
    forget_names,
    keep_names,
    make_named_list,
    my_names,
    named_lines,
)
from crm.calling.lists.names import LONGEST_TEXT, NONE_OF_THEM
from crm.calling.models import CallList
from crm.companies.models import Company
from crm.companies.pasting import MOST_LINES, PastedLine, TooManyLines
from crm.core.db import reading
from crm.core.i18n import _
from crm.core.spreadsheet import harmless
from web import state
from web.actions import perform
from web.components.call_lists.about import choices, draw_about, read_about, whole
from web.components.companies.texts import postcode
from web.components.links import link, open_here
from web.components.text import literal

TEXT, SKIP_LISTED, CHOOSE_PAGE, UNKNOWN_PAGE = "names-text", "names-skip", "names-choose-page", "names-unknown-page"
AT_ONCE = 8


def draw_names(actor: Actor) -> None:
    open_here(_("Back to the lists"), "back", icon=":material/arrow_back:")
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title(_("New call list from names"), anchor=False)
        open_here(_("By a choice instead"), "to-choice", icon=":material/filter_alt:", kind="secondary", new=1)
    with reading() as session:
        draft = my_names(session, actor)
    left, right = st.columns([5, 6], gap="medium")
    with left:
        _draw_text(draft.text)
    with right:
        if not draft.text.strip():
            st.info(_("Paste names on the left: you see at once which companies we know, and whom you may call."))
            return
        try:
            with reading() as session, st.spinner(_("Looking up …")):
                lines = named_lines(session, actor, draft.text, draft.chosen)
        except TooManyLines as error:
            st.error(literal(str(error)))
            return
        _draw_lines(actor, lines)
        _draw_making(actor, lines)


def _draw_text(kept: str) -> None:
    if state.value(TEXT) is None:
        state.put(TEXT, kept)
    st.text_area(
        _("Names, one company on a line"),
        key=TEXT,
        height=380,
        max_chars=LONGEST_TEXT,
        placeholder="Bakkerij Jansen, Dordrecht\nDe Hoek\t4811 AB Breda\t076 123 4567\nKVK 01234567",
        on_change=_keep,
    )
    st.button(_("Look up"), key="look-up", icon=":material/search:")
    st.caption(
        _(
            "A town, postcode, telephone or KVK number on the line helps to find the right one. "
            "At most {n} lines at once. What you paste is kept until the list is made."
        ).format(n=MOST_LINES)
    )


def _keep() -> None:
    perform("", keep_names, state.value(TEXT) or "")


def _draw_lines(actor: Actor, lines: Sequence[NamedLine]) -> None:
    by_state: dict[str, list[NamedLine]] = {}
    for line in lines:
        by_state.setdefault(line.state, []).append(line)
    with st.container(border=True, gap="small", key="names-result"):
        words = [_("Found"), _("Choose"), _("Not known"), _("May not be called")]
        for column, word, name in zip(st.columns(4), words, ("found", "choose", "unknown", "forbidden"), strict=True):
            column.metric(word, whole(len(by_state.get(name, []))))
        _draw_choices(by_state.get("choose", []))
        _draw_unknown(actor, by_state.get("unknown", []))
        _draw_table(_("May not be called, and so not on the list"), by_state.get("forbidden", []))
        _draw_table(_("Twice in your text: counted once"), by_state.get("double", []))
        _draw_undo(_("Left out: {n}"), by_state.get("skipped", []))
        _draw_undo(_("Chosen by you: {n}"), [line for line in lines if line.company and not line.match.is_sure])
        if found := by_state.get("found"):
            with st.expander(_("Found: {n}").format(n=whole(len(found)))):
                _draw_table("", found)


def _key(what: str, line: NamedLine) -> str:
    return f"{what}-{crc32(line.text.encode())}"


def _page(lines: Sequence[NamedLine], key: str) -> Sequence[NamedLine]:
    """The part of the lines that is shown, with the way to the others."""
    pages = ceil(len(lines) / AT_ONCE)
    if pages <= 1:
        return lines
    chosen = min(st.pagination(pages, key=key), pages)
    return lines[(chosen - 1) * AT_ONCE : chosen * AT_ONCE]


def _draw_choices(lines: Sequence[NamedLine]) -> None:
    if not lines:
        return
    st.markdown(f"**{_('Which company is meant?')}**")
    for line in _page(lines, CHOOSE_PAGE):
        names = {one.company.id: _about(one.company) for one in line.match.companies}
        for one in line.match.companies:
            if not one.verdict.allowed:
                names[one.company.id] += f" — {one.verdict.reason}"
        names[NONE_OF_THEM] = _("None of these: leave it out")
        key = _key("choose", line)
        st.selectbox(
            literal(line.text),
            list(names),
            index=None,
            format_func=names.__getitem__,
            placeholder=_("Choose a company"),
            key=key,
            on_change=_choose,
            args=(line.text, key),
        )


def _choose(line: str, key: str) -> None:
    perform("", choose_name, line, state.value(key))


def _about(company: Company) -> str:
    where = " ".join(filter(None, (postcode(company), company.town)))
    return ", ".join(filter(None, (company.name, company.street, where)))


def _draw_unknown(actor: Actor, lines: Sequence[NamedLine]) -> None:
    if not lines:
        return
    st.markdown(f"**{_('We do not know these companies yet')}**")
    for line in _page(lines, UNKNOWN_PAGE):
        with st.container(horizontal=True, vertical_alignment="center", key=_key("unknown", line)):
            st.markdown(literal(line.text), width="stretch")
            _draw_add(actor, line.match.line)
            st.button(
                _("Leave out"),
                key=_key("leave", line),
                type="tertiary",
                on_click=perform,
                args=("", choose_name, line.text, NONE_OF_THEM),
            )


def _draw_add(actor: Actor, line: PastedLine) -> None:
    """The way to the form for a new company, filled in with what the line tells."""
    link(
        actor,
        "companies",
        _("Add as a company"),
        icon=":material/add_business:",
        new=1,
        name=line.name,
        town=line.cells[-1] if len(line.cells) > 1 else "",
        postcode=line.postcode,
        kvk_number=line.kvk_number,
        branch_number=line.branch_number,
        number=next(iter(line.e164s), ""),
    )


def _draw_table(title: str, lines: Sequence[NamedLine]) -> None:
    if not lines:
        return
    if title:
        st.markdown(f"**{title}**")
    rows = [  # as somebody may download them
        (harmless(line.text), harmless(_about(line.company.company)), line.company.verdict.reason)
        for line in lines
        if line.company
    ]
    table = pd.DataFrame(rows, columns=[_("Your line"), _("Company"), _("May we call?")])
    st.dataframe(table, hide_index=True, height="content" if len(rows) <= AT_ONCE else 320)


def _draw_undo(title: str, lines: Sequence[NamedLine]) -> None:
    """Lines about which somebody decided, each with the way back."""
    if not lines:
        return
    with st.expander(title.format(n=whole(len(lines)))):
        for line in lines:
            meant = f" → {_about(line.company.company)}" if line.company else ""
            st.button(
                literal(line.text + meant),
                key=_key("again", line),
                type="tertiary",
                icon=":material/undo:",
                on_click=perform,
                args=("", choose_name, line.text, None),
            )


def _draw_making(actor: Actor, lines: Sequence[NamedLine]) -> None:
    ids = [line.company.company.id for line in lines if line.state == "found" and line.company]
    if not ids:
        st.info(_("None of these lines is a company that may be called yet. Choose above which ones are meant."))
        return
    if (people := choices(actor)) is None:
        return
    if waiting := sum(line.state in ("choose", "unknown") for line in lines):
        st.info(_("Lines that still wait for you: {n}. They do not come on the list.").format(n=whole(waiting)))
    with st.form("names-form"):
        draw_about(*people)
        st.checkbox(_("Not those on another open list"), value=True, key=SKIP_LISTED)
        label = _("Make the list of {n}").format(n=whole(len(ids)))
        st.form_submit_button(label, type="primary", key="make-list", on_click=_make, args=(ids,))


def _make(company_ids: list[int]) -> None:
    def make(session: Session, actor: Actor) -> CallList:
        wanted = NamedListInput(**read_about(), company_ids=company_ids, skip_listed=state.value(SKIP_LISTED))
        made = make_named_list(session, actor, wanted)
        forget_names(session, actor)
        return made

    if perform(_("The list is made. The callers can start."), make):
        state.forget(TEXT)
        st.query_params.clear()
