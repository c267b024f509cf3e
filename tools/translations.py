"""Keep the catalogues in step with the texts in the code.

`python -m tools.translations` adds new texts to both catalogues, takes out unused ones and tells what is still to do.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from string import Formatter
from typing import Any

from babel.messages import Catalog, Message
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract
from pydantic import BaseModel

from crm.audit.services import NOISE
from crm.core.errors import field_text
from crm.core.i18n import LANGUAGES, LOCALE_DIR
from crm.core.settings import PROJECT_DIR
from crm.migrations.tables import METADATA

SOURCES = ("crm", "pages", "web", "jobs")
TEMPLATES = "web/templates"
MARKERS = {"_", "N_"}
PLURAL = "ngettext"
AUDIT = "record"  # record(session, actor, action, subject, reason="..."): the log shows the names of its details
OWN_LANGUAGE = "en"  # the code is written in it, so its catalogue repeats the texts

Texts = dict[str, str | None]


@dataclass
class Used:
    """Texts of the code with their plural, if they have one; `unreadable` are calls that no tool can follow."""

    texts: Texts = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)


def used_texts() -> Used:
    """Everything that the product can ask its catalogues for."""
    used = marked_texts(PROJECT_DIR)
    for name in _field_names():
        _note(used, (field_text(name),))
    return used


def marked_texts(root: Path) -> Used:
    """What stands in the code and the templates as a text to translate."""
    used = Used()
    for folder in SOURCES:
        for path in sorted((root / folder).rglob("*.py")):
            _read_python(path.relative_to(root), path.read_text("utf-8"), used)
    for path in sorted((root / TEMPLATES).rglob("*.html")):
        with path.open("rb") as source:
            for _line, function, given, _comments in babel_extract(source, (*MARKERS, PLURAL), [], {}):
                _note(used, given if function == PLURAL and isinstance(given, tuple) else (given,))
    return used


def _read_python(path: Path, source: str, used: Used) -> None:
    # A syntax tree and not Babel's own reader, which does not see calls inside an f-string.
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id == AUDIT:
            for keyword in node.keywords:
                _note(used, (field_text(str(keyword.arg)),))
        if node.func.id not in {*MARKERS, PLURAL}:
            continue
        given = node.args[: 2 if node.func.id == PLURAL else 1]
        constants = [item.value for item in given if isinstance(item, ast.Constant) and isinstance(item.value, str)]
        if len(constants) == len(given):
            _note(used, tuple(constants))
        elif any(isinstance(item, ast.JoinedStr | ast.BinOp) for item in given):
            used.unreadable.append(f"{path}:{node.lineno}")


def _note(used: Used, given: tuple[Any, ...]) -> None:
    singular, plural = given[0], given[1] if len(given) > 1 else None
    used.texts[singular] = used.texts.get(singular) or plural


def _field_names() -> Iterator[str]:
    """Names that are shown as a label: an input field when it is wrong, a column when the audit log tells of it."""
    for path in sorted((PROJECT_DIR / "crm").rglob("inputs.py")):
        module = import_module(".".join(path.relative_to(PROJECT_DIR).with_suffix("").parts))
        for thing in vars(module).values():
            if isinstance(thing, type) and issubclass(thing, BaseModel):
                yield from thing.model_fields
    for table in METADATA.tables.values():
        yield from (column.name for column in table.columns if column.name not in NOISE)


def catalogue(language: str) -> Catalog:
    with _path(language).open("rb") as source:
        return read_po(source, locale=language)


def update(language: str, texts: Texts) -> None:
    """Add what is new, take out what is unused; what is translated stays as it is."""
    known = catalogue(language)
    for message in entries(known):
        if _singular(message) not in texts:
            known.delete(message.id)
    for singular, plural in texts.items():
        if singular not in known:
            key = (singular, plural) if plural else singular
            known.add(key, key if language == OWN_LANGUAGE else "")
    known.obsolete.clear()
    with _path(language).open("wb") as target:
        write_po(target, known, width=110, sort_output=True)


def faults(language: str, texts: Texts, known: Catalog) -> list[str]:
    """What is wrong with a catalogue, a line each."""
    found = [f"{language}: not in the catalogue: {text!r}" for text in texts if text not in known]
    found += [f"{language}: obsolete: {text!r}" for text in known.obsolete]
    for message in entries(known):
        text = _singular(message)
        found += [f"{language}: {fault}: {text!r}" for fault in _faults_of(message, text, texts)]
    return found


def _faults_of(message: Message, text: str, texts: Texts) -> Iterator[str]:
    if text not in texts:
        yield "unused"
        return
    translated = _forms(message.string)
    if not all(translated):
        yield "not translated"
    if message.fuzzy:
        yield "fuzzy"
    if isinstance(message.id, tuple) != bool(texts[text]):
        yield "singular and plural do not fit"
    elif not _same_fields(_forms(message.id), translated):
        yield "other named fields"


def _same_fields(original: list[str], translated: list[str]) -> bool:
    """The last form has all fields; a singular may say "one" instead of the number."""
    wanted = fields(original[-1])
    return fields(translated[-1]) == wanted and all(fields(form) <= wanted for form in translated)


def fields(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in Formatter().parse(text) if name is not None}


def entries(known: Catalog) -> list[Message]:
    """Without the header, which is an entry too."""
    return [message for message in known if message.id]


def _forms(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return list(text) if isinstance(text, list | tuple) else [text or ""]


def _singular(message: Message) -> str:
    return _forms(message.id)[0]


def _path(language: str) -> Path:
    return LOCALE_DIR / language / "LC_MESSAGES" / "messages.po"


def main() -> None:
    used = used_texts()
    left = [f"not readable, use a plain text: {place}" for place in used.unreadable]
    for language in LANGUAGES:
        update(language, used.texts)
        left += faults(language, used.texts, catalogue(language))
    print("\n".join(left) or "Both catalogues are complete.")
    sys.exit(1 if left else 0)


if __name__ == "__main__":
    main()
