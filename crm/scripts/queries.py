"""Reading call scripts."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import bindparam, func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from crm.core.db import run
from crm.core.errors import NotFound
from crm.scripts.graph import Script
from crm.scripts.models import ScriptVersion
from crm.scripts.reading import parse

_kept: dict[str, Script] = {}


def script(session: Session, version_id: int) -> Script:
    """The script of a version, parsed once per process. Raises NotFound.

    Kept by checksum, not by id: the text behind a checksum is the same in every database.
    """
    checksum = run(session, _checksum(), {"version": version_id}).scalar()
    if checksum is None:
        raise NotFound
    return script_by(session, version_id, checksum)


def script_by(session: Session, version_id: int, checksum: str) -> Script:
    """The script of a version whose checksum is known."""
    if checksum not in _kept:
        _kept[checksum] = parse(session.get_one(ScriptVersion, version_id).source)
    return _kept[checksum]


@cache
def _checksum() -> SelectOfScalar[str]:
    return select(ScriptVersion.checksum).where(col(ScriptVersion.id) == bindparam("version"))


def newest_version(session: Session, version_id: int) -> int:
    """The newest version of the script that this is a version of."""
    of_script = select(ScriptVersion.key).where(col(ScriptVersion.id) == version_id).scalar_subquery()
    newest = select(ScriptVersion.id).where(col(ScriptVersion.key) == of_script)
    return session.exec(newest.order_by(col(ScriptVersion.number).desc()).limit(1)).one()


def latest_versions(session: Session) -> Sequence[ScriptVersion]:
    """The newest version of every script, by title."""
    newest = select(ScriptVersion.key, func.max(ScriptVersion.number)).group_by(ScriptVersion.key).subquery()
    statement = (
        select(ScriptVersion)
        .join(newest, (col(ScriptVersion.key) == newest.c[0]) & (col(ScriptVersion.number) == newest.c[1]))
        .order_by(ScriptVersion.title)
    )
    return session.exec(statement).all()
