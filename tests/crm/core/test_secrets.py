"""The installation's own key."""

import stat
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from crm.core import secrets
from crm.core.settings import settings

PRINT_KEY = "from crm.core.secrets import secret_key; print(secret_key())"


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("KOPKOFFIE_DATA_DIR", str(tmp_path / "data"))
    _forget()
    yield tmp_path / "data"
    monkeypatch.undo()
    _forget()


def test_is_made_once_and_for_its_owner_only(data_dir):
    key = secrets.secret_key()
    assert stat.S_IMODE((data_dir / "secret.key").stat().st_mode) == 0o600
    assert [path.name for path in data_dir.iterdir()] == ["secret.key"]
    assert len(key) >= 32
    _forget()
    assert secrets.secret_key() == key


def test_two_processes_that_start_together_agree(data_dir):
    asking = [Popen([sys.executable, "-c", PRINT_KEY], stdout=PIPE) for _number in range(4)]
    keys = {process.communicate()[0] for process in asking}
    assert len(keys) == 1
    assert {process.returncode for process in asking} == {0}


def test_threads_that_need_it_for_the_first_time_together_agree(data_dir):
    for _time in range(20):
        with ThreadPoolExecutor(12) as pool:
            keys = [running.result() for running in [pool.submit(secrets.secret_key) for _number in range(12)]]
        assert len(set(keys)) == 1
        (data_dir / "secret.key").unlink()
        _forget()


def test_the_setting_comes_first(data_dir, monkeypatch):
    monkeypatch.setenv("KOPKOFFIE_SECRET_KEY", "een eigen sleutel van genoeg tekens")
    _forget()
    assert secrets.secret_key() == b"een eigen sleutel van genoeg tekens"
    assert not data_dir.exists()


def test_a_fingerprint_depends_on_its_purpose_and_on_the_key(data_dir, monkeypatch):
    first = secrets.keyed_hash("a", "x")
    assert first == secrets.keyed_hash("a", "x")
    assert first != secrets.keyed_hash("b", "x")
    monkeypatch.setenv("KOPKOFFIE_SECRET_KEY", "een andere sleutel van genoeg tekens")
    _forget()
    assert first != secrets.keyed_hash("a", "x")


def _forget() -> None:
    settings.cache_clear()
    secrets.secret_key.cache_clear()
