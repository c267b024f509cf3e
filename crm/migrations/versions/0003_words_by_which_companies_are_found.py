"""words by which companies are found."""

import re
import unicodedata
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "word_form",
        sa.Column(
            "form", sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "kind", sa.String(length=5).with_variant(sa.String(length=5, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "word", sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"), nullable=False
        ),
        sa.PrimaryKeyConstraint("form", "kind", "word", name=op.f("pk_word_form")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "company_word",
        sa.Column(
            "word", sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_company_word_company_id")),
        sa.PrimaryKeyConstraint("word", "company_id", name=op.f("pk_company_word")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("company_word", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_company_word_company_id_word"), ["company_id", "word"], unique=False)

    with op.batch_alter_table("company_number", schema=None) as batch_op:
        text = sa.String(length=16).with_variant(sa.String(length=16, collation="C"), "postgresql")
        batch_op.add_column(sa.Column("backwards", text, nullable=True))
    _turn_numbers()
    with op.batch_alter_table("company_number", schema=None) as batch_op:
        batch_op.alter_column("backwards", existing_type=text, nullable=False)
        batch_op.create_index(batch_op.f("ix_company_number_backwards"), ["backwards"], unique=False)
    _add_words()


def _turn_numbers() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        connection.connection.driver_connection.create_function("reverse", 1, lambda text: text[::-1])
    connection.execute(sa.text("UPDATE company_number SET backwards = reverse(e164)"))


def _add_words() -> None:
    connection, last, known = op.get_bind(), 0, set()
    chunk = sa.text("SELECT id, name_key, town FROM company WHERE id > :last ORDER BY id LIMIT 10000")
    while companies := connection.execute(chunk, {"last": last}).all():
        last = companies[-1].id
        words = {(word, company.id) for company in companies for word in _words(company)}
        new = {word for word, _company_id in words} - known
        known |= new
        _insert("word_form", ("form", "kind", "word"), {form for word in new for form in _forms(word)})
        _insert("company_word", ("word", "company_id"), words)


def _words(company: sa.Row) -> Iterator[str]:
    town = "".join(c for c in unicodedata.normalize("NFKD", company.town) if not unicodedata.combining(c)).casefold()
    return (word[:40] for word in f"{company.name_key} {re.sub('[^a-z0-9]+', ' ', town)}".split())


def _forms(word: str) -> Iterator[tuple[str, str, str]]:
    yield word, "whole", word
    yield from ((word[start:], "tail", word) for start in range(3, len(word) - 3))
    if len(word) >= 4 and not word.isdigit():
        yield from ((word[:at] + word[at + 1 :], "slip", word) for at in range(len(word)))


def _insert(table: str, names: tuple[str, ...], rows: set[tuple]) -> None:
    if rows:
        target = sa.table(table, *(sa.column(name) for name in names))
        op.get_bind().execute(target.insert(), [dict(zip(names, row, strict=True)) for row in sorted(rows)])
