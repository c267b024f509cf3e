"""From a letter and its company to what is printed: pure, in the language of the letter."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from babel.dates import format_date

from crm.companies.models import Company
from crm.core.clock import local, now, today
from crm.core.i18n import _, language, speaking
from crm.core.settings import settings
from crm.outreach.models import LetterText
from crm.outreach.printing import LetterPage
from crm.outreach.sender import answer_address, sender_lines
from crm.outreach.wording import fill, paragraphs

SAMPLE_CODE = "ABCDE-FGHJK-MNPQR"
WIDEST = 60  # signs of a name: longer ones are rare, and such a letter is printed smaller


def page_of(text: LetterText, company: Company, code: str, day: date, expires_at: datetime) -> LetterPage:
    with speaking(text.language):
        values = _values(company, expires_at)
        return LetterPage(
            language=text.language,
            sender=sender_lines(),
            address=address_lines(company),
            place_and_date=", ".join(filter(None, (settings().letter_town or settings().town, _long(day)))),
            subject=fill(text.subject, values),
            paragraphs=paragraphs(fill(text.body, values)),
            signed=[line for line in (settings().letter_signed_by, settings().organisation) if line],
            how_to_answer=_("Your code, also for taking back a yes:"),
            code=code,
            page=answer_address().partition("://")[2],
            qr_target=answer_address(code),
            qr_meaning=_("QR code with the address of the page where you answer: {address}").format(
                address=answer_address(code)
            ),
            small=_small(company),
        )


def sample_pages(text: LetterText) -> list[LetterPage]:
    """A letter as most are, and one with about the longest name there is: a text has to fit for both."""
    with speaking(text.language):
        mark = _("EXAMPLE")
    expires_at = now() + timedelta(days=settings().letter_days)
    pages = []
    for name in ("Bakkerij Voorbeeld", "Bouwmaterialenhandel " * 3):
        company = Company(
            name=name[:WIDEST].strip(), name_key="", street="Voorstraat 1", postcode="3311AA", town="Dordrecht"
        )
        company.source = "Bedrijvengids"
        page = page_of(text, company, SAMPLE_CODE, today(), expires_at)
        pages.append(replace(page, mark=mark))
    return pages


def address_lines(company: Company) -> list[str]:
    """As the post wants it: postcode, two spaces, town in capitals."""
    code = company.postcode or ""
    place = "  ".join(filter(None, (f"{code[:4]} {code[4:]}".strip(), company.town.upper())))
    return [line for line in (company.name, company.street, place) if line]


def _values(company: Company, expires_at: datetime) -> dict[str, str]:
    chosen = settings()
    return {
        "bedrijf": company.name,
        "plaats": company.town,
        "organisatie": chosen.organisation,
        "soort_organisatie": chosen.organisation_kind,
        "regio": chosen.region,
        "telefoon": chosen.office_phone,
        "geldig_tot": _long(last_day(expires_at)),
        "maanden": str(chosen.consent_months),
    }


def last_day(expires_at: datetime) -> date:
    """The last whole day before that moment."""
    return local(expires_at - timedelta(seconds=1)).date()


def _long(day: date) -> str:
    return format_date(day, "d MMMM yyyy", locale=language())


def _small(company: Company) -> list[list[str]]:
    source = company.source or _("a public guide or website of companies")
    return [
        [_("How did we get your address? From: {source}.").format(source=source)],
        [
            _(
                "Do you want no more post from us? Tick that on the page, or call {phone}. You may object at any time "
                "to our use of your details. With a complaint you can go to the Autoriteit Persoonsgegevens."
            ).format(phone=settings().office_phone)
        ],
    ]
