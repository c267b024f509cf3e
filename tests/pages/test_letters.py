"""The screen of letters, and the letters on the card of a company."""

from datetime import timedelta

import pytest
from sqlmodel import select

from crm.access.actor import SYSTEM
from crm.access.permissions import Role
from crm.calling.inputs import ListFilters
from crm.calling.models import Call, CallStatus
from crm.core.clock import now, today
from crm.core.db import reading, transaction
from crm.core.i18n import speaking
from crm.core.settings import settings
from crm.outreach.answers import give_answer, question
from crm.outreach.codes import code_of
from crm.outreach.inputs import AnswerInput, MailingInput
from crm.outreach.letters import write_letter
from crm.outreach.mailings import make_letters, start_mailing
from crm.outreach.models import Answer, Campaign, Letter, LetterText, Mailing, Tongue, Touch, TouchKind
from crm.reference.models import Reached
from crm.scripts.services import load_scripts
from tests.crm.outreach.conftest import make_owner, sender  # noqa: F401
from tests.pages.reading import texts

pytestmark = pytest.mark.usefixtures("sender")


@pytest.fixture
def coordinator(add_person):
    with speaking("en"):
        yield add_person(Role.COORDINATOR)


@pytest.fixture
def company_id(sqlite_database) -> int:
    with transaction() as session:
        return make_owner(session, name="Bakkerij *Bloem*").id


def the_letter() -> Letter:
    with reading() as session:
        return session.exec(select(Letter)).one()


def downloads(screen) -> list[str]:
    return [button.proto.label for button in screen.get("download_button")]


class TestCompanyCard:
    def test_a_letter_is_made_printed_and_posted(self, visit, coordinator, company_id):
        screen = visit("companies", coordinator, company=str(company_id))
        screen = screen.button(key="ask-letter").click().run()
        screen = screen.button(key="confirm-letter").click().run()
        assert not screen.exception
        letter = the_letter()
        assert letter.company_id == company_id
        assert "Download (PDF)" in downloads(screen)
        screen = screen.button(key=f"sent-{letter.id}").click().run()
        screen.date_input(key="letter-day").set_value(today())
        screen = screen.button(key="confirm-sent").click().run()
        assert the_letter().sent_on == today()
        assert "posted on" in texts(screen)

    def test_in_english_on_request(self, visit, coordinator, company_id):
        screen = visit("companies", coordinator, company=str(company_id))
        screen = screen.button(key="ask-letter").click().run()
        screen.session_state["letter-language"] = Tongue.EN
        screen.run().button(key="confirm-letter").click().run()
        with reading() as session:
            assert session.exec(select(LetterText.language).join(Letter)).one() is Tongue.EN

    def test_callers_see_letters_but_make_none(self, visit, add_person, coordinator, company_id):
        with transaction() as session:
            write_letter(session, coordinator, company_id)
        screen = visit("companies", add_person(Role.CALLER), company=str(company_id))
        assert "Made on" in texts(screen)
        assert not [button for button in screen.button if button.key in {"ask-letter", f"sent-{the_letter().id}"}]
        assert "Download (PDF)" not in downloads(screen)

    def test_a_company_that_may_be_called_has_no_letters(self, visit, coordinator):
        with transaction() as session:
            company = make_owner(session, legal_form="BV")
        screen = visit("companies", coordinator, company=str(company.id))
        assert "Letters" not in [heading.value for heading in screen.subheader]

    def test_it_says_why_there_is_no_letter(self, visit, coordinator):
        with transaction() as session:
            company = make_owner(session, non_mailing=True)
        screen = visit("companies", coordinator, company=str(company.id))
        assert "No letter: wants no advertising by post." in texts(screen)


class TestPage:
    def test_is_closed_for_callers(self, visit, add_person):
        screen = visit("letters", add_person(Role.CALLER))
        assert screen.error[0].value.startswith("Your role does not allow this")

    def test_without_letters_it_says_how_to_begin(self, visit, coordinator):
        screen = visit("letters", coordinator)
        assert "Nobody has answered yet" in texts(screen)

    def test_shows_answers(self, visit, coordinator, company_id):
        with transaction() as session:
            code = code_of(write_letter(session, coordinator, company_id).seed)
            given = AnswerInput(answer=Answer.YES, name="Ria", function="eigenaar")
            shown = question(session, code, Tongue.NL).shown
            give_answer(session, SYSTEM, code, given, language=Tongue.NL, shown=shown)
        screen = visit("letters", coordinator)
        assert not screen.exception
        assert [metric.value for metric in screen.metric] == ["1", "0", "1", "0", "0"]
        assert "may be called" in texts(screen)

    def test_the_text_is_looked_at_and_saved(self, visit, coordinator):
        screen = visit("letters", coordinator)
        screen.session_state["letters-view"] = "text"
        screen = screen.run()
        key = "text-nl-0-{}".format
        screen.text_input(key=key("subject")).set_value("Een vraag aan {bedrijf}")
        screen = screen.button(key="preview-text").click().run()
        assert screen.session_state["letter-picture"].startswith(b"\x89PNG")
        screen = screen.button(key="save-text").click().run()
        assert not screen.exception
        with reading() as session:
            assert session.exec(select(LetterText.subject)).one() == "Een vraag aan {bedrijf}"

    def test_a_mistake_in_the_text_is_told_and_kept(self, visit, coordinator):
        screen = visit("letters", coordinator)
        screen.session_state["letters-view"] = "text"
        screen = screen.run()
        key = "text-nl-0-{}".format
        screen.text_area(key=key("body")).set_value("Beste {naam}")
        screen = screen.button(key="save-text").click().run()
        assert screen.text_area(key=key("body")).value == "Beste {naam}"
        with reading() as session:
            assert session.exec(select(LetterText)).all() == []


def test_without_a_sender_it_says_what_is_missing(visit, coordinator, company_id, monkeypatch):
    monkeypatch.delenv("KOPKOFFIE_LETTER_STREET")
    settings.cache_clear()
    assert "KOPKOFFIE_LETTER_STREET" in visit("letters", coordinator).warning[0].value.replace("\\", "")
    screen = visit("companies", coordinator, company=str(company_id))
    assert "ask-letter" not in [button.key for button in screen.button]


class TestMailing:
    def test_is_chosen_made_and_posted(self, visit, coordinator):
        with transaction() as session:
            for _time in range(3):
                make_owner(session, sbi_code="10710")
            make_owner(session, sbi_code="10710", non_mailing=True)
        screen = visit("letters", coordinator, new="1")
        screen = screen.multiselect(key="mailing-trades").set_value(["10"]).run()
        assert [metric.value for metric in screen.metric] == ["4", "3"]
        assert list(screen.table[0].value.index) == ["Wants no advertising by post"]
        screen.text_input(key="mailing-name").set_value("Bakkers")
        screen.number_input(key="mailing-most").set_value(2)
        screen = screen.button(key="start-mailing").click().run()
        assert not screen.exception
        assert "2 letters" in texts(screen)
        with reading() as session:
            mailing = session.exec(select(Mailing)).one()
            assert len(session.exec(select(Letter)).all()) == 2
        screen = screen.button(key=f"sent-{mailing.id}").click().run()
        screen = screen.button(key="confirm-mailing-sent").click().run()
        with reading() as session:
            assert session.exec(select(Letter.sent_on).distinct()).all() == [today()]

    def test_one_that_was_broken_off_goes_on(self, visit, coordinator):
        with transaction() as session:
            for _time in range(3):
                make_owner(session)
            mailing = start_mailing(session, coordinator, MailingInput(name="Alle", filters=ListFilters()))
            make_letters(session, coordinator, mailing.id, size=1)
        screen = visit("letters", coordinator)
        screen.session_state["letters-view"] = "mailings"
        screen = screen.run()
        assert "2 companies still to do" in texts(screen)
        screen = screen.button(key=f"go-on-{mailing.id}").click().run()
        assert "3 letters" in texts(screen)
        with reading() as session:
            assert len(session.exec(select(Letter)).all()) == 3

    def test_without_a_name_nothing_is_lost(self, visit, coordinator):
        with transaction() as session:
            make_owner(session)
        screen = visit("letters", coordinator, new="1")
        screen.number_input(key="mailing-most").set_value(7)
        screen = screen.button(key="start-mailing").click().run()
        assert screen.number_input(key="mailing-most").value == 7
        with reading() as session:
            assert session.exec(select(Mailing)).all() == []


class TestTouches:
    def test_an_article_is_written_down_for_all_bakers_and_taken_back(self, visit, coordinator):
        with transaction() as session:
            for _time in range(2):
                make_owner(session, sbi_code="10710")
            make_owner(session, sbi_code="56110")
        screen = visit("letters", coordinator)
        screen.session_state["letters-view"] = "campaigns"
        screen = screen.run().button(key="ask-campaign").click().run()
        screen.text_input(key="campaign-name").set_value("Artikel in De Stad")
        screen.multiselect(key="campaign-trades").set_value(["10"])
        screen = screen.button(key="save-campaign").click().run()
        assert not screen.exception
        assert "2 companies" in texts(screen)
        with reading() as session:
            campaign = session.exec(select(Campaign)).one()
            assert len(session.exec(select(Touch)).all()) == 2
        screen = screen.button(key=f"remove-{campaign.id}").click().run()
        screen = screen.button(key="confirm-remove-campaign").click().run()
        with reading() as session:
            assert session.exec(select(Touch)).all() == []

    def test_a_caller_writes_down_a_visit_on_the_card(self, visit, coordinator, add_person, company_id):
        screen = visit("companies", add_person(Role.CALLER), company=str(company_id))
        screen = screen.button(key="ask-touch").click().run()
        screen.selectbox(key="touch-kind").set_value(TouchKind.VISIT)
        screen.text_input(key="touch-note").set_value("Folder *afgegeven*")
        screen = screen.button(key="save-touch").click().run()
        assert not screen.exception
        assert "Visit at the door" in texts(screen)
        assert "Folder *afgegeven*" in [text.value for text in screen.text]

    def test_the_dashboard_compares_calls(self, visit, coordinator, company_id):
        with transaction() as session:
            version = load_scripts(session)[0].id
            ended = now() - timedelta(hours=1)
            fields = {"caller_id": coordinator.user_id, "script_version_id": version, "status": CallStatus.DONE}
            result = {"reached": Reached.ANSWERED, "disposition": "GESPREK_LATENT"}
            session.add(Call(company_id=company_id, ended_at=ended, **result, **fields))
            session.add(Touch(company_id=company_id, kind=TouchKind.ARTICLE, on_day=today() - timedelta(days=3)))
        screen = visit("dashboard", coordinator)
        assert not screen.exception
        table = screen.table[-1].value
        assert list(table.loc["Had heard of us"]) == [1, "100% (1)", "0% (0)"]
        assert list(table.loc["Had not"]) == [0, "–", "–"]
        assert "may well be chance" in texts(screen)
