"""how people want to hear of things."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

KIND = sa.Enum(
    "promise_due",
    "late",
    "handed_over",
    "taken_over",
    "corrected",
    "answered",
    "unassigned",
    "escalated",
    "against_rules",
    "problem",
    name="noticekind",
    native_enum=False,
    create_constraint=True,
    length=32,
)
# What the notices of before were about, by how their key begins.
KNOWN = {
    "call.taken_over:": "taken_over",
    "call.made_for:": "taken_over",
    "call.corrected:": "corrected",
    "call.logged:": "against_rules",
    "letter-": "answered",
}


def upgrade() -> None:
    op.create_table(
        "digest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_digest_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest")),
        sa.UniqueConstraint("user_id", "day", name=op.f("uq_digest_user_id_day")),
    )
    with op.batch_alter_table("digest", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_digest_day"), ["day"], unique=False)

    op.create_table(
        "digest_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("at", sa.String(length=5), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_digest_choice_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_choice")),
        sa.UniqueConstraint("user_id", name=op.f("uq_digest_choice_user_id")),
    )
    op.create_table(
        "notice_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            KIND,
            nullable=False,
        ),
        sa.Column("app", sa.Boolean(), nullable=False),
        sa.Column("mail", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_notice_choice_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_choice")),
        sa.UniqueConstraint("user_id", "kind", name=op.f("uq_notice_choice_user_id_kind")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", KIND, nullable=False, server_default="promise_due"))
        batch_op.add_column(sa.Column("in_app", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.drop_index(batch_op.f("ix_notice_user_id_read_at_id"))
        batch_op.create_index(batch_op.f("ix_notice_created_at"), ["created_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_notice_user_id_in_app_read_at_id"), ["user_id", "in_app", "read_at", "id"], unique=False
        )
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("user_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("kind", KIND, nullable=True))
        batch_op.add_column(sa.Column("html", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_outbox_message_given_up_at_id"), ["given_up_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_message_sent_at_id"), ["sent_at", "id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_outbox_message_user_id"), "app_user", ["user_id"], ["id"])

    _fill()

    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.alter_column("kind", existing_type=KIND, server_default=None)
        batch_op.alter_column("in_app", existing_type=sa.Boolean(), server_default=None)
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.alter_column("html", existing_type=sa.String(), server_default=None)


def _fill() -> None:
    """All e-mails of before were reminders; what was sent says nothing any more, and what nobody tries is given up."""
    notice = sa.table("notice", sa.column("kind"), sa.column("once_key"))
    for beginning, kind in KNOWN.items():
        op.execute(notice.update().where(notice.c.once_key.startswith(beginning, autoescape=True)).values(kind=kind))
    names = "kind", "created_at", "sent_at", "next_attempt_at", "given_up_at", "subject", "body", "calendar"
    mail = sa.table("outbox_message", *map(sa.column, names))
    sent, waiting = mail.c.sent_at.is_not(None), mail.c.next_attempt_at.is_not(None)
    op.execute(mail.update().values(kind="promise_due"))
    op.execute(mail.update().where(sent).values(subject="", body="", calendar=None))
    op.execute(mail.update().where(~sent, ~waiting).values(given_up_at=mail.c.created_at))
