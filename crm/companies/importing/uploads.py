"""Files that somebody uploaded and is still deciding about, each in a folder of its own until a day later."""

from datetime import timedelta
from pathlib import Path
from shutil import copyfileobj, rmtree
from time import time
from typing import BinaryIO
from uuid import UUID, uuid4

from crm.core.settings import settings

KEPT = timedelta(days=1)


def keep(stream: BinaryIO, name: str) -> str:
    """Copy an upload to disk; what it is called from now on. Clears away what nobody came back for."""
    clear_away()
    token = uuid4().hex
    folder = _root() / token
    folder.mkdir(mode=0o700, parents=True)
    with (folder / "upload").open("wb") as file:
        copyfileobj(stream, file)
    (folder / "name").write_text(name, encoding="utf-8")
    return token


def folder_of(token: str) -> Path | None:
    """Its folder, with the file as `upload`; None when it has been cleared away."""
    folder = _root() / UUID(token).hex
    return folder if (folder / "upload").exists() else None


def name_of(folder: Path) -> str:
    return (folder / "name").read_text(encoding="utf-8")


def forget(token: str) -> None:
    rmtree(_root() / UUID(token).hex, ignore_errors=True)


def clear_away() -> int:
    """What nobody came back for. Tells how many are gone."""
    oldest = time() - KEPT.total_seconds()  # by the clock of the machine, as the files are
    old = [folder for folder in _root().glob("*") if folder.stat().st_mtime < oldest]
    for folder in old:
        rmtree(folder, ignore_errors=True)
    return sum(not folder.exists() for folder in old)


def _root() -> Path:
    return settings().data_dir / "uploads"
