"""Normalising what people typed, so that the same thing is found again."""

import re
import unicodedata

_LEGAL_SUFFIX = re.compile(
    r"\b(b\.?\s?v|n\.?\s?v|v\.?\s?o\.?\s?f|c\.?\s?v|u\.?a|stichting|vereniging|holding|beheer)\b\.?", re.IGNORECASE
)


def squeeze(text: str) -> str:
    """Without surrounding and repeated white space or control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def plain(text: str) -> str:
    """Lower case without accents: `Café Zus` -> `cafe zus`."""
    if text.isascii():
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def name_key(name: str) -> str:
    """A company's name for comparing: no accents, legal form, punctuation or spaces at the ends.

    A name that is nothing but a legal form keeps it, so the key is never empty for a real name.
    """
    words = re.sub(r"[^a-z0-9]+", " ", _LEGAL_SUFFIX.sub(" ", plain(name).replace("&", " en "))).split()
    return " ".join(words) or squeeze(plain(name)) or squeeze(name)


def tidy(text: str) -> str:
    """Several lines as they were typed, without control characters, which PostgreSQL may refuse."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text.replace("\r\n", "\n")).strip()
