"""Filling in the text of a letter. Placeholders are Dutch: coordinators write these texts."""

from collections.abc import Mapping
from string import Formatter

from crm.core.i18n import N_, _

PLACEHOLDERS = {
    "bedrijf": N_("name of the company"),
    "plaats": N_("town of the company"),
    "organisatie": N_("our organisation"),
    "soort_organisatie": N_("what kind of organisation we are"),
    "regio": N_("our region"),
    "telefoon": N_("our telephone number"),
    "geldig_tot": N_("last day on which the code works"),
    "maanden": N_("how many months consent holds"),
}
IN_CONSENT = frozenset({"organisatie", "maanden"})  # one text for everybody, so that it is the same as evidence


def check(text: str, known: frozenset[str]) -> None:
    """Raises ValueError for braces that are no placeholder we know."""
    try:
        found = [(name, spec, conversion) for _text, name, spec, conversion in Formatter().parse(text)]
    except ValueError:
        raise ValueError(
            _("a curly bracket stands alone; write a placeholder as {example}").format(example="{bedrijf}")
        ) from None
    for name, spec, conversion in found:
        if name is not None and (name not in known or spec or conversion):
            allowed = ", ".join(f"{{{word}}}" for word in PLACEHOLDERS if word in known)
            raise ValueError(
                _("{name} is no placeholder here. Use {allowed}").format(name=f"{{{name}}}", allowed=allowed)
            )


def fill(text: str, values: Mapping[str, str]) -> str:
    return text.format_map(values)


def paragraphs(text: str) -> list[list[str]]:
    """Paragraphs are parted by empty lines; a paragraph keeps its lines."""
    return [lines for part in text.split("\n\n") if (lines := [line.strip() for line in part.strip().splitlines()])]
