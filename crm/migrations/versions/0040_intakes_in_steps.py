"""intakes in steps."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"


TEXTS = ("work_done", "proud_of", "wishes", "not_wanted")


def upgrade() -> None:
    op.create_table(
        "intake_progress",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "person",
                "past",
                "skills",
                "when",
                "barriers",
                "wishes",
                "agreements",
                name="intakestep",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name=op.f("fk_intake_progress_candidate_id")),
        sa.ForeignKeyConstraint(["saved_by_id"], ["app_user.id"], name=op.f("fk_intake_progress_saved_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_progress")),
        sa.UniqueConstraint("candidate_id", "step", name=op.f("uq_intake_progress_candidate_id_step")),
    )
    texts = [sa.Column(name, sa.String(), nullable=False, server_default="") for name in TEXTS]
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("best_reached", sa.String(length=120), nullable=False, server_default=""))
        for column in texts:
            batch_op.add_column(column)
        batch_op.add_column(sa.Column("travel_by", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        batch_op.alter_column("best_reached", existing_type=sa.String(length=120), server_default=None)
        for name in TEXTS:
            batch_op.alter_column(name, existing_type=sa.String(), server_default=None)
        batch_op.alter_column("travel_by", existing_type=sa.JSON(), server_default=None)
