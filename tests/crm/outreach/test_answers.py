"""An owner answers with the code of a letter."""

from datetime import timedelta

import pytest
from sqlmodel import select

from crm.access.actor import SYSTEM
from crm.access.permissions import Role
from crm.audit.models import AuditEntry
from crm.companies.gate import may_call, may_call_many
from crm.companies.models import (
    Company,
    CompanyNumber,
    Consent,
    ConsentChannel,
    Contact,
    Suppression,
    SuppressionReason,
)
from crm.companies.services import suppress
from crm.core.clock import local, now, today
from crm.core.settings import settings
from crm.messaging.models import Notice
from crm.outreach.answers import CodeUnknown, StaysBlocked, WordsChanged, give_answer, question
from crm.outreach.codes import code_of
from crm.outreach.inputs import AnswerInput, LetterTextInput
from crm.outreach.letters import write_letter
from crm.outreach.models import Answer, Letter, Tongue
from crm.outreach.texts import save_text, standard_text
from crm.reference.calendar import add_months
from tests.conftest import add_user, make_company
from tests.crm.outreach.conftest import make_owner

pytestmark = pytest.mark.usefixtures("sender")

YES = AnswerInput(answer=Answer.YES, name="Ria Bakker", function="eigenaar", best_time="na twee uur")
NO, LATER = AnswerInput(answer=Answer.NO), AnswerInput(answer=Answer.LATER)


@pytest.fixture
def letter(session, coordinator) -> Letter:
    return write_letter(session, coordinator, make_owner(session).id)


def reply(session, letter: Letter, given: AnswerInput, language: Tongue = Tongue.NL) -> Letter:
    code = code_of(letter.seed)
    shown = question(session, code, language).shown
    return give_answer(session, SYSTEM, code, given, language=language, shown=shown)


def is_lawful(session, letter: Letter) -> bool:
    """Whatever the hour is at which the test runs."""
    return may_call_many(session, [letter.company_id], any_time=True)[letter.company_id].allowed


class TestQuestion:
    def test_shows_no_more_than_name_and_town(self, session, letter):
        asked = question(session, code_of(letter.seed), Tongue.NL)
        company = session.get_one(Company, letter.company_id)
        assert (asked.company, asked.town, asked.answer) == (company.name, company.town, None)
        assert "Servicedesk Kopkoffie mag mij bellen over werk" in asked.consent
        assert "12 maanden" in asked.consent

    def test_an_unknown_code_and_one_that_is_over_are_the_same(self, session, letter):
        letter.expires_at = now() - timedelta(seconds=1)
        session.flush()
        for code in (code_of(letter.seed), "K7QWM-3BHDX-9TRZP", ""):
            with pytest.raises(CodeUnknown):
                question(session, code, Tongue.NL)

    def test_speaks_the_language_of_the_reader(self, session, letter):
        assert "may call me" in question(session, code_of(letter.seed), Tongue.EN).consent


class TestYes:
    def test_is_evidence_and_opens_the_gate(self, session, letter):
        assert not is_lawful(session, letter)
        reply(session, letter, YES)
        assert is_lawful(session, letter)
        consent = session.exec(select(Consent)).one()
        assert consent.given_by == "Ria Bakker, eigenaar"
        assert consent.channel is ConsentChannel.LETTER
        assert consent.recorded_by_id is None
        assert consent.text == question(session, code_of(letter.seed), Tongue.NL).consent
        assert str(letter.id) in consent.verified_how
        assert timedelta(days=364) < consent.expires_at - now() < timedelta(days=367)
        person = session.get_one(Contact, consent.contact_id)
        assert (person.name, person.function, person.best_time) == ("Ria Bakker", "eigenaar", "na twee uur")

    def test_keeps_the_words_of_the_language_it_was_given_in(self, session, letter):
        reply(session, letter, YES, Tongue.EN)
        assert "may call me" in session.exec(select(Consent)).one().text

    def test_a_number_becomes_the_main_number(self, session, letter):
        reply(session, letter, YES.model_copy(update={"telephone": "078 612 3456"}))
        main = session.exec(select(CompanyNumber).where(CompanyNumber.is_main)).one()
        assert (main.e164, main.source) == ("+31786123456", "antwoord op onze brief")

    def test_a_number_we_have_is_no_problem(self, session, letter):
        number = session.exec(select(CompanyNumber.e164)).first()
        reply(session, letter, YES.model_copy(update={"telephone": number}))
        assert is_lawful(session, letter)

    def test_somebody_we_know_is_not_written_down_twice(self, session, letter):
        session.add(Contact(company_id=letter.company_id, name="Ria Bakker"))
        session.flush()
        reply(session, letter, YES)
        assert session.exec(select(Contact.function)).all() == ["eigenaar"]

    def test_sent_twice_counts_once(self, session, letter):
        for _time in range(2):
            reply(session, letter, YES)
        assert len(session.exec(select(Consent)).all()) == 1
        assert len(session.exec(select(AuditEntry).where(AuditEntry.action == "letter.answered")).all()) == 1

    def test_a_text_that_changed_meanwhile_is_read_again(self, session, coordinator, letter):
        shown = question(session, code_of(letter.seed), Tongue.EN).shown
        words = standard_text(Tongue.EN).model_dump() | {"consent": "Yes, {organisatie} may call."}
        save_text(session, coordinator, LetterTextInput(**words))
        with pytest.raises(WordsChanged):
            give_answer(session, SYSTEM, code_of(letter.seed), YES, language=Tongue.EN, shown=shown)
        assert session.exec(select(Consent)).all() == []

    @pytest.mark.parametrize("given", [NO, LATER])
    def test_can_be_taken_back_with_the_same_code(self, session, letter, given):
        reply(session, letter, YES)
        reply(session, letter, given)
        assert not is_lawful(session, letter)
        consent = session.exec(select(Consent)).one()
        assert consent.withdrawn_channel is ConsentChannel.LETTER

    def test_can_be_given_again_after_taking_back(self, session, letter):
        for given in (YES, LATER, YES):
            reply(session, letter, given)
        assert is_lawful(session, letter)
        assert len(session.exec(select(Consent)).all()) == 2


class TestNo:
    def test_blocks_at_once_with_every_number(self, session, letter):
        reply(session, letter, NO)
        assert may_call(session, letter.company_id).rule == "suppressed-company"
        blocks = session.exec(select(Suppression)).all()
        assert {block.reason for block in blocks} == {SuppressionReason.OBJECTION}
        assert any(block.e164 for block in blocks)

    def test_a_yes_afterwards_does_not_lift_the_block(self, session, letter):
        reply(session, letter, NO)
        with pytest.raises(StaysBlocked):
            reply(session, letter, YES)
        assert question(session, code_of(letter.seed), Tongue.NL).is_blocked

    def test_takes_back_consent_given_in_another_way_too(self, session, coordinator, letter):
        session.add(Consent(company_id=letter.company_id, given_by="Ria", channel=ConsentChannel.PAPER, text="Ja."))
        session.flush()
        reply(session, letter, NO)
        assert session.exec(select(Consent)).one().withdrawn_at


def test_later_changes_nothing(session, letter):
    reply(session, letter, LATER)
    assert not is_lawful(session, letter)
    assert session.exec(select(Suppression)).all() == []
    assert question(session, code_of(letter.seed), Tongue.NL).answer is Answer.LATER


def test_a_company_that_was_blocked_meanwhile_stays_so(session, coordinator, letter):
    suppress(session, coordinator, letter.company_id, reason=SuppressionReason.COMPLAINT)
    with pytest.raises(StaysBlocked):
        reply(session, letter, YES)


def test_who_wants_no_letters_gets_none(session, letter):
    reply(session, letter, AnswerInput(answer=Answer.LATER, no_letters=True))
    assert session.get_one(Company, letter.company_id).non_mailing


def test_a_code_says_nothing_about_another_company(session, letter):
    other = make_company(session, legal_form="EMZ")
    reply(session, letter, YES)
    assert not may_call(session, other.id).allowed


def test_coordinators_hear_of_each_answer_with_a_way_to_the_company(session, coordinator, letter):
    add_user(session, Role.CALLER)
    colleague = add_user(session, Role.COORDINATOR, language="en")
    reply(session, letter, YES)
    reply(session, letter, LATER)
    notices = session.exec(select(Notice).where(Notice.page == f"companies?company={letter.company_id}")).all()
    assert sorted(notice.user_id for notice in notices) == sorted([coordinator.user_id, colleague.user_id] * 2)
    assert any("Yes, may be called" in notice.title for notice in notices if notice.user_id == colleague.user_id)


def test_no_address_of_the_visitor_is_kept():
    assert not [name for name in Letter.model_fields if "ip" in name.split("_") or "address" in name]


def test_how_long_consent_holds_is_a_setting(session, letter, monkeypatch):
    monkeypatch.setenv("KOPKOFFIE_CONSENT_MONTHS", "6")
    settings.cache_clear()
    reply(session, letter, YES)
    consent = session.exec(select(Consent)).one()
    assert "6 maanden" in consent.text
    assert local(consent.expires_at).date() == add_months(today(), 6)
