"""pipelines of hidden jobs."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"

PIPELINE = sa.Enum(
    "work",
    "look_along",
    "takeover",
    "odd_job",
    name="pipeline",
    native_enum=False,
    create_constraint=True,
    length=32,
)


def upgrade() -> None:
    with op.batch_alter_table("hidden_job", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pipeline", PIPELINE, nullable=False, server_default="work"))
    with op.batch_alter_table("hidden_job", schema=None) as batch_op:
        batch_op.alter_column("pipeline", existing_type=PIPELINE, server_default=None)
        batch_op.create_index(
            batch_op.f("ix_hidden_job_pipeline_stage_stage_since"), ["pipeline", "stage", "stage_since"], unique=False
        )
