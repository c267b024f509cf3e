"""Words that do not belong in what we write about work and people, and why not."""

import re

from crm.core.i18n import N_, _

_NINE_DIGITS = re.compile(r"(?<![\d+])\d(?:[ .-]?\d){8}(?!\d)")
_ELEVEN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)

AGE = (
    re.compile(
        r"\b(?:jong(?:e|er|ere)?|jeugdige?|schoolverlaters?|leeftijd|niet ouder(?: dan)?|geboren in)\b"
        r"|\b(?:max(?:imaal|\.)?|tot|hooguit|onder de|jonger dan|ouder dan)\s+[1-9]\d(?:\s*jaar|\b(?=\s*jr))"
        r"|\b[1-9]\d[ -]?jarige?\b",
        re.IGNORECASE,
    ),
    N_("“{word}” is about age. Nobody may be chosen by age: say what the work asks."),
)
GENDER = (
    re.compile(
        r"\b(?:mannelijke?|vrouwelijke?|jongens?|meisjes?|dames?|heren)\b"
        r"|(?<![/\d] )(?<!/)(?<!\bof )(?<!\ben )\b(?:man|vrouw)\b(?!\s*/|\s+(?:en|of)\s+(?:man|vrouw))",
        re.IGNORECASE,
    ),
    N_("“{word}” asks for a man or a woman. That is not allowed: say what the work asks."),
)
HEALTH = (
    re.compile(
        r"\b(?:ziek(?:te|teverzuim|enhuis)?|diagnose|depressie\w*|burn-?out|handicap\w*|gehandicapt\w*|arbeidsongeschikt\w*"
        r"|wajong|wia|wao|medicijnen|medicatie|psychische?|verslaving\w*|rugklachten|operatie|zwanger\w*|autis\w*|adhd)\b",
        re.IGNORECASE,
    ),
    N_("“{word}” is about health. We do not keep that: take it out and write what is practically needed."),
)
_BSN = N_("“{word}” could be a citizen service number (BSN). We may not keep that: take it out.")


def without(text: str, *kinds: tuple[re.Pattern[str], str]) -> str:
    """The text with the words of these kinds left out."""
    for words, _advice in kinds:
        text = words.sub(" ", text)
    return text


def looks_like_bsn(digits: str) -> bool:
    """Nine digits that pass the eleven test."""
    total = sum(weight * int(digit) for weight, digit in zip(_ELEVEN_WEIGHTS, digits, strict=True))
    return total % 11 == 0 and int(digits) > 0


def bsn_warnings(text: str) -> list[str]:
    found = (match.group() for match in _NINE_DIGITS.finditer(text))
    return [_(_BSN).format(word=word) for word in found if looks_like_bsn(re.sub(r"\D", "", word))]


def word_warnings(text: str, *kinds: tuple[re.Pattern[str], str]) -> list[str]:
    """One sentence per doubtful word, each word once, in the order of the text within its kind."""
    return list(
        dict.fromkeys(_(advice).format(word=match.group()) for words, advice in kinds for match in words.finditer(text))
    )
