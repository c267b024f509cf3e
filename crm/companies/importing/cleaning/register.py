"""What stands in the Trade Register: numbers, legal form and trade."""

import re
from functools import cache

from crm.companies.importing.cleaning.cells import Doubt
from crm.companies.importing.problems import Problem
from crm.companies.importing.table import NumberText
from crm.core.text import plain
from crm.reference.queries import legal_forms, sbi

UNKNOWN_FORM = "ONB"
_SCIENTIFIC = re.compile(r"\d+[.,]?\d*\s?[eE]\s?\+\d{1,2}")


def kvk_number(text: str) -> str | Doubt:
    """Eight digits; a KVK number of seven has lost its first zero."""
    digits = _only_digits(text)
    if isinstance(digits, Doubt):
        return digits
    return digits.zfill(8) if 7 <= len(digits) <= 8 and int(digits) else Doubt(Problem.KVK_INVALID)


def branch_number(text: str) -> str | Doubt:
    """Twelve digits, of which Excel drops the zeros in front (there are four or so)."""
    digits = _only_digits(text)
    if isinstance(digits, Doubt):
        return digits
    return digits.zfill(12) if 7 <= len(digits) <= 12 and int(digits) else Doubt(Problem.BRANCH_INVALID)


_NUMBER_LABEL = re.compile(
    r"^(?:kvk|coc|vestiging\w*)?[-.:\s]*(?:nr|nummer|number)?[-.:\s]*|[.,]0+$|[-.\s]", re.IGNORECASE
)


def _only_digits(text: str) -> str | Doubt:
    if text.isascii() and text.isdigit():
        return text
    if _SCIENTIFIC.fullmatch(text):
        return Doubt(Problem.SCIENTIFIC)
    digits = _NUMBER_LABEL.sub("", text)
    return digits if digits.isascii() and digits.isdigit() else "0"


_FORM_WORDS = {
    "EMZ": "emz ez eenmanszaak eenpersoonszaak zzp zzper zelfstandige soletrader soleproprietor",
    "VOF": "vof vennootschaponderfirma",
    "MA": "ma maatschap",
    "CV": "cv commanditairevennootschap",
    "RED": "rederij",
    "BV": "bv beslotenvennootschap bvio bvinoprichting flexbv",
    "NV": "nv naamlozevennootschap",
    "COP": "cop cooperatie cooperatieua cooperatieba coop",
    "OWM": "owm onderlingewaarborgmaatschappij",
    "VER": "ver vereniging",
    "ST": "st stichting",
    "VvE": "vve verenigingvaneigenaars verenigingvaneigenaren",
    "KG": "kg kerkgenootschap",
    "PR": "pr publiekrechtelijkerechtspersoon gemeente",
    "0001": "gmbh bvba sprl srl sarl",
    "0002": "ltd limited inc llc",
}
LONG_WORD = 9


@cache
def _form_codes() -> dict[str, str]:
    codes = {word: code for code, words in _FORM_WORDS.items() for word in words.split()}
    for form in legal_forms().values():
        codes |= {_letters(text): form.code for text in (form.code, form.name_nl, form.name_en)}
    return codes


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", plain(text))


def legal_form(text: str) -> str | Doubt:
    """`B.V.`, `Besloten Vennootschap (BV)`, `01 - eenmanszaak`. A word more is allowed after a long name."""
    codes = _form_codes()
    for part in (text, *re.split(r"[()/:]| - ", text)):
        if code := codes.get(_letters(part)):
            return code
    key = _letters(text).lstrip("0123456789")
    known = (word for word in codes if len(word) >= LONG_WORD and key.startswith(word))
    longest = max(known, key=len, default="")
    return codes[longest] if longest else Doubt(Problem.LEGAL_FORM_UNKNOWN)


_SBI = re.compile(r"(?:SBI)?[\s:-]*[A-V]?\s*(\d[\d. ]*\d|\d)(?!\d)", re.IGNORECASE)


def sbi_code(text: str) -> str | Doubt:
    """`47.11`, `4711`, `47.11 - Supermarkten`; of several codes the first. Puts back a zero that is surely lost."""
    found = _SBI.match(text)
    written = found[1].rstrip(". ") if found else ""
    digits = written.replace(".", "").replace(" ", "")
    if written[1:2] == ".":  # `1.11` is 01.11
        digits = "0" + digits
    with_zero = "0" + digits
    if isinstance(text, NumberText) and sbi(digits) and sbi(with_zero):
        return Doubt(Problem.SBI_AMBIGUOUS, (("one", digits), ("other", with_zero)))
    known = (code for code in (digits, with_zero) if len(digits) > 1 and sbi(code))
    return next(known, None) or Doubt(Problem.SBI_UNKNOWN)
