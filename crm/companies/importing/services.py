"""Checking and importing a file of companies."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from hashlib import file_digest
from pathlib import Path

from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.companies.importing.batches import AT_ONCE, Importer
from crm.companies.importing.inputs import ImportInput
from crm.companies.importing.mapping import check, suggest
from crm.companies.importing.problems import Problem, issue
from crm.companies.importing.reading import open_table
from crm.companies.importing.report import Counts, Notebook, Report
from crm.companies.importing.rows import RowReader, unread_columns
from crm.companies.importing.writing import Writer
from crm.companies.models import ImportBatch

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

    A company that is already there gets what it lacks: empty fields are filled and new numbers added. What
    somebody filled in stays; a different value in the file is reported. Suppressions are left alone.

    `folder` is where the details of the report are kept; it belongs to the caller. `progress` hears how far the
    work is, from 0 to 1. Raises UnreadableFile, or MissingColumns without names or telephone numbers.
    The command line does:

        with TemporaryDirectory() as folder, transaction() as session:
            report = import_file(session, SYSTEM, path, ImportInput(), folder=Path(folder))
            report.save(out)   # the JSON of --report
    """
    actor.require(Permission.COMPANY_IMPORT)
    report = Report(folder=folder)
    with session.begin_nested() as savepoint:
        batch = _go_through(session, actor, path, wishes, report=report, progress=progress)
        report.written = not (wishes.all_or_nothing and report.rejected)
        if report.written:
            _close(session, actor, batch, report)
        else:
            savepoint.rollback()
            _refuse_all(report)
    return _finished(session, report)


def check_file(
    session: Session,
    actor: Actor,
    path: Path,
    wishes: ImportInput,
    *,
    folder: Path,
    progress: Progress | None = None,
) -> Report:
    """What an import would do. It really does it and takes it back, so that the check cannot differ from it."""
    actor.require(Permission.COMPANY_IMPORT)
    report = Report(folder=folder)
    with session.begin_nested() as savepoint:
        _go_through(session, actor, path, wishes, report=report, progress=progress)
        savepoint.rollback()
    return _finished(session, report)


def _go_through(
    session: Session,
    actor: Actor,
    path: Path,
    wishes: ImportInput,
    *,
    report: Report,
    progress: Progress | None,
) -> ImportBatch:
    table = open_table(path, wishes.sheet)
    headers = table.header.cells
    columns = suggest(headers) if wishes.columns is None else wishes.columns
    check(columns, headers)
    batch = _batch(actor, path, wishes)
    session.add(batch)
    session.flush()
    reader = RowReader(headers, columns, batch.source)
    with Notebook(report.folder, reader.headers) as notebook:
        notebook.note(unread_columns(headers, columns, table.header.number))
        writer = Writer(session.connection(), actor, batch.id)
        importer = Importer(report, reader, writer, notebook, wishes.decisions)
        with _old_objects_left_alone():
            for lines, share in table.batches(AT_ONCE):
                importer.take(lines)
                if progress:
                    progress(share)
            importer.finish()
    return batch


@contextmanager
def _old_objects_left_alone() -> Iterator[None]:
    """A sixth of the time went into looking for garbage among all that the program holds besides the rows."""
    if gc.get_freeze_count():  # the web server did so when it began; what came since are its visitors, who also go
        yield
        return
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _batch(actor: Actor, path: Path, wishes: ImportInput) -> ImportBatch:
    name = (wishes.file_name or path.name)[:200]
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return ImportBatch(file_name=name, file_sha256=digest, source=wishes.source or name[:120], made_by_id=actor.id)


def _close(session: Session, actor: Actor, batch: ImportBatch, report: Report) -> None:
    for field in fields(Counts):
        setattr(batch, field.name, getattr(report, field.name))
    record(session, actor, "companies.imported", batch)


def _refuse_all(report: Report) -> None:
    """All rows or nothing, and some are bad: the counts must not claim that anything was written."""
    report.add(issue(0, "", str(report.rejected), Problem.NOTHING_WRITTEN))
    report.rejected += report.created + report.updated
    report.created = report.updated = 0


def _finished(session: Session, report: Report) -> Report:
    session.expire_all()  # the rows were written past the objects in this session
    report.keep()
    return report
