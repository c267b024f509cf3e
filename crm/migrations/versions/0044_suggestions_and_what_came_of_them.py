"""suggestions and what came of them."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    op.create_table(
        "suggestion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("shown_to_id", sa.Integer(), nullable=False),
        sa.Column("last_shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "open",
                "taken",
                "refused",
                name="suggestionoutcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "competence",
                "hours",
                "distance",
                "wish",
                "employer",
                "busy",
                "other",
                name="refusalreason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("basis", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name=op.f("fk_suggestion_candidate_id")),
        sa.ForeignKeyConstraint(["job_id"], ["hidden_job.id"], name=op.f("fk_suggestion_job_id")),
        sa.ForeignKeyConstraint(["shown_to_id"], ["app_user.id"], name=op.f("fk_suggestion_shown_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion")),
    )
    with op.batch_alter_table("suggestion", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_suggestion_candidate_id_last_shown_at"), ["candidate_id", "last_shown_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_suggestion_job_id_candidate_id_shown_to_id"),
            ["job_id", "candidate_id", "shown_to_id"],
            unique=True,
            sqlite_where=sa.text("outcome = 'open'"),
            postgresql_where=sa.text("outcome = 'open'"),
        )
        batch_op.create_index(batch_op.f("ix_suggestion_job_id_outcome"), ["job_id", "outcome"], unique=False)
        batch_op.create_index(batch_op.f("ix_suggestion_last_shown_at"), ["last_shown_at"], unique=False)
