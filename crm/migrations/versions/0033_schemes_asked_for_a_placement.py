"""schemes asked for a placement."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.create_table(
        "instrument_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("introduction_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "to_ask",
                "asked",
                "granted",
                "refused",
                name="usestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "asked_by",
            sa.Enum("we", "employer", "candidate", name="asker", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["introduction_id"], ["introduction.id"], name=op.f("fk_instrument_use_introduction_id")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["app_user.id"], name=op.f("fk_instrument_use_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument_use")),
        sa.UniqueConstraint("introduction_id", "code", name=op.f("uq_instrument_use_introduction_id_code")),
    )
