"""self assessments on a personal link."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"


TOLD_IN = ("notice", "notice_choice", "outbox_message")
KINDS = (
    "promise_due", "late", "handed_over", "taken_over", "corrected", "answered", "self_assessed", "unassigned",
    "escalated", "against_rules", "problem",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "self_assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("work_done", sa.String(), nullable=False),
        sa.Column("proud_of", sa.String(), nullable=False),
        sa.Column("words_settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name=op.f("fk_self_assessment_candidate_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["app_user.id"], name=op.f("fk_self_assessment_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_self_assessment")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_self_assessment_token_hash")),
    )
    with op.batch_alter_table("self_assessment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_self_assessment_candidate_id"), ["candidate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_self_assessment_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(
            "uq_self_assessment_open",
            ["candidate_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL AND finished_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND finished_at IS NULL"),
        )

    op.create_table(
        "settled_suggestion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column(
            "about",
            sa.Enum("competence", "field", name="about", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("taken", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name=op.f("fk_settled_suggestion_candidate_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["app_user.id"], name=op.f("fk_settled_suggestion_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settled_suggestion")),
        sa.UniqueConstraint(
            "candidate_id", "about", "code", name=op.f("uq_settled_suggestion_candidate_id_about_code")
        ),
    )
    op.create_table(
        "self_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("answer", sa.Integer(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("answer BETWEEN 0 AND 3", name=op.f("ck_self_answer_answer_range")),
        sa.ForeignKeyConstraint(["assessment_id"], ["self_assessment.id"], name=op.f("fk_self_answer_assessment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_self_answer")),
        sa.UniqueConstraint("assessment_id", "code", name=op.f("uq_self_answer_assessment_id_code")),
    )
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("open_to", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        batch_op.alter_column("open_to", existing_type=sa.JSON(), server_default=None)
    for table in TOLD_IN:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(batch_op.f(f"ck_{table}_noticekind"), type_="check")
            batch_op.create_check_constraint(batch_op.f(f"ck_{table}_noticekind"), sa.column("kind").in_(KINDS))
