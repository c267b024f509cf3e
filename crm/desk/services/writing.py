"""What is written down during a call is kept as it is given."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.calling.models import Call, CallField
from crm.calling.queries import written
from crm.calling.rules import checked
from crm.calling.services import own_open_call, save_field, save_notes
from crm.core.clock import now
from crm.core.errors import NotFound
from crm.desk.form import FORM, NOTES, Texts, from_text
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


def write_texts(session: Session, actor: Actor, call_id: int, texts: Texts) -> datetime:
    """Keep what was typed; says when. What is kept already does not count, so it may come twice or after the call."""
    call = session.get(Call, call_id)
    if call is None or call.caller_id != actor.id:
        raise NotFound
    asked = script(session, call.script_version_id)
    before = written(session, call_id)
    for name, text in texts.items():
        if name == NOTES:
            if text != call.notes:
                save_notes(session, actor, call_id, text)
        elif (given := from_text(asked.field(name) or FORM.get(name), text)) != before.get(name):
            write(session, actor, call_id, name, given, late=True)
    return now()
