"""Evidence of the exceptions: published for offers, and customer of ours."""

from datetime import date, timedelta
from functools import partial
from typing import Any

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.inputs import PublicationInput, RelationInput
from crm.companies.law import Treatment, max_days, opens_calls
from crm.companies.models import CustomerRelation, Publication
from crm.companies.queries import CompanyCard
from crm.companies.services import end_publication, end_relation, record_publication, record_relation
from crm.core.clock import local, today
from crm.core.i18n import _, show_date
from web.actions import perform
from web.components.companies.consent import moment_on
from web.components.dialogs import close_when, dialog_button, draw_cancel
from web.components.text import literal
from web.components.why import publication_line, relation_line
from web.session import current_actor

PUBLICATION, RELATION, RELATION_ENDED = "publication", "relation", "relation-ended"


def draw_grounds(actor: Actor, card: CompanyCard) -> None:
    may_add = actor.may(Permission.COMPANY_EDIT)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader(_("Published for offers"), anchor=False)
        if may_add:
            dialog_button(_("Add"), PUBLICATION, card.company.id, key="add-publication", icon=":material/public:")
    if not card.publications:
        st.caption(_("Nothing written down. A number on a website alone is not enough."))
    for publication in card.publications:
        _draw_publication(publication, may_end=may_add)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader(_("Customer of ours"), anchor=False)
        if may_add:
            dialog_button(_("Add"), RELATION, card.company.id, key="add-relation", icon=":material/handshake:")
    for relation in card.relations:
        _draw_relation(relation, may_end=may_add)
    if not opens_calls(Treatment.CUSTOMER, today()):
        st.caption(_("By the law of today, being a customer is not enough to call."))


def _draw_publication(publication: Publication, *, may_end: bool) -> None:
    limit = max_days(Treatment.PUBLISHED, today())
    last = local(publication.seen_at).date() + timedelta(days=limit) if limit else None
    ended = publication.ended_at is not None
    with st.container(border=True, gap="xsmall", key=f"publication-{publication.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            holds = not ended and (last is None or last > today())
            words = _state(last, ended=ended, holds=holds)
            icon = ":material/check:" if holds else ":material/close:"
            st.badge(words, icon=icon, color="green" if holds else "gray")
            if holds and may_end:
                st.button(
                    _("No longer there"),
                    key=f"end-publication-{publication.id}",
                    type="tertiary",
                    on_click=perform,
                    args=(_("Saved."), end_publication, publication.id),
                    kwargs={"version": publication.version},
                )
        st.caption(literal(publication_line(publication)))
        st.text(publication.text)


def _state(last: date | None, *, ended: bool, holds: bool) -> str:
    if ended:
        return _("No longer there")
    if not holds:
        return _("Seen too long ago: look again")
    return _("Look again before {day}").format(day=show_date(last)) if last else _("Holds")


def _draw_relation(relation: CustomerRelation, *, may_end: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"relation-{relation.id}"):
        st.caption(literal(relation_line(relation)), width="stretch")
        if may_end and relation.until is None:
            key = f"end-relation-{relation.id}"
            dialog_button(_("Has ended"), RELATION_ENDED, relation.company_id, relation.id, key=key, type="tertiary")


def draw_publication_form(card: CompanyCard, _of: int | None) -> None:
    current_actor(Permission.COMPANY_EDIT)
    st.caption(
        _("Only when they ask for offers by telephone, as in “do you have an offer? Then call …”. Copy what it says.")
    )
    url = st.text_input(_("Address of the page"), key="publication-url", max_chars=300, placeholder="www.bedrijf.nl")
    text = st.text_area(_("Exact words"), key="publication-text", max_chars=2000, height=100)
    day = st.date_input(_("Seen on"), today(), max_value=today(), format="DD-MM-YYYY", key="publication-day")
    problem = st.container()
    if st.button(_("Save"), type="primary", key="save-publication"):

        def keep(session: Session, actor: Actor) -> Publication:
            seen = PublicationInput(url=url, text=text, seen_at=moment_on(day or today()))
            return record_publication(session, actor, card.company.id, seen)

        close_when(perform(_("Saved."), keep), problem)


def draw_relation_form(card: CompanyCard, _of: int | None) -> None:
    current_actor(Permission.COMPANY_EDIT)
    given: dict[str, Any] = {
        "what": st.text_input(_("Customer of what?"), key="relation-what", max_chars=300),
        "how_known": st.text_input(
            _("How do we know?"), key="relation-how", max_chars=300, placeholder=_("agreement, invoice, project file")
        ),
    }
    first, last = st.columns(2)
    pick = partial(st.date_input, value=None, max_value=today(), format="DD-MM-YYYY")
    with first:
        given["since"] = pick(_("Since"), key="relation-since")
    with last:
        given["until"] = pick(_("Until (empty: still)"), key="relation-until")
    problem = st.container()
    if st.button(_("Save"), type="primary", key="save-relation"):

        def keep(session: Session, actor: Actor) -> CustomerRelation:
            return record_relation(session, actor, card.company.id, RelationInput.model_validate(given))

        close_when(perform(_("Saved."), keep), problem)


def draw_relation_ended(card: CompanyCard, relation_id: int | None) -> None:
    current_actor(Permission.COMPANY_EDIT)
    relation = next(relation for relation in card.relations if relation.id == relation_id)
    st.caption(literal(relation_line(relation)))
    day = st.date_input(_("Last day"), today(), max_value=today(), format="DD-MM-YYYY", key="relation-last-day")
    problem = st.container()
    with st.container(horizontal=True):
        if st.button(_("Save"), type="primary", key="save-relation-ended"):
            kept = perform(_("Saved."), end_relation, relation.id, day or today(), version=relation.version)
            close_when(kept, problem)
        draw_cancel()
