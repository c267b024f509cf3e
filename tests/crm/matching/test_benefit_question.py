"""The question about a benefit, read back from the PDF."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from crm.core.errors import NotAllowed
from crm.core.i18n import speaking
from crm.matching.benefit_question import Authority, NoWorkToAskAbout, benefit_question
from crm.matching.services import decline, introduce
from tests.conftest import make_candidate, make_company, make_job


@pytest.fixture
def person(session):
    return make_candidate(session, name="Ria #sys *Jansen*", email="ria@voorbeeld.nl", e164="+31612345678")


def introduced(session, coach, person, **job):
    made = make_job(session, **job)
    return introduce(session, coach, made.id, person.id)


def test_asks_about_the_work_in_dutch_on_one_page(session, coach, person):
    bakery = make_company(session, name="Bakkerij Geheim")
    one = introduced(session, coach, person, title="Broodjes smeren", hours_per_week=7.5, days=["ma", "do"])
    two = introduced(session, coach, person, title="Boekhouding", company_id=bakery.id)
    with speaking("en"):
        pdf = PdfReader(BytesIO(benefit_question(session, coach, person.id, Authority.UWV, [one.job_id, two.job_id])))
    (page,) = pdf.pages
    text = " ".join(page.extract_text().split())
    for words in ("Ria #sys *Jansen*", "Aan: UWV", "Broodjes smeren", "7,5", "Boekhouding", "2 werkgevers"):
        assert words in text
    assert pdf.trailer["/Root"]["/Lang"] == "nl"
    assert "Bakkerij Geheim" not in text
    assert "ria@voorbeeld.nl" not in text


def test_needs_work_that_goes_on(session, coach, person):
    one = introduced(session, coach, person)
    decline(session, coach, one.id, version=one.version, reason="Te ver weg")
    with pytest.raises(NoWorkToAskAbout):
        benefit_question(session, coach, person.id, Authority.MUNICIPALITY, [one.job_id])


def test_is_for_who_helps_people(session, caller, person):
    with pytest.raises(NotAllowed):
        benefit_question(session, caller, person.id, Authority.UWV, [1])
