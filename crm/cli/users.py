"""`kopkoffie user`: accounts, for when nobody can sign in yet or any more."""

import sys
from typing import Annotated, Literal

import typer
from pydantic import SecretStr
from sqlmodel import col, select

from crm.access.actor import SYSTEM
from crm.access.inputs import NewUser, clean_email
from crm.access.models import User
from crm.access.passwords import generate_password
from crm.access.permissions import Role
from crm.access.services import add_user, deactivate, reset_password
from crm.cli.database import require_current
from crm.core.db import reading, transaction
from crm.core.errors import CrmError
from crm.core.i18n import _
from crm.core.settings import settings

app = typer.Typer(help="Add users, list them, give them a new password or close their account.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(help="The e-mail address they sign in with.")]
FromInput = Annotated[bool, typer.Option("--stdin", help="Read the password from standard input.")]


class NoSuchUser(CrmError):
    def __init__(self, email: str) -> None:
        super().__init__(_("There is no user with {email}. `kopkoffie user list` shows them all.").format(email=email))


@app.command()
def add(
    email: Email,
    name: Annotated[str, typer.Option(prompt=True)],
    role: Annotated[Role, typer.Option(prompt=True)],
    language: Annotated[Literal["nl", "en"] | None, typer.Option(help="That of the installation if left out.")] = None,
    stdin: FromInput = False,
) -> None:
    """Add a user. Asks for a password; without a terminal it makes one up and shows it once."""
    create(email, name, role, ask_password(stdin=stdin), language=language or settings().language)


@app.command("list")
def show() -> None:
    """List all users."""
    require_current()
    with reading() as session:
        everybody = session.exec(select(User).order_by(col(User.active).desc(), User.name)).all()
    for user in everybody:
        closed = "" if user.active else f"  ({_('closed')})"
        typer.echo(f"{user.email:<40}  {user.role.label:<14}  {user.name}{closed}")


@app.command()
def password(email: Email, stdin: FromInput = False) -> None:
    """Give a user a new password. They are signed out everywhere."""
    user_id = find(email)
    chosen, made_up = ask_password(stdin=stdin)
    with transaction() as session:
        reset_password(session, SYSTEM, user_id, chosen)
    typer.echo(_("{email} has a new password and is signed out everywhere.").format(email=clean_email(email)))
    show_once(chosen, made_up=made_up)


@app.command("deactivate")
def close(email: Email) -> None:
    """Close an account. Its user is signed out at once; their work stays."""
    with transaction() as session:
        deactivate(session, SYSTEM, find(email))
    typer.echo(_("{email} can no longer sign in.").format(email=clean_email(email)))


def create(email: str, name: str, role: Role, secret: tuple[str, bool], *, language: str) -> None:
    require_current()
    chosen, made_up = secret
    given = {"email": email, "name": name, "role": role, "password": SecretStr(chosen), "language": language}
    with transaction() as session:
        user = add_user(session, SYSTEM, NewUser.model_validate(given))
    typer.echo(_("{email} can sign in as {role}.").format(email=user.email, role=user.role.label.lower()))
    show_once(chosen, made_up=made_up)


def find(email: str) -> int:
    require_current()
    with reading() as session:
        user_id = session.exec(select(User.id).where(User.email == clean_email(email))).one_or_none()
    if user_id is None:
        raise NoSuchUser(email)
    return user_id


def ask_password(*, stdin: bool = False) -> tuple[str, bool]:
    """The password, and whether it was made up here."""
    if stdin:
        return sys.stdin.readline().rstrip("\n"), False
    if sys.stdin.isatty():
        return typer.prompt(_("Password"), hide_input=True, confirmation_prompt=True), False
    return generate_password(), True


def show_once(chosen: str, *, made_up: bool) -> None:
    if made_up:
        typer.echo(_("Password, shown this once: {password}").format(password=chosen))
