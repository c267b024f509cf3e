"""what is to be told of by its owner."""

from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_follow_up_status_reminded_at_due_at"))
        batch_op.create_index(
            batch_op.f("ix_follow_up_status_reminded_at_owner_id_due_at"),
            ["status", "reminded_at", "owner_id", "due_at"],
            unique=False,
        )
