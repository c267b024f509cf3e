"""A work analysis on paper: filled in, or empty to take along."""

from typing import Any

from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.queries import company
from crm.core.i18n import _, language, show_amount, show_date
from crm.core.settings import PROJECT_DIR, settings
from crm.core.typesetting import typeset
from crm.pipeline.analyses.models import WorkTask
from crm.pipeline.analyses.queries import AnalysisCard, analysis_card
from crm.pipeline.analyses.rules import hours_by_person, hours_of

TEMPLATE = PROJECT_DIR / "data" / "analyses" / "analysis.typ"
EMPTY_ROWS = 9

Told = dict[str, Any]


def print_analysis(session: Session, actor: Actor, analysis_id: int) -> bytes:
    """A PDF (PDF/UA). Raises NotFound or NotPrinted."""
    card = analysis_card(session, actor, analysis_id)
    return typeset(TEMPLATE, _form(card.company.name) | _filled(card))


def print_empty(session: Session, actor: Actor, company_id: int | None = None) -> bytes:
    """The same form with room to write, for a company or for any. Raises NotFound or NotPrinted."""
    actor.require(Permission.COMPANY_VIEW)
    name = company(session, actor, company_id).company.name if company_id else ""
    return typeset(TEMPLATE, _form(name))


def _form(name: str) -> Told:
    nothing: Told = dict.fromkeys(("what", "done_by", "how_often", "hours", "split_off", "training"), "")
    return {
        "title": " · ".join(filter(None, (_("Work analysis"), name))),
        "author": settings().organisation,
        "language": language(),
        "empty": True,
        "about": [(_("Company"), name), (_("Date"), ""), (_("Spoken with"), ""), (_("By"), "")],
        "tasks_heading": _("Which tasks are done here?"),
        "columns": [
            _("Task"),
            _("Who does it now"),
            _("How often"),
            _("Hours a week"),
            _("Could be split off"),
            _("Training needed"),
        ],
        "rows": [nothing] * EMPTY_ROWS,
        "summary": [],
        "sections": [
            {"heading": _("What is left undone?"), "text": "", "rows": 3},
            {"heading": _("What is the work like here?"), "text": "", "rows": 3},
            {"heading": _("What did we agree?"), "text": "", "rows": 3},
        ],
        "nothing": _("Nothing was written down here."),
        "questions_heading": _("Questions that help"),
        "questions": questions(),
    }


def questions() -> list[str]:
    """What one asks at a visit to find work that could be split off."""
    return [
        _("Which work do your skilled people do that needs no diploma?"),
        _("What do you do yourself in the evening or at the weekend?"),
        _("What should be done more often than it is now?"),
        _("Which work keeps waiting, and since when?"),
        _("What would somebody have to be shown before doing this alone?"),
    ]


def _filled(card: AnalysisCard) -> Told:
    analysis = card.analysis
    texts = (analysis.left_undone, analysis.circumstances, analysis.agreements)
    return {
        "empty": False,
        "about": [
            (_("Company"), card.company.name),
            (_("Date"), f"{show_date(analysis.held_on)} · {analysis.way.label}"),
            (_("Spoken with"), analysis.spoken_with or "–"),
            (_("By"), card.made_by),
        ],
        "rows": [_row(task) for task in card.tasks],
        "summary": _summary(card.tasks),
        "sections": [section | {"text": text} for section, text in zip(_form("")["sections"], texts, strict=True)],
    }


def _row(task: WorkTask) -> Told:
    return {
        "what": task.what,
        "done_by": task.done_by,
        "how_often": task.how_often,
        "hours": show_amount(task.hours_per_week) if task.hours_per_week is not None else "",
        "split_off": _("yes") if task.split_off else "",
        "training": _("yes") if task.needs_training else "",
    }


def _summary(tasks: list[WorkTask]) -> list[str]:
    chosen = [task for task in tasks if task.split_off]
    return [split_off_in_words(chosen)] if chosen else []


def split_off_in_words(tasks: list[WorkTask]) -> str:
    """How much could be split off, and whose time it takes now."""
    people = ", ".join(
        f"{name or _('unknown')} {show_amount(hours)}" for name, hours in hours_by_person(tasks).items() if hours
    )
    words = _("Could be split off: {hours} hours a week.").format(hours=show_amount(hours_of(tasks)))
    return f"{words} {_('Now with: {people}.').format(people=people)}" if people else words
