"""Letters read back from the PDF, as a printer and a telephone see them."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from crm.companies.models import Company
from crm.core.clock import at
from crm.core.settings import settings
from crm.outreach.layout import page_of, sample_pages
from crm.outreach.models import LetterText, Tongue
from crm.outreach.printing import LetterPage, LetterTooLong, to_pdf, to_picture
from crm.outreach.texts import standard_text

CODE = "K7QWM-3BHDX-9TRZP"
MM = 72 / 25.4

pytestmark = pytest.mark.usefixtures("sender")


def page(language: Tongue = Tongue.NL, **overrides: str) -> LetterPage:
    fields = {"name": "Bakkerij Één", "street": "Voorstraat 12", "postcode": "3311AB", "town": "Dordrecht"}
    company = Company(name_key="", source="Bedrijvengids", **(fields | overrides))
    text = LetterText(**standard_text(language).model_dump())
    return page_of(text, company, CODE, date(2026, 12, 1), at(date(2027, 6, 1), 0))


def read(pdf: bytes) -> list[str]:
    return [sheet.extract_text() for sheet in PdfReader(BytesIO(pdf)).pages]


def test_says_who_to_whom_when_what_and_how_to_object():
    (text,) = read(to_pdf([page()], "Brief"))
    for words in (
        "Servicedesk Kopkoffie",
        "Spuiboulevard 100",
        "Bakkerij Één\nVoorstraat 12\n3311 AB  DORDRECHT",
        "Dordrecht, 1 december 2026",
        "Mogen wij u bellen over werk dat blijft liggen?",
        "Ria de Vries, coördinator",
        CODE,
        "kopkoffie.voorbeeld.nl/toestemming",
        "31 mei 2027",
        "Hoe komen wij aan uw adres? Uit: Bedrijvengids.",
        "Wilt u geen post meer van ons?",
        "bezwaar",
    ):
        assert words in text
    assert "{" not in text


def test_speaks_english():
    (text,) = read(to_pdf([page(Tongue.EN)], "Letter"))
    assert "May we call you" in text
    assert "How did we get your address? From: Bedrijvengids." in text


def test_a_telephone_reads_the_code():
    document = pypdfium2.PdfDocument(to_pdf([page()], "Brief"))
    picture = document[0].render(scale=3).to_pil()
    (found,) = zxingcpp.read_barcodes(picture)
    document.close()
    assert found.text == f"https://kopkoffie.voorbeeld.nl/toestemming/{CODE}"


@pytest.mark.parametrize(("window", "left"), [("left", 22), ("right", 102)])
def test_only_the_address_is_behind_the_window(monkeypatch, window, left):
    """The window is 40 x 110 mm, and the sheet slides in the envelope: see letter.typ."""
    monkeypatch.setenv("KOPKOFFIE_LETTER_WINDOW", window)
    settings.cache_clear()
    document = pypdfium2.PdfDocument(to_pdf([page()], "Brief"))
    text = document[0].get_textpage()
    first, last = (1, 130) if window == "left" else (80, 209)
    visible = text.get_text_bounded(first * MM, (297 - 94) * MM, last * MM, (297 - 39) * MM)
    certain = text.get_text_bounded((left - 1) * MM, (297 - 79) * MM, (left + 87) * MM, (297 - 54) * MM)
    document.close()
    assert visible.split() == certain.split() == ["Bakkerij", "Één", "Voorstraat", "12", "3311", "AB", "DORDRECHT"]


def test_each_letter_has_one_page_with_its_own_code():
    pages = [replace(page(name=f"Bedrijf {number}"), code=f"CODE{number}") for number in range(30)]
    texts = read(to_pdf(pages, "Brieven"))
    assert len(texts) == 30
    assert all(f"CODE{number}" in text and f"Bedrijf {number}\n" in text for number, text in enumerate(texts))


def test_is_accessible():
    root = PdfReader(BytesIO(to_pdf([page()], "Brief aan Bakkerij Één"))).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "nl"
    assert "/StructTreeRoot" in root
    assert "pdfuaid" in root["/Metadata"].get_data().decode()


def test_names_are_never_markup():
    (text,) = read(to_pdf([page(name='#sys.inputs *vet* $x$ @a <b> "q" \\ //')], "Brief"))
    assert '#sys.inputs *vet* $x$ @a <b> "q" \\ //' in text


@pytest.mark.parametrize("name", ["日本のパン屋", "مخبز", "😀 Bakker", "Çelik & Žižka ĳ"])
def test_a_name_in_any_script_is_printed(name):
    assert len(read(to_pdf([page(name=name)], "Brief"))) == 1


def test_a_long_text_is_printed_smaller_and_a_too_long_one_refused():
    words = [["Nog een regel over werk dat blijft liggen, en wie het kan doen."]]
    longer = replace(page(), paragraphs=words * 16)
    assert len(read(to_pdf([longer], "Brief"))) == 1
    with pytest.raises(LetterTooLong):
        to_pdf([replace(page(), paragraphs=words * 60)], "Brief")
    with pytest.raises(LetterTooLong):
        to_picture(replace(page(), paragraphs=words * 60))


def test_an_example_says_so_and_can_be_looked_at():
    sample = sample_pages(LetterText(**standard_text(Tongue.NL).model_dump()))[0]
    assert sample.mark == "VOORBEELD"
    assert to_picture(sample).startswith(b"\x89PNG")
