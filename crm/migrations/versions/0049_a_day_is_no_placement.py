"""a day is no placement."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"

KINDS = (
    "found_work", "placement", "training", "volunteering", "own_business", "looked_along", "odd_job", "stopped",
)  # fmt: skip
CHECK = "ck_candidate_outcome_outcomekind"


def upgrade() -> None:
    with op.batch_alter_table("candidate_outcome", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(CHECK), type_="check")
        batch_op.create_check_constraint(batch_op.f(CHECK), sa.column("kind").in_(KINDS))
