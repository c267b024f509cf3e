"""parked calls."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

STATES = ("open", "parked", "done")
PARKED = sa.text("status = 'parked'")


def upgrade() -> None:
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(batch_op.f("ck_call_callstatus"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_call_callstatus"), sa.column("status").in_(STATES))
        batch_op.create_check_constraint(
            batch_op.f("ck_call_parked_since"), sa.text("(parked_at IS NOT NULL) = (status = 'parked')")
        )
        batch_op.create_index(
            "uq_call_parked_per_caller", ["caller_id"], unique=True, sqlite_where=PARKED, postgresql_where=PARKED
        )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parked", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.drop_constraint(batch_op.f("uq_claim_user_id"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_claim_user_id_parked"), ["user_id", "parked"])
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.alter_column("parked", existing_type=sa.Boolean(), server_default=None)
