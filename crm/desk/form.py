"""What the wrap-up form asks, whatever the script: a script that asks the same under the same name comes first."""

from collections.abc import Mapping, Sequence
from typing import Any

from crm.core.i18n import N_, _
from crm.scripts.graph import AskedField, FieldKind

_KINDS: dict[str, tuple[FieldKind, str]] = {
    "disposition": (FieldKind.TEXT, N_("Result")),
    "objection_right": (FieldKind.YES_NO, N_("Right to object mentioned")),
    "nobody_spoken": (FieldKind.YES_NO, N_("Nobody spoken")),
    "summary": (FieldKind.TEXT, N_("In one sentence")),
    "spoken_with": (FieldKind.TEXT, N_("Spoken with")),
    "contact_function": (FieldKind.TEXT, N_("Function")),
    "follow_up": (FieldKind.TEXT, N_("Next step")),
    "follow_up_on": (FieldKind.DATE, N_("Date")),
    "follow_up_time": (FieldKind.TEXT, N_("Time")),
    "follow_up_note": (FieldKind.TEXT, N_("Note")),
    "follow_up_team": (FieldKind.YES_NO, N_("For the team")),
    "new_legal_form": (FieldKind.TEXT, N_("Legal form")),
    "hidden_job": (FieldKind.YES_NO, N_("Hidden job")),
    "known_job": (FieldKind.NUMBER, N_("Hidden job")),
    "job_title": (FieldKind.TEXT, N_("What is the work called?")),
    "job_reason": (FieldKind.TEXT, N_("Why is there work?")),
    "tasks": (FieldKind.LIST, N_("Tasks")),
    "hours_per_week": (FieldKind.NUMBER, N_("Hours per week")),
    "days": (FieldKind.LIST, N_("Days")),
    "start": (FieldKind.TEXT, N_("Start")),
    "must_have": (FieldKind.TEXT, N_("Must be able to")),
    "learnable": (FieldKind.TEXT, N_("May be learned")),
    "importance": (FieldKind.SCALE, N_("How important (0-10)")),
    "competences": (FieldKind.LIST, N_("Competences")),
}
_MOST = {"hours_per_week": 60, "known_job": 2**53, "importance": 10}

FORM = {
    name: AskedField(name=name, label=label, kind=kind, maximum=_MOST.get(name, 10))
    for name, (kind, label) in _KINDS.items()
}

Texts = Mapping[str, str]
# Asked where the script asks them; the form has those that are not asked at the moment.
JOB_FIELDS = frozenset({"tasks", "hours_per_week", "days", "start", "must_have", "learnable", "importance"})
NOTES = "notes"  # the one text that is part of the call itself


def label(name: str) -> str:
    return _(FORM[name].label)


def is_list(asked: AskedField | None) -> bool:
    return asked is not None and asked.kind is FieldKind.LIST


def from_text(asked: AskedField | None, text: str) -> str | list[str] | None:
    """What was typed as it is kept: a list has one item per line, and nothing is None."""
    if is_list(asked):
        return [line.strip() for line in text.splitlines() if line.strip()] or None
    return text.strip() or None


def to_text(kept: Any) -> str:
    """What is kept as it was typed."""
    return "\n".join(str(line) for line in kept) if isinstance(kept, list) else str(kept or "")


def both(kept: str, typed: str, bases: Sequence[str] | None, *, several_lines: bool) -> str:
    """The text to keep: what was typed, together with what is kept when that is nothing it was made from."""
    here, there = _even(typed), _even(kept)
    if bases is None or there in {"", here, *map(_even, bases)} or there in here:
        return typed
    if here in there:
        return kept
    return f"{kept}\n{typed}" if several_lines else f"{kept} / {typed}"


def _even(text: str) -> str:
    """Without what keeping a text takes away from it."""
    return "\n".join(line.strip() for line in text.strip().splitlines() if line.strip())
