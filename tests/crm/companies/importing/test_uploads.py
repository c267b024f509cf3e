import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from crm.companies.importing import uploads


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(uploads, "_root", lambda: tmp_path / "uploads")
    return tmp_path / "uploads"


def test_an_upload_is_kept_with_its_name() -> None:
    folder = uploads.folder_of(uploads.keep(BytesIO(b"Naam"), "Lijst één.csv"))
    assert folder is not None
    assert (folder / "upload").read_bytes() == b"Naam"
    assert uploads.name_of(folder) == "Lijst één.csv"


def test_it_can_be_forgotten() -> None:
    token = uploads.keep(BytesIO(b"Naam"), "a.csv")
    uploads.forget(token)
    assert uploads.folder_of(token) is None


def test_what_nobody_came_back_for_is_cleared_away_a_day_later(root: Path) -> None:
    old = uploads.keep(BytesIO(b"oud"), "a.csv")
    os.utime(root / old, (0, 0))
    new = uploads.keep(BytesIO(b"nieuw"), "b.csv")
    assert uploads.folder_of(old) is None
    assert uploads.folder_of(new) is not None


def test_it_is_cleared_away_when_nobody_uploads_anything_after_it_too(root: Path) -> None:
    old, new = (uploads.keep(BytesIO(b"Naam"), "a.csv") for _each in range(2))
    os.utime(root / old, (0, 0))
    assert uploads.clear_away() == 1
    assert [folder.name for folder in root.iterdir()] == [new]
    assert uploads.clear_away() == 0


def test_what_cannot_be_taken_away_does_not_count_as_gone(root: Path, monkeypatch) -> None:
    old = uploads.keep(BytesIO(b"Naam"), "a.csv")
    os.utime(root / old, (0, 0))
    monkeypatch.setattr(uploads, "rmtree", lambda _folder, ignore_errors: None)
    assert uploads.clear_away() == 0


def test_a_practice_clock_that_runs_ahead_clears_nothing_away(monkeypatch) -> None:
    monkeypatch.setattr("crm.core.clock._offset", lambda: timedelta(days=3))
    first = uploads.keep(BytesIO(b"Naam"), "a.csv")
    uploads.keep(BytesIO(b"Naam"), "b.csv")
    assert uploads.folder_of(first) is not None


def test_a_token_is_no_way_to_another_folder(root: Path) -> None:
    with pytest.raises(ValueError, match="UUID"):
        uploads.folder_of("../../etc")
