"""the order of the queue."""

from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

# As the product has them at this revision; what belongs to no group is "other".
GROUPS = {
    "horeca": "55 56",
    "building": "41 42 43",
    "retail": "47",
    "garage": "467 478 953",
    "care": "86 87 88",
    "personal": "96",
    "transport": "49 52 53",
    "industry": "10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33",
    "cleaning": "81",
    "farming": "01",
    "office": "61 62 63 64 65 66 68 69 70 71 72 73 74 75 77 78 79 80 82",
}
NOT_SPOKEN = frozenset({"GEEN_GEHOOR", "IN_GESPREK", "VOICEMAIL", "VOICEMAIL_INGESPROKEN"})
OUR_DATA = frozenset({"VERKEERD_NUMMER", "BEDRIJF_GESTOPT", "RECHTSVORM_FOUT"})


def upgrade() -> None:
    op.create_table(
        "hour_figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("hour", sa.SmallInteger(), nullable=False),
        sa.Column("trade_group", sa.String(length=16), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("spoken", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hour_figures")),
        sa.UniqueConstraint("weekday", "hour", "trade_group", name=op.f("uq_hour_figures_weekday_hour_trade_group")),
    )
    with op.batch_alter_table("call_list", schema=None) as batch_op:
        batch_op.add_column(sa.Column("priority", sa.SmallInteger(), nullable=True))
    op.execute("UPDATE call_list SET priority = 2")
    with op.batch_alter_table("call_list", schema=None) as batch_op:
        batch_op.alter_column("priority", existing_type=sa.SmallInteger(), nullable=False)
        batch_op.create_check_constraint(op.f("ck_call_list_priority"), "priority BETWEEN 1 AND 3")

    with op.batch_alter_table("call_list_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lane", sa.String(length=16), nullable=True))
    _choose_lanes()
    with op.batch_alter_table("call_list_entry", schema=None) as batch_op:
        batch_op.alter_column("lane", existing_type=sa.String(length=16), nullable=False)
        batch_op.drop_index(batch_op.f("ix_call_list_entry_list_id_state_due_at_id"))
        batch_op.create_index(
            batch_op.f("ix_call_list_entry_list_id_state_lane_due_at_id"),
            ["list_id", "state", "lane", "due_at", "id"],
            unique=False,
        )

    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_follow_up_status_kind_due_at_id"), ["status", "kind", "due_at", "id"], unique=False
        )
    _count_calls()


def _choose_lanes() -> None:
    company = sa.table("company", sa.column("id"), sa.column("sbi_code", sa.String))
    entry = sa.table("call_list_entry", sa.column("company_id"), sa.column("attempts"), sa.column("lane"))
    group = sa.case(*((company.c.sbi_code.like(f"{p}%"), group) for p, group in _prefixes()), else_="other")
    of_company = sa.select(group).where(company.c.id == entry.c.company_id).scalar_subquery()
    op.execute(entry.update().values(lane=sa.case((entry.c.attempts > 0, "retry"), else_=of_company)))


def _count_calls() -> None:
    """What was called before counts for the best hours too."""
    connection, last = op.get_bind(), 0
    calls: Counter[tuple[int, int, str]] = Counter()
    spoken: Counter[tuple[int, int, str]] = Counter()
    chunk = sa.text(
        "SELECT call.id, call.disposition, coalesce(call.dialled_at, call.ended_at) AS moment, company.sbi_code"
        " FROM call JOIN company ON company.id = call.company_id"
        " WHERE call.id > :last AND call.entry_id IS NOT NULL AND call.disposition IS NOT NULL"
        " ORDER BY call.id LIMIT 10000"
    ).columns(moment=sa.DateTime(timezone=True))
    while found := connection.execute(chunk, {"last": last}).all():
        last = found[-1].id
        for row in found:
            if row.disposition not in OUR_DATA:
                cell = _hour_of_week(row.moment, row.sbi_code)
                calls[cell] += 1
                spoken[cell] += row.disposition not in NOT_SPOKEN
    _insert(calls, spoken)


def _hour_of_week(moment: datetime, sbi_code: str | None) -> tuple[int, int, str]:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    there = aware.astimezone(ZoneInfo("Europe/Amsterdam"))
    group = next((group for prefix, group in _prefixes() if (sbi_code or "").startswith(prefix)), "other")
    return there.weekday(), there.hour, group


def _prefixes() -> list[tuple[str, str]]:
    """The longest first: car trade is a part of retail."""
    known = ((prefix, group) for group, prefixes in GROUPS.items() for prefix in prefixes.split())
    return sorted(known, key=lambda pair: -len(pair[0]))


def _insert(calls: Counter[tuple[int, int, str]], spoken: Counter[tuple[int, int, str]]) -> None:
    names = ("weekday", "hour", "trade_group", "calls", "spoken")
    figures = sa.table(
        "hour_figures", sa.column("created_at", sa.DateTime(timezone=True)), *(sa.column(name) for name in names)
    )
    made = {"created_at": datetime.now(UTC)}
    rows = [made | dict(zip(names, (*cell, n, spoken[cell]), strict=True)) for cell, n in sorted(calls.items())]
    if rows:
        op.get_bind().execute(figures.insert(), rows)
