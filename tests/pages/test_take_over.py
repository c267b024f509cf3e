"""Taking a company over on its card, and what the colleague then sees at the desk."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.calling.models import Call, CallField, Claim
from crm.calling.services import save_notes, take_over
from crm.core.db import reading, transaction
from crm.desk.services import next_company, write_texts
from tests.conftest import add_user, make_company
from tests.crm.calling.building import make_list
from tests.pages.conftest import Visit, kept


@pytest.fixture(autouse=True)
def _tuesday_morning() -> Iterator[None]:
    with time_machine.travel("2026-11-24 10:00+01:00", tick=True):
        yield


@pytest.fixture
def caller(sqlite_database: object) -> Actor:
    """Somebody with two companies on a list."""
    with transaction() as session:
        person = add_user(session, Role.CALLER, name="Piet *de* Boer")
        make_list(session, [person], [make_company(session, name=name) for name in ("Zus", "Twee")])
    return person


@pytest.fixture
def call(caller: Actor) -> Call:
    with transaction() as session:
        opened = next_company(session, caller)
    assert opened is not None
    return opened


@pytest.fixture
def coordinator(add_person: Callable[..., Actor]) -> Actor:
    return add_person(Role.COORDINATOR)


def take(actor: Actor, call: Call) -> None:
    with transaction() as session:
        take_over(session, actor, call.company_id, holder_id=call.caller_id)


def keys(screen: AppTest) -> set[str]:
    return {button.key for button in screen.button}


def holders() -> list[int]:
    with reading() as session:
        return list(session.exec(select(Claim.user_id)))


class TestCard:
    def test_says_who_is_busy_and_asks_before_taking_over(self, visit: Visit, coordinator: Actor, call: Call) -> None:
        screen = visit("companies", coordinator, company=str(call.company_id))
        assert screen.info[0].value.startswith(r"Piet \*de\* Boer is busy with this company\, until 10\:4")
        assert "call-company" not in keys(screen)
        assert screen.button(key="ask-take-over").label == r"Take over from Piet \*de\* Boer"
        screen.button(key="ask-take-over").click().run()
        assert holders() == [call.caller_id]
        screen.button(key="confirm-take-over").click().run()
        screen.run()
        assert not screen.exception
        assert holders() == [coordinator.id]
        assert not screen.info
        assert "call-company" in keys(screen)

    def test_shows_what_the_colleague_wrote_down(self, visit: Visit, coordinator: Actor, call: Call) -> None:
        with transaction() as session:
            save_notes(session, Actor(call.caller_id, "", Role.CALLER), call.id, "Vraag naar Ria")
        take(coordinator, call)
        screen = visit("companies", coordinator, company=str(call.company_id))
        assert "Vraag naar Ria" in [text.value for text in screen.text]
        assert any("not finished" in line.value for line in screen.markdown)

    def test_can_be_cancelled(self, visit: Visit, coordinator: Actor, call: Call) -> None:
        screen = visit("companies", coordinator, company=str(call.company_id))
        screen.button(key="ask-take-over").click().run()
        screen.button(key="cancel-dialog").click().run()
        assert holders() == [call.caller_id]
        assert "confirm-take-over" not in keys(screen)

    def test_the_second_coordinator_reads_who_was_first(
        self, visit: Visit, coordinator: Actor, add_person: Callable[..., Actor], call: Call
    ) -> None:
        screen = visit("companies", add_person(Role.COORDINATOR), company=str(call.company_id))
        screen.button(key="ask-take-over").click().run()
        take(coordinator, call)
        screen.button(key="confirm-take-over").click().run()
        assert "Coordinator Test is busy with this company" in screen.error[0].value
        assert holders() == [coordinator.id]

    def test_callers_see_who_is_busy(self, visit: Visit, add_person: Callable[..., Actor], call: Call) -> None:
        screen = visit("companies", add_person(Role.CALLER, language="nl"), company=str(call.company_id))
        assert "is bezig met dit bedrijf" in screen.info[0].value
        assert not {"ask-take-over", "call-company"} & keys(screen)

    def test_who_has_it_sees_nothing_of_this(self, visit: Visit, caller: Actor, call: Call) -> None:
        screen = visit("companies", caller, company=str(call.company_id))
        assert not screen.info
        assert "call-company" in keys(screen)


@pytest.mark.parametrize("click", ["answer-1", "put-back", "save"])
def test_the_colleague_reads_at_the_next_click_what_happened(
    visit: Visit, caller: Actor, coordinator: Actor, call: Call, click: str
) -> None:
    screen = visit("desk", caller)
    take(coordinator, call)
    kept(screen.button, click).click().run()
    assert not screen.exception
    assert screen.error[0].value == (
        r"Coordinator Test heeft dit bedrijf van u overgenomen\. Wat u hebt opgeschreven\, is bewaard\. "
        r"Ga verder met het volgende bedrijf\."
    )
    screen.button(key="start").click().run()
    assert any("Twee" in element.proto.body for element in screen.get("html"))


def test_what_the_colleague_was_typing_is_kept(caller: Actor, coordinator: Actor, call: Call) -> None:
    take(coordinator, call)
    with transaction() as session:
        write_texts(session, caller, call.id, {"notes": "Vraag naar Ria", "summary": "Heeft het druk."})
    with reading() as session:
        assert session.get_one(Call, call.id).notes == "Vraag naar Ria"
        statement = select(CallField.value).where(CallField.call_id == call.id, CallField.name == "summary")
        assert session.exec(statement).one() == "Heeft het druk."
