"""call lists are asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"

TOLD_IN = ("notice", "notice_choice", "outbox_message")
KINDS = (
    "promise_due", "late", "handed_over", "taken_over", "corrected", "answered", "self_assessed", "unassigned",
    "escalated", "list_asked", "list_made", "against_rules", "problem",
)  # fmt: skip


def upgrade() -> None:
    for table in TOLD_IN:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(batch_op.f(f"ck_{table}_noticekind"), type_="check")
            batch_op.create_check_constraint(batch_op.f(f"ck_{table}_noticekind"), sa.column("kind").in_(KINDS))
