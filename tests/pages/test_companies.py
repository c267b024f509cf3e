"""The screen of companies: finding one, its card, changing it, and what stands in the way of calling."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from sqlmodel import Session, col, select
from streamlit.testing.v1 import AppTest

from crm.access.permissions import Role
from crm.calling.models import Call, CallStatus, CallWay
from crm.companies.models import (
    Company,
    CompanyNumber,
    Consent,
    ConsentChannel,
    Contact,
    CustomerRelation,
    Publication,
    Suppression,
    SuppressionReason,
)
from crm.core.clock import now
from crm.core.db import reading, transaction
from crm.core.i18n import speaking
from crm.followups.models import FollowUp, FollowUpKind
from crm.followups.next_steps import StepFilter
from crm.reference.models import Reached
from crm.scripts.models import ScriptVersion
from crm.scripts.services import load_scripts
from tests.conftest import make_company, make_job

NASTY = "Zus <script>alert(1)</script> **vet** [klik](javascript:alert(1)) :coffee: $x$"

pytestmark = pytest.mark.usefixtures("tuesday")


@pytest.fixture
def tuesday():
    # AppTest names the options of a widget outside the page, so in the language of the test.
    with time_machine.travel("2026-11-24 10:00+01:00", tick=True), speaking("en"):
        yield


def add(**fields: Any) -> int:
    with transaction() as session:
        return make_company(session, **fields).id


def all_text(screen: AppTest) -> str:
    parts = [*screen.markdown, *screen.text, *screen.caption, *screen.title, *screen.error, *screen.success]
    return "\n".join(str(part.value) for part in parts)


def said(screen: AppTest) -> list[str]:
    found = screen.session_state["messages"] if "messages" in screen.session_state else []  # noqa: SIM401
    return [message.text for message in found]


def one(session: Session, model: Any) -> Any:
    return session.exec(select(model)).one()


class TestSearch:
    def test_an_empty_desk_says_how_to_begin(self, visit, add_person):
        screen = visit("companies", add_person(Role.COORDINATOR))
        assert not screen.exception
        assert "Import a file" in screen.info[0].value

    def test_finds_by_name_and_says_whether_calling_is_allowed(self, visit, add_person):
        add(name="Bakkerij Zus")
        add(name="Garage Bos", legal_form="EMZ")
        screen = visit("companies", add_person(Role.CALLER))
        assert screen.caption[0].value == "2 companies"
        screen.text_input(key="company-text").set_value("gar").run()
        assert screen.caption[0].value == "1 company"
        assert r"Sole proprietorship without consent\: do not call\." in all_text(screen)

    def test_the_next_step_stands_with_each_and_sorts_and_filters(self, visit, add_person):
        caller = add_person(Role.CALLER)
        late, later, nothing = add(name="Winkel A"), add(name="Winkel B"), add(name="Winkel C")
        with transaction() as session:
            for company_id, days, owner_id in ((later, 3, None), (late, -1, caller.id)):
                step = {"kind": FollowUpKind.SEND_INFO, "due_at": now() + timedelta(days=days), "owner_id": owner_id}
                session.add(FollowUp(company_id=company_id, **step))
        screen = visit("companies", caller)
        shown = all_text(screen).replace("\\", "")
        assert "Send information · Mon 23 Nov 10:00 · Caller Test · late" in shown
        assert "Send information · Fri 27 Nov 10:00 · the team" in shown
        for which, expected in (("planned", [late, later]), ("team", [later]), ("none", [nothing])):
            screen.selectbox(key="step").set_value(StepFilter(which)).run()
            assert [int(box.key.removeprefix("open-")) for box in screen.button if "open-" in box.key] == expected
        assert screen.query_params["step"] == "none"
        again = visit("companies", caller, step="planned", **{"step-kind": "send_info"})
        assert [int(box.key.removeprefix("open-")) for box in again.button if "open-" in box.key] == [late, later]
        screen.button(key=f"open-{nothing}").click().run()
        assert not screen.exception
        assert screen.title[0].value == "Winkel C"

    def test_a_slip_is_put_right_and_the_screen_says_so(self, visit, add_person):
        add(name="Bakkerij Zus")
        screen = visit("companies", add_person(Role.CALLER))
        screen.text_input(key="company-text").set_value("bakerij").run()
        assert screen.info[0].value == "Nothing found for “bakerij”. This is what “bakkerij” gives."
        assert screen.caption[0].value == "1 company"

    def test_says_what_to_do_when_nothing_is_found(self, visit, add_person):
        screen = visit("companies", add_person(Role.CALLER))
        screen.text_input(key="company-text").set_value("zzz").run()
        assert "first letters" in screen.info[0].value

    def test_a_new_search_starts_at_the_first_page(self, visit, add_person):
        for n in range(15):
            add(name=f"Winkel {n:02}")
        screen = visit("companies", add_person(Role.CALLER))
        screen.session_state["company-page"] = 2
        screen.run()
        assert "Winkel 13" in all_text(screen) or len(screen.columns) == 8
        screen.text_input(key="company-text").set_value("winkel").run()
        assert screen.session_state["company-page"] == 1

    def test_is_closed_for_viewers(self, visit, add_person):
        screen = visit("companies", add_person(Role.VIEWER))
        assert screen.error[0].value.startswith("Your role does not allow this")


class TestHistory:
    def test_shows_more_when_asked_and_all_notes_of_a_call(self, visit, add_person):
        caller, company_id = add_person(Role.CALLER), add()
        with transaction() as session:
            load_scripts(session)
            script = session.exec(select(ScriptVersion)).first()
            session.add_all(
                Call(
                    company_id=company_id, caller_id=caller.user_id, script_version_id=script.id, way=CallWay.VISIT,
                    status=CallStatus.DONE, ended_at=now(), reached=Reached.ANSWERED, disposition="GEEN_INTERESSE",
                    notes=f"Regel {n}\nRest {n}",
                )
                for n in range(10)
            )  # fmt: skip
        screen = visit("companies", caller, company=str(company_id))
        assert sum("Visit" in line.value for line in screen.markdown) == 8
        assert "Regel 9" in [text.value for text in screen.text]
        assert "Regel 9\nRest 9" in [text.value for text in screen.expander[1].text]
        screen.button(key=f"more-{company_id}").click().run()
        assert sum("Visit" in line.value for line in screen.markdown) == 10
        assert not [button for button in screen.button if button.key == f"more-{company_id}"]


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
        assert screen.title[0].value.startswith(r"Zus \<script\>")
        assert r"\*\*vet\*\* \[klik\]\(javascript\:alert\(1\)\) \:coffee\: \$x\$" in screen.title[0].value
        shown = all_text(screen)
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
        assert "Was duidelijk" in all_text(screen)
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
        assert "~~078 613 0001~~" in all_text(screen)
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
        assert complaint in said(screen)[0]
        assert screen.text_input(key=f"company-{company_id}-{field}").value == typed

    def test_the_second_of_two_people_is_told(self, visit, add_person):
        company_id = add(name="Oud")
        screen = visit("companies", add_person(Role.CALLER), company=str(company_id))
        screen.button(key="edit-company").click().run()
        with transaction() as session:
            session.get_one(Company, company_id).name = "Van een collega"
        screen.text_input(key=f"company-{company_id}-name").set_value("Van mij")
        screen.button(key="save-company").click().run()
        assert "Somebody else has changed this" in said(screen)[0]
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
        assert "Telefoonnummer: vul dit in" in said(screen)[0]


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
        assert "We know no company with this number." in all_text(screen)
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
        assert r"Zus \<script\>" in all_text(screen)
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
        assert said(screen) == ["Saved."]
        assert "“Zo *geholpen*, heel fijn.”" in all_text(screen)
        (take_back,) = [button for button in screen.button if button.key.startswith("withdraw-recommendation")]
        take_back.click().run()
        assert "taken back on" in all_text(screen)
        assert not [button for button in screen.button if button.key.startswith("withdraw-recommendation")]
