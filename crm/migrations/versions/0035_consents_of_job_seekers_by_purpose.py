"""consents of job seekers by purpose."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


# What was agreed to until now was one text for both: to keep the details, and to tell an employer.
BOTH = ("details", "introduce")
MOVE = """
INSERT INTO candidate_consent
    (created_at, candidate_id, purpose, text, given_at, expires_at, recorded_by_id, withdrawn_at, withdrawn_by_id)
SELECT consent_at, id, :purpose, consent_text, consent_at, consent_until, {by_given},
    CASE WHEN EXISTS ({withdrawn}) THEN consent_until END, {by_withdrawn}
FROM candidate WHERE consent_at IS NOT NULL
"""
ENTRY = (
    "SELECT actor_id FROM audit_entry WHERE subject_type = 'candidate' AND subject_id = candidate.id"
    " AND action = 'candidate.{action}' AND audit_entry.created_at >= candidate.consent_at"
)
LAST = " ORDER BY audit_entry.id DESC LIMIT 1"


def upgrade() -> None:
    op.create_table(
        "candidate_consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "details",
                "introduce",
                "story",
                "share",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "telephone",
                "email",
                "letter",
                "paper",
                "conversation",
                "other",
                name="consentchannel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "withdrawn_channel",
            sa.Enum(
                "telephone",
                "email",
                "letter",
                "paper",
                "conversation",
                "other",
                name="withdrawn_channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name=op.f("fk_candidate_consent_candidate_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["app_user.id"], name=op.f("fk_candidate_consent_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["app_user.id"], name=op.f("fk_candidate_consent_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate_consent")),
    )
    with op.batch_alter_table("candidate_consent", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_candidate_consent_candidate_id_purpose"), ["candidate_id", "purpose"], unique=False
        )

    _move()
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        batch_op.drop_column("consent_text")


def _move() -> None:
    given, withdrawn = ENTRY.format(action="consent_given"), ENTRY.format(action="consent_withdrawn")
    by = {"by_given": f"({given}{LAST})", "withdrawn": withdrawn, "by_withdrawn": f"({withdrawn}{LAST})"}
    for purpose in BOTH:
        op.execute(sa.text(MOVE.format(**by)).bindparams(purpose=purpose))
