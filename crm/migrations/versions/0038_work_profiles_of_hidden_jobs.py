"""work profiles of hidden jobs."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"

TEXTS = {"start_place": 120, "contract": 120, "pay_scale": 120, "conditions": None}
LISTS = ("travel", "circumstances")


def upgrade() -> None:
    """What was written down before says nothing of these."""
    with op.batch_alter_table("hidden_job", schema=None) as batch_op:
        for name in LISTS:
            batch_op.add_column(sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
        for name, longest in TEXTS.items():
            batch_op.add_column(sa.Column(name, sa.String(length=longest), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("look_along", sa.Boolean(), nullable=True))
    with op.batch_alter_table("hidden_job", schema=None) as batch_op:
        for name in LISTS:
            batch_op.alter_column(name, existing_type=sa.JSON(), server_default=None)
        for name, longest in TEXTS.items():
            batch_op.alter_column(name, existing_type=sa.String(length=longest), server_default=None)
