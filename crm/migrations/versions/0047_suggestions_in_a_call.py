"""suggestions in a call."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"

OPEN = "ix_suggestion_job_id_candidate_id_shown_to_id"
OPEN_OUTSIDE_CALLS = sa.text("outcome = 'open' AND call_id IS NULL")


def upgrade() -> None:
    op.drop_index(OPEN, table_name="suggestion")
    with op.batch_alter_table("suggestion", schema=None) as batch_op:
        batch_op.add_column(sa.Column("call_id", sa.Integer(), nullable=True))
        batch_op.alter_column("job_id", existing_type=sa.Integer(), nullable=True)
        batch_op.create_index(
            batch_op.f("ix_suggestion_call_id_candidate_id"), ["call_id", "candidate_id"], unique=True
        )
        batch_op.create_foreign_key(batch_op.f("fk_suggestion_call_id"), "call", ["call_id"], ["id"])
        batch_op.create_check_constraint(
            batch_op.f("ck_suggestion_about_work"), "job_id IS NOT NULL OR call_id IS NOT NULL"
        )
    op.create_index(
        OPEN,
        "suggestion",
        ["job_id", "candidate_id", "shown_to_id"],
        unique=True,
        sqlite_where=OPEN_OUTSIDE_CALLS,
        postgresql_where=OPEN_OUTSIDE_CALLS,
    )
