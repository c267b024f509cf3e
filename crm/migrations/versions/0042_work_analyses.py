"""work analyses."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    op.create_table(
        "work_analysis",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column(
            "way",
            sa.Enum("visit", "call", name="analysisway", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("spoken_with", sa.String(length=120), nullable=False),
        sa.Column("left_undone", sa.String(), nullable=False),
        sa.Column("circumstances", sa.String(), nullable=False),
        sa.Column("agreements", sa.String(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_work_analysis_company_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["app_user.id"], name=op.f("fk_work_analysis_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_analysis")),
    )
    with op.batch_alter_table("work_analysis", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_work_analysis_company_id_held_on"), ["company_id", "held_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_work_analysis_held_on"), ["held_on"], unique=False)

    op.create_table(
        "work_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("analysis_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("done_by", sa.String(length=120), nullable=False),
        sa.Column("how_often", sa.String(length=120), nullable=False),
        sa.Column("hours_per_week", sa.Float(), nullable=True),
        sa.Column("split_off", sa.Boolean(), nullable=False),
        sa.Column("needs_training", sa.Boolean(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "hours_per_week IS NULL OR hours_per_week BETWEEN 0 AND 80", name=op.f("ck_work_task_hours_range")
        ),
        sa.ForeignKeyConstraint(["analysis_id"], ["work_analysis.id"], name=op.f("fk_work_task_analysis_id")),
        sa.ForeignKeyConstraint(["job_id"], ["hidden_job.id"], name=op.f("fk_work_task_job_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_task")),
    )
    with op.batch_alter_table("work_task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_work_task_analysis_id"), ["analysis_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_work_task_job_id"), ["job_id"], unique=False)
