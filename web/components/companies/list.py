"""Finding a company: one box to type in, and lines that say whether calling is allowed."""

from functools import partial
from math import ceil

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.queries import FoundCompanies, FoundCompany
from crm.companies.rules import Verdict
from crm.companies.search import search
from crm.core.db import reading
from crm.core.i18n import _, ngettext
from crm.followups.models import FollowUpKind
from crm.followups.next_steps import NextStep, StepFilter, companies_by_step, next_steps
from web import state
from web.components.address import in_address
from web.components.blocks.number import draw_block_button, draw_number_block
from web.components.companies.texts import size, what_they_do
from web.components.links import link, open_here
from web.components.next_step import draw_step
from web.components.text import literal

PAGE_SIZE = 12
TEXT, PAGE = "company-text", "company-page"


def draw_search(actor: Actor) -> None:
    _draw_title(actor)
    text = st.text_input(
        _("Search"),
        key=TEXT,
        max_chars=100,
        placeholder=_("Name, town, postcode, KVK number or telephone number"),
        persist_state="session",
        on_change=state.put,
        args=(PAGE, 1),
    )
    which, kind = _choose_step()
    with reading() as session:
        found = _find(session, actor, text, which, kind)
        steps = next_steps(session, actor, [row.company.id for row in found.rows])
    if which and not found.total:
        st.info(_("No company fits this choice."))
    else:
        _draw_count(actor, text, found)
    with st.container(gap="xsmall"):
        for row in found.rows:
            _draw_row(row, steps.get(row.company.id))
    if found.total > PAGE_SIZE:
        st.pagination(ceil(found.total / PAGE_SIZE), key=PAGE, persist_state="session")
    draw_number_block()


def _choose_step() -> tuple[StepFilter | None, FollowUpKind | None]:
    """By their next step, which also sorts by its moment. The choice stands in the address."""
    to_first = partial(state.put, PAGE, 1)
    left, right = st.columns(2)
    which = left.selectbox(
        _("Next step"),
        list(StepFilter),
        index=None,
        format_func=lambda which: which.label,
        placeholder=_("All companies, by name"),
        **in_address("step", {which.value: which for which in StepFilter}, then=to_first),
    )
    kind = right.selectbox(
        _("Kind"),
        list(FollowUpKind),
        index=None,
        format_func=lambda kind: kind.label,
        placeholder=_("All kinds"),
        disabled=which is StepFilter.NONE,
        **in_address("step-kind", {kind.value: kind for kind in FollowUpKind}, then=to_first),
    )
    return which or (StepFilter.PLANNED if kind else None), kind


def _find(
    session: Session, actor: Actor, text: str, which: StepFilter | None, kind: FollowUpKind | None
) -> FoundCompanies:
    page = state.value(PAGE, 1)
    if which is None:
        return search(session, actor, text, page, PAGE_SIZE)
    return companies_by_step(session, actor, which, kind=kind, text=text, page=page, page_size=PAGE_SIZE)


def _draw_title(actor: Actor) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title(_("Companies"), anchor=False)
        with st.container(horizontal=True, width="content"):
            draw_block_button(actor)
            if actor.may(Permission.COMPANY_EDIT):
                st.button(
                    _("New company"),
                    key="new-company",
                    icon=":material/add_business:",
                    on_click=st.query_params.from_dict,
                    args=({"new": "1"},),
                )


def _draw_count(actor: Actor, text: str, found: FoundCompanies) -> None:
    if found.instead:
        st.info(
            _("Nothing found for “{text}”. This is what “{instead}” gives.").format(
                text=literal(text), instead=literal(found.instead)
            )
        )
    if found.more:
        st.caption(_("More than {n} companies. Type more to find the right one.").format(n=found.total))
    elif found.total:
        st.caption(ngettext("{n} company", "{n} companies", found.total).format(n=found.total))
    elif text.strip():
        st.info(_("Nothing found. Try the first letters of the name, or the last four digits of the number."))
    else:
        st.info(_("There are no companies yet. Import a file, or add a company by hand."), icon=":material/storefront:")
        link(actor, "import_companies", _("Import companies"), icon=":material/upload_file:")


def _draw_row(row: FoundCompany, step: NextStep | None) -> None:
    company = row.company
    with st.container(border=True, key=f"company-{company.id}"):
        who, verdict = st.columns([7, 4], vertical_alignment="center")
        with who.container(gap="xxsmall"):
            open_here(company.name, f"open-{company.id}", bold=True, company=company.id)
            words = [what_they_do(company), company.town, size(company)]
            st.caption(" · ".join(literal(word) for word in words if word) or _("not known"))
            if step:
                draw_step(step)
        verdict.markdown(verdict_line(row.verdict))


def verdict_line(verdict: Verdict) -> str:
    """May we call, as coloured words with a sign."""
    color, icon = ("green", "check_circle") if verdict.allowed else ("red", "block")
    return f":{color}[:material/{icon}: {literal(verdict.reason)}]"
