"""What was erased stays blocked."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

REASONS = ("objection", "wrong_number", "complaint", "other", "erased")


def upgrade() -> None:
    with op.batch_alter_table("company", schema=None) as batch_op:
        batch_op.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("suppression", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mark", sa.String(length=64), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_suppression_mark"), ["mark"])
        batch_op.drop_constraint(batch_op.f("ck_suppression_suppressionreason"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_suppression_suppressionreason"), sa.column("reason").in_(REASONS)
        )
