"""The competence sheet, read back from its PDF."""

from io import BytesIO

import pypdfium2
import pytest
from pypdf import PdfReader
from sqlmodel import select

from crm.audit.models import AuditEntry
from crm.candidates.log_inputs import ExamplesInput
from crm.candidates.models import CandidateCompetence
from crm.candidates.sheets import save_examples
from crm.core.errors import NotAllowed, NotFound
from crm.matching import sheet as module
from crm.matching.services import ConsentMissing
from crm.matching.sheet import competence_sheet
from crm.reference.queries import competences, rows
from tests.conftest import make_candidate, make_company, make_job

TELLING = (
    "Ria Jansen (58 jaar) deed de boeken. Bel 06 12345678 of mail ria@post.example.",
    "Op de Kerkstraat 12, 3311 AB Dordrecht, zette ik de winkel van Jansen op orde. #let x = *dik*",
    "Ik hielp dertig klanten per dag, ook toen het druk was.",
)


@pytest.fixture
def person(session, coach):
    who = make_candidate(session, name="Ria Jansen", town="Dordrecht", e164="+31612345678", competences=[])
    for code, level in (("24118", 3), ("24105", 2), ("24116", 1)):
        session.add(CandidateCompetence(candidate_id=who.id, code=code, level=level))
    save_examples(session, coach, who.id, ExamplesInput(examples=list(TELLING)), version=None)
    return who


def read(pdf):
    """The only page as one line, and the reader."""
    reader = PdfReader(BytesIO(pdf))
    (page,) = reader.pages
    return " ".join(page.extract_text().split()), reader


def test_is_one_tagged_page_in_dutch(session, coach, person):
    pdf = competence_sheet(session, coach, person.id, blind=False)
    text, reader = read(pdf)
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "nl"
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in reader.trailer["/Root"]["/Metadata"].get_object().get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == "Competentieblad van Ria Jansen"
    assert len(pypdfium2.PdfDocument(pdf)) == 1
    for words in ("Ria Jansen", "Ik plan mijn werk", "sterk", "leer ik nu", "dertig klanten", "Dordrecht", "#let x"):
        assert words in text


def test_blind_tells_nothing_of_who_it_is(session, coach, person):
    pdf = competence_sheet(session, coach, person.id, blind=True)
    text, reader = read(pdf)
    everything = f"{text} {reader.metadata} {pdf.decode('latin-1')}"
    for trace in ("Ria", "Jansen", "12345678", "@", "3311", "Kerkstraat", "Dordrecht", "58"):
        assert trace not in text
    assert "Jansen" not in everything
    assert "deed de boeken" in text
    assert "Ik hielp dertig klanten per dag, ook toen het druk was." in text
    assert "De naam hoort u als u kennis wilt maken." in text


def test_for_a_job_what_it_asks_comes_first_with_the_distance_to_its_employer(session, coach, person):
    company = make_company(session, latitude=51.87, longitude=4.67)
    job = make_job(session, company_id=company.id, title="Balie", competences=["24116"])
    text, _reader = read(competence_sheet(session, coach, person.id, blind=True, job_id=job.id))
    assert text.index("Leren") < text.index("Plannen en organiseren")
    assert "ongeveer 7 km" in text
    assert "Competentieblad voor: Balie" in text


def test_with_a_name_asks_for_consent_and_blind_does_not(session, coach):
    person = make_candidate(session, consent_at=None)
    with pytest.raises(ConsentMissing):
        competence_sheet(session, coach, person.id, blind=False)
    assert competence_sheet(session, coach, person.id, blind=True).startswith(b"%PDF")


def test_who_made_it_is_in_the_audit_log(session, coach, person, monkeypatch):
    monkeypatch.setattr(module, "typeset", lambda _template, told: told)
    competence_sheet(session, coach, person.id, blind=True)
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "candidate.sheet_made")).one()
    assert entry.changes["blind"] == [None, True]


def test_the_longest_still_fits_on_a_page(session, coach):
    person = make_candidate(
        session, trades=["medewerker administratie en verkoop binnendienst"] * 3, competences=list(competences())
    )
    given = ExamplesInput(examples=[f"{word} " + "ik heb veel gedaan " * 14 for word in ("Eén", "Twee", "Drie")])
    save_examples(session, coach, person.id, given, version=None)
    text, _reader = read(competence_sheet(session, coach, person.id, blind=False))
    assert "Drie ik heb" in text


def test_a_word_without_end_stays_on_the_page_and_emoji_do_not_cost_the_accessibility(session, coach):
    person = make_candidate(session, name="Ria 😀 Jansen")
    given = ExamplesInput(examples=["Ik zei " + "heel" * 60])
    save_examples(session, coach, person.id, given, version=None)
    pdf = competence_sheet(session, coach, person.id, blind=False)
    _text, reader = read(pdf)
    assert b"pdfuaid" in reader.trailer["/Root"]["/Metadata"].get_object().get_data()
    page = pypdfium2.PdfDocument(pdf)[0]
    words = page.get_textpage()
    assert max(words.get_charbox(place)[2] for place in range(words.count_chars())) < page.get_width() - 50


def test_is_not_for_callers_and_only_about_somebody(session, caller, coach, person):
    with pytest.raises(NotAllowed):
        competence_sheet(session, caller, person.id, blind=True)
    with pytest.raises(NotFound):
        competence_sheet(session, coach, 999_999, blind=True)


def test_every_competence_has_a_sentence_in_both_languages():
    sentences = {row["code"]: row for row in rows("competence_sentences.csv")}
    assert sentences.keys() == competences().keys()
    assert all(row["sentence_nl"].startswith(("Ik ", "U kunt")) and row["sentence_en"] for row in sentences.values())
