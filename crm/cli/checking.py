"""`kopkoffie check`: is this installation in order, and if not, what to do."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path

import typer
from sqlalchemy import func, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import select

from crm.audit.models import AuditEntry
from crm.cli import address
from crm.cli.database import has_users
from crm.cli.faults import first_line, variable
from crm.core.db import engine, reading
from crm.core.i18n import _, show_moment
from crm.core.secrets import KEY_FILE
from crm.core.settings import Settings, settings
from crm.matching.weights import RulesWrong, weights
from crm.migrations import runner
from crm.outreach.sender import answer_address, missing
from crm.scheduling.lease import SILENT, last_beat

RELEASED = datetime(2026, 11, 1, tzinfo=UTC)
CLOCKS_MAY_DIFFER = timedelta(minutes=2)
NOT_SETTINGS = {"KOPKOFFIE_ADMIN_EMAIL"}  # read by `kopkoffie run` itself


@dataclass(frozen=True, slots=True)
class Finding:
    """`advice` says how to put it right; without it there is nothing wrong."""

    what: str
    advice: str = ""


def check() -> None:
    """Look whether this installation is in order. Says what is wrong and how to put it right."""
    findings = [
        finding
        for look in (_variables, _mail, _telephony, _letters, _rules, _network, _folder, _key, _clock, _database)
        for finding in look()
    ]
    for finding in findings:
        typer.echo(f"{_('WRONG') if finding.advice else 'ok':<6} {finding.what}")
        if finding.advice:
            typer.echo(f"       -> {finding.advice}")
    if any(finding.advice for finding in findings):
        raise typer.Exit(1)


def _variables() -> Iterator[Finding]:
    prefix, known = variable(""), {variable(name) for name in Settings.model_fields} | NOT_SETTINGS
    unknown = sorted(name for name in os.environ if name.startswith(prefix) and name not in known)
    for name in unknown:
        close = get_close_matches(name.removeprefix(prefix), [setting.removeprefix(prefix) for setting in known], n=1)
        advice = _("Did you mean {name}?").format(name=prefix + close[0]) if close else _("Remove it.")
        yield Finding(_("{name} is not a setting").format(name=name), advice)
    if not unknown:
        yield Finding(_("The settings are known and well formed"))


def _mail() -> Iterator[Finding]:
    if not settings().smtp_host:
        yield Finding(_("No mail server is set: reminders are shown in the app alone"))
    elif "mail_from" not in settings().model_fields_set:
        yield Finding(_("E-mail has no sender"), _("Set KOPKOFFIE_MAIL_FROM to an address of your organisation."))
    else:
        yield Finding(_("E-mail goes out through {host}").format(host=settings().smtp_host))


def _telephony() -> Iterator[Finding]:
    if not settings().telephony:
        yield Finding(_("No telephone system is set: callers dial by a link or on their own telephone"))
    for name, system in settings().telephony.items():
        yield Finding(_("Telephone system {name} is of the kind {kind}").format(name=name, kind=system.kind))


def _letters() -> Iterator[Finding]:
    if names := missing():
        yield Finding(_("No letters can be made before {names} are set").format(names=", ".join(names)))
    else:
        yield Finding(_("Letters are answered at {address}").format(address=answer_address()))


def _rules() -> Iterator[Finding]:
    try:
        weights()
    except RulesWrong as error:
        yield Finding(str(error), _("Correct that file and start again."))


def _network() -> Iterator[Finding]:
    if address.is_open_to_others() and not settings().public_url.startswith("https://"):
        yield Finding(
            _("The network can reach the web server without encryption"),
            _("Put a proxy with https in front and set KOPKOFFIE_PUBLIC_URL, or leave KOPKOFFIE_HOST at 127.0.0.1."),
        )
    else:
        yield Finding(_("People open {address}").format(address=address.shown()))


def _folder() -> Iterator[Finding]:
    folder = settings().data_dir
    if not folder.exists():
        yield Finding(_("The data folder {path} is made at the first start").format(path=folder))
    elif not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield Finding(
            _("The data folder {path} cannot be written").format(path=folder),
            _("Make it a folder of this user, or set KOPKOFFIE_DATA_DIR to another one."),
        )
    else:
        yield _private(folder, _("The data folder {path}").format(path=folder), "700")


def _key() -> Iterator[Finding]:
    path = settings().data_dir / KEY_FILE
    if settings().secret_key.get_secret_value():
        yield Finding(_("The secret key is set by KOPKOFFIE_SECRET_KEY"))
    elif path.exists():
        yield _private(path, _("The secret key {path}").format(path=path), "600")
    else:
        yield Finding(_("A secret key is made at the first start"))


def _private(path: Path, name: str, mode: str) -> Finding:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        return Finding(
            _("{name} can be read by other users of this machine").format(name=name),
            _("Run: chmod {mode} '{path}'").format(mode=mode, path=path),
        )
    return Finding(_("{name} belongs to this user alone").format(name=name))


def _clock() -> Iterator[Finding]:
    if datetime.now(UTC) < RELEASED:
        yield Finding(_("The clock of this machine is behind"), _("Set the clock, for example with NTP."))
    else:
        yield Finding(_("The clock of this machine is plausible"))


def _database() -> Iterator[Finding]:
    try:
        with engine().connect() as connection:
            connection.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError) as error:
        yield Finding(
            _("The database cannot be reached: {reason}").format(reason=first_line(error)),
            _("Start the database, or correct KOPKOFFIE_DATABASE_URL."),
        )
        return
    yield Finding(_("The database can be reached"))
    if runner.is_newer(engine()):
        yield Finding(_("A newer release has used this database"), _("Install that release, or restore a backup."))
    elif not runner.is_current(engine()):
        yield Finding(_("The database is not at this release"), _("Run: kopkoffie migrate"))
    else:
        yield Finding(_("The database is at this release"))
        yield from _contents()


def _contents() -> Iterator[Finding]:
    invented, real = has_users(invented=True), has_users(invented=False)
    if invented and real:
        yield Finding(
            _("Demo accounts stand beside real ones; everybody knows their password"),
            _("Close them with `kopkoffie user deactivate`, or start a real desk with an empty database."),
        )
    if real and settings().clock_offset:
        yield Finding(_("The clock of a real desk is set ahead"), _("Remove KOPKOFFIE_CLOCK_OFFSET."))
    if real and _newest_entry() > datetime.now(UTC) + CLOCKS_MAY_DIFFER:
        yield Finding(_("There is work from after the present moment"), _("Set the clock of this machine right."))
    if invented or real:
        yield _scheduler()
    if engine().dialect.name == "postgresql" and abs(_database_clock() - datetime.now(UTC)) > CLOCKS_MAY_DIFFER:
        yield Finding(_("The database has another time than this machine"), _("Set both clocks, for example with NTP."))


def _scheduler() -> Finding:
    with reading() as session:
        beaten = last_beat(session)
    advice = _("Nobody is reminded now. Start it: `kopkoffie run`, or `kopkoffie scheduler` for it alone.")
    if beaten is None:
        return Finding(_("The scheduler has never run with this database"), advice)
    if datetime.now(UTC) - beaten > SILENT:
        return Finding(_("The scheduler does not run; it last did {moment}").format(moment=show_moment(beaten)), advice)
    return Finding(_("The scheduler runs; its last sign of life was {moment}").format(moment=show_moment(beaten)))


def _newest_entry() -> datetime:
    with reading() as session:
        return session.exec(select(func.max(AuditEntry.created_at))).one() or datetime.min.replace(tzinfo=UTC)


def _database_clock() -> datetime:
    with engine().connect() as connection:
        moment: datetime = connection.execute(text("SELECT now()")).scalar_one()
    return moment
