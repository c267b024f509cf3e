"""attempts a day of a call list."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_call_list_id_reached_disposition"), ["list_id", "reached", "disposition"], unique=False
        )
    with op.batch_alter_table("call_list", schema=None) as batch_op:
        batch_op.add_column(sa.Column("daily_capacity", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("attempts_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("attempts_that_day", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_check_constraint(batch_op.f("ck_call_list_daily_capacity"), sa.text("daily_capacity > 0"))
    with op.batch_alter_table("call_list", schema=None) as batch_op:
        batch_op.alter_column("attempts_that_day", existing_type=sa.Integer(), server_default=None)
