"""A company is changed, written down, blocked and recommended."""

import pytest
from sqlmodel import select

from crm.access.permissions import Role
from crm.companies.models import (
    Company,
    CompanyNumber,
    Suppression,
    SuppressionReason,
)
from crm.core.db import reading, transaction
from crm.core.i18n import speaking
from tests.conftest import make_company
from tests.pages.companies.building import add, one
from tests.pages.reading import NASTY, texts, told

pytestmark = pytest.mark.usefixtures("tuesday")


class TestEdit:
    def test_changes_what_is_known(self, visit, add_person):
        company_id = add(name="Oud")
        screen = visit("companies", add_person(Role.CALLER), company=str(company_id))
        screen.button(key="edit-company").click().run()
        screen.text_input(key=f"company-{company_id}-name").set_value("Nieuw")
        screen.text_input(key=f"company-{company_id}-postcode").set_value("3311 ab")
        screen.button(key="save-company").click().run()
        assert screen.title[0].value == "Nieuw"
        with reading() as session:
            assert session.get_one(Company, company_id).postcode == "3311AB"

    @pytest.mark.parametrize(
        ("field", "typed", "complaint"),
        [
            ("postcode", "0000 ZZ", "a postcode looks like"),
            ("kvk_number", "12AB5678", "8 digits"),
            ("name", "   ", "fill this in"),
            ("website", "javascript:alert(1)", "a website looks like"),
        ],
    )
    def test_nonsense_is_explained_and_what_was_typed_stays(self, visit, add_person, field, typed, complaint):
        company_id = add(name="Oud")
        screen = visit("companies", add_person(Role.CALLER), company=str(company_id))
        screen.button(key="edit-company").click().run()
        screen.text_input(key=f"company-{company_id}-{field}").set_value(typed)
        screen.button(key="save-company").click().run()
        assert complaint in told(screen)[0]
        assert screen.text_input(key=f"company-{company_id}-{field}").value == typed

    def test_the_second_of_two_people_is_told(self, visit, add_person):
        company_id = add(name="Oud")
        screen = visit("companies", add_person(Role.CALLER), company=str(company_id))
        screen.button(key="edit-company").click().run()
        with transaction() as session:
            session.get_one(Company, company_id).name = "Van een collega"
        screen.text_input(key=f"company-{company_id}-name").set_value("Van mij")
        screen.button(key="save-company").click().run()
        assert "Somebody else has changed this" in told(screen)[0]
        with reading() as session:
            assert session.get_one(Company, company_id).name == "Van een collega"


def test_a_company_can_be_written_down_by_hand(visit, add_person):
    screen = visit("companies", add_person(Role.CALLER), new="1")
    assert screen.text_input[0].key == "new-company-name"
    screen.text_input(key="new-company-number").set_value("010 234 56 78")
    screen.text_input(key="new-company-source").set_value("website")
    screen.text_input(key="new-company-name").set_value("Slagerij Bos")
    screen.button(key="save-company").click().run()
    assert not screen.exception
    assert screen.title[0].value == "Slagerij Bos"
    assert "Legal form unknown" in screen.error[0].value


def test_a_hidden_job_can_be_written_down_from_the_card(visit, add_person):
    with transaction() as session:
        company = make_company(session)
    screen = visit("companies", add_person(Role.CALLER), company=str(company.id))
    assert "Write down a hidden job" in [link.proto.label for link in screen.get("page_link")]


def test_an_address_that_leads_nowhere_has_a_way_back(visit, add_person):
    screen = visit("companies", add_person(Role.CALLER), company="999")
    assert screen.error
    screen.button(key="back-from-nowhere").click().run()
    assert screen.title[0].value == "Companies"


def test_a_missing_telephone_number_is_called_by_its_name(visit, add_person):
    with speaking("nl"):
        screen = visit("companies", add_person(Role.CALLER, language="nl"), new="1")
        screen.button(key="save-company").click().run()
        assert "Telefoonnummer: vul dit in" in told(screen)[0]


def test_an_unknown_legal_form_is_no_word_in_the_heading(visit, add_person):
    screen = visit("companies", add_person(Role.CALLER), company=str(add(legal_form="ONB", town="Dordrecht")))
    assert next(line.value for line in screen.markdown if "Dordrecht" in line.value).endswith("Dordrecht")


class TestDoNotCall:
    def open(self, visit, actor):
        screen = visit("companies", actor)
        return screen.button(key="ask-block-number").click().run()

    def block(self, screen, number):
        screen.text_input(key="blocked-number").set_value(number)
        return screen.button(key="confirm-block-number").click().run()

    def test_a_number_nobody_knows_is_blocked_and_said_only_once(self, visit, add_person):
        caller = add_person(Role.CALLER)
        screen = self.open(visit, caller)
        screen.radio(key="blocked-reason").set_value(SuppressionReason.COMPLAINT)
        screen.text_input(key="blocked-note").set_value("per brief")
        self.block(screen, "(078) 613 00 01")
        assert "078 613 0001 is blocked" in screen.success[0].value
        assert "We know no company with this number." in texts(screen)
        screen.button(key="cancel-dialog").click().run()
        assert "blocked-number" not in [field.key for field in screen.text_input]
        with reading() as session:
            block = one(session, Suppression)
        assert (block.e164, block.reason, block.note) == ("+31786130001", SuppressionReason.COMPLAINT, "per brief")
        self.block(self.open(visit, caller), "+31 78 6130001")
        assert not screen.exception
        with reading() as session:
            assert one(session, Suppression).id == block.id

    def test_an_old_block_is_told(self, visit, add_person):
        caller = add_person(Role.CALLER)
        self.block(self.open(visit, caller), "0786130001")
        screen = self.block(self.open(visit, caller), "0786130001")
        assert not screen.success
        assert "was already blocked" in "".join(info.value for info in screen.info)

    def test_the_company_that_has_it_can_be_blocked_too(self, visit, add_person):
        company_id, other_id = add(name=NASTY, number="+31786130001"), add(name="Garage Bos", number="+31786130002")
        with transaction() as session:
            session.add(CompanyNumber(company_id=company_id, e164="+31786130003", source="gids"))
        screen = self.open(visit, add_person(Role.COACH))
        screen.text_input(key="blocked-note").set_value("per e-mail")
        self.block(screen, "0786130001")
        assert r"\<script\>" in texts(screen)
        assert f"block-company-{other_id}" not in [button.key for button in screen.button]
        screen.button(key=f"block-company-{company_id}").click().run()
        assert not screen.exception
        assert f"block-company-{company_id}" not in [button.key for button in screen.button]
        with reading() as session:
            blocks = session.exec(select(Suppression)).all()
        assert {(block.company_id, block.e164) for block in blocks} == {
            (None, "+31786130001"), (company_id, None), (None, "+31786130003"),
        }  # fmt: skip
        assert {block.note for block in blocks} == {"per e-mail"}

    @pytest.mark.parametrize(
        ("typed", "complaint"),
        [("078 61", "is not one Dutch telephone number"), ("0900 1234", "paid service number"), (" ", "fill this in")],
    )
    def test_a_wrong_number_is_explained_and_nothing_typed_is_lost(self, visit, add_person, typed, complaint):
        screen = self.open(visit, add_person(Role.CALLER))
        screen.text_input(key="blocked-note").set_value("per e-mail")
        self.block(screen, typed)
        assert complaint in "".join(error.value for error in screen.error).replace("\\", "")
        assert screen.text_input(key="blocked-number").value == typed
        assert screen.text_input(key="blocked-note").value == "per e-mail"
        with reading() as session:
            assert not session.exec(select(Suppression)).all()

    def test_an_open_question_does_not_follow_to_a_company(self, visit, add_person):
        company_id = add(number="+31786130001")
        screen = self.block(self.open(visit, add_person(Role.CALLER)), "0786130001")
        screen.query_params["company"] = str(company_id)
        screen.run()
        assert not screen.exception


class TestRecommendation:
    def test_is_written_down_and_taken_back(self, visit, add_person):
        where = add()
        screen = visit("companies", add_person(Role.CALLER), company=str(where))
        screen.button(key="ask-recommend").click().run()
        screen.text_area(key="recommend-words").set_value(" ").run()
        screen.button(key="save-recommend").click().run()
        assert "What did the employer say" in screen.error[-1].value
        screen.text_area(key="recommend-words").set_value("Zo *geholpen*, heel fijn.").run()
        screen.button(key="save-recommend").click().run()
        assert told(screen) == ["Saved."]
        assert "“Zo *geholpen*, heel fijn.”" in texts(screen)
        (take_back,) = [button for button in screen.button if button.key.startswith("withdraw-recommendation")]
        take_back.click().run()
        assert "taken back on" in texts(screen)
        assert not [button for button in screen.button if button.key.startswith("withdraw-recommendation")]
