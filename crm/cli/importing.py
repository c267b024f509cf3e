"""`kopkoffie import`: companies from a file."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from crm.access.actor import SYSTEM
from crm.cli.database import require_current
from crm.companies.importing.inputs import ImportInput
from crm.companies.importing.report import Report
from crm.companies.importing.services import import_file
from crm.core.db import transaction
from crm.core.i18n import _

STEPS = 1000

app = typer.Typer(help="Bring in data from files.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Without this Typer would leave out the name of the only command."""


@app.command()
def companies(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV or XLSX.")],
    report: Annotated[Path | None, typer.Option(help="Write counts and doubtful rows to this file, as JSON.")] = None,
    source: Annotated[str, typer.Option(help="Where the numbers come from; the file's name if left out.")] = "",
    all_or_nothing: Annotated[bool, typer.Option("--all-or-nothing", help="Refuse the file for one bad row.")] = False,
) -> None:
    """Import companies. Doubtful rows are reported, never guessed; a second import of a file changes nothing."""
    require_current()
    wishes = ImportInput(source=source, file_name=file.name, all_or_nothing=all_or_nothing)
    with TemporaryDirectory() as folder:
        outcome = _import(file, wishes, Path(folder), report)
    for line in _counts(outcome):
        typer.echo(line)
    if not outcome.written:
        raise typer.Exit(1)


def _import(file: Path, wishes: ImportInput, folder: Path, report: Path | None) -> Report:
    with typer.progressbar(length=STEPS, label=file.name) as bar, transaction() as session:

        def progress(done: float) -> None:
            bar.update(int(done * STEPS) - bar.pos)

        outcome = import_file(session, SYSTEM, file, wishes, folder=folder, progress=progress)
        if report:
            outcome.save(report)  # before the commit: without the report asked for nothing is kept
    return outcome


def _counts(outcome: Report) -> list[str]:
    lines = [
        f"{outcome.rows:>9,}  {_('rows read')}",
        f"{outcome.created:>9,}  {_('new companies')}",
        f"{outcome.updated:>9,}  {_('companies with new details')}",
        f"{outcome.unchanged:>9,}  {_('already known')}",
        f"{outcome.duplicates:>9,}  {_('perhaps the same as a company we have: decide on the screen')}",
        f"{outcome.rejected:>9,}  {_('rejected: no name, or no telephone number that can be used')}",
    ]
    return lines if outcome.written else [*lines, _("Nothing was imported: not every row is good.")]
