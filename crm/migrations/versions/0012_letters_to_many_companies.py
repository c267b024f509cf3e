"""letters to many companies."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "mailing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("text_id", sa.Integer(), nullable=False),
        sa.Column("quiet_days", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["app_user.id"], name=op.f("fk_mailing_made_by_id")),
        sa.ForeignKeyConstraint(["text_id"], ["letter_text.id"], name=op.f("fk_mailing_text_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing")),
    )
    op.create_table(
        "mailing_company",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mailing_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.Column(
            "obstacle",
            sa.Enum(
                "blocked",
                "stopped",
                "callable",
                "form",
                "non_mailing",
                "no_address",
                "recent",
                name="obstacle",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_mailing_company_company_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_mailing_company_letter_id")),
        sa.ForeignKeyConstraint(["mailing_id"], ["mailing.id"], name=op.f("fk_mailing_company_mailing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing_company")),
        sa.UniqueConstraint("letter_id", name=op.f("uq_mailing_company_letter_id")),
        sa.UniqueConstraint("mailing_id", "company_id", name=op.f("uq_mailing_company_mailing_id_company_id")),
    )
    with op.batch_alter_table("mailing_company", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mailing_company_company_id"), ["company_id"], unique=False)
