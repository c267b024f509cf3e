"""Letters that ask for consent: what came of them, mailings (`?new=1` for a new one), campaigns, and their text."""

from math import ceil

import streamlit as st

from crm.access.permissions import Permission
from crm.core.db import reading
from crm.core.i18n import _
from crm.outreach.models import Answer
from crm.outreach.queries import figures, letters
from crm.outreach.sender import missing
from web import state
from web.components.companies.letters import sender_unknown, told
from web.components.letters.campaign import draw_campaigns
from web.components.letters.letter_text import draw_text
from web.components.letters.mailing import VIEW, draw_mailings, draw_new_mailing
from web.components.links import asked, link
from web.components.text import literal
from web.session import current_actor

PAGE_SIZE = 20
PAGE = "letters-page"


def draw_figures() -> None:
    columns = st.columns(5)
    numbers = {
        _("Letters made"): counts.made,
        _("Posted"): counts.sent,
        **{answer.label: counts.answers.get(answer, 0) for answer in Answer},
    }
    for column, (label, number) in zip(columns, numbers.items(), strict=True):
        column.metric(label, number, border=True)


def draw_rows(*, answered: bool) -> None:
    total = sum(counts.answers.values()) if answered else counts.made
    if not total:
        st.info(
            _("Nobody has answered yet.")
            if answered
            else _("No letter yet. Open a company that may not be called, and choose “Make a letter”.")
        )
    with reading() as session:
        rows = letters(session, actor, answered=answered, page=state.value(PAGE, 1), page_size=PAGE_SIZE)
    for row in rows:
        with st.container(border=True, gap="xxsmall", key=f"row-{row.letter.id}"):
            link(actor, "companies", f"{row.company}, {row.town}", bold=True, company=row.letter.company_id)
            st.caption(literal(" · ".join(told(row.letter))))
    if total > PAGE_SIZE:
        st.pagination(ceil(total / PAGE_SIZE), key=PAGE)


actor = current_actor(Permission.LETTER_SEND)
if missing():
    st.warning(literal(sender_unknown()), icon=":material/settings:")
if asked("new") is not None:
    draw_new_mailing(actor)
    st.stop()
st.title(_("Letters"), anchor=False)
with reading() as session:
    counts = figures(session, actor)
views = {
    "answers": _("Answers"),
    "mailings": _("Mailings"),
    "campaigns": _("Campaigns"),
    "letters": _("All letters"),
    "text": _("Text of the letter"),
}
view = st.segmented_control(
    _("What do you want to see?"),
    list(views),
    default="answers",
    format_func=views.__getitem__,
    required=True,
    key=VIEW,
    label_visibility="collapsed",
    on_change=state.forget,
    args=(PAGE,),
)
if view == "text":
    draw_text(actor)
elif view == "mailings":
    draw_mailings(actor)
elif view == "campaigns":
    draw_campaigns(actor)
else:
    draw_figures()
    draw_rows(answered=view == "answers")
