"""weights, levels and times of day."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"

MIDDLE = "2"  # of three: what was written down before says nothing of how much or how well


def upgrade() -> None:
    for table in ("candidate", "hidden_job"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("from_time", sa.Time(), nullable=True))
            batch_op.add_column(sa.Column("until_time", sa.Time(), nullable=True))
            batch_op.create_check_constraint(batch_op.f(f"ck_{table}_times_order"), "from_time < until_time")

    with op.batch_alter_table("candidate_competence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("level", sa.Integer(), nullable=False, server_default=MIDDLE))
        batch_op.create_check_constraint(batch_op.f("ck_candidate_competence_level_range"), "level BETWEEN 1 AND 3")
    with op.batch_alter_table("hidden_job_competence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("weight", sa.Integer(), nullable=False, server_default=MIDDLE))
        batch_op.add_column(sa.Column("learnable", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_check_constraint(batch_op.f("ck_hidden_job_competence_weight_range"), "weight BETWEEN 1 AND 3")
    with op.batch_alter_table("candidate_competence", schema=None) as batch_op:
        batch_op.alter_column("level", existing_type=sa.Integer(), server_default=None)
    with op.batch_alter_table("hidden_job_competence", schema=None) as batch_op:
        batch_op.alter_column("weight", existing_type=sa.Integer(), server_default=None)
        batch_op.alter_column("learnable", existing_type=sa.Boolean(), server_default=None)
