"""a replaced call has an outcome code."""

from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.execute(
        "UPDATE follow_up SET outcome_code = 'replaced', outcome = '' WHERE status = 'dropped' AND outcome = 'replaced'"
    )
