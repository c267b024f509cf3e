"""The `kopkoffie` command."""

import sys

import typer

from crm.cli.checking import check
from crm.cli.database import demo, migrate
from crm.cli.faults import FAULTS, explained
from crm.cli.importing import app as importing
from crm.cli.running import run, scheduler, web
from crm.cli.users import app as users

app = typer.Typer(
    rich_markup_mode=None,  # an error is a line that can be read and searched, not a box that breaks names in two
    help="Kopkoffie: the servicedesk that finds hidden work.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (run, web, scheduler, migrate, demo, check):
    app.command()(command)
app.add_typer(users, name="user")
app.add_typer(importing, name="import")


def main(arguments: list[str] | None = None) -> None:
    """Run a command. A fault that a person can put right is told in a line, not as a traceback."""
    try:
        app(arguments)
    except FAULTS as fault:
        lines = explained(fault)
        if not lines:
            raise
        typer.echo("\n".join(lines), err=True)
        sys.exit(2)
