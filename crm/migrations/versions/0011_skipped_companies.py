"""skipped companies."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "skipped_company",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "closed",
                "moment",
                "known",
                "other",
                name="skipreason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_skipped_company_company_id")),
        sa.ForeignKeyConstraint(["list_id"], ["call_list.id"], name=op.f("fk_skipped_company_list_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_skipped_company_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skipped_company")),
    )
    with op.batch_alter_table("skipped_company", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_skipped_company_company_id_id"), ["company_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_skipped_company_list_id_id"), ["list_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_skipped_company_user_id_reason"), ["user_id", "reason"], unique=False)
