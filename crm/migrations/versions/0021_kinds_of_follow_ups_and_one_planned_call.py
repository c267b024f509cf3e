"""kinds of follow-ups and one planned call per company."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

KINDS = (
    "callback",
    "recall",
    "send_info",
    "plan_kopkoffie",
    "prepare_kopkoffie",
    "ask_employer",
    "ask_candidate",
    "aftercare",
    "handover",
    "other",
)
PLANNED_CALL = sa.text("status = 'open' AND kind IN ('callback', 'recall')")
# Of what was planned twice the earliest stays.
CLOSE_LATER_ONES = """
    UPDATE follow_up SET status = 'dropped', done_at = :moment, version = version + 1, sequence = 1,
        outcome = 'Vervallen: er was al een eerder gesprek gepland.'
    WHERE id IN (SELECT id FROM (
        SELECT id, row_number() OVER (PARTITION BY company_id ORDER BY due_at, id) AS place FROM follow_up
        WHERE status = 'open' AND kind IN ('callback', 'recall') AND company_id IS NOT NULL
    ) AS planned WHERE place > 1)
"""


def upgrade() -> None:
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sequence", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("recall_reason", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("recall_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("times_moved", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("moved_because", sa.String(length=1000), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("to_team_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("to_coordinator_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(batch_op.f("ck_follow_up_followupkind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_follow_up_followupkind"), sa.column("kind").in_(KINDS))
    _count_moves()
    _keep_one_planned_call()
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        for name in ("sequence", "times_moved", "moved_because"):
            batch_op.alter_column(name, server_default=None)
        batch_op.create_index(
            "uq_follow_up_planned_call",
            ["company_id"],
            unique=True,
            sqlite_where=PLANNED_CALL,
            postgresql_where=PLANNED_CALL,
        )


def _count_moves() -> None:
    """How often each was moved and why; so far the audit log alone had that."""
    follow_up = sa.table("follow_up", sa.column("id"), sa.column("times_moved"), sa.column("moved_because"))
    entry = sa.table(
        "audit_entry",
        sa.column("id"),
        sa.column("subject_type"),
        sa.column("subject_id"),
        sa.column("action"),
        sa.column("changes", sa.JSON()),
    )
    moved = sa.select(entry.c.subject_id, entry.c.changes).where(
        entry.c.subject_type == "follow_up", entry.c.action == "follow_up.moved"
    )
    told: dict[int, tuple[int, str]] = {}
    for id_, changes in op.get_bind().execute(moved.order_by(entry.c.id)):
        told[id_] = told.get(id_, (0, ""))[0] + 1, (changes.get("reason") or [None, ""])[1] or ""
    if told:
        change = follow_up.update().where(follow_up.c.id == sa.bindparam("which"))
        change = change.values(times_moved=sa.bindparam("times"), moved_because=sa.bindparam("why"))
        op.get_bind().execute(change, [{"which": id_, "times": n, "why": why} for id_, (n, why) in told.items()])


def _keep_one_planned_call() -> None:
    moment = sa.bindparam("moment", datetime.now(UTC), sa.DateTime(timezone=True))
    op.execute(sa.text(CLOSE_LATER_ONES).bindparams(moment))
