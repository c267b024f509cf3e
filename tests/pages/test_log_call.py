"""The form for a call that was not made at the desk, on the card of a company."""

from datetime import date, time

import pytest
from sqlmodel import select

from crm.access.permissions import Role
from crm.calling.models import Call, CallWay, ObjectionRight
from crm.calling.services import claim_company, open_call
from crm.core.clock import at
from crm.core.db import reading, transaction
from crm.followups.models import FollowUp, FollowUpKind
from crm.scripts.services import load_scripts
from tests.conftest import add_user, make_company

pytestmark = pytest.mark.usefixtures("tuesday")


@pytest.fixture
def form(visit, add_person):
    """`form(role_or_actor, company_id)`: the card with the form open, and the keys of its fields."""

    def open_form(who, company_id):
        actor = add_person(who) if isinstance(who, Role) else who
        screen = visit("companies", actor, company=str(company_id))
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


def test_at_the_desk_the_company_is_found_first(visit, add_person):
    company_id = new_company(name="Garage Moer")
    caller = add_person(Role.CALLER)
    screen = visit("desk", caller)
    screen.button(key="log-call").click().run()
    screen.text_input(key="log-call-which").set_value("zxq").run()
    assert any("No company is found" in caption.value for caption in screen.caption)
    screen.text_input(key="log-call-which").set_value("moer").run()
    screen.button(key=f"log-call-with-{company_id}").click().run()
    assert not screen.exception
    choose(screen, f"log-call-{company_id}-result", "No answer")
    screen.button(key="save-log-call").click().run()
    assert not screen.exception
    assert [(call.company_id, call.way) for call in logged()] == [(company_id, CallWay.OWN_PHONE)]


def test_a_job_that_is_half_filled_in_is_not_left_out_in_silence(form):
    screen, key = form(Role.CALLER, new_company())
    screen.segmented_control(key=key("way")).set_value(CallWay.VISIT).run()
    screen.text_input(key=key("summary")).set_value("Er ligt werk")
    choose(screen, key("result"), "Conversation, no work now")
    screen.toggle(key=key("has-job")).set_value(True).run()
    screen.button(key="save-log-call").click().run()
    assert "fill this in" in screen.error[0].value
    assert logged() == []


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


def test_the_next_step_is_said_in_words_and_read_back(form):
    company_id = new_company()
    screen, key = form(Role.CALLER, company_id)
    choose(screen, key("result"), "Callback agreed")
    screen.text_input(key=key("due-said")).set_value("over 2 weken om half elf").run()

    assert not screen.exception
    assert screen.text_input(key=key("due-said")).value == ""
    assert screen.date_input(key=key("due-day")).value == date(2026, 12, 8)
    assert screen.time_input(key=key("due-hour")).value == time(10, 30)
    assert any("Tuesday 8 December 2026, 10:30" in caption.value for caption in screen.caption)


def test_a_next_step_in_words_that_mean_nothing_stays_and_is_explained(form):
    screen, key = form(Role.CALLER, new_company())
    choose(screen, key("result"), "Callback agreed")
    screen.text_input(key=key("due-said")).set_value("als de koffie klaar is").run()

    assert screen.text_input(key=key("due-said")).value == "als de koffie klaar is"
    assert any("I do not understand this" in caption.value for caption in screen.caption)


def test_a_free_moment_is_taken_with_one_click_and_a_promised_one_is_not_offered(form):
    with transaction() as session:
        caller = add_user(session, Role.CALLER, language="en")
        step = FollowUp(kind=FollowUpKind.CALLBACK, due_at=at(date(2026, 11, 25), 9, 30), owner_id=caller.id)
        session.add(step)
    screen, key = form(caller, new_company())
    choose(screen, key("result"), "Callback agreed")

    offered = [screen.button(key=key(f"due-free-{number}")) for number in range(3)]
    assert [button.label for button in offered] == ["Wed 25 Nov 09:45", "Wed 25 Nov 12:30", "Wed 25 Nov 15:00"]
    assert any("Another callback is planned" in caption.value for caption in screen.caption)
    offered[1].click().run()
    assert screen.time_input(key=key("due-hour")).value == time(12, 30)
