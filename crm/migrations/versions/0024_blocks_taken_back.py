"""A block that was a mistake is taken back and stays as evidence."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "taken_back_block",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("block_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("e164", sa.String(length=16), nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "objection",
                "wrong_number",
                "complaint",
                "other",
                "erased",
                name="suppressionreason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("taken_back_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_taken_back_block_company_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_taken_back_block_contact_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["app_user.id"], name=op.f("fk_taken_back_block_made_by_id")),
        sa.ForeignKeyConstraint(
            ["taken_back_by_id"], ["app_user.id"], name=op.f("fk_taken_back_block_taken_back_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taken_back_block")),
    )
    with op.batch_alter_table("taken_back_block", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_taken_back_block_company_id"), ["company_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_taken_back_block_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_taken_back_block_e164"), ["e164"], unique=False)
