"""The words by which companies are found: what may be typed of a name or town, also a part of it or with one slip.

One table says which companies have a word. A second one, of the few hundred thousand words that exist, says how a word
may be met: whole, from its middle on (`bakkerij` in `stadsbakkerij`), and with one letter left out. What has a letter
too many, too few, another one or two in the wrong order is one left-out letter away from the word that was meant.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Table,
    delete,
    exists,
    select,
)
from sqlmodel import Session

from crm.companies.models import Company, ordered_text
from crm.core.db import insert_for
from crm.core.models import Record
from crm.core.text import name_key

LONGEST_WORD = 40
SHORTEST_PART = 4  # shorter ones are in too many words to be worth their place
FIRST_PART_AT = 3


class Form(StrEnum):
    WHOLE = "whole"
    TAIL = "tail"
    SLIP = "slip"


COMPANY_WORD = Table(
    "company_word",
    Record.metadata,
    Column("word", ordered_text(LONGEST_WORD), primary_key=True),
    Column("company_id", Integer, ForeignKey("company.id"), primary_key=True),
    Index(None, "company_id", "word"),
    sqlite_with_rowid=False,
)
WORD_FORM = Table(
    "word_form",
    Record.metadata,
    Column("form", ordered_text(LONGEST_WORD), primary_key=True),
    Column("kind", ordered_text(5), primary_key=True),
    Column("word", ordered_text(LONGEST_WORD), primary_key=True),
    sqlite_with_rowid=False,
)


def words_of(text: str) -> list[str]:
    """The words of a name, a town or a question, each once."""
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in name_key(text).split()))


def index_company(session: Session, company: Company) -> None:
    """Make a company findable by its present name and town."""
    session.flush()
    index_words(session.connection(), {company.id: f"{company.name} {company.town}"})


def index_words(connection: Connection, texts: Mapping[int, str]) -> None:
    """Make these companies findable by the words of these texts, and by no others."""
    words = {company_id: words_of(text) for company_id, text in texts.items()}
    connection.execute(delete(COMPANY_WORD).where(COMPANY_WORD.c.company_id.in_(words)))
    _insert(connection, WORD_FORM, _forms_of_new(connection, {word for found in words.values() for word in found}))
    _insert(connection, COMPANY_WORD, ((word, company_id) for company_id in words for word in words[company_id]))


def forget_words(connection: Connection, words: Iterable[str]) -> None:
    """Words that no company has any more may have been somebody's name."""
    unused = ~exists().where(COMPANY_WORD.c.word == WORD_FORM.c.word)
    for word in words:
        forms = {form for form, _kind in forms_of(word)}
        connection.execute(delete(WORD_FORM).where(WORD_FORM.c.form.in_(forms), WORD_FORM.c.word == word, unused))


def _forms_of_new(connection: Connection, words: set[str]) -> Iterator[tuple[str, ...]]:
    known = connection.scalars(
        select(WORD_FORM.c.word).where(WORD_FORM.c.kind == Form.WHOLE, WORD_FORM.c.form.in_(words))
    )
    for word in words.difference(known):
        yield from ((form, kind, word) for form, kind in forms_of(word))


def forms_of(word: str) -> Iterator[tuple[str, Form]]:
    """All that the word may be met as."""
    yield word, Form.WHOLE
    yield from ((tail, Form.TAIL) for tail in tails(word))
    yield from ((slip, Form.SLIP) for slip in slips(word))


def tails(word: str) -> Iterator[str]:
    return (word[start:] for start in range(FIRST_PART_AT, len(word) - SHORTEST_PART + 1))


def slips(word: str) -> set[str]:
    """The word with one letter left out, whichever that is. A number is right or wrong as it is."""
    if len(word) < SHORTEST_PART or word.isdigit():
        return set()
    return {word[:at] + word[at + 1 :] for at in range(len(word))}


def _insert(connection: Connection, table: Table, rows: Iterable[tuple[object, ...]]) -> None:
    # In order, so that two who add the same word wait for each other and never for each other's next one.
    names = [column.name for column in table.columns]
    if given := [dict(zip(names, row, strict=True)) for row in sorted(rows)]:
        connection.execute(insert_for(connection)(table).on_conflict_do_nothing(), given)
