"""`kopkoffie check` finds what is wrong and says how to put it right."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import text
from sqlmodel import select

from crm.access.demo import DEMO_DOMAIN
from crm.core import db
from crm.core.db import transaction
from crm.core.secrets import KEY_FILE
from crm.matching import weights
from crm.scheduling.lease import lease_of
from crm.scheduling.models import SchedulerLease

ONLY_SQLITE = pytest.mark.parametrize("installation", ["sqlite"], indirect=True)


def wrong(printed: str) -> list[str]:
    """The findings that are wrong, with the advice that belongs to them."""
    lines = printed.splitlines()
    return [
        f"{line.removeprefix('WRONG').strip()} {advice.strip()}"
        for line, advice in zip(lines, [*lines[1:], ""], strict=True)
        if line.startswith("WRONG")
    ]


def test_a_new_installation_only_has_to_be_migrated(installation, kopkoffie) -> None:
    outcome = kopkoffie("check")
    assert outcome.code == 1
    assert wrong(outcome.out) == ["The database is not at this release -> Run: kopkoffie migrate"]


def test_a_migrated_installation_is_in_order(installation, kopkoffie) -> None:
    assert kopkoffie("migrate").code == 0
    outcome = kopkoffie("check")
    assert wrong(outcome.out) == []
    assert outcome.code == 0
    assert "The database is at this release" in outcome.out


@ONLY_SQLITE
def test_rules_of_matching_that_cannot_be_used_are_found(migrated, kopkoffie, monkeypatch) -> None:
    half = [{"rule": "unknown", "value": "50"}]
    monkeypatch.setattr(weights, "rows", lambda _file: half)
    weights.weights.cache_clear()
    (found,) = wrong(kopkoffie("check").out)
    assert found.startswith("data/reference/matching.csv cannot be used. ")
    assert found.endswith("-> Correct that file and start again.")
    assert "data/reference/matching.csv cannot be used." in kopkoffie("web").err


def test_a_database_of_a_later_release_is_found_and_not_migrated(migrated, kopkoffie) -> None:
    with db.engine().execution_options(writing=True).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'later'"))
    assert wrong(kopkoffie("check").out)[0].startswith("A newer release has used this database")
    assert "A newer release has used this database" in kopkoffie("migrate").err


def beat() -> None:
    lease = lease_of("test")
    assert lease.hold()
    lease.release()


def test_a_scheduler_that_never_ran_or_stopped_is_found(migrated, kopkoffie) -> None:
    kopkoffie("user", "add", "jo@desk.nl", "--name", "Jo", "--role", "caller")
    advice = "-> Nobody is reminded now. Start it: `kopkoffie run`, or `kopkoffie scheduler` for it alone."
    assert wrong(kopkoffie("check").out) == [f"The scheduler has never run with this database {advice}"]
    beat()
    running = kopkoffie("check")
    assert (running.code, wrong(running.out)) == (0, [])
    assert "The scheduler runs; its last sign of life was" in running.out
    with transaction() as session:
        session.exec(select(SchedulerLease)).one().beat_at = datetime(2026, 11, 24, 9, tzinfo=UTC)
    with time_machine.travel("2026-11-24 09:03Z", tick=False):
        found = wrong(kopkoffie("check").out)
    assert f"The scheduler does not run; it last did Tue 24 Nov 10:00 {advice}" in found


def test_demo_accounts_beside_real_ones_are_found(migrated, kopkoffie) -> None:
    for address in ("jo@desk.nl", f"beller@{DEMO_DOMAIN}"):
        kopkoffie("user", "add", address, "--name", "Jo", "--role", "caller")
    assert wrong(kopkoffie("check").out)[0].startswith("Demo accounts stand beside real ones")


def test_a_clock_set_ahead_is_found_at_a_real_desk_alone(migrated, kopkoffie, monkeypatch) -> None:
    monkeypatch.setenv("KOPKOFFIE_CLOCK_OFFSET", "3600")
    kopkoffie("user", "add", f"beller@{DEMO_DOMAIN}", "--name", "Jo", "--role", "caller")
    beat()
    assert wrong(kopkoffie("check").out) == []
    kopkoffie("user", "add", "jo@desk.nl", "--name", "Jo", "--role", "caller")
    assert "The clock of a real desk is set ahead -> Remove KOPKOFFIE_CLOCK_OFFSET." in wrong(kopkoffie("check").out)


def test_work_from_the_future_is_found(migrated, kopkoffie) -> None:
    kopkoffie("user", "add", "jo@desk.nl", "--name", "Jo", "--role", "caller")
    with time_machine.travel(datetime.now(UTC) - timedelta(hours=3), tick=False):
        found = wrong(kopkoffie("check").out)
    assert any(line.startswith("There is work from after the present moment") for line in found)


@ONLY_SQLITE
def test_a_clock_that_is_years_behind_is_found(installation, kopkoffie) -> None:
    with time_machine.travel("2020-01-01", tick=False):
        assert any("clock of this machine is behind" in line for line in wrong(kopkoffie("check").out))


@ONLY_SQLITE
@pytest.mark.parametrize(("name", "mode"), [("", 0o755), (KEY_FILE, 0o640)])
def test_what_others_may_read_is_found_with_the_command_that_closes_it(
    migrated, kopkoffie, tmp_path: Path, name: str, mode: int
) -> None:
    (tmp_path / "data" / KEY_FILE).write_text("a key")
    (tmp_path / "data" / KEY_FILE).chmod(0o600)
    path = tmp_path / "data" / name
    path.chmod(mode)
    found = wrong(kopkoffie("check").out)
    assert len(found) == 1
    assert found[0].endswith(f"-> Run: chmod {'600' if name else '700'} '{path}'")


@ONLY_SQLITE
def test_the_folder_and_the_key_are_made_for_this_user_alone(installation, kopkoffie, tmp_path: Path) -> None:
    from crm.core.secrets import secret_key

    assert kopkoffie("migrate").code == 0
    secret_key.cache_clear()
    assert len(secret_key()) >= 32
    secret_key.cache_clear()
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "data" / KEY_FILE).stat().st_mode & 0o777 == 0o600


@ONLY_SQLITE
@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"KOPKOFFIE_PROT": "9000"}, "KOPKOFFIE_PROT is not a setting -> Did you mean KOPKOFFIE_PORT?"),
        ({"KOPKOFFIE_XQZ": "1"}, "KOPKOFFIE_XQZ is not a setting -> Remove it."),
        ({"KOPKOFFIE_SMTP_HOST": "mail.example.nl"}, "E-mail has no sender -> Set KOPKOFFIE_MAIL_FROM"),
        ({"KOPKOFFIE_HOST": "0.0.0.0"}, "The network can reach the web server without encryption -> Put a proxy"),
    ],
)
def test_doubtful_settings_are_found(migrated, kopkoffie, monkeypatch, variables, says) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    outcome = kopkoffie("check")
    assert outcome.code == 1
    assert [line[: len(says)] for line in wrong(outcome.out)] == [says]


@ONLY_SQLITE
def test_settings_that_belong_together_are_in_order(migrated, kopkoffie, monkeypatch) -> None:
    monkeypatch.setenv("KOPKOFFIE_HOST", "0.0.0.0")
    monkeypatch.setenv("KOPKOFFIE_PUBLIC_URL", "https://kopkoffie.example.nl/")
    monkeypatch.setenv("KOPKOFFIE_SMTP_HOST", "mail.example.nl")
    monkeypatch.setenv("KOPKOFFIE_MAIL_FROM", "desk@example.nl")
    monkeypatch.setenv("KOPKOFFIE_SECRET_KEY", "sixteen-or-more-characters")
    outcome = kopkoffie("check")
    assert wrong(outcome.out) == []
    assert "People open https://kopkoffie.example.nl\n" in outcome.out


@ONLY_SQLITE
def test_a_database_that_is_away_is_found_without_its_password(installation, kopkoffie, monkeypatch) -> None:
    monkeypatch.setenv("KOPKOFFIE_DATABASE_URL", "postgresql://me:hush@127.0.0.1:9/nothing")
    outcome = kopkoffie("check")
    assert wrong(outcome.out)[0].startswith("The database cannot be reached")
    assert "hush" not in outcome.out


@ONLY_SQLITE
def test_a_folder_that_is_a_file_is_found(installation, kopkoffie, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    found = wrong(kopkoffie("check").out)
    assert found[0].startswith(f"The data folder {tmp_path / 'data'} cannot be written")
