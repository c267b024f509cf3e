"""competence sheets."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    op.create_table(
        "competence_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("examples", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name=op.f("fk_competence_sheet_candidate_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competence_sheet")),
        sa.UniqueConstraint("candidate_id", name=op.f("uq_competence_sheet_candidate_id")),
    )
