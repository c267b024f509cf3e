from datetime import date

import pytest
import time_machine
from sqlmodel import select

from crm.access.permissions import Role
from crm.candidates.models import (
    Candidate,
    CandidateOutcome,
    CandidateStatus,
    CoachingForm,
    OutcomeKind,
    ServiceStep,
    SuccessMoment,
    Tile,
)
from crm.core.db import reading, transaction
from tests.conftest import make_candidate
from tests.pages.reading import NASTY, texts, told


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel("2026-11-24 10:00+01:00", tick=True):
        yield


@pytest.fixture
def person(sqlite_database):
    with transaction() as session:
        return make_candidate(session)


@pytest.fixture
def screen(visit, add_person, person):
    """Dutch, because AppTest formats the options of a choice in the language of the test itself."""
    return visit("candidates", add_person(Role.COACH, language="nl"), candidate=str(person.id), part="log")


def only(model):
    with reading() as session:
        return session.exec(select(model)).one()


def test_a_click_on_a_tile_begins_a_step(screen):
    screen.button(key="choose-orientation").click().run()
    screen.selectbox(key="new-step-form").select(CoachingForm.GROUP)
    screen.text_input(key="new-step-note").set_value(NASTY)
    screen.button(key="new-step-save").click().run()
    assert not screen.exception
    step = only(ServiceStep)
    assert (step.tile, step.form, step.done, step.note) == (Tile.ORIENTATION, CoachingForm.GROUP, True, NASTY)
    assert (screen.selectbox(key="new-step-tile").value, screen.text_input(key="new-step-note").value) == (None, "")
    assert "di 24 nov" in texts(screen)


def test_without_a_tile_nothing_is_written_and_the_note_stays(screen):
    screen.text_input(key="new-step-note").set_value("Koffie")
    screen.button(key="new-step-save").click().run()
    assert "Welk onderdeel" in told(screen)[-1]
    assert screen.text_input(key="new-step-note").value == "Koffie"


def test_a_planned_step_is_changed_and_done(screen):
    screen.button(key="choose-training").click().run()
    screen.date_input(key="new-step-day").set_value(date(2026, 12, 1))
    screen.radio(key="new-step-done").set_value(False)
    screen.button(key="new-step-save").click().run()
    step = only(ServiceStep)
    screen.button(key=f"edit-step-{step.id}").click().run()
    screen.text_input(key=f"step-{step.id}-note").set_value("Heftruck")
    screen.button(key=f"step-{step.id}-save").click().run()
    assert not screen.exception
    assert only(ServiceStep).note == "Heftruck"
    screen.button(key=f"finish-step-{step.id}").click().run()
    assert (only(ServiceStep).done, only(ServiceStep).day) == (True, date(2026, 11, 24))


def test_a_moment_of_success_stays_between_us_without_consent(screen):
    screen.text_area(key="moment-new-words").set_value("Ik durfde te bellen")
    screen.checkbox(key="moment-new-may_share").check()
    screen.button(key="moment-save").click().run()
    assert only(SuccessMoment).words == "Ik durfde te bellen"
    assert "toestemming om het te vertellen ontbreekt" in texts(screen)
    assert not screen.get("code")


def test_an_outcome_changes_the_status(screen):
    screen.selectbox(key="outcome-kind").select(OutcomeKind.OWN_BUSINESS)
    screen.button(key="outcome-save").click().run()
    assert not screen.exception
    assert only(CandidateOutcome).day == date(2026, 11, 24)
    assert only(Candidate).status is CandidateStatus.LEFT


def test_words_about_health_are_warned_of(screen):
    screen.button(key="choose-report").click().run()
    screen.text_input(key="new-step-note").set_value("Heeft een burn-out gehad")
    screen.button(key="new-step-save").click().run()
    assert "gezondheid" in screen.warning[0].value
