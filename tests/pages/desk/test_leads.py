"""Writing down whom else to call, and what the two companies tell of it."""

from collections.abc import Callable

import pytest
from sqlmodel import select

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.calling.models import Call
from crm.companies.models import Company, Referral
from crm.core.db import reading, transaction
from crm.desk.services import name_known, next_company, write
from tests.conftest import make_company
from tests.crm.calling.building import make_list
from tests.pages.conftest import Visit, kept
from tests.pages.desk.building import text_of


@pytest.fixture
def caller(add_person: Callable[..., Actor]) -> Actor:
    return add_person(Role.CALLER)


@pytest.fixture
def call(caller: Actor) -> Call:
    with transaction() as session:
        make_list(session, [caller], [make_company(session, name="Bakkerij Kruimel")])
        opened = next_company(session, caller)
    assert opened is not None
    return opened


def referrals() -> list[Referral]:
    with reading() as session:
        return list(session.exec(select(Referral)))


def test_a_new_company_is_written_down_with_what_to_do_next(visit: Visit, caller: Actor, call: Call) -> None:
    screen = visit("desk", caller)
    screen.button(key="name-lead").click().run()
    kept(screen.text_input, "lead-name").input("Garage Moer").run()
    kept(screen.text_input, "lead-town").input("Breda").run()
    kept(screen.checkbox, "lead-may-name").check().run()
    screen.button(key="new-lead").click().run()
    assert not screen.exception
    (referral,) = referrals()
    assert referral.may_name
    assert "Garage Moer" in screen.caption[0].value
    assert any("Fill in the number and the legal form" in message.value for message in screen.info)


def test_a_company_that_looks_like_it_is_chosen_instead(visit: Visit, caller: Actor, call: Call) -> None:
    with transaction() as session:
        known = make_company(session, name="Garage Moer")
    screen = visit("desk", caller)
    screen.button(key="name-lead").click().run()
    kept(screen.text_input, "lead-name").input("moer").run()
    screen.button(key=f"known-lead-{known.id}").click().run()
    (referral,) = referrals()
    assert (referral.company_id, referral.may_name) == (known.id, False)
    assert any("A coordinator can put it on a call list" in message.value for message in screen.toast)
    with reading() as session:
        assert len(session.exec(select(Company)).all()) == 2


def test_a_wrong_number_is_told_and_nothing_typed_is_lost(visit: Visit, caller: Actor, call: Call) -> None:
    screen = visit("desk", caller)
    screen.button(key="name-lead").click().run()
    kept(screen.text_input, "lead-name").input("Garage Moer").run()
    kept(screen.text_input, "lead-number").input("078 12").run()
    screen.button(key="new-lead").click().run()
    assert "is not one Dutch telephone number" in screen.error[0].value
    assert kept(screen.text_input, "lead-name").value == "Garage Moer"
    assert referrals() == []


def test_the_script_asks_which_company_after_a_referral(visit: Visit, caller: Actor, call: Call) -> None:
    with transaction() as session:
        write(session, caller, call.id, "disposition", "DOORVERWEZEN")
    assert "Which company was named?" in [caption.value for caption in visit("desk", caller).caption]


def test_both_companies_tell_it(visit: Visit, caller: Actor, call: Call) -> None:
    with transaction() as session:
        lead = make_company(session, name="Garage Moer")
        name_known(session, caller, call.id, lead.id, may_name=False)
    at_lead = visit("companies", caller, company=str(lead.id))
    assert "**Bakkerij Kruimel**" in [button.label for button in at_lead.button]
    assert any("Do not say that name" in caption.value for caption in at_lead.caption)
    at_introducer = visit("companies", caller, company=str(call.company_id))
    assert "**Garage Moer**" in [button.label for button in at_introducer.button]


@pytest.mark.parametrize("may_name", [True, False])
def test_the_desk_says_on_whose_recommendation_when_that_was_agreed(
    visit: Visit, caller: Actor, call: Call, *, may_name: bool
) -> None:
    with transaction() as session:
        other = make_company(session, name="Garage <Moer>")
        session.add(
            Referral(
                company_id=call.company_id,
                introducer_company_id=other.id,
                may_name=may_name,
                made_by_id=caller.user_id,
            )
        )
    shown = text_of(visit("desk", caller))
    assert ("You call on the recommendation of Garage &lt;Moer&gt;" in shown) == may_name
    assert ("Garage" in shown) == may_name
