"""The card of a company: what is on it and what can be done there."""

from datetime import date

import pytest
import time_machine
from sqlmodel import col, select

from crm.access.permissions import Role
from crm.calling.models import Call, CallStatus
from crm.companies.models import (
    CompanyNumber,
    Consent,
    ConsentChannel,
    Contact,
    CustomerRelation,
    Publication,
    Suppression,
)
from crm.core.clock import now
from crm.core.db import reading, transaction
from crm.reference.models import Reached
from crm.scripts.models import ScriptVersion
from tests.conftest import make_job
from tests.pages.companies.building import add, one
from tests.pages.reading import NASTY, texts

pytestmark = pytest.mark.usefixtures("tuesday")


class TestCard:
    def test_shows_everything_known_without_running_what_people_typed(self, visit, add_person):
        caller = add_person(Role.CALLER)
        company_id = add(name=NASTY, activity="<b>brood</b>", sbi_code="10710")
        with transaction() as session:
            script = ScriptVersion(key="test", number=1, title="Test", source="", checksum="0")
            session.add(script)
            session.add(Contact(company_id=company_id, name="M. *de Wit*", function="eigenaar"))
            session.flush()
            session.add(
                Call(
                    company_id=company_id, caller_id=caller.user_id, script_version_id=script.id,
                    status=CallStatus.DONE, ended_at=now(), reached=Reached.ANSWERED, disposition="TERUGBELLEN",
                    notes="Belt **zelf** terug",
                )
            )  # fmt: skip
            make_job(session, company_id=company_id, title="Hulp in de ochtend")
        screen = visit("companies", caller, company=str(company_id))
        assert not screen.exception
        assert screen.title[0].value.startswith(r"\<script\>")
        assert r"\*\*vet\*\* \[klik\]\(javascript\:alert\(1\)\) \:material\/home\:" in screen.title[0].value
        shown = texts(screen)
        assert r"M\. \*de Wit\*" in shown
        assert "Belt **zelf** terug" in [text.value for text in screen.text]
        assert r"\<b\>brood" in shown
        assert screen.success[0].value.startswith(r"**Private limited company\: calling is allowed\.**")

    def test_says_no_in_words_on_a_sunday(self, visit, add_person):
        company_id = add()
        with time_machine.travel("2026-11-29 10:00+01:00", tick=True):
            screen = visit("companies", add_person(Role.CALLER), company=str(company_id))
        assert "It is Sunday" in screen.error[0].value
        assert "call-company" not in [button.key for button in screen.button]

    @pytest.mark.parametrize("asked", ["404", "0", "-1", "abc", "9" * 40, "1 or 1"])
    def test_an_address_of_nothing_says_so(self, visit, add_person, asked):
        screen = visit("companies", add_person(Role.CALLER), company=asked)
        assert not screen.exception
        assert screen.error[0].value.startswith("This record does not exist")

    def test_blocking_asks_first(self, visit, add_person):
        company_id = add(number="+31786130001")
        screen = visit("companies", add_person(Role.CALLER), company=str(company_id))
        screen.button(key="ask-block").click().run()
        with reading() as session:
            assert not session.exec(select(Suppression)).all()
        screen.text_input(key="block-note").set_value("Was duidelijk")
        screen.button(key="confirm-block").click().run()
        screen.run()
        assert "does not want to be called" in screen.error[0].value
        assert "Was duidelijk" in texts(screen)
        with reading() as session:
            blocks = session.exec(select(Suppression)).all()
        assert {(block.company_id, block.e164) for block in blocks} == {(company_id, None), (None, "+31786130001")}

    def test_a_wrong_number_asks_first_and_is_struck_out(self, visit, add_person):
        company_id = add(number="+31786130001")
        with reading() as session:
            number_id = one(session, CompanyNumber).id
        screen = visit("companies", add_person(Role.CALLER), company=str(company_id))
        screen.button(key=f"wrong-{number_id}").click().run()
        screen.button(key="confirm-wrong").click().run()
        screen.run()
        assert "~~078 613 0001~~" in texts(screen)
        with reading() as session:
            assert one(session, CompanyNumber).is_wrong

    def test_a_second_number_and_a_contact_can_be_added(self, visit, add_person):
        company_id = add()
        screen = visit("companies", add_person(Role.CALLER), company=str(company_id))
        screen.button(key="add-number").click().run()
        screen.text_input(key="number-text").set_value("geen nummer")
        screen.text_input(key="number-source").set_value("gids")
        screen.button(key="save-number").click().run()
        assert "is not one Dutch telephone number" in screen.error[0].value.replace("\\", "")
        screen.text_input(key="number-text").set_value("010 234 56 78")
        screen.button(key="save-number").click().run()
        with reading() as session:
            numbers = session.exec(select(CompanyNumber.e164).order_by(col(CompanyNumber.id))).all()
        assert numbers[-1] == "+31102345678"

    def test_consent_is_written_down_and_withdrawn(self, visit, add_person):
        company_id = add(legal_form="EMZ")
        screen = visit("companies", add_person(Role.CALLER), company=str(company_id))
        assert "without consent" in screen.error[0].value
        screen.button(key="add-consent").click().run()
        screen.text_input(key="consent-by").set_value("M. de Wit")
        screen.selectbox(key="consent-channel").set_value(ConsentChannel.PAPER)
        screen.text_input(key="consent-verified").set_value("signature")
        screen.button(key="save-consent").click().run()
        screen.run()
        assert "with consent" in screen.success[0].value
        with reading() as session:
            consent = one(session, Consent)
        assert "may call me" in consent.text
        screen.button(key=f"withdraw-{consent.id}").click().run()
        screen.button(key="confirm-withdraw").click().run()
        assert "How" in screen.error[-1].value
        screen.selectbox(key="withdrawn-channel").set_value(ConsentChannel.TELEPHONE)
        screen.button(key="confirm-withdraw").click().run()
        screen.run()
        assert "without consent" in screen.error[0].value
        assert any("Withdrawn by telephone" in caption.value for caption in screen.caption)

    def test_what_was_published_for_offers_opens_the_gate_and_is_shown_as_the_reason(self, visit, add_person):
        company_id = add(legal_form="EMZ")
        screen = visit("companies", add_person(Role.CALLER), company=str(company_id))
        screen.button(key="add-publication").click().run()
        screen.text_input(key="publication-url").set_value("geen adres")
        screen.text_area(key="publication-text").set_value("Heeft u een *aanbod*? Bel ons.")
        screen.button(key="save-publication").click().run()
        assert "a website looks like" in screen.error[-1].value
        screen.text_input(key="publication-url").set_value("www.devries.nl/aanbod")
        screen.button(key="save-publication").click().run()
        screen.run()
        assert "published for offers" in screen.success[0].value
        why = screen.expander[0]
        assert why.label == "Why is this allowed?"
        told = why.markdown[0].value
        assert "https://www.devries.nl/aanbod" in told.replace("\\", "")
        assert "Heeft u een *aanbod*? Bel ons." not in told
        with reading() as session:
            publication = one(session, Publication)
        screen.button(key=f"end-publication-{publication.id}").click().run()
        assert "without consent" in screen.error[0].value

    def test_a_customer_is_written_down_with_since_and_until(self, visit, add_person):
        company_id = add(legal_form="EMZ")
        screen = visit("companies", add_person(Role.CALLER), company=str(company_id))
        screen.button(key="add-relation").click().run()
        screen.text_input(key="relation-what").set_value("Scholing")
        screen.text_input(key="relation-how").set_value("factuur")
        screen.button(key="save-relation").click().run()
        assert "Since: fill this in" in screen.error[-1].value.replace("\\", "")
        screen.date_input(key="relation-since").set_value(date(2025, 1, 2))
        screen.button(key="save-relation").click().run()
        screen.run()
        with reading() as session:
            relation = one(session, CustomerRelation)
        assert "without consent" in screen.error[0].value
        screen.button(key=f"end-relation-{relation.id}").click().run()
        screen.date_input(key="relation-last-day").set_value(date(2026, 1, 5))
        screen.button(key="save-relation-ended").click().run()
        with reading() as session:
            assert one(session, CustomerRelation).until == date(2026, 1, 5)


class TestPrivacy:
    @pytest.mark.parametrize(("role", "offered"), [(Role.COORDINATOR, True), (Role.CALLER, False)])
    def test_evidence_is_offered_to_who_may_have_it(self, visit, add_person, role, offered):
        screen = visit("companies", add_person(role), company=str(add()))
        assert ("Evidence and privacy" in [head.value for head in screen.subheader]) is offered

    def test_a_company_is_erased_after_a_question(self, visit, add_person):
        company_id = add(name="Zeldzaam")
        screen = visit("companies", add_person(Role.COORDINATOR), company=str(company_id))
        screen.button(key="ask-erase").click().run()
        assert screen.button(key="confirm-erase").disabled
        screen.checkbox(key="erase-sure").check().run()
        screen.button(key="confirm-erase").click().run()
        screen.run()
        assert "Zeldzaam" not in screen.title[0].value
        assert "asked to be erased" in screen.error[0].value
        assert "ask-erase" not in {button.key for button in screen.button}

    def test_a_person_is_erased_after_a_question(self, visit, add_person):
        company_id = add()
        with transaction() as session:
            session.add(Contact(company_id=company_id, name="Wilhelmina"))
        screen = visit("companies", add_person(Role.COORDINATOR), company=str(company_id))
        with reading() as session:
            contact = one(session, Contact)
        screen.button(key=f"erase-{contact.id}").click().run()
        screen.button(key="confirm-erase-contact").click().run()
        with reading() as session:
            assert not session.exec(select(Contact)).all()
