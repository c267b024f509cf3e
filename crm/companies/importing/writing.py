"""Putting what is new into the database, many rows at a time."""

from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, text

from crm.access.actor import Actor
from crm.audit.models import AuditEntry
from crm.companies.importing.known import COMPANY, NUMBER
from crm.companies.importing.matching import Known
from crm.companies.importing.merging import COLUMNS
from crm.companies.marks import Arrival, block_known
from crm.companies.models import Company
from crm.companies.words import index_words
from crm.core.clock import now
from crm.core.errors import ChangedMeanwhile
from crm.core.models import Record

AUDIT = Record.metadata.tables[str(AuditEntry.__tablename__)]
ONE_IMPORT_AT_A_TIME = 0x6B6F706B  # any number, the same for all processes


class Writer:
    """Writes for one import. New companies get their id here, so that their numbers can be written in the same go."""

    def __init__(self, connection: Connection, actor: Actor, import_id: int) -> None:
        self.connection = connection
        self._actor = actor
        self._import_id = import_id
        self._empty = Company(name="", name_key="").model_dump(include={*COLUMNS, "sbi_version"})
        self._next_id = count(1)
        if connection.dialect.name == "postgresql":
            # Two imports at once would both find the same company missing. SQLite has one writer anyway.
            connection.execute(select(func.pg_advisory_xact_lock(ONE_IMPORT_AT_A_TIME)))
        else:
            self._next_id = count((connection.scalar(select(func.max(COMPANY.c.id))) or 0) + 1)

    def _reserve_ids(self, number: int) -> list[int]:
        """Ids that nobody else will use."""
        if self.connection.dialect.name != "postgresql":
            return [next(self._next_id) for _ in range(number)]
        statement = text("SELECT nextval(pg_get_serial_sequence('company', 'id')) FROM generate_series(1, :number)")
        return list(self.connection.scalars(statement, {"number": number}))

    def write(self, companies: Sequence[Known]) -> None:
        """Insert the new ones; update the others, each with its own entry in the audit log."""
        moment = now()
        stamp = {"created_at": moment}
        new = [known for known in companies if known.is_new]
        changed = [known for known in companies if not known.is_new and (known.changes or known.added)]
        moved = [known for known in changed if "town" in known.changes]
        for known, company_id in zip(new, self._reserve_ids(len(new)), strict=True):
            known.id = company_id
        self._insert(COMPANY, [self._company(known) | stamp for known in new])
        self._update([known for known in changed if known.changes])
        self._insert(NUMBER, [number | stamp for known in companies for number in _numbers(known)])
        self._index([*new, *moved])
        self._insert(AUDIT, [self._audit_entry(known) | stamp for known in changed])
        block_known(self.connection, [_arrival(known) for known in (*new, *changed)], self._actor.id)

    def _index(self, companies: Sequence[Known]) -> None:
        index_words(self.connection, {known.id: f"{known.name} {known.values.get('town', '')}" for known in companies})

    def _insert(self, table: Any, rows: list[dict[str, Any]]) -> None:
        if rows:
            self.connection.execute(table.insert(), rows)

    def _company(self, known: Known) -> dict[str, Any]:
        return (
            self._empty
            | known.values
            | {
                "id": known.id,
                "name": known.name,
                "name_key": known.name_key,
                "source": known.source,
                "import_id": self._import_id,
                "version": 1,
            }
        )

    def _update(self, companies: Sequence[Known]) -> None:
        if not companies:
            return
        statement = (
            COMPANY.update()
            .where(COMPANY.c.id == bindparam("known_id"), COMPANY.c.version == bindparam("known_version"))
            .values({name: bindparam(name) for name in COLUMNS} | {"version": COMPANY.c.version + 1})
        )
        rows = [{"known_id": known.id, "known_version": known.version, **known.values} for known in companies]
        if self.connection.execute(statement, rows).rowcount != len(rows):
            raise ChangedMeanwhile

    def _audit_entry(self, known: Known) -> dict[str, Any]:
        numbers = {"numbers": [None, [e164 for e164, _original, _source in known.added]]} if known.added else {}
        return {
            "actor_id": self._actor.id,
            "action": "company.imported",
            "subject_type": COMPANY.name,
            "subject_id": known.id,
            "changes": known.changes | numbers | {"import_id": [None, self._import_id]},
        }


def _arrival(known: Known) -> Arrival:
    return Arrival(
        known.id,
        known.name_key,
        known.values.get("kvk_number"),
        known.values.get("branch_number"),
        known.values.get("postcode"),
        known.values.get("town") or "",
        [e164 for e164, _original, _source in known.added],
    )


def _numbers(known: Known) -> Iterable[dict[str, Any]]:
    """The numbers a row added; the first is the main one when there was none."""
    first = len(known.numbers) == len(known.added)
    for position, (e164, original, source) in enumerate(known.added):
        yield {
            "company_id": known.id,
            "e164": e164,
            "original": original,
            "is_main": first and position == 0,
            "is_wrong": False,
            "source": source,
        }
