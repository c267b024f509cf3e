"""The screen of who is not to be called any more."""

import pytest
from sqlmodel import select

from crm.access.actor import SYSTEM
from crm.access.permissions import Role
from crm.companies import services
from crm.companies.inputs import NumberBlockInput
from crm.companies.models import Suppression, SuppressionReason
from crm.core.db import reading, transaction
from crm.core.i18n import speaking
from tests.conftest import make_company
from tests.pages.reading import NASTY


@pytest.fixture(autouse=True)
def english():
    with speaking("en"):
        yield


def test_shows_who_is_blocked_why_and_by_whom(visit, add_person):
    person = add_person(Role.COORDINATOR)
    with transaction() as session:
        company = make_company(session, name="Bakkerij Zus", number="+31786131234")
        services.suppress(session, person, company.id, reason=SuppressionReason.OBJECTION, note=NASTY)
    screen = visit("blocks", person)
    assert not screen.exception
    shown = "\n".join(str(part.value) for part in (*screen.markdown, *screen.caption))
    assert "078 613 1234" in shown
    assert "The whole company" in shown
    assert person.name in shown
    assert NASTY not in shown


def test_looks_for_a_number(visit, add_person):
    person = add_person(Role.COORDINATOR)
    with transaction() as session:
        for number in ("+31786131234", "+31104440000"):
            company = make_company(session, number=number)
            services.suppress(session, person, company.id, reason=SuppressionReason.OTHER, e164=number)
    screen = visit("blocks", person)
    screen.text_input(key="block-text").set_value("4440").run()
    shown = "\n".join(str(part.value) for part in screen.markdown)
    assert "010 444 0000" in shown
    assert "078 613 1234" not in shown
    screen.text_input(key="block-text").set_value("nergens").run()
    assert screen.info[0].value == "Nobody is blocked that fits this."


def test_an_empty_list_says_so_and_a_number_can_be_added(visit, add_person):
    screen = visit("blocks", add_person(Role.ADMIN))
    assert screen.info[0].value == "Nobody is blocked yet."
    screen.button(key="ask-block-number").click().run()
    screen.text_input(key="blocked-number").set_value("078 613 1234")
    screen.button(key="confirm-block-number").click().run()
    assert "is blocked" in screen.success[0].value


def test_is_not_for_callers(visit, add_person):
    assert "Your role does not allow this" in visit("blocks", add_person(Role.CALLER)).error[0].value


class TestTakingBack:
    def test_needs_a_reason_and_shows_it_afterwards(self, visit, add_person):
        person = add_person(Role.COORDINATOR)
        with transaction() as session:
            company = make_company(session, name="Bakkerij Zus", number="+31786131234")
            services.suppress(session, person, company.id, reason=SuppressionReason.OBJECTION)
        block_id = of_company(company.id).id
        screen = visit("companies", person, company=str(company.id))
        screen.button(key=f"take-back-{block_id}").click().run()
        screen.button(key="confirm-take-back").click().run()
        assert any("fill this in" in error.value for error in screen.error)
        screen.text_input(key=f"why-{block_id}").set_value(NASTY)
        screen.button(key="confirm-take-back").click().run()
        assert not screen.exception
        assert of_company(company.id) is None
        for screen in (visit("companies", person, company=str(company.id)), visit("blocks", person)):
            if screen.segmented_control:
                screen.segmented_control(key="block-which").set_value("taken-back").run()
            shown = "\n".join(str(part.value) for part in (*screen.markdown, *screen.caption))
            assert "Taken back" in shown
            assert NASTY not in shown

    def test_the_own_answer_to_a_letter_has_no_button(self, visit, add_person):
        person = add_person(Role.COORDINATOR)
        with transaction() as session:
            company = make_company(session, number="+31786131234")
            services.suppress(session, SYSTEM, company.id, reason=SuppressionReason.OBJECTION)
        screen = visit("blocks", person)
        assert not [button.key for button in screen.button if str(button.key).startswith("take-back")]
        assert any("They said no to our letter" in caption.value for caption in screen.caption)

    def test_is_not_offered_to_callers(self, visit, add_person):
        with transaction() as session:
            company = make_company(session, number="+31786131234")
        person = add_person(Role.CALLER)
        with transaction() as session:
            services.suppress(session, person, company.id, reason=SuppressionReason.OTHER)
        screen = visit("companies", person, company=str(company.id))
        assert not [button.key for button in screen.button if str(button.key).startswith("take-back")]
        assert any("Other reason" in caption.value for caption in screen.caption)


class TestErasingANumber:
    def test_of_a_block_without_a_company(self, visit, add_person):
        person = add_person(Role.COORDINATOR)
        with transaction() as session:
            given = NumberBlockInput(number="078 613 1234", reason=SuppressionReason.OTHER)
            block, _new = services.suppress_number(session, person, given)
        screen = visit("blocks", person)
        screen.button(key=f"erase-number-{block.id}").click().run()
        screen.button(key="confirm-erase-number").click().run()
        assert not screen.exception
        with reading() as session:
            assert [(kept.e164, bool(kept.mark)) for kept in session.exec(select(Suppression))] == [(None, True)]

    @pytest.mark.parametrize("text", ["", "112", "0900 1234", NASTY, "078 613 1234"])
    def test_what_is_wrong_is_said_and_stays_in_its_field(self, visit, add_person, text):
        with transaction() as session:
            make_company(session, name="Bakkerij Zus", number="+31786131234")
        screen = visit("blocks", add_person(Role.COORDINATOR))
        screen.button(key="ask-erase-number").click().run()
        screen.text_input(key="number-to-erase").set_value(text)
        screen.button(key="confirm-erase-number").click().run()
        assert not screen.exception
        assert "Bakkerij Zus" in screen.error[0].value or "not one Dutch telephone number" in screen.error[0].value
        assert NASTY not in screen.error[0].value
        assert screen.text_input(key="number-to-erase").value == text


def of_company(company_id):
    with reading() as session:
        return session.exec(select(Suppression).where(Suppression.company_id == company_id)).one_or_none()
