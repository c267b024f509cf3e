"""Somebody rings: found by a number, answered at the desk."""

from collections.abc import Callable

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.calling.models import Call, CallStatus, CallWay
from crm.calling.services import claim_company
from crm.companies.models import Company
from crm.core.db import reading, transaction
from crm.desk.services import answer, next_company, put_back, write_texts
from crm.scripts.services import load_scripts
from tests.conftest import make_company
from tests.crm.calling.building import make_list
from tests.pages.conftest import Visit, kept
from tests.pages.desk.building import text_of

NUMBER = "+31786123456"


@pytest.fixture
def caller(add_person: Callable[..., Actor]) -> Actor:
    return add_person(Role.CALLER)


@pytest.fixture
def company(caller: Actor) -> Company:
    with transaction() as session:
        load_scripts(session)
        return make_company(session, name="Garage Moer", number=NUMBER, legal_form="EMZ")


def ring(screen: AppTest, number: str) -> AppTest:
    screen.button(key="incoming").click().run()
    screen.text_input(key="incoming-number").input(number).run()
    assert not screen.exception
    return screen


def calls() -> list[Call]:
    with reading() as session:
        return list(session.exec(select(Call).order_by(Call.id)))


@pytest.mark.parametrize("page", ["today", "desk"])
def test_a_company_is_found_and_answered(visit: Visit, caller: Actor, company: Company, page: str) -> None:
    screen = ring(visit(page, caller), "612 34 56")
    screen.button(key=f"answer-company-{company.id}").click().run()
    assert not screen.exception
    (call,) = calls()
    assert (call.company_id, call.way, call.status) == (company.id, CallWay.INCOMING, CallStatus.OPEN)
    assert "you may always answer" in text_of(visit("desk", caller))


def test_a_company_that_may_not_be_called_is_not_refused(visit: Visit, caller: Actor, company: Company) -> None:
    with transaction() as session:
        answer(session, caller, company.id)
    screen = visit("desk", caller)
    assert "without consent" in text_of(screen)
    assert not any(button.key.startswith("refuse") for button in screen.button)
    assert not any("tel:" in element.proto.body for element in screen.get("html"))


def test_a_result_that_theirs_cannot_have_is_not_offered(visit: Visit, caller: Actor, company: Company) -> None:
    with transaction() as session:
        answer(session, caller, company.id)
    options = kept(visit("desk", caller).selectbox, "disposition").options
    assert "No answer" not in options
    assert "Not interested" in options


def test_an_unknown_number_is_written_down(visit: Visit, caller: Actor, company: Company) -> None:
    screen = ring(visit("today", caller), "076 512 34 56")
    screen.button(key="answer-unknown").click().run()
    assert "Name" in screen.error[0].value  # without a name it is not kept
    screen.text_input(key="incoming-name").input("Kapper Krul").run()
    screen.button(key="answer-unknown").click().run()
    assert not screen.exception
    with reading() as session:
        made = session.exec(select(Company).where(Company.name == "Kapper Krul")).one()
    assert [call.company_id for call in calls()] == [made.id]


def test_what_cannot_be_a_number_is_answered_with_what_to_type(visit: Visit, caller: Actor, company: Company) -> None:
    screen = ring(visit("today", caller), "moer")
    assert any("Type at least 6 digits" in caption.value for caption in screen.caption)
    screen.text_input(key="incoming-number").input("999 999").run()
    assert any("no company with these digits" in caption.value for caption in screen.caption)


def test_a_colleague_who_is_busy_is_named(
    visit: Visit, caller: Actor, company: Company, add_person: Callable[..., Actor]
) -> None:
    with transaction() as session:
        claim_company(session, add_person(Role.CALLER), company.id)
    screen = ring(visit("desk", caller), NUMBER)
    assert screen.button(key=f"answer-company-{company.id}").disabled
    assert any("is busy with this company" in caption.value for caption in screen.caption)


def test_the_open_call_is_parked_and_one_key_leads_back_to_it(visit: Visit, caller: Actor, company: Company) -> None:
    with transaction() as session:
        make_list(session, [caller], [make_company(session, name="Bakkerij Kruimel")])
        opened = next_company(session, caller)
        assert opened is not None
        write_texts(session, caller, opened.id, {"notes": "Belt zo terug."})
    screen = ring(visit("desk", caller), NUMBER)
    assert any("Bakkerij Kruimel" in caption.value for caption in screen.caption)
    screen.button(key=f"answer-company-{company.id}").click().run()
    before, now = calls()
    assert (before.status, before.notes) == (CallStatus.PARKED, "Belt zo terug.")
    assert (now.company_id, now.status) == (company.id, CallStatus.OPEN)

    screen = visit("desk", caller)
    assert kept(screen.button, "parked").label.replace("\\", "").startswith("Parked: Bakkerij Kruimel, since 10:0")
    kept(screen.button, "parked").click().run()
    assert "still in another call" in screen.error[0].value
    with transaction() as session:
        put_back(session, caller, now.id)
    screen = visit("desk", caller)
    kept(screen.button, "parked").click().run()
    assert not screen.exception
    assert calls()[0].status is CallStatus.OPEN
    assert not any(button.key.startswith("parked") for button in screen.button)


def test_who_does_not_call_does_not_answer(visit: Visit, add_person: Callable[..., Actor]) -> None:
    assert "incoming" not in {button.key for button in visit("today", add_person(Role.COACH)).button}
