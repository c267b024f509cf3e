"""what the line gave beside what was said."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

REACHED = (
    "answered",
    "no_answer",
    "busy",
    "voicemail",
    "message_left",
    "out_of_service",
    "wrong_number",
    "failed",
)
# Results of before that were no conversation; every other one was.
WITHOUT_CONVERSATION = {
    "GEEN_GEHOOR": "no_answer",
    "IN_GESPREK": "busy",
    "VOICEMAIL": "voicemail",
    "VOICEMAIL_INGESPROKEN": "message_left",
    "VERKEERD_NUMMER": "wrong_number",
}


def upgrade() -> None:
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "reached",
                sa.Enum(*REACHED, name="reached", native_enum=False, create_constraint=True, length=32),
                nullable=True,
            )
        )
    call = sa.table("call", sa.column("disposition", sa.String()), sa.column("reached", sa.String()))
    known = sa.case(WITHOUT_CONVERSATION, value=call.c.disposition, else_="answered")
    op.execute(call.update().where(call.c.disposition.is_not(None)).values(reached=known))
    op.execute(call.update().where(call.c.reached != "answered").values(disposition=None))
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.create_check_constraint(
            batch_op.f("ck_call_one_result"),
            sa.text("(disposition IS NOT NULL) = (coalesce(reached, '') = 'answered')"),
        )
