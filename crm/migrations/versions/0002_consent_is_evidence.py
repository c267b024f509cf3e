"""Consent is evidence."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

CHANNELS = ("telephone", "email", "letter", "paper", "conversation", "other")
# What the form offered, in both languages; what somebody typed is kept with how it was verified.
OFFERED = {
    "e-mail": "email",
    "in person": "conversation",
    "in gesprek, ter plekke": "conversation",
    "when they called us": "telephone",
    "toen zij ons belden": "telephone",
    "letter": "paper",
    "brief": "paper",
}


def upgrade() -> None:
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.alter_column(
            "verified_how", existing_type=sa.String(length=200), type_=sa.String(length=300), existing_nullable=False
        )
    _name_channels()
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contact_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_channel", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_how", sa.String(length=300), nullable=False, server_default=""))
        batch_op.alter_column(
            "channel", existing_type=sa.String(length=60), type_=sa.String(length=32), existing_nullable=False
        )
        batch_op.alter_column("recorded_by_id", existing_type=sa.Integer(), nullable=True)
        batch_op.create_index(batch_op.f("ix_consent_contact_id"), ["contact_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_consent_contact_id"), "contact", ["contact_id"], ["id"])
        batch_op.create_check_constraint(batch_op.f("ck_consent_consentchannel"), sa.column("channel").in_(CHANNELS))
        batch_op.create_check_constraint(
            batch_op.f("ck_consent_withdrawn_channel"), sa.column("withdrawn_channel").in_(CHANNELS)
        )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.alter_column("withdrawn_how", existing_type=sa.String(length=300), server_default=None)


def _name_channels() -> None:
    consent = sa.table("consent", sa.column("channel", sa.String()), sa.column("verified_how", sa.String()))
    known = sa.case(OFFERED, value=consent.c.channel, else_="other")
    told = sa.func.substr(sa.func.trim(consent.c.verified_how + " (" + consent.c.channel + ")"), 1, 300)
    how = sa.case((known == "other", told), else_=consent.c.verified_how)
    op.execute(consent.update().values(channel=known, verified_how=how))
