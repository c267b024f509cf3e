"""Right: notes, the result of the call, the next step, and the hidden job if one was found."""

from collections.abc import Sequence
from datetime import time
from functools import partial

import streamlit as st

from crm.calling.models import ObjectionRight
from crm.calling.rules import MESSAGE_LEFT
from crm.core.i18n import _
from crm.desk.drafts import NO_STEP
from crm.desk.form import NOTES as NOTES_FIELD
from crm.desk.form import label
from crm.desk.queries import Talk
from crm.desk.rules import Needs, cautions, no_message_text, possible_results
from crm.desk.services import write
from crm.followups.spoken import SpokenMoment
from crm.pipeline.models import HiddenJob
from crm.reference.queries import dispositions, legal_forms
from web.components.autosave import TextField
from web.components.desk.acting import act
from web.components.desk.belonging import of_call
from web.components.desk.job import draw_job
from web.components.desk.kept import kept
from web.components.desk.leads import draw_leads
from web.components.desk.texts import NOTES, draw_texts
from web.components.moment import ask_spoken, read_back
from web.components.text import literal


def draw_notes(talk: Talk) -> None:
    draw_texts(
        talk,
        NOTES,
        [
            TextField(NOTES_FIELD, _("Notes"), talk.call.notes, lines=4, longest=20_000, shortcut="N"),
            _field(talk, "spoken_with", half=True),
            _field(talk, "contact_function", half=True),
            _field(talk, "summary"),
        ],
    )


def _field(talk: Talk, name: str, *, half: bool = False) -> TextField:
    return TextField(name, label(name), talk.fields.get(name) or "", half=half, longest=500)


def draw_form(talk: Talk, jobs: Sequence[HiddenJob]) -> None:
    _draw_result(talk)
    if needs := talk.draft.needs:
        _draw_what_it_asks(talk, needs, jobs)
    draw_leads(talk)


def _draw_what_it_asks(talk: Talk, needs: Needs, jobs: Sequence[HiddenJob]) -> None:
    if len(needs.objection_right) > 1:
        _draw_objection_right(talk)
    if needs.legal_form:
        _draw_legal_form(talk)
    if needs.steps:
        _draw_next_step(talk)
    if needs.job_allowed:
        draw_job(talk, jobs)


def _draw_result(talk: Talk) -> None:
    names = {result.code: result.name for result in possible_results(talk.call.way)}
    if MESSAGE_LEFT in names and talk.no_message and not _chosen(talk, MESSAGE_LEFT):
        del names[MESSAGE_LEFT]
    chosen = talk.draft.result.code if talk.draft.result else None
    st.selectbox(
        label("disposition"),
        list(names),
        index=None,
        format_func=names.__getitem__,
        placeholder=_("Choose the result of the call."),
        **kept(talk, "disposition", chosen if chosen in names else None),
    )
    proposed = dispositions().get(talk.proposal.disposition or "")
    if proposed and talk.draft.result != proposed:
        st.caption(_("The script proposes: {result}").format(result=proposed.name))
    if talk.told and talk.draft.result != talk.told:
        st.button(
            _("The telephone says: {result}").format(result=literal(talk.told.name)),
            key=of_call("told-result", talk.call.id),
            icon=":material/call_end:",
            on_click=act,
            args=(write, talk.call.id, "disposition", talk.told.code),
        )
    if talk.no_message and (talk.draft.result is None or talk.draft.result.is_system):
        st.caption(f":material/voicemail: {no_message_text(talk.no_message)}")


def _chosen(talk: Talk, code: str) -> bool:
    return talk.draft.result is not None and talk.draft.result.code == code


def _draw_objection_right(talk: Talk) -> None:
    words = {
        ObjectionRight.OFFERED: _("Yes"),
        ObjectionRight.NOT_OFFERED: _("No"),
        ObjectionRight.NO_CONTACT: _("Nobody spoken"),
    }
    st.segmented_control(
        _("Did you say: “you can ask us not to call again”?"),
        talk.draft.needs.objection_right if talk.draft.needs else (),
        format_func=words.__getitem__,
        **kept(talk, "objection_right", talk.draft.objection_right, keep=_keep_objection_right),
    )


def _keep_objection_right(call_id: int, _name: str, given: ObjectionRight | None) -> None:
    nobody = given is ObjectionRight.NO_CONTACT
    said = None if given is None or nobody else given is ObjectionRight.OFFERED
    act(write, call_id, "objection_right", said)
    act(write, call_id, "nobody_spoken", nobody or None)


def _draw_legal_form(talk: Talk) -> None:
    groups = {"natural_person", "partnership"}
    names = {code: form.name for code, form in legal_forms().items() if form.group in groups}
    st.pills(
        _("What is it then?"),
        list(names),
        format_func=names.__getitem__,
        **kept(talk, "new_legal_form", talk.draft.legal_form),
    )


def _draw_next_step(talk: Talk) -> None:
    form = talk.draft
    needs = form.needs
    kinds = {kind.value: kind.label for kind in needs.steps} if needs else {}
    if needs and not needs.next_step:
        kinds[NO_STEP] = _("No next step")
    st.selectbox(
        label("follow_up"),
        list(kinds),
        format_func=kinds.__getitem__,
        **kept(talk, "follow_up", form.step.value if form.step else NO_STEP),
    )
    if form.step:
        _draw_moment(talk)


def _keep_time(call_id: int, name: str, given: time | None) -> None:
    act(write, call_id, name, f"{given:%H:%M}" if given else None)


def _keep_moment(call_id: int, spoken: SpokenMoment) -> None:
    act(write, call_id, "follow_up_on", spoken.day.isoformat())
    if spoken.clock:
        _keep_time(call_id, "follow_up_time", spoken.clock)


def _draw_moment(talk: Talk) -> None:
    form = talk.draft
    keep = partial(_keep_moment, talk.call.id)
    said, day, clock = st.columns([9, 11, 7], gap="xsmall", vertical_alignment="bottom")
    with said:
        ask_spoken(of_call("follow_up_said", talk.call.id), keep)
    day.date_input(
        label("follow_up_on"),
        value=None,
        format="DD-MM-YYYY",
        required=True,
        **kept(talk, "follow_up_on", form.due_on),
    )
    clock.time_input(
        label("follow_up_time"),
        value=None,
        step=900,
        required=True,
        **kept(talk, "follow_up_time", form.due_time, keep=_keep_time),
    )
    st.checkbox(label("follow_up_team"), **kept(talk, "follow_up_team", form.for_team))
    step = form.next_step(talk.call.caller_id)
    if step is None:
        return
    free = of_call("follow_up_free", talk.call.id)
    read_back(free, step.due_at, keep, owner_id=step.owner_id, trade_group=talk.trade_group)
    for caution in cautions(step):
        st.caption(f":material/info: {literal(caution)}")
