"""Making the database ready, and looking what kind it is."""

import typer
from sqlmodel import col, select

from crm.access.demo import DEMO_DOMAIN
from crm.access.models import User
from crm.core.db import engine, reading, transaction
from crm.core.errors import CrmError
from crm.core.i18n import _
from crm.followups.templates import load_templates
from crm.migrations import runner
from crm.scripts.services import load_scripts


class NewerDatabase(CrmError):
    def __init__(self) -> None:
        super().__init__(_("A newer release has used this database. Install that release, or restore a backup."))


class NotMigrated(CrmError):
    def __init__(self) -> None:
        super().__init__(_("The database is not ready for this release. Run: kopkoffie migrate"))


def migrate() -> None:
    """Bring the database to this release and load the call scripts and the templates of follow-ups."""
    prepare_database()
    typer.echo(_("The database is ready."))


def demo() -> None:
    """Fill an empty database with an invented desk: companies, job seekers, callers and three weeks of calls."""
    prepare_database()
    fill_with_demo()


def prepare_database() -> None:
    if runner.is_newer(engine()):
        raise NewerDatabase
    runner.upgrade(engine())
    with transaction() as session:
        runner.wait_for_turn(session.connection())
        load_scripts(session)
        load_templates(session)


def fill_with_demo() -> None:
    from crm.demo.build import build_demo  # only here: it is large, and a real desk never needs it

    typer.echo(_("Making the demo, a moment please."))
    build_demo()
    typer.echo(_("The demo is ready."))


def require_current() -> None:
    """Raises NotMigrated rather than let a command trip over a missing table."""
    if not runner.is_current(engine()):
        raise NotMigrated


def is_empty() -> bool:
    return not has_users(invented=True) and not has_users(invented=False)


def is_demo() -> bool:
    """Whether every account is an invented one. With one real account it is a real desk, to be on the safe side."""
    return has_users(invented=True) and not has_users(invented=False)


def has_users(*, invented: bool) -> bool:
    in_domain = col(User.email).endswith(f"@{DEMO_DOMAIN}")
    with reading() as session:
        return session.exec(select(User.id).where(in_domain if invented else ~in_domain).limit(1)).first() is not None
