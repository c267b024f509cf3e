"""What both sides read before a kopkoffie, read back from its PDF."""

from datetime import date
from io import BytesIO

import pytest
import time_machine
from pypdf import PdfReader

from crm.candidates.models import Candidate
from crm.core.clock import at
from crm.core.errors import NotAllowed
from crm.matching.services import ConsentMissing
from crm.meetings.preparation import preparation_sheet
from crm.meetings.rules import Side
from crm.meetings.services import plan_kopkoffie


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel(at(date(2026, 11, 24), 9), tick=False):
        yield


@pytest.fixture
def meeting(session, coach, introduction, make_input):
    return plan_kopkoffie(session, coach, introduction.id, make_input())


def read(pdf):
    reader = PdfReader(BytesIO(pdf))
    (page,) = reader.pages
    assert reader.trailer["/Root"]["/Lang"] == "nl"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    return " ".join(page.extract_text().split())


def test_the_employer_reads_who_comes_and_what_not_to_ask(session, coach, meeting):
    text = read(preparation_sheet(session, coach, meeting.id, Side.EMPLOYER))
    for words in (
        "vrijdag 27 november 2026, 10:00",
        "Ria komt bij u.",
        "Gezondheid, ziekteverzuim",
        "Geen cv",
        "Kade 1",
    ):
        assert words in text
    assert "Jansen" not in text


def test_without_a_name_the_employer_reads_what_somebody_is_good_at(session, coach, meeting):
    text = read(preparation_sheet(session, coach, meeting.id, Side.EMPLOYER, blind=True))
    assert "plannen en organiseren" in text
    assert "Ria" not in text


def test_the_job_seeker_reads_where_to_go_and_what_need_not_be_told(session, coach, meeting):
    text = read(preparation_sheet(session, coach, meeting.id, Side.CANDIDATE))
    for words in ("Bakkerij De Korenaar", "U praat met Kees Bakker.", "U hoeft niet om een baan te vragen"):
        assert words in text


def test_no_name_goes_out_without_consent(session, coach, meeting, introduction):
    session.get_one(Candidate, introduction.candidate_id).consent_until = at(date(2026, 11, 1), 9)
    with pytest.raises(ConsentMissing):
        preparation_sheet(session, coach, meeting.id, Side.EMPLOYER)
    read(preparation_sheet(session, coach, meeting.id, Side.EMPLOYER, blind=True))
    read(preparation_sheet(session, coach, meeting.id, Side.CANDIDATE))


def test_is_not_for_callers(session, caller, meeting):
    with pytest.raises(NotAllowed):
        preparation_sheet(session, caller, meeting.id, Side.CANDIDATE)
