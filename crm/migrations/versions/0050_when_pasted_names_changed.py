"""when pasted names changed."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("names_draft", schema=None) as batch_op:
        batch_op.add_column(sa.Column("changed_at", MOMENT, nullable=True))
    op.execute("UPDATE names_draft SET changed_at = created_at")
    with op.batch_alter_table("names_draft", schema=None) as batch_op:
        batch_op.alter_column("changed_at", existing_type=MOMENT, nullable=False)
