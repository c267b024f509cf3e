"""Templates of follow-ups in rows, under their kind."""

from collections.abc import Sequence
from itertools import groupby

import streamlit as st

from crm.core.i18n import _, ngettext
from crm.followups.inputs import SuccessorInput
from crm.followups.models import FollowUpTemplate, TemplateEvent
from crm.followups.templates import TemplateCard
from crm.reference.queries import outcomes
from web.components.follow_ups.template_form import open_template
from web.components.text import literal


def draw_templates(cards: Sequence[TemplateCard]) -> None:
    names = {card.template.id: card.template.name for card in cards}
    for kind, members in groupby(cards, key=lambda card: card.template.kind):
        st.subheader(kind.label, anchor=False)
        for card in members:
            _draw_row(card, names)


def _draw_row(card: TemplateCard, names: dict[int, str]) -> None:
    template = card.template
    with (
        st.container(border=True, key=f"template-{template.id}"),
        st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"),
    ):
        with st.container(gap="xxsmall"):
            st.markdown(f"**{literal(template.name)}**")
            st.caption(literal(" · ".join((when_text(template), template.who.label))))
            if template.event:
                st.caption(literal(_("Comes by itself when: {event}").format(event=template.event.label)))
            if template.note:
                st.text(template.note)
            for successor in card.successors:
                st.caption(f":material/subdirectory_arrow_right: {literal(_successor_text(card, successor, names))}")
        st.button(
            _("Change"),
            key=f"edit-template-{template.id}",
            on_click=open_template,
            args=(template.id,),
        )


def _successor_text(card: TemplateCard, successor: SuccessorInput, names: dict[int, str]) -> str:
    then = names.get(successor.next_id, _("a template that is no longer used"))
    if successor.outcome is None:
        return _("When this is done: {then}").format(then=then)
    known = outcomes(card.template.kind).get(successor.outcome)
    after = known.name if known else successor.outcome
    return _("When this is done with “{outcome}”: {then}").format(outcome=after, then=then)


def when_text(template: FollowUpTemplate) -> str:
    days = template.working_days
    if template.event is not TemplateEvent.KOPKOFFIE_PLANNED:
        later = ngettext("{n} working day later", "{n} working days later", days).format(n=days)
        return later if days else _("The same day")
    before = ngettext("{n} working day before the kopkoffie", "{n} working days before the kopkoffie", -days)
    after = ngettext("{n} working day after the kopkoffie", "{n} working days after the kopkoffie", days)
    return (before if days < 0 else after).format(n=abs(days)) if days else _("On the day of the kopkoffie")
