"""An installation of its own for each test: settings from the environment, a database of each kind."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

from crm.cli import main
from crm.core.settings import settings
from tests.conftest import BACKENDS, copy_of, forget_settings, new_postgresql_database


@dataclass
class Outcome:
    code: int
    out: str
    err: str


Kopkoffie = Callable[..., Outcome]
Installation = dict[str, str]


@pytest.fixture(params=BACKENDS)
def installation(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing but an empty data folder and the address of an empty database."""
    if request.param == "postgresql":
        url = new_postgresql_database(request.getfixturevalue("postgresql"))
        monkeypatch.setenv("KOPKOFFIE_DATABASE_URL", url)
    monkeypatch.setenv("KOPKOFFIE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("KOPKOFFIE_LANGUAGE", "en")
    forget_settings()
    yield
    forget_settings()


@pytest.fixture
def kopkoffie(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Kopkoffie:
    """`kopkoffie("user", "list")`: what the command prints and how it ends."""

    def run(*arguments: str, stdin: str = "") -> Outcome:
        monkeypatch.setattr(sys, "stdin", StringIO(stdin))
        settings.cache_clear()
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        printed = capsys.readouterr()
        return Outcome(int(ended.value.code or 0), printed.out, printed.err)

    return run


@pytest.fixture
def migrated(installation: None, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `kopkoffie migrate` leaves it."""
    folder = settings().data_dir
    if settings().database_url:
        monkeypatch.setenv("KOPKOFFIE_DATABASE_URL", copy_of("migrated", "postgresql", folder, request))
        forget_settings()
    else:
        folder.mkdir(mode=0o700)
        copy_of("migrated", "sqlite", folder / "kopkoffie.db", request)
