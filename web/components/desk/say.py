"""Middle: what to say now, the answers one key away, and the way so far."""

import streamlit as st

from crm.access.permissions import Permission
from crm.calling.services import give_answer, go_back
from crm.core.db import reading
from crm.core.i18n import _
from crm.desk.queries import Talk
from crm.outreach.recommendations import Quote, quote_for
from crm.scripts.graph import OBJECTION, Answer
from web import state
from web.components.calls.incoming import draw_incoming_button, draw_incoming_dialog
from web.components.calls.log import draw_log_call_at_desk
from web.components.desk.acting import act, changed
from web.components.desk.asked import draw_asked
from web.components.desk.belonging import of_step
from web.components.desk.keeper import draw_keeper
from web.components.desk.keys import KEYS, draw_keys
from web.components.desk.markup import draw
from web.components.dialogs import dialog_button, opened, show_dialog
from web.components.text import literal
from web.session import current_actor

OBJECTION_KEYS = "1234567890AEF"
MOST_STEPS = 3  # of the way so far
ONE_COLUMN = 5  # answers; more go in two
LONG_TEXT = 320  # characters that fit beside five answers


def draw_say(talk: Talk) -> None:
    choosing = _chooses_objection(talk)
    draw_keeper(talk, len(talk.position.path) + choosing)
    _draw_text(talk, choosing=choosing)
    if choosing:
        _draw_objections(talk)
    else:
        _draw_answers(talk)
        draw_asked(talk)
    _draw_ways_out(talk, choosing=choosing)
    if opened()[0] == KEYS:
        show_dialog(_("Keys"), draw_keys)
    draw_incoming_dialog()
    draw_log_call_at_desk()


def _chooses_objection(talk: Talk) -> bool:
    here = talk.position
    at_node = here.node.id == talk.script.objections_node
    return at_node or state.value(_flag(talk), False)


def _flag(talk: Talk) -> str:
    """Whether the list of objections is open at this step."""
    return of_step("objections", talk)


def _draw_text(talk: Talk, *, choosing: bool) -> None:
    here = talk.position
    objection = here.objection
    draw(
        "say.html",
        path=[passed.label for passed in here.path[-MOST_STEPS:]],
        title=_("What does the other say?") if choosing else here.node.title,
        goal="" if choosing else here.node.goal,
        objection=objection.says if objection and not choosing else "",
        reply=talk.said(objection.reply) if objection and not choosing else "",
        recommended=_recommended(talk) if objection and not choosing else None,
        spoken=talk.said(here.node.say) if not choosing else "",
        small=len(here.node.choices) > ONE_COLUMN or len(here.node.say) > LONG_TEXT,
        tip="" if choosing else here.node.tip,
        closings=[talk.said(closing.text) for closing in talk.script.closings] if here.ended else [],
        words={
            "path": _("The way so far"),
            "goal": _("Goal"),
            "tip": _("Tip"),
            "closings": _("To end with"),
            "recommended": _("Another employer says"),
        },
    )


def _recommended(talk: Talk) -> Quote | None:
    """Trust comes from others: who hesitates hears what somebody like them says of us."""
    with reading() as session:
        return quote_for(session, current_actor(Permission.CALL_MAKE), talk.call.company_id)


def _draw_answers(talk: Talk) -> None:
    choices = talk.position.node.choices
    if len(choices) <= ONE_COLUMN:
        for number, answer in enumerate(choices, start=1):
            _draw_answer(talk, answer, str(number))
        return
    columns = st.columns(2, gap="xsmall")
    for number, answer in enumerate(choices, start=1):
        with columns[(number - 1) * 2 // len(choices)]:
            _draw_answer(talk, answer, str(number))


def _draw_answer(talk: Talk, answer: Answer, shortcut: str) -> None:
    st.button(
        literal(answer.label),
        key=of_step(f"answer-{shortcut}", talk),
        shortcut=shortcut,
        width="stretch",
        wrap=True,
        on_click=_answer,
        args=(_flag(talk), talk.call.id, talk.position.node.id, answer.key),
    )


def _draw_objections(talk: Talk) -> None:
    here = talk.position
    at_node = here.node.id == talk.script.objections_node
    columns = st.columns(2, gap="xsmall")
    objections = talk.script.objections
    for place, objection in enumerate(objections):
        answer = (objection.code, None) if at_node else (OBJECTION, objection.code)
        columns[place * 2 // len(objections)].button(
            literal(objection.says),
            key=of_step(f"objection-{objection.code}", talk),
            shortcut=OBJECTION_KEYS[place] if place < len(OBJECTION_KEYS) else None,
            width="stretch",
            wrap=True,
            on_click=_answer,
            args=(_flag(talk), talk.call.id, here.node.id, *answer),
        )


def _draw_ways_out(talk: Talk, *, choosing: bool) -> None:
    here = talk.position
    with st.container(key="ways-out", horizontal=True, gap="xsmall"):
        if here.path or choosing:
            st.button(_("Back"), key="back", shortcut="B", on_click=_back, args=(talk.call.id, _flag(talk)))
        if here.node.objection and not choosing:
            st.button(
                literal(here.node.objection.label),
                key="objections",
                shortcut="O",
                on_click=_choose_objection,
                args=(_flag(talk),),
            )
        draw_incoming_button(type="tertiary")
        dialog_button(_("Keys"), KEYS, key="keys", shortcut="F1", type="tertiary")


def _answer(flag: str, call_id: int, node: str, answer: str, objection: str | None = None) -> None:
    """Unless the list of objections has come in its place meanwhile: an answer pressed just before that is none."""
    if state.value(flag) and objection is None:
        changed()
        return
    state.forget(flag)
    act(give_answer, call_id, node, answer, objection=objection)


def _choose_objection(flag: str) -> None:
    state.put(flag, True)
    changed()


def _back(call_id: int, flag: str) -> None:
    """Closes the list of objections first."""
    if state.value(flag):
        state.forget(flag)
        changed()
    else:
        act(go_back, call_id)
