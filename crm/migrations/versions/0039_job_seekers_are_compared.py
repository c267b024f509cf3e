"""job seekers are compared by words about work."""

import sqlalchemy as sa
from alembic import op

from crm.reference.work_words import as_kept

revision = "0039"
down_revision = "0038"

PORTION = 1000


def upgrade() -> None:
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("work_words", sa.String(), nullable=False, server_default=""))
    _fill()
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        batch_op.alter_column("work_words", existing_type=sa.String(), server_default=None)
    with op.batch_alter_table("hidden_job_competence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hidden_job_competence_code_job_id"), ["code", "job_id"], unique=False)


def _fill() -> None:
    """They follow from other columns, and change with these."""
    people = sa.table(
        "candidate",
        sa.column("id", sa.Integer),
        sa.column("trades", sa.JSON),
        sa.column("strengths", sa.String),
        sa.column("work_words", sa.String),
    )
    told = sa.select(people.c.id, people.c.trades, people.c.strengths).order_by(people.c.id).limit(PORTION)
    connection, last = op.get_bind(), 0
    while rows := connection.execute(told.where(people.c.id > last)).all():
        words = [{"row": row.id, "words": as_kept(*row.trades, row.strengths)} for row in rows]
        statement = sa.update(people).where(people.c.id == sa.bindparam("row"))
        connection.execute(statement.values(work_words=sa.bindparam("words")), words)
        last = rows[-1].id
