"""log of job seekers."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    op.create_table(
        "candidate_outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "found_work",
                "placement",
                "training",
                "volunteering",
                "own_business",
                "stopped",
                name="outcomekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name=op.f("fk_candidate_outcome_candidate_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["app_user.id"], name=op.f("fk_candidate_outcome_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate_outcome")),
    )
    with op.batch_alter_table("candidate_outcome", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_candidate_outcome_candidate_id"), ["candidate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_candidate_outcome_day"), ["day"], unique=False)

    op.create_table(
        "service_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column(
            "tile",
            sa.Enum(
                "report",
                "diagnose",
                "socially_fit",
                "orientation",
                "work_fit",
                "training",
                "mediation",
                "placement",
                "aftercare",
                name="tile",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "form",
            sa.Enum(
                "one_on_one",
                "group",
                "network_cafe",
                "peer",
                name="coachingform",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name=op.f("fk_service_step_candidate_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["app_user.id"], name=op.f("fk_service_step_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_step")),
    )
    with op.batch_alter_table("service_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_step_candidate_id"), ["candidate_id"], unique=False)

    op.create_table(
        "success_moment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("may_share", sa.Boolean(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name=op.f("fk_success_moment_candidate_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["app_user.id"], name=op.f("fk_success_moment_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_success_moment")),
    )
    with op.batch_alter_table("success_moment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_success_moment_candidate_id"), ["candidate_id"], unique=False)
