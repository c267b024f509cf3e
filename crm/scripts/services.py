"""Taking in new versions of call scripts."""

from hashlib import sha256
from pathlib import Path

from sqlalchemy import func
from sqlmodel import Session, select

from crm.access.actor import SYSTEM, Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.core.settings import PROJECT_DIR
from crm.scripts.models import ScriptVersion
from crm.scripts.reading import parse

SCRIPTS_DIR = PROJECT_DIR / "data" / "scripts"


def load_scripts(session: Session, folder: Path = SCRIPTS_DIR) -> list[ScriptVersion]:
    """Take in every script of the folder that is not in the database yet; gives the new versions.

    Raises ScriptNotFit when one of them cannot be used.
    """
    sources = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yaml"))]
    added = [add_version(session, SYSTEM, source) for source in sources]
    return [version for version in added if version]


def add_version(session: Session, actor: Actor, source: str) -> ScriptVersion | None:
    """A new version, unless exactly this text is known already. Calls under way keep the version they began with."""
    actor.require(Permission.LIST_MANAGE)
    checksum = sha256(source.encode()).hexdigest()
    if session.exec(select(ScriptVersion.id).where(ScriptVersion.checksum == checksum)).first():
        return None
    script = parse(source)
    newest = session.exec(select(func.max(ScriptVersion.number)).where(ScriptVersion.key == script.key)).one()
    version = ScriptVersion(
        key=script.key,
        number=(newest or 0) + 1,
        title=script.title,
        language=script.language,
        source=source,
        checksum=checksum,
    )
    session.add(version)
    record(session, actor, "script.added", version)
    return version
