"""when job seekers left and were erased."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("status_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    candidate = sa.table("candidate", sa.column("status_since", sa.DateTime(timezone=True)))
    # Since when is not known: the term of who left before begins today.
    op.execute(candidate.update().values(status_since=datetime.now(UTC)))
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        batch_op.alter_column("status_since", existing_type=sa.DateTime(timezone=True), nullable=False)
