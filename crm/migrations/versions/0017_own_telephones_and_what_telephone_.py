"""Own telephones, and what telephone systems dial and tell."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "phone_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("system", sa.String(length=30), nullable=False),
        sa.Column("event_id", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_event")),
        sa.UniqueConstraint("system", "event_id", name=op.f("uq_phone_event_system_event_id")),
    )
    with op.batch_alter_table("phone_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_phone_event_created_at"), ["created_at"], unique=False)

    op.create_table(
        "phone_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("system", sa.String(length=30), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_phone_line_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_line")),
        sa.UniqueConstraint("user_id", name=op.f("uq_phone_line_user_id")),
    )
    with op.batch_alter_table("phone_line", schema=None) as batch_op:
        batch_op.create_index(
            "uq_phone_line_system_line",
            ["system", "line"],
            unique=True,
            sqlite_where=sa.text("line <> ''"),
            postgresql_where=sa.text("line <> ''"),
        )

    op.create_table(
        "ringing_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("system", sa.String(length=30), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("e164", sa.String(length=16), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "ringing",
                "answered",
                "ended",
                "failed",
                name="ringingstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_ringing_call_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ringing_call")),
        sa.UniqueConstraint("system", "reference", name=op.f("uq_ringing_call_system_reference")),
    )
    with op.batch_alter_table("ringing_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ringing_call_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_ringing_call_user_id_ended_at"), ["user_id", "ended_at"], unique=False)

    op.create_table(
        "dialled_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("system", sa.String(length=30), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("e164", sa.String(length=16), nullable=False),
        sa.Column("mark", sa.String(length=50), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "ringing",
                "answered",
                "ended",
                "failed",
                name="dialstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "cause",
            sa.Enum(
                "busy",
                "no_answer",
                "no_such_number",
                "refused",
                "own_phone",
                name="cause",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "problem",
            sa.Enum(
                "not_reached",
                "not_signed_in",
                "not_accepted",
                "unclear",
                name="problem",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_dialled_call_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialled_call")),
        sa.UniqueConstraint("mark", name=op.f("uq_dialled_call_mark")),
    )
    with op.batch_alter_table("dialled_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dialled_call_call_id_id"), ["call_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dialled_call_system_reference"), ["system", "reference"], unique=False)
        batch_op.create_index(
            "uq_dialled_call_under_way",
            ["call_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('asked', 'ringing', 'answered')"),
            postgresql_where=sa.text("state IN ('asked', 'ringing', 'answered')"),
        )
