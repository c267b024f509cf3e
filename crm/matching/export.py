"""The chosen hidden jobs as a file for a spreadsheet."""

from enum import StrEnum

from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.core.i18n import _, show_moment
from crm.core.spreadsheet import Cell, as_csv, as_xlsx
from crm.matching.board import Card
from crm.matching.job_list import Column, all_jobs
from crm.pipeline.inputs import BoardFilters
from crm.pipeline.stages import stage_name
from crm.reference.days import Day
from crm.reference.queries import reasons


class FileKind(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


def export_jobs(session: Session, actor: Actor, filters: BoardFilters, kind: FileKind) -> bytes:
    """For who reports. The audit log keeps who took which choice along, and how many jobs that were."""
    actor.require(Permission.REPORT_VIEW)
    rows = [_cells(card) for card in all_jobs(session, actor, filters)]
    chosen = filters.model_dump(mode="json", exclude_defaults=True)
    record(session, actor, "jobs.downloaded", session.get_one(User, actor.user_id), rows=len(rows), chosen=chosen)
    table: list[list[Cell]] = [
        [*(column.label for column in Column), _("Days in this stage"), _("Stands still")],
        *rows,
    ]
    return as_xlsx(table) if kind is FileKind.XLSX else as_csv(table)


def _cells(card: Card) -> list[Cell]:
    shown, job = card.shown, card.shown.job
    told: dict[Column, Cell] = {
        Column.TITLE: shown.title,
        Column.EMPLOYER: shown.employer,
        Column.TOWN: shown.town,
        Column.HOURS: job.hours_per_week,
        Column.DAYS: " ".join(Day(code).label[:2] for code in job.days),
        Column.REASON: reasons()[job.reason].name if job.reason in reasons() else job.reason,
        Column.KIND: job.pipeline.label,
        Column.STAGE: stage_name(job.pipeline, job.stage),
        Column.AGE: show_moment(job.stage_since),
        Column.INTRODUCED: card.people.made,
        Column.STEP: _step(card),
        Column.OWNER: shown.owner,
    }
    return [*(told[column] for column in Column), shown.waiting.days, _("yes") if shown.is_stale else _("no")]


def _step(card: Card) -> str:
    if card.step is None:
        return ""
    return f"{card.step.follow_up.kind.label} · {show_moment(card.step.follow_up.due_at)}"
