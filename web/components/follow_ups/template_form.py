"""Changing a template of a follow-up. Who does so while a colleague did the same sees both versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from crm.access.permissions import Permission
from crm.core.db import reading
from crm.core.i18n import _
from crm.followups.inputs import SuccessorInput, TemplateInput
from crm.followups.models import FollowUpKind, FollowUpTemplate, TemplateEvent, TemplateOwner
from crm.followups.templates import TemplateCard, add_template, edit_template, retire_template, templates
from crm.reference.queries import outcomes
from web import state
from web.actions import perform
from web.components.dialogs import close_when, open_dialog, opened, show_dialog
from web.components.versions import Compared, begin_form, draw_versions, go_on_with
from web.session import current_actor

DIALOG = "template"
NEW = 0  # instead of the id of one
ANY = "any"
NOTE_LENGTH = 1000


@dataclass(frozen=True, slots=True)
class _Form:
    """One template being changed; `card` is None for a new one."""

    card: TemplateCard | None
    names: dict[int, str]

    @property
    def about(self) -> str:
        return f"template-{self.card.template.id if self.card else 'new'}-form"

    def key(self, field: str) -> str:
        return f"{self.about}-{field}"


def open_template(template_id: int = NEW) -> None:
    """For the callback of a button."""
    open_dialog(DIALOG, template_id)


def draw_open_template() -> None:
    name, about = opened()
    if name == DIALOG:
        title = _("New template") if about == (NEW,) else _("Change this template")
        show_dialog(title, lambda: _draw(*about), "medium")


def _draw(template_id: int) -> None:
    """Read anew, as a colleague may have changed it meanwhile."""
    actor = current_actor(Permission.FOLLOWUP_TEAM)
    with reading() as session:
        cards = {card.template.id: card for card in templates(session, actor)}
    form = _Form(cards.get(template_id), {other: card.template.name for other, card in cards.items()})
    if form.card is None and template_id != NEW:
        st.info(_("This template is not used any more."))
        return
    version = begin_form(form.about, form.card.template.version if form.card else 0, _fields_of(form))
    if form.card:
        draw_versions(version, form.card.template, _compared(form), partial(go_on_with, form.about))
    fields = _draw_fields(form)
    problem = st.container()
    with st.container(horizontal=True):
        if st.button(_("Save"), type="primary", icon=":material/check:", key="save-template"):
            _close_when(_save(form, fields, version), form, problem)
        if form.card and not form.card.template.standard and st.button(_("Use no longer"), key="retire-template"):
            template_id = form.card.template.id
            gone = perform(_("This template is not used any more."), retire_template, template_id, version=version)
            _close_when(gone, form, problem)


def _close_when(result: object, form: _Form, problem: st.delta_generator.DeltaGenerator) -> None:
    if result is not None:
        state.forget(*state.keys(f"{form.about}-"))
    close_when(result, problem)


def _save(form: _Form, fields: dict[str, Any], version: int) -> FollowUpTemplate | None:
    if form.card is None:
        return perform(_("Saved."), lambda session, by: add_template(session, by, TemplateInput.model_validate(fields)))
    template_id = form.card.template.id
    return perform(
        _("Saved."),
        lambda session, by: edit_template(
            session, by, template_id, TemplateInput.model_validate(fields), version=version
        ),
    )


def _fields_of(form: _Form) -> dict[str, Any]:
    template = form.card.template if form.card else FollowUpTemplate(name="", kind=FollowUpKind.OTHER, working_days=1)
    plain = {name: getattr(template, name) for name in ("name", "kind", "working_days", "who", "event", "note")}
    return plain | {f"after-{code}": _next_ids(form, code) for code in (ANY, *outcomes(template.kind))}


def _next_ids(form: _Form, code: str) -> list[int]:
    successors = form.card.successors if form.card else []
    return [one.next_id for one in successors if (one.outcome or ANY) == code and one.next_id in form.names]


def _draw_fields(form: _Form) -> dict[str, Any]:
    left, right = st.columns(2)
    name = left.text_input(_("Name"), key=form.key("name"), max_chars=120, persist_state="page")
    chosen: Any = right.selectbox(
        _("Kind"),
        list(FollowUpKind),
        format_func=lambda kind: kind.label,
        key=form.key("kind"),
        disabled=form.card is not None and form.card.template.standard,
        persist_state="page",
    )
    kind = FollowUpKind(chosen)
    days = left.number_input(
        _("Working days later"),
        -20,
        780,
        key=form.key("working_days"),
        help=_("Below zero is before a kopkoffie."),
        persist_state="page",
    )
    who = right.selectbox(
        _("Who does this"),
        list(TemplateOwner),
        format_func=lambda who: who.label,
        key=form.key("who"),
        persist_state="page",
    )
    event = st.selectbox(
        _("Comes by itself when"),
        list(TemplateEvent),
        index=None,
        format_func=lambda event: event.label,
        placeholder=_("Only when somebody plans it, or after another one"),
        key=form.key("event"),
        persist_state="page",
    )
    note = st.text_area(_("Text"), key=form.key("note"), max_chars=NOTE_LENGTH, height=80, persist_state="page")
    successors = tuple(_draw_successors(form, kind))
    return {
        "name": name, "kind": kind, "working_days": days, "who": who, "event": event, "note": note,
        "successors": successors,
    }  # fmt: skip


def _draw_successors(form: _Form, kind: FollowUpKind) -> list[SuccessorInput]:
    st.markdown(f"**{_('When it is done, plan')}**")
    found = []
    for code, label in _labels(kind).items():
        chosen = st.multiselect(
            label,
            list(form.names),
            format_func=form.names.__getitem__,
            placeholder=_("Nothing"),
            key=form.key(f"after-{code}"),
            persist_state="page",
        )
        found += [SuccessorInput(outcome=None if code == ANY else code, next_id=next_id) for next_id in chosen]
    return found


def _labels(kind: FollowUpKind) -> dict[str, str]:
    known = outcomes(kind)
    labels = {ANY: _("Whatever came of it") if known else _("After this")}
    return labels | {code: _("With “{outcome}”").format(outcome=outcome.name) for code, outcome in known.items()}


def _compared(form: _Form) -> list[Compared]:
    if form.card is None:
        return []
    template = form.card.template
    plain = [
        Compared(_("Name"), form.key("name"), template.name),
        Compared(_("Working days later"), form.key("working_days"), template.working_days),
        Compared(_("Who does this"), form.key("who"), template.who, lambda who: who.label),
        Compared(_("Comes by itself when"), form.key("event"), template.event, lambda event: event.label),
        Compared(_("Text"), form.key("note"), template.note),
    ]
    successors = [
        Compared(label, form.key(f"after-{code}"), _next_ids(form, code), lambda ids: _names(form, ids))
        for code, label in _labels(template.kind).items()
    ]
    return [*plain, *successors]


def _names(form: _Form, ids: Sequence[int]) -> str:
    return ", ".join(form.names[one] for one in ids)
