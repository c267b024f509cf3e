"""tips of job seekers."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.add_column(sa.Column("candidate_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("thanked_on", sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f("ix_referral_candidate_id"), ["candidate_id"], unique=False)
        batch_op.create_unique_constraint(
            batch_op.f("uq_referral_company_id_candidate_id"), ["company_id", "candidate_id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_referral_candidate_id"), "candidate", ["candidate_id"], ["id"])
