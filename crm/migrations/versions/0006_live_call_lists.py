"""Live call lists."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_call_entry_id"), ["entry_id"], unique=False)
    with op.batch_alter_table("call_list", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_live", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("newest_import", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("call_list", schema=None) as batch_op:
        batch_op.alter_column("is_live", existing_type=sa.Boolean(), server_default=None)
        batch_op.alter_column("newest_import", existing_type=sa.Integer(), server_default=None)
    _keep_large_companies()


def _keep_large_companies() -> None:
    """Until now a choice took companies of any size."""
    call_list = sa.table("call_list", sa.column("id", sa.Integer()), sa.column("filters", sa.JSON()))
    connection = op.get_bind()
    for list_id, filters in connection.execute(sa.select(call_list.c.id, call_list.c.filters)).all():
        if filters:
            kept = call_list.update().where(call_list.c.id == list_id).values(filters=filters | {"large": True})
            connection.execute(kept)
