"""The form that puts the result of a call right."""

from datetime import timedelta

import pytest
import time_machine
from sqlmodel import select

from crm.access.permissions import Role
from crm.calling.models import Call, ObjectionRight
from crm.core.clock import now
from crm.core.db import reading, transaction
from crm.desk.inputs import CorrectionInput
from crm.desk.services import correct, log_call
from crm.followups.models import FollowUp, FollowUpStatus
from crm.pipeline.models import HiddenJob
from crm.scripts.services import load_scripts
from tests.conftest import make_company
from tests.crm.desk.test_elsewhere import told

pytestmark = pytest.mark.usefixtures("tuesday")


@pytest.fixture
def caller(add_person):
    return add_person(Role.CALLER)


def wrapped_up(actor, code, **overrides):
    """A call of this actor with a company of its own, a quarter of an hour ago."""
    with transaction() as session:
        load_scripts(session)
        return log_call(session, actor, make_company(session).id, told(code, **overrides)).call


def open_form(visit, actor, call, page="companies"):
    screen = visit(page, actor, **({"company": str(call.company_id)} if page == "companies" else {}))
    screen.button(key=f"correct-{call.id}").click().run()
    assert not screen.exception
    return screen, f"correct-call-{call.id}-{{}}".format


def now_is():
    with reading() as session:
        return session.exec(select(Call)).one().result.code


def test_begins_with_what_was_saved(visit, caller):
    call = wrapped_up(caller, "TERUGBELAFSPRAAK", notes="Belt terug")
    screen, key = open_form(visit, caller, call)
    assert screen.selectbox(key=key("result")).value == "TERUGBELAFSPRAAK"
    assert screen.text_area(key=key("notes")).value == "Belt terug"
    assert screen.segmented_control(key=key("objection-right")).value is ObjectionRight.OFFERED
    assert f"{screen.date_input(key=key('due-day')).value}" == "2026-12-01"
    screen.button(key="save-correction").click().run()
    with reading() as session:
        assert [step.status for step in session.exec(select(FollowUp))] == [FollowUpStatus.OPEN]


def test_another_result_takes_its_place(visit, caller):
    call = wrapped_up(caller, "TERUGBELAFSPRAAK")
    screen, key = open_form(visit, caller, call, page="today")
    screen.selectbox(key=key("result")).set_value("GEEN_GEHOOR").run()
    screen.button(key="save-correction").click().run()
    assert not screen.exception
    assert now_is() == "GEEN_GEHOOR"
    with reading() as session:
        assert session.exec(select(FollowUp)).one().status is FollowUpStatus.DROPPED


def test_says_what_stays_and_marks_the_hidden_job(visit, caller):
    call = wrapped_up(caller, "GESPREK_LATENT")
    screen, key = open_form(visit, caller, call)
    screen.selectbox(key=key("result")).set_value("GEEN_INTERESSE").run()
    screen.toggle(key=key("has-job")).set_value(False).run()
    screen.button(key="save-correction").click().run()
    assert any("stays" in message.text for message in screen.session_state["messages"])
    with reading() as session:
        job = session.exec(select(HiddenJob)).one()
    card = visit("pipeline", caller, job=str(job.id))
    assert any("Is this hidden job right" in warning.value for warning in card.warning)


def test_a_caller_cannot_take_back_a_block(visit, caller, add_person):
    call = wrapped_up(caller, "VERZET")
    screen, key = open_form(visit, caller, call)
    screen.selectbox(key=key("result")).set_value("GEEN_GEHOOR").run()
    screen.button(key="save-correction").click().run()
    assert any("Only a coordinator" in error.value for error in screen.error)
    screen, key = open_form(visit, add_person(Role.COORDINATOR), call)
    screen.selectbox(key=key("result")).set_value("GEEN_GEHOOR").run()
    screen.text_input(key=key("reason")).set_value("Verkeerde regel gekozen")
    screen.button(key="save-correction").click().run()
    assert now_is() == "GEEN_GEHOOR"


def test_what_a_colleague_changed_meanwhile_is_shown_beside_what_was_typed(visit, caller, add_person):
    call = wrapped_up(caller, "GEEN_INTERESSE")
    screen, key = open_form(visit, caller, call)
    screen.text_area(key=key("notes")).set_value("Mijn woorden").run()
    coordinator = add_person(Role.COORDINATOR)
    with transaction() as session:
        theirs = CorrectionInput(disposition="GEEN_GEHOOR", notes="Andere woorden")
        correct(session, coordinator, call.id, theirs, version=call.version)
    screen.button(key="save-correction").click().run()
    assert now_is() == "GEEN_GEHOOR"
    assert any("changed this while you were typing" in warning.value for warning in screen.warning)
    assert any("Andere woorden" in words.value for words in screen.markdown)
    assert screen.text_area(key=key("notes")).value == "Mijn woorden"
    screen.button(key="keep-mine").click().run()
    screen.button(key="save-correction").click().run()
    assert not screen.exception
    with reading() as session:
        kept = session.exec(select(Call)).one()
    assert (kept.result.code, kept.notes) == ("GEEN_INTERESSE", "Mijn woorden")


def test_the_calls_of_yesterday_have_no_button(visit, caller):
    call = wrapped_up(caller, "GEEN_GEHOOR")
    with time_machine.travel(now() + timedelta(days=1)):
        screen = visit("companies", caller, company=str(call.company_id))
    assert f"correct-{call.id}" not in {button.key for button in screen.button}
