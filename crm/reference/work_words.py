"""Words about work by which people and jobs are compared, without the ones that may not decide."""

import re
from functools import lru_cache

from crm.core.text import plain
from crm.reference.wording import EXCLUDING, TREATMENT, without

STEM = 5
NEVER_TELLING = frozenset(
    {"graag", "samen", "vooral", "goed", "goede", "ervaring", "werk", "werken", "bedrijf", "week"}
)


def work_text(*texts: str) -> str:
    """All that is written about work, without words that may not decide."""
    return without(" ".join(texts), *EXCLUDING)


def telling_words(text: str) -> list[str]:
    """In lower case without accents; none of them shuts people out, also not in a passage where it means no harm."""
    words = re.findall(r"[^\W\d_]{4,}", plain(text))
    return [word for word in words if _may_tell(word) and _may_tell(word[:STEM])]


@lru_cache(maxsize=20_000)
def _may_tell(word: str) -> bool:
    return word not in NEVER_TELLING and bool(without(word, *EXCLUDING, TREATMENT).strip())


def stems(text: str) -> list[str]:
    """The beginnings of the words that tell something, each once."""
    return list(dict.fromkeys(word[:STEM] for word in telling_words(text)))


def as_kept(*texts: str) -> str:
    """The beginnings in one row, each between spaces, for a database to look in and to compare by."""
    return f" {' '.join(stems(work_text(*texts)))} "


def shared_words(text: str, known: str) -> list[str]:
    """Words of the text that begin as one of the other, which is as it is kept; of each beginning the first."""
    theirs = set(known.split())
    found: dict[str, str] = {}
    for word in telling_words(text):
        if word[:STEM] in theirs:
            found.setdefault(word[:STEM], word)
    return list(found.values())
