"""touches."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "letter",
                "article",
                "post",
                "email",
                "visit",
                name="touchkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["app_user.id"], name=op.f("fk_campaign_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    op.create_table(
        "touch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "letter",
                "article",
                "post",
                "email",
                "visit",
                name="touchkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_touch_campaign_id")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_touch_company_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_touch_letter_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["app_user.id"], name=op.f("fk_touch_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_touch")),
        sa.UniqueConstraint("campaign_id", "company_id", name=op.f("uq_touch_campaign_id_company_id")),
        sa.UniqueConstraint("letter_id", name=op.f("uq_touch_letter_id")),
    )
    with op.batch_alter_table("touch", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_touch_company_id_kind_on_day"), ["company_id", "kind", "on_day"], unique=False
        )
    # Letters that are in the post already count as well.
    letter = sa.table(
        "letter", *(sa.column(name) for name in ("id", "company_id", "sent_on", "made_by_id", "created_at"))
    )
    touch = sa.table(
        "touch",
        *(
            sa.column(name)
            for name in ("company_id", "kind", "on_day", "note", "letter_id", "made_by_id", "created_at")
        ),
    )
    posted = sa.select(
        letter.c.company_id,
        sa.literal("letter"),
        letter.c.sent_on,
        sa.literal(""),
        letter.c.id,
        letter.c.made_by_id,
        letter.c.created_at,
    ).where(letter.c.sent_on.is_not(None))
    op.execute(touch.insert().from_select([column.name for column in touch.c], posted))
