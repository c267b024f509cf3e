"""The form for a call that was not made at the desk, on the card of a company."""

from datetime import date, time

import pytest
import time_machine
from sqlmodel import select

from crm.access.permissions import Role
from crm.calling.models import Call, CallWay, ObjectionRight
from crm.calling.services import claim_company, open_call
from crm.core.clock import at
from crm.core.db import reading, transaction
from crm.core.i18n import speaking
from crm.followups.models import FollowUp, FollowUpKind
from crm.scripts.services import load_scripts
from tests.conftest import make_company

pytestmark = pytest.mark.usefixtures("tuesday")


@pytest.fixture
def tuesday():
    with time_machine.travel("2026-11-24 10:00+01:00", tick=True), speaking("en"):
        yield


@pytest.fixture
def form(visit, add_person):
    """`form(role, company_id)`: the card with the form open, and the keys of its fields."""

    def open_form(role, company_id):
        screen = visit("companies", add_person(role), company=str(company_id))
        screen.button(key="ask-log-call").click().run()
        assert not screen.exception
        return screen, f"log-call-{company_id}-{{}}".format

    return open_form


def new_company(**fields):
    with transaction() as session:
        load_scripts(session)
        return make_company(session, **fields).id


def choose(screen, key, code):
    box = screen.selectbox(key=key)
    box.set_value(next(option for option in box.proto.options if option == code)).run()


def logged():
    with reading() as session:
        return session.exec(select(Call)).all()


def test_writes_down_a_visit_with_a_callback(form):
    screen, key = form(Role.CALLER, new_company())
    screen.segmented_control(key=key("way")).set_value(CallWay.VISIT).run()
    screen.date_input(key=key("day")).set_value(date(2026, 11, 23))
    screen.time_input(key=key("time")).set_value(time(14, 30))
    screen.text_area(key=key("notes")).set_value("Koffie gehad")
    choose(screen, key("result"), "Callback agreed")
    screen.button(key="save-log-call").click().run()
    assert not screen.exception
    (call,) = logged()
    assert (call.way, call.ended_at, call.notes) == (CallWay.VISIT, at(date(2026, 11, 23), 14, 30), "Koffie gehad")
    with reading() as session:
        assert session.exec(select(FollowUp)).one().kind is FollowUpKind.CALLBACK
    assert any("Visit" in text.value for text in screen.markdown)


def test_says_what_is_missing_and_keeps_what_was_typed(form):
    screen, key = form(Role.CALLER, new_company())
    screen.text_area(key=key("notes")).set_value("Een verhaal")
    choose(screen, key("result"), "Not interested")
    screen.button(key="save-log-call").click().run()
    assert "people can ask not to be called again" in screen.error[0].value
    assert screen.text_area(key=key("notes")).value == "Een verhaal"
    screen.segmented_control(key=key("objection-right")).set_value(ObjectionRight.OFFERED)
    screen.text_input(key=key("summary")).set_value("Geen tijd voor")
    screen.button(key="save-log-call").click().run()
    assert [call.disposition for call in logged()] == ["GEEN_INTERESSE"]


def test_says_that_the_rules_did_not_allow_it(form):
    screen, key = form(Role.CALLER, new_company(legal_form="EMZ"))
    choose(screen, key("result"), "No answer")
    screen.button(key="save-log-call").click().run()
    assert len(logged()) == 1
    told = [message.text for message in screen.session_state["messages"]]
    assert any("Sole proprietorship without consent" in text and "coordinator" in text for text in told)


def test_a_colleague_who_is_calling_is_named_first(form, add_person):
    company_id, colleague = new_company(), add_person(Role.CALLER)
    with transaction() as session:
        open_call(session, colleague, claim_company(session, colleague, company_id))
    screen, key = form(Role.COORDINATOR, company_id)
    assert any(colleague.name in warning.value for warning in screen.warning)
    choose(screen, key("result"), "No answer")
    screen.button(key="save-log-call").click().run()
    assert len(logged()) == 1
    screen.checkbox(key=key(f"knows-{colleague.id}")).check().run()
    screen.button(key="save-log-call").click().run()
    assert len(logged()) == 2
