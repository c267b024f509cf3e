"""`kopkoffie user`."""

import re

import pytest
from sqlmodel import col, select

from crm.access.models import SignInSession, User
from crm.access.passwords import matches
from crm.access.queries import token_hash
from crm.audit.models import AuditEntry
from crm.core.clock import at, today
from crm.core.db import reading, transaction

GOOD = "correct-horse-battery"

pytestmark = pytest.mark.usefixtures("migrated")


def user(email: str) -> User:
    with reading() as session:
        return session.exec(select(User).where(User.email == email)).one()


def test_a_user_can_be_added_with_a_password_of_ones_own(kopkoffie) -> None:
    outcome = kopkoffie(
        "user", "add", "Jo@Desk.NL", "--name", "Jo Bos", "--role", "caller", "--stdin", stdin=GOOD + "\n"
    )
    assert outcome.code == 0
    assert "jo@desk.nl can sign in as caller." in outcome.out
    assert GOOD not in outcome.out
    assert matches(GOOD, user("jo@desk.nl").password_hash)


def test_without_a_terminal_a_password_is_made_up_and_shown(kopkoffie) -> None:
    outcome = kopkoffie("user", "add", "jo@desk.nl", "--name", "Jo", "--role", "admin")
    shown = re.search(r"shown this once: (\S+)", outcome.out)
    assert shown
    assert matches(shown[1], user("jo@desk.nl").password_hash)


@pytest.mark.parametrize(
    ("arguments", "stdin", "says"),
    [
        (("no-address", "--name", "Jo", "--role", "caller"), GOOD, "Email: write it as name@company.nl"),
        (("jo@desk.nl", "--name", "Jo", "--role", "caller"), "short", "Use at least 12 characters"),
        (("jo@desk.nl", "--name", "Jo", "--role", "boss"), GOOD, "boss"),
        (("taken@desk.nl", "--name", "Jo", "--role", "caller"), GOOD, "There is already a user with taken@desk.nl"),
    ],
)
def test_a_refusal_says_why_and_adds_nobody(kopkoffie, arguments, stdin, says) -> None:
    kopkoffie("user", "add", "taken@desk.nl", "--name", "Ab", "--role", "caller")
    outcome = kopkoffie("user", "add", *arguments, "--stdin", stdin=stdin)
    assert outcome.code == 2
    assert says in outcome.err
    assert "Traceback" not in outcome.err
    with reading() as session:
        assert [found.name for found in session.exec(select(User))] == ["Ab"]


def test_the_list_shows_role_and_who_is_closed(kopkoffie) -> None:
    kopkoffie("user", "add", "jo@desk.nl", "--name", "Jo Bos", "--role", "caller")
    kopkoffie("user", "add", "ab@desk.nl", "--name", "Ab Pek", "--role", "coach")
    kopkoffie("user", "deactivate", "ab@desk.nl")
    lines = kopkoffie("user", "list").out.splitlines()
    assert [re.split(r"\s{2,}", line) for line in lines] == [
        ["jo@desk.nl", "Caller", "Jo Bos"],
        ["ab@desk.nl", "Job coach", "Ab Pek", "(closed)"],
    ]


def test_a_new_password_signs_out_everywhere(kopkoffie) -> None:
    kopkoffie("user", "add", "jo@desk.nl", "--name", "Jo", "--role", "caller")
    with transaction() as session:
        session.add(
            SignInSession(token_hash=token_hash("t"), user_id=user("jo@desk.nl").id, expires_at=at(today(), 23))
        )
    assert kopkoffie("user", "password", "JO@desk.nl", "--stdin", stdin=GOOD).code == 0
    assert matches(GOOD, user("jo@desk.nl").password_hash)
    with reading() as session:
        assert session.exec(select(SignInSession)).first() is None


def test_a_closed_account_is_not_active_and_the_log_says_so(kopkoffie) -> None:
    kopkoffie("user", "add", "jo@desk.nl", "--name", "Jo", "--role", "caller")
    assert kopkoffie("user", "deactivate", "jo@desk.nl").code == 0
    assert not user("jo@desk.nl").active
    with reading() as session:
        entries = session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).first()
    assert entries is not None
    assert entries.action == "user.deactivated"


@pytest.mark.parametrize("command", ["password", "deactivate"])
def test_an_unknown_address_is_said_to_be_unknown(kopkoffie, command) -> None:
    outcome = kopkoffie("user", command, "who@desk.nl")
    assert outcome.code == 2
    assert "There is no user with who@desk.nl" in outcome.err


def test_the_last_administrator_stays(kopkoffie) -> None:
    kopkoffie("user", "add", "jo@desk.nl", "--name", "Jo", "--role", "admin")
    outcome = kopkoffie("user", "deactivate", "jo@desk.nl")
    assert outcome.code == 2
    assert "last administrator" in outcome.err
    assert user("jo@desk.nl").active
