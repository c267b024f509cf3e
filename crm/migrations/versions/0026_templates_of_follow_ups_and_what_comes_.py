"""templates of follow ups and what comes after."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_table(
        "follow_up_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "callback",
                "recall",
                "send_info",
                "plan_kopkoffie",
                "prepare_kopkoffie",
                "ask_employer",
                "ask_candidate",
                "aftercare",
                "handover",
                "other",
                name="template_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("working_days", sa.Integer(), nullable=False),
        sa.Column(
            "who",
            sa.Enum(
                "same",
                "team",
                "coordinator",
                name="templateowner",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "event",
            sa.Enum(
                "kopkoffie_planned",
                "placed",
                name="templateevent",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("standard", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_template")),
        sa.UniqueConstraint("code", name=op.f("uq_follow_up_template_code")),
    )
    with op.batch_alter_table("follow_up_template", schema=None) as batch_op:
        batch_op.create_index(
            "uq_follow_up_template_standard",
            ["kind"],
            unique=True,
            sqlite_where=sa.text("standard"),
            postgresql_where=sa.text("standard"),
        )

    op.create_table(
        "follow_up_successor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("next_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["next_id"], ["follow_up_template.id"], name=op.f("fk_follow_up_successor_next_id")),
        sa.ForeignKeyConstraint(
            ["template_id"], ["follow_up_template.id"], name=op.f("fk_follow_up_successor_template_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_successor")),
    )
    with op.batch_alter_table("follow_up_successor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_up_successor_template_id"), ["template_id"], unique=False)

    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.add_column(sa.Column("outcome_code", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("template_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("after_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_follow_up_status_due_at_id"), ["status", "due_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_follow_up_done_at"), ["done_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_follow_up_hidden_job_id"), ["hidden_job_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_follow_up_meeting_id"), ["meeting_id"], unique=False)
        batch_op.create_index(
            "uq_follow_up_successor",
            ["after_id", "template_id"],
            unique=True,
            sqlite_where=sa.text("after_id IS NOT NULL AND status <> 'dropped'"),
            postgresql_where=sa.text("after_id IS NOT NULL AND status <> 'dropped'"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_follow_up_template_id"), "follow_up_template", ["template_id"], ["id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_follow_up_after_id"), "follow_up", ["after_id"], ["id"])
