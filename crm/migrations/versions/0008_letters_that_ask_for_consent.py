"""letters that ask for consent."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "letter_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "language",
            sa.Enum("nl", "en", name="tongue", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=160), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("consent", sa.String(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["app_user.id"], name=op.f("fk_letter_text_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_text")),
    )
    with op.batch_alter_table("letter_text", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_text_language_id"), ["language", "id"], unique=False)

    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("text_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=32), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column(
            "answer",
            sa.Enum("yes", "no", "later", name="answer", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consent_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_letter_company_id")),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], name=op.f("fk_letter_consent_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["app_user.id"], name=op.f("fk_letter_made_by_id")),
        sa.ForeignKeyConstraint(["text_id"], ["letter_text.id"], name=op.f("fk_letter_text_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_letter_code_hash")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_answered_at"), ["answered_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_letter_company_id_id"), ["company_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_letter_sent_on"), ["sent_on"], unique=False)
