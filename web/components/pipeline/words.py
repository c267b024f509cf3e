"""A hidden job in words, the same on a card of the board and in the list."""

from typing import Any

from crm.core.i18n import _, ngettext, show_amount
from crm.matching.board import Card
from crm.pipeline.board import BoardCard
from crm.pipeline.models import STALE_AFTER, Pipeline
from crm.pipeline.stages import has_ended, stage_name
from crm.reference.queries import reasons
from web.components.next_step import step_words
from web.components.pipeline.form import day_label


def card_words(card: Card, *, one_kind: bool) -> dict[str, Any]:
    """For the browser, which puts each of them in a line of its own. A board of one kind does not repeat which."""
    shown, job = card.shown, card.shown.job
    return {
        "id": job.id,
        "version": job.version,
        "kind": job.pipeline,
        "title": shown.title,
        "work": "" if one_kind else kind(shown),
        "employer": shown.employer,
        "place": " · ".join(filter(None, (shown.town, hours(shown), days(shown)))),
        "reason": job.lost_reason.label if job.lost_reason else reason(shown),
        "age": age(shown),
        "level": level(shown),
        "people": introduced(card),
        "step": step(card),
        "late": bool(card.step and card.step.is_late),
        "owner": _("with {name}").format(name=shown.owner) if shown.owner else "",
        "obstacles": card.obstacles,
    }


def kind(card: BoardCard) -> str:
    """What is not ordinary work says so, and its word for where it is when that is not the one above the column."""
    pipeline, stage = card.job.pipeline, card.job.stage
    own = stage_name(pipeline, stage)
    words = ["" if pipeline is Pipeline.WORK else pipeline.label, "" if own == stage.label else own]
    return " · ".join(filter(None, words))


def hours(card: BoardCard) -> str:
    known = card.job.hours_per_week
    return _("{n} hours").format(n=show_amount(known)) if known else _("hours unknown")


def days(card: BoardCard) -> str:
    return " ".join(day_label(code) for code in card.job.days)


def reason(card: BoardCard) -> str:
    code = card.job.reason
    return reasons()[code].name if code in reasons() else code


def introduced(card: Card) -> str:
    made = card.people.made
    return ngettext("{n} introduced", "{n} introduced", made).format(n=made) if made else ""


def step(card: Card) -> str:
    if card.step is None:
        return ""
    return f"{step_words(card.step)} · {_('late')}" if card.step.is_late else step_words(card.step)


def jobs_counted(n: int) -> str:
    return ngettext("{n} job", "{n} jobs", n).format(n=n)


def age(card: BoardCard) -> str:
    """How long the job is in its stage."""
    n = card.waiting.days
    if card.is_stale:
        return ngettext("standing still for {n} day", "standing still for {n} days", n).format(n=n)
    return ngettext("for {n} day", "for {n} days", n).format(n=n) if n else _("since today")


def level(card: BoardCard) -> str:
    """A colour beside the words: what has ended waits for nobody."""
    if has_ended(card.job):
        return "ended"
    if card.is_stale:
        return "stale"
    return "waiting" if card.waiting > STALE_AFTER / 2 else "fresh"
