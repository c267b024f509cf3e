"""`kopkoffie run`: everything at once, for a newcomer and for a small desk."""

import os
import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from crm.access.demo import DEMO_PASSWORD
from crm.access.permissions import Role
from crm.access.queries import demo_accounts
from crm.cli import address
from crm.cli.database import fill_with_demo, is_demo, is_empty, prepare_database, require_current
from crm.cli.faults import variable
from crm.cli.practice import practice_start
from crm.cli.processes import supervise
from crm.cli.users import ask_password, create
from crm.core.db import reading
from crm.core.errors import CrmError
from crm.core.i18n import _, show_moment
from crm.core.settings import PROJECT_DIR, settings
from crm.matching.weights import weights


class NoAdministrator(CrmError):
    def __init__(self) -> None:
        super().__init__(
            _("KOPKOFFIE_ADMIN_EMAIL: give the e-mail address of the first administrator; there are no users yet.")
        )


def run(
    demo: Annotated[bool, typer.Option(envvar="DEMO", help="Fill an empty database with the demo.")] = True,
    admin_email: Annotated[
        str, typer.Option(envvar="KOPKOFFIE_ADMIN_EMAIL", help="The first user of an empty database without demo.")
    ] = "",
) -> None:
    """Start everything: make the database ready, then the web server and the scheduler. Stop with Ctrl-C."""
    address.require_free()
    weights()  # better here than on the screen of somebody who looks who fits
    prepare_database()
    if is_empty() and demo:
        fill_with_demo()
    elif is_empty():
        create_first_administrator(admin_email)
    environment = child_environment() | quiet_on_a_screen()
    if is_demo():
        environment |= practice_clock() | practice_sender()
    sys.exit(supervise(environment, welcome()))


def web() -> None:
    """Start the web server alone."""
    weights()
    require_current()
    _become("web")


def scheduler() -> None:
    """Start the scheduler alone: reminders, e-mail, claims whose time is over."""
    require_current()
    _become("jobs")


def child_environment() -> dict[str, str]:
    """For processes that run in the project's folder: paths that were relative here are not so there."""
    return os.environ | {
        variable("data_dir"): str(settings().data_dir),
        variable("database_url"): settings().database_url,
    }


def create_first_administrator(email: str) -> None:
    if not email and not sys.stdin.isatty():
        raise NoAdministrator
    email = email or typer.prompt(_("E-mail address of the first administrator"))
    create(email, email.partition("@")[0], Role.ADMIN, ask_password(), language=settings().language)


def practice_clock() -> dict[str, str]:
    """A clock that runs ahead to the next desk hours, unless somebody set one."""
    if "clock_offset" in settings().model_fields_set:
        return {}
    moment = datetime.now(UTC)
    start = practice_start(moment)
    if start is None:
        return {}
    typer.echo(
        _("The desk is closed now. Practice: the demo's clock starts at {moment}.").format(moment=show_moment(start))
    )
    return {variable("clock_offset"): str(int((start - moment).total_seconds()))}


def practice_sender() -> dict[str, str]:
    """So that a demo can make letters: an invented sender, as far as none is set."""
    invented = {
        "public_url": address.shown(),
        "letter_street": "Voorbeeldkade 1",
        "letter_postcode": "3311 AB",
        "letter_town": "Dordrecht",
    }
    return {variable(name): value for name, value in invented.items() if name not in settings().model_fields_set}


def quiet_on_a_screen() -> dict[str, str]:
    """Somebody who watches a terminal wants the address and warnings; a log collector wants it all."""
    if "log_level" in settings().model_fields_set or not sys.stderr.isatty():
        return {}
    return {variable("log_level"): "WARNING"}


def welcome() -> list[str]:
    """How to get in."""
    lines = [_("Kopkoffie is ready: open {address}. Stop with Ctrl-C.").format(address=address.shown())]
    if is_demo():
        with reading() as session:
            accounts = demo_accounts(session)
        lines.append(_("This is a demo. Sign in with one of these, password {password}").format(password=DEMO_PASSWORD))
        lines += [f"  {account.role.label:<15} {account.email}" for account in accounts]
    return lines


def _become(package: str) -> None:
    os.chdir(PROJECT_DIR)
    environment = child_environment()
    os.execve(sys.executable, [sys.executable, "-m", package], environment)  # noqa: S606  this very Python
