"""indexes for what is late."""

from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_follow_up_status_to_coordinator_at_due_at"),
            ["status", "to_coordinator_at", "due_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_follow_up_status_to_team_at_due_at"), ["status", "to_team_at", "due_at"], unique=False
        )
