"""What is written down during a call is kept as it is given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.calling.models import UNFINISHED, Call, CallField
from crm.calling.queries import written
from crm.calling.rules import checked
from crm.calling.services import own_open_call, save_field, save_notes
from crm.core.clock import now
from crm.core.db import locked
from crm.core.errors import NotFound
from crm.desk.form import FORM, NOTES, Texts, both, from_text, is_list, to_text
from crm.scripts.queries import script


def write(session: Session, actor: Actor, call_id: int, name: str, value: Any, *, late: bool = False) -> None:
    """Keep one thing that was filled in, under a name of the script or of the wrap-up form.

    `late`: text that may have been on its way when a colleague took the company over.
    """
    call = own_open_call(session, actor, call_id, late=late)
    if script(session, call.script_version_id).field(name) or name not in FORM:
        save_field(session, actor, call_id, name, value, late=late)
        return
    kept = checked(FORM[name], value)
    statement = select(CallField).where(CallField.call_id == call.id, CallField.name == name)
    field = session.exec(statement).one_or_none() or CallField(call_id=call.id, name=name)
    field.value, field.saved_at = kept, now()
    session.add(field)


@dataclass(frozen=True, slots=True)
class KeptTexts:
    """`merged` has what is kept instead of a text, when another window had changed it meanwhile."""

    at: datetime
    merged: dict[str, str]


def write_texts(
    session: Session, actor: Actor, call_id: int, texts: Texts, bases: Mapping[str, Sequence[str]] | None = None
) -> KeptTexts:
    """Keep what was typed. What is kept already does not count, so it may come twice or after the call.

    `bases` has for each text what it may have been made from. When something else is kept by now, another window was
    first: then both are kept, below each other.
    """
    call = session.get(Call, call_id)
    if call is None or call.caller_id != actor.id:
        raise NotFound
    if call.status in UNFINISHED:
        call = locked(session, Call, call_id)  # two windows at the same moment see each other's text
    asked = script(session, call.script_version_id)
    before = written(session, call_id)
    merged: dict[str, str] = {}
    for name, text in texts.items():
        field = asked.field(name) or FORM.get(name)
        known = call.notes if name == NOTES else to_text(before.get(name))
        whole = both(known, text, (bases or {}).get(name), several_lines=name == NOTES or is_list(field))
        if whole != text:
            merged[name] = whole
        if name == NOTES:
            if whole != call.notes:
                save_notes(session, actor, call_id, whole)
        elif (given := from_text(field, whole)) != before.get(name):
            write(session, actor, call_id, name, given, late=True)
    return KeptTexts(now(), merged)
