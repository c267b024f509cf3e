"""Checking and importing a file of companies."""

from collections.abc import Callable
from pathlib import Path

from sqlmodel import Session

from crm.access.actor import Actor
from crm.companies.importing.inputs import ImportInput
from crm.companies.importing.report import Report

Progress = Callable[[float], object]


def import_file(
    session: Session,
    actor: Actor,
    path: Path,
    wishes: ImportInput,
    *,
    folder: Path,
    progress: Progress | None = None,
) -> Report:
    """Import a CSV or XLSX file.

    `folder` is where the details of the report are kept (issues, rejected rows); the caller owns it.
    `progress` hears how far the work is, from 0 to 1. Raises CrmError for a file that cannot be read.
    The command line does:

        with TemporaryDirectory() as folder, transaction() as session:
            report = import_file(session, SYSTEM, path, ImportInput(), folder=Path(folder))
            report.save(out)   # JSON, for --report
    """
    raise NotImplementedError
