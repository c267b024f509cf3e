"""The installation's own key."""

import stat
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path

import pytest

from crm.core import secrets
from crm.core.settings import settings


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
    with get_context("spawn").Pool(4) as pool:
        keys = pool.map(_key, range(4))
    assert len(set(keys)) == 1


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


def _key(_number: int) -> bytes:
    return secrets.secret_key()


def _forget() -> None:
    settings.cache_clear()
    secrets.secret_key.cache_clear()
