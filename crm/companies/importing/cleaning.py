"""One cell of a file -> a value, or the doubt about it. Nothing is guessed."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from crm.companies.importing.inputs import CompanyField
from crm.companies.importing.problems import Problem
from crm.companies.importing.table import NumberText
from crm.core.text import plain, squeeze
from crm.reference.queries import legal_forms, postcode_area, rows, sbi, size_classes

UNKNOWN_FORM = "ONB"

EMPTY = frozenset(
    [
        "-",
        "--",
        "---",
        ".",
        "?",
        "/",
        "n/a",
        "#n/a",
        "na",
        "nvt",
        "n.v.t.",
        "onbekend",
        "unknown",
        "geen",
        "none",
        "null",
        "nan",
    ]
)
LONGEST_EMPTY = 10
REMEMBERED = 4_096
_EXCEL_ERROR = re.compile(r"#(?:REF|VALUE|WAARDE|NAME\?|NAAM\?|DIV/0|DEEL/0|NUM|GETAL|NULL|LEEG|VERW|N/B)!?|#{3,}")
_SCIENTIFIC = re.compile(r"\d+[.,]?\d*\s?[eE]\s?\+\d{1,2}")
_MONTHS = "jan|feb|mrt|mar|apr|mei|may|jun|jul|aug|sep|okt|oct|nov|dec"
_DATE = re.compile(
    rf"\d{{4}}-\d\d-\d\d.*|\d{{1,2}}[-/]\d{{1,2}}[-/]\d{{2,4}}|\d{{1,2}}[-/ ](?:{_MONTHS})\w*\.?(?:[-/ ]\d{{2,4}})?"
    rf"|(?:{_MONTHS})\w*\.?[-/ ]\d{{2,4}}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a cell gives no value; `details` fill in the message."""

    problem: Problem
    details: tuple[tuple[str, str], ...] = ()


def tidy(cell: str) -> str:
    """The cell without spaces around it, invisible characters, and the apostrophe that keeps Excel from counting."""
    if type(cell) is NumberText:
        return cell
    text = " ".join(cell.split()) if cell.isprintable() else squeeze(cell)
    return text[1:] if text.startswith(("'0", "'=", "'+", "'-", "'@")) else text


def is_empty(text: str) -> bool:
    """Also for what people and programs write instead of nothing."""
    return not text or (len(text) < LONGEST_EMPTY and text.lower() in EMPTY)


def excel_doubt(text: str) -> Doubt | None:
    return Doubt(Problem.EXCEL_ERROR) if text.startswith("#") and _EXCEL_ERROR.fullmatch(text.upper()) else None


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


_POSTCODE = re.compile(r"(?:NL[-\s]*)?([1-9]\d{3})[\s-]*([A-Za-z]{2})?(?:[\s,]+([^\W\d_].+))?")


def postcode(text: str) -> tuple[str, str] | Doubt:
    """The postcode as `3311AB` (or the four digits, when there are no more) and the town behind it, if any."""
    found = _POSTCODE.fullmatch(text)
    if not found:
        return Doubt(Problem.POSTCODE_INVALID)
    digits, letters, town = found.groups(default="")
    if not letters and not postcode_area(digits):
        return Doubt(Problem.POSTCODE_INVALID)
    known = town_name(town) if town else ""
    return digits + letters.upper(), "" if isinstance(known, Doubt) else known


OTHER_NAMES = {"s-gravenhage": "den haag", "den bosch": "s-hertogenbosch", "alphen a/d rijn": "alphen aan den rijn"}


def town_key(town: str) -> str:
    key = plain(town).replace("’", "'").lstrip("'")
    return OTHER_NAMES.get(key, key)


@cache
def _town_names() -> dict[str, str]:
    return {town_key(row["town"]): row["town"] for row in rows("postcodes.csv")}


def town_name(text: str) -> str | Doubt:
    """Spelled as in the list of postcodes: `DORDRECHT` is Dordrecht."""
    if len(text) > 80:
        return Doubt(Problem.TOO_LONG)
    return _town_names().get(town_key(text), text)


MOST_STAFF = 1_000_000
_PEOPLE = re.compile(
    r"\b(?:werkzame|medewerkers?|werknemers?|personen|personeelsleden|mensen|fte|employees?|people|staff|circa|ca|ongeveer)\b\.?"
)
_COUNT = r"(\d{1,3}(?:[.,]\d{3})+|\d+)"
_RANGE = re.compile(rf"{_COUNT}\s*(-|t/m|tot en met|tot|to|/)\s*{_COUNT}")
_FROM = re.compile(rf"(?:vanaf|>=|≥)\s*{_COUNT}|{_COUNT}\s*(?:\+|of meer|en meer|or more|plus)")
_ABOVE = re.compile(rf"(?:>|meer dan|more than)\s*{_COUNT}")
_BELOW = re.compile(rf"(?:<|tot|minder dan|less than|under)\s*{_COUNT}")

Staff = tuple[int, int | None]


def staff(text: str) -> Staff | Doubt:
    """`5`, `2-9`, `100+`, `10 tot 50` (which statistics mean as 10-49), `micro`: the least and the most people."""
    if _DATE.fullmatch(text):
        return Doubt(Problem.EXCEL_DATE)
    words = squeeze(_PEOPLE.sub(" ", re.sub("[–—]", "-", plain(text))))
    least, most = _staff_range(words) or _size_class(words) or (-1, -1)
    sensible = 0 <= least <= MOST_STAFF and (most is None or least <= most <= MOST_STAFF)
    return (least, most) if sensible else Doubt(Problem.STAFF_INVALID)


def _staff_range(words: str) -> Staff | None:
    if found := re.fullmatch(rf"{_COUNT}(?:[.,]0)?", words):
        return _count(found[1]), _count(found[1])
    if found := _RANGE.fullmatch(words):
        return _count(found[1]), _count(found[3]) - (found[2] == "tot")
    if found := _FROM.fullmatch(words):
        return _count(found[1] or found[2]), None
    if found := _ABOVE.fullmatch(words):
        return _count(found[1]) + 1, None
    if found := _BELOW.fullmatch(words):
        return 0, _count(found[1]) - 1
    return None


def _count(text: str) -> int:
    digits = re.sub("[.,]", "", text)
    return int(digits) if len(digits) < 9 else MOST_STAFF + 1


def _size_class(words: str) -> Staff | None:
    for size in size_classes().values():
        if words in {size.code, plain(size.name_nl), plain(size.name_en)}:
            return size.staff_min, size.staff_max
    return None


_EMAIL = re.compile(r"(?:mailto:)?([^@\s,;:<>()\"']+@[^@\s,;:<>()\"']+\.[A-Za-z]{2,})")
_WEBSITE = re.compile(r"(https?://)?((?:[\w-]+\.)+[^\W\d_]{2,}(?::\d+)?(?:[/?#]\S*)?)", re.IGNORECASE)
_SEVERAL = re.compile(r"[;,|\s]+|/(?=\s)")


def email(text: str) -> str | Doubt:
    """Of several addresses the first."""
    for part in (text, *_SEVERAL.split(text)):
        if found := _EMAIL.fullmatch(part):
            return found[1] if len(part) <= 200 else Doubt(Problem.TOO_LONG)
    return Doubt(Problem.EMAIL_INVALID)


def website(text: str) -> str | Doubt:
    """With `https://` in front when it has nothing there, so that it can be a link. Of several the first."""
    found = _WEBSITE.fullmatch(text) or _WEBSITE.fullmatch(_SEVERAL.split(text)[0])
    if not found:
        return Doubt(Problem.WEBSITE_INVALID)
    address = (found[1] or "https://").lower() + found[2]
    return address if len(address) <= 200 else Doubt(Problem.TOO_LONG)


_YES = frozenset({"ja", "j", "yes", "y", "1", "true", "waar", "x"})
_NO = frozenset({"nee", "n", "no", "0", "false", "onwaar"})


def yes_no(text: str) -> bool | Doubt:
    word = text.lower()
    return word in _YES if word in _YES | _NO else Doubt(Problem.YES_NO_INVALID)


def text_of_at_most(length: int) -> Callable[[str], str | Doubt]:
    def clean(text: str) -> str | Doubt:
        return text if len(text) <= length else Doubt(Problem.TOO_LONG)

    return clean


CLEANERS: dict[CompanyField, Callable[[str], object]] = {
    CompanyField.NAME: text_of_at_most(200),
    CompanyField.PHONE: str,
    CompanyField.KVK_NUMBER: kvk_number,
    CompanyField.BRANCH_NUMBER: branch_number,
    CompanyField.LEGAL_FORM: legal_form,
    CompanyField.SBI_CODE: sbi_code,
    CompanyField.ACTIVITY: text_of_at_most(300),
    CompanyField.STREET: text_of_at_most(150),
    CompanyField.HOUSE_NUMBER: text_of_at_most(20),
    CompanyField.HOUSE_SUFFIX: text_of_at_most(20),
    CompanyField.POSTCODE: postcode,
    CompanyField.TOWN: town_name,
    CompanyField.STAFF: staff,
    CompanyField.EMAIL: email,
    CompanyField.WEBSITE: website,
    CompanyField.NON_MAILING: yes_no,
    CompanyField.SOURCE: text_of_at_most(120),
}


REPETITIVE = frozenset(
    {
        CompanyField.LEGAL_FORM,
        CompanyField.SBI_CODE,
        CompanyField.ACTIVITY,
        CompanyField.HOUSE_NUMBER,
        CompanyField.POSTCODE,
        CompanyField.TOWN,
        CompanyField.STAFF,
        CompanyField.SOURCE,
    }
)


def cell_reader(company_field: CompanyField) -> Callable[[str], tuple[str, object]]:
    """A function from a cell to its text and its value: None when there is nothing, or a Doubt."""
    clean = CLEANERS[company_field]

    def read(cell: str) -> tuple[str, object]:
        text = tidy(cell)
        return ("", None) if is_empty(text) else (text, excel_doubt(text) or clean(text))

    # Some columns hold the same few texts over and over. `typed` because a number of Excel is read differently.
    return lru_cache(maxsize=REMEMBERED, typed=True)(read) if company_field in REPETITIVE else read
