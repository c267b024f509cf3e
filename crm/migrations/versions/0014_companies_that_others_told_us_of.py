"""companies that others told us of."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "referral",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("introducer_company_id", sa.Integer(), nullable=True),
        sa.Column("call_id", sa.Integer(), nullable=True),
        sa.Column("may_name", sa.Boolean(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("company_id <> introducer_company_id", name=op.f("ck_referral_not_itself")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_referral_call_id")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_referral_company_id")),
        sa.ForeignKeyConstraint(
            ["introducer_company_id"], ["company.id"], name=op.f("fk_referral_introducer_company_id")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["app_user.id"], name=op.f("fk_referral_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint(
            "company_id", "introducer_company_id", name=op.f("uq_referral_company_id_introducer_company_id")
        ),
    )
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referral_call_id"), ["call_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_referral_introducer_company_id"), ["introducer_company_id"], unique=False)
