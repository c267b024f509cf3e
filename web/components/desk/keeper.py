"""The part of the desk that lives in the browser: dialling, the clock, the focus, and which keys count."""

from functools import partial

from crm.core.clock import now
from crm.core.i18n import _
from crm.desk.queries import Talk
from web import state
from web.components.browser import browser_component
from web.components.desk.acting import all_changed
from web.components.desk.telephone import dial

_KEEPER = browser_component("desk", __file__, "lasting")
KEY = "keeper"


def draw_keeper(talk: Talk, step: int) -> None:
    """The clock runs from dialling, or from the answer when a telephone system tells of it, and stops at the end.

    `mark` changes when something is saved: then other windows of this caller look at the call again.
    """
    stage, seconds, over = _clock(talk)
    mark = talk.saved_at.isoformat() if talk.saved_at else ""
    early = _("Not counted: look at the question first, and press once more.")
    clock = {"stage": stage, "seconds": seconds, "over": over}
    _KEEPER(
        key=KEY,
        data={"call": talk.call.id, "step": step, "mark": mark, "place": _place(talk), "early": early, **clock},
        on_dialled_change=partial(_dialled, talk.call.id),
        on_looked_change=all_changed,
    )


def _clock(talk: Talk) -> tuple[str, int | None, bool]:
    """What the clock counts from, how many seconds that is, and whether it has stopped."""
    dialled = talk.dialled
    began = (dialled.answered_at or dialled.created_at) if dialled else talk.call.dialled_at
    if began is None:
        return "", None, False
    until = dialled.ended_at if dialled and not dialled.problem else None
    return f"{began:%H%M%S%f}", round(((until or now()) - began).total_seconds()), until is not None


def _place(talk: Talk) -> str:
    """Where the next key belongs: at the number, the question, or what the wrap-up still waits for."""
    position, form = talk.position, talk.draft
    if not position.ended:
        return "say" if position.path or talk.call.dialled_at else "dial"
    if form.result is None or form.needs is None:
        return "result"
    return "summary" if form.needs.summary and not talk.fields.get("summary") else "save"


def _dialled(call_id: int) -> None:
    if e164 := state.value(KEY).dialled:
        dial(call_id, e164)
