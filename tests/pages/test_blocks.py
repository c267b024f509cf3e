"""The screen of who is not to be called any more."""

import pytest

from crm.access.permissions import Role
from crm.companies import services
from crm.companies.models import SuppressionReason
from crm.core.db import transaction
from crm.core.i18n import speaking
from tests.conftest import make_company

NASTY = "<script>alert(1)</script> **vet**"


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
