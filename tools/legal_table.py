"""Write docs/bellen-mag.md: what the rules of crm.companies say, as a table for a lawyer. `make legal` does it.

The answers in it are those of the rules themselves: they are asked, not repeated.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from babel.dates import format_date

from crm.companies.law import Purpose, Treatment, legal_rules
from crm.companies.models import SuppressionReason
from crm.companies.rules import GateFacts, decide
from crm.core.clock import at
from crm.core.i18n import speaking
from crm.core.settings import PROJECT_DIR, Settings
from crm.reference.calendar import SATURDAY, WEEKDAYS, holiday_name
from crm.reference.models import ColdCall
from crm.reference.queries import legal_forms, rows

DOCUMENT = PROJECT_DIR / "docs" / "bellen-mag.md"
YEARS = range(2026, 2031)
TUESDAY, SATURDAY_28, SUNDAY_29 = date(2026, 11, 24), date(2026, 11, 28), date(2026, 11, 29)
CHRISTMAS = date(2026, 12, 25)

GROUPS = {
    ColdCall.ALLOWED: "A. Rechtspersoon",
    ColdCall.CONSENT: "B. Telt als natuurlijk persoon",
    ColdCall.MANUAL: "C. Twijfel",
    ColdCall.BLOCKED: "D. Onbekend",
}
ASKS = {
    Treatment.ALLOWED: "niets",
    Treatment.CONSENT: "toestemming vooraf",
    Treatment.PUBLISHED: "nummer gepubliceerd voor aanbiedingen",
    Treatment.CUSTOMER: "is klant van ons",
    Treatment.CASE: "een zaak die loopt",
    Treatment.MANUAL: "eerst uitzoeken, of toestemming",
    Treatment.BLOCKED: "mag nooit",
}
PURPOSES = {Purpose.ACQUISITION: "werving", Purpose.SERVICE: "lopende zaak"}
SITUATIONS: dict[str, dict[str, Any]] = {
    "Zonder toestemming": {},
    "Met toestemming": {"has_consent": True},
    "Gepubliceerd voor aanbiedingen": {"has_publication": True},
    "Klant van ons": {"is_customer": True},
    "Uitgezocht: rechtspersoon": {"form_checked": True},
    "Over een zaak die loopt": {"purpose": Purpose.SERVICE, "has_case": True},
    "Over een zaak die er niet is": {"purpose": Purpose.SERVICE},
}
MOMENTS: dict[str, dict[str, Any]] = {
    "Zondag": {"moment": at(SUNDAY_29, 12), "agreed": True},
    "Feestdag": {"moment": at(CHRISTMAS, 12), "agreed": True},
    "Zaterdag, zonder afspraak": {"moment": at(SATURDAY_28, 12)},
    "Werkdag buiten de uren van de servicedesk, zonder afspraak": {"moment": at(TUESDAY, 20)},
    "Werkdag buiten de uren van de servicedesk, op een afgesproken tijd": {"moment": at(TUESDAY, 20), "agreed": True},
    "Buiten de uiterste uren, ook op een afgesproken tijd": {"moment": at(TUESDAY, 22), "agreed": True},
}


INTRODUCTION = """\
# Bellen mag, of niet

Deze tabel is gemaakt uit de regels van het programma, met `make legal`. Verander hem dus niet met de hand: elk
antwoord, met de code van de regel erachter, komt van de regels zelf.

Het programma kijkt altijd in deze volgorde: eerst naar blokkades (3), dan naar de rechtsvorm (1 en 2), dan naar de tijd
(4 en 5). Eén nee is genoeg. Weet het programma iets niet, dan is het antwoord nee.
"""
ABOUT_BLOCKS = """\
Ook met toestemming, ook voor een klant en ook op een afgesproken tijd. Een blokkade van een bedrijf geldt voor al zijn
vestigingen, die van een nummer voor elk bedrijf met dat nummer. Blokkades worden nooit weggehaald. Ook
wie gewist is, blijft geblokkeerd: van het nummer, het KVK-nummer en de naam met postcode blijft een kenmerk over,
waaruit niemand het nummer of de naam kan terugvinden.
"""
ABOUT_CASES = """\
Een zaak loopt als er bij het bedrijf iemand is voorgedragen, of als er een kopkoffie, plaatsing of nazorg is. Een
gesprek om te vragen of er inmiddels werk is, geldt altijd als werving. Dat iemand zijn nummer heeft gepubliceerd voor
aanbiedingen, bewijzen het adres van de pagina, de letterlijke tekst, de dag waarop die is gezien en wie dat deed.
"""
ABOUT_HOURS = """\
Zonder afspraak belt de servicedesk alleen op werkdagen van {start}:00 tot {end}:00 uur. Een organisatie kan die uren
veranderen, maar nooit ruimer maken dan de uiterste uren.
"""
ABOUT_SEASONS = """\
In schoolvakanties en in de bouwvak mag bellen wel. Het scherm waarschuwt dan dat veel bedrijven dicht zijn.
"""


def document() -> str:
    with speaking("nl"):
        return "\n".join([INTRODUCTION, *_forms(), *_law(), *_blocked(), *_hours(), *_days()])


def _forms() -> Iterator[str]:
    yield "## 1. Rechtsvormen\n"
    yield from _table(("KVK", "Rechtsvorm", "Groep", "Waarom"), _each_form())


def _law() -> Iterator[str]:
    yield "## 2. Mag het volgens de rechtsvorm?\n"
    yield "Bij `no-rule` gold er in die tijd geen regel. Dan is het antwoord nee.\n"
    for first, last in periods():
        yield f"### {_period(first, last)}\n"
        yield from _table(("Groep", *SITUATIONS), _answers(first))
    yield ABOUT_CASES
    yield "### De regels en hun bron\n"
    yield from _table(("Regel", "Voor", "Groep", "Vraagt", "Hooguit", "Geldig", "Uitleg", "Bron"), _rules())


def _blocked() -> Iterator[str]:
    yield "## 3. Wat altijd voorgaat\n"
    yield ABOUT_BLOCKS
    cases = _cases(_blocks(), agreed=True, has_consent=True, has_publication=True, is_customer=True)
    yield from _table(("Wat is er", "Antwoord", "Het scherm zegt"), cases)


def _hours() -> Iterator[str]:
    yield "## 4. Uren\n"
    yield "De uiterste uren, ook voor een tijd die is afgesproken. Vallen er twee op één dag, dan geldt de strengste.\n"
    yield from _table(("Dag", "Van", "Tot", "Geldig", "Bron"), _windows())
    start, end = (Settings.model_fields[name].default for name in ("call_from_hour", "call_until_hour"))
    yield ABOUT_HOURS.format(start=start, end=end)
    yield from _table(("Wanneer", "Antwoord", "Het scherm zegt"), _cases(MOMENTS))


def _days() -> Iterator[str]:
    yield "## 5. Dagen waarop niemand gebeld wordt\n"
    yield "Elke zondag, en deze feestdagen:\n"
    yield from _table(("Feestdag", *map(str, YEARS)), _holidays())
    yield ABOUT_SEASONS


def _table(heads: Iterable[str], body: Iterable[Iterable[str]]) -> Iterator[str]:
    heads = tuple(heads)
    yield _row(heads)
    yield _row("---" for _head in heads)
    yield from map(_row, body)
    yield ""


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _each_form() -> Iterator[tuple[str, ...]]:
    notes = {row["code"]: row["note"] for row in rows("legal_forms.csv")}
    for code, form in sorted(legal_forms().items(), key=lambda item: GROUPS[item[1].cold_call]):
        yield code, form.name, GROUPS[form.cold_call], notes[code]


def periods() -> list[tuple[date, date]]:
    """The stretches of time in which the law does not change, first to last."""
    starts = {rule.valid_from for rule in legal_rules()}
    starts |= {rule.valid_to + timedelta(days=1) for rule in legal_rules() if rule.valid_to < date.max}
    ordered = sorted(starts)
    ends = [start - timedelta(days=1) for start in ordered[1:]]
    return list(zip(ordered, [*ends, date.max], strict=True))


def _answers(day: date) -> Iterator[tuple[str, ...]]:
    for kind, group in GROUPS.items():
        form = next(code for code, form in legal_forms().items() if form.cold_call is kind)
        asked = [{"legal_form": form, "moment": noon(day), "any_time": True} | how for how in SITUATIONS.values()]
        yield group, *(answer(**facts) for facts in asked)


def noon(day: date) -> datetime:
    return at(day, 12)


def answer(**facts: Any) -> str:
    verdict = decide(GateFacts(**facts))
    return f"{'mag' if verdict.allowed else '**mag niet**'} (`{verdict.rule}`)"


def _rules() -> Iterator[tuple[str, ...]]:
    for rule in legal_rules():
        yield (
            f"`{rule.code}`",
            PURPOSES[rule.purpose],
            GROUPS[rule.applies_to],
            ASKS[rule.treatment],
            f"{rule.max_days} dagen oud" if rule.max_days else "",
            _period(rule.valid_from, rule.valid_to),
            rule.explanation,
            rule.source,
        )


def _cases(cases: dict[str, dict[str, Any]], **always: Any) -> Iterator[tuple[str, ...]]:
    """What is answered about a company that may otherwise be called, on a Tuesday morning."""
    for name, how in cases.items():
        facts: dict[str, Any] = {"legal_form": "BV", "moment": at(TUESDAY, 10)} | always | how
        yield name, answer(**facts), decide(GateFacts(**facts)).reason


def _blocks() -> dict[str, dict[str, Any]]:
    whole = {f"Bedrijf geblokkeerd, reden “{reason.label}”": {"company_block": reason} for reason in SuppressionReason}
    return {
        **whole,
        "Persoon bij het bedrijf geblokkeerd": {"contact_blocked": True},
        "Nummer geblokkeerd": {"number_blocked": True},
        "Bedrijf is gestopt": {"is_stopped": True},
        "Geen nummer dat werkt": {"has_number": False},
    }


def _windows() -> Iterator[tuple[str, ...]]:
    for row in rows("call_windows.csv"):
        until = date.fromisoformat(row["valid_to"]) if row["valid_to"] else date.max
        valid = _period(date.fromisoformat(row["valid_from"]), until)
        yield _day_name(row["day"]), row["from"], row["until"], valid, row["basis"]


def _day_name(key: str) -> str:
    if key in WEEKDAYS:
        monday = SATURDAY_28 - timedelta(days=SATURDAY)
        return _date(monday + timedelta(days=WEEKDAYS.index(key)), "EEEE")
    return _date(date.fromisoformat(f"2028-{key}"), "d MMMM")  # a leap year, which has every day


def _holidays() -> Iterator[tuple[str, ...]]:
    found: dict[str, dict[int, date]] = {}
    for year in YEARS:
        for number in range(366):
            day = date(year, 1, 1) + timedelta(days=number)
            if day.year == year and (name := holiday_name(day)):
                found.setdefault(name, {})[year] = day
    for name, days in sorted(found.items(), key=lambda item: max(f"{day:%m-%d}" for day in item[1].values())):
        yield name, *(_date(days[year], "EEE d MMM").replace(".", "") if year in days else "" for year in YEARS)


def _period(first: date, last: date) -> str:
    start = f"Vanaf {_date(first)}"
    return start if last == date.max else f"{start} tot en met {_date(last)}"


def _date(day: date, form: str = "d MMMM yyyy") -> str:
    return format_date(day, form, locale="nl")


def main() -> None:
    DOCUMENT.write_text(document(), "utf-8")


if __name__ == "__main__":
    main()
