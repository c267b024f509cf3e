"""retry rules per list."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "retry_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("disposition", sa.String(length=32), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("working_days", sa.Integer(), nullable=True),
        sa.Column("most_attempts", sa.Integer(), nullable=False),
        sa.Column("message_once_in", sa.Integer(), nullable=True),
        sa.CheckConstraint("(hours IS NULL) <> (working_days IS NULL)", name=op.f("ck_retry_rule_one_wait")),
        sa.ForeignKeyConstraint(["list_id"], ["call_list.id"], name=op.f("fk_retry_rule_list_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retry_rule")),
        sa.UniqueConstraint("list_id", "disposition", name=op.f("uq_retry_rule_list_id_disposition")),
    )
