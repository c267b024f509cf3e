"""how a call was made."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "way",
                sa.Enum(
                    "desk",
                    "incoming",
                    "own_phone",
                    "visit",
                    name="callway",
                    native_enum=False,
                    create_constraint=True,
                    length=32,
                ),
                server_default="desk",
                nullable=False,
            )
        )
