"""Blind cards of people who fit, on the call desk."""

from collections.abc import Callable

import pytest
from sqlmodel import select

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.calling.models import Call
from crm.core.db import reading, transaction
from crm.desk.services import next_company, write, write_texts
from crm.matching.models import Suggestion
from tests.conftest import make_candidate, make_company
from tests.crm.calling.building import answer, make_list
from tests.pages.conftest import Visit
from tests.pages.desk.building import WORK_FOUND, text_of

TALKS = Callable[[Role], tuple[Actor, Call]]


@pytest.fixture
def talks(add_person: Callable[[Role], Actor]) -> TALKS:
    """Somebody who just heard that there is work."""

    def begin(role: Role) -> tuple[Actor, Call]:
        actor = add_person(role)
        with transaction() as session:
            make_list(session, [actor], [make_company(session)])
            call = next_company(session, actor)
            assert call is not None
            answer(session, actor, call, *WORK_FOUND)
            make_candidate(session, name="Ria <Jansen>")
        return actor, call

    return begin


def test_cards_appear_with_the_tasks(visit: Visit, talks: TALKS) -> None:
    caller, call = talks(Role.CALLER)
    assert "Name tasks or competences" in text_of(visit("desk", caller))
    with transaction() as session:
        write_texts(session, caller, call.id, {"tasks": "Administratie bijwerken"})
    shown = text_of(visit("desk", caller))
    assert "12 to 24 hours a week" in shown
    assert "Ask this too, then it fits better: the competences, the hours, the days." in shown
    assert "Jansen" not in shown
    assert "candidate=" not in shown


def test_cards_stay_below_the_job_after_the_question(visit: Visit, talks: TALKS) -> None:
    caller, call = talks(Role.CALLER)
    with transaction() as session:
        answer(session, caller, call, "complete")
        write(session, caller, call.id, "competences", ["24118"])
    assert "12 to 24 hours a week" in text_of(visit("desk", caller))


def test_says_that_nobody_fits_yet(visit: Visit, talks: TALKS) -> None:
    caller, call = talks(Role.CALLER)
    with transaction() as session:
        write_texts(session, caller, call.id, {"tasks": "Lassen"})
    assert "Nobody fits yet. Name more: the competences, the hours, the days." in text_of(visit("desk", caller))


def test_who_may_see_job_seekers_can_look_further(visit: Visit, talks: TALKS) -> None:
    coordinator, call = talks(Role.COORDINATOR)
    with transaction() as session:
        write_texts(session, coordinator, call.id, {"tasks": "Administratie bijwerken"})
    shown = text_of(visit("desk", coordinator))
    assert "/candidates?candidate=" in shown
    assert "Jansen" not in shown


def test_who_was_shown_is_noted_once_in_a_call(visit: Visit, talks: TALKS) -> None:
    caller, call = talks(Role.CALLER)
    with transaction() as session:
        write_texts(session, caller, call.id, {"tasks": "Administratie bijwerken"})
    screen = visit("desk", caller)
    screen.run()
    visit("desk", caller)
    with transaction() as session:
        write_texts(session, caller, call.id, {"tasks": "Administratie en magazijn"})
        make_candidate(session, trades=["magazijn"])
    screen.run()
    with reading() as session:
        noted = session.exec(select(Suggestion.call_id, Suggestion.why).order_by(Suggestion.id)).all()
    assert noted == [(call.id, "familiar with administratie"), (call.id, "familiar with magazijn")]
