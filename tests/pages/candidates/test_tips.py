import pytest
from sqlmodel import select

from crm.access.permissions import Role
from crm.companies.models import Company, Referral
from crm.core.db import reading, transaction
from crm.matching.tips import tip_known
from tests.conftest import make_candidate, make_company
from tests.pages.reading import NASTY, texts


@pytest.fixture
def person(sqlite_database):
    with transaction() as session:
        return make_candidate(session, name=f"Ria {NASTY}")


@pytest.fixture
def open_tips(visit, add_person, person):
    def open_it():
        return visit("candidates", add_person(Role.COACH, language="nl"), candidate=str(person.id), part="tips")

    return open_it


def only():
    with reading() as session:
        return session.exec(select(Referral, Company).join(Company, Company.id == Referral.company_id)).one()


def test_a_firm_nobody_knows_is_written_down_and_the_form_is_empty_again(open_tips, person):
    screen = open_tips()
    screen.text_input(key="tip-name").set_value("Kapper Krul").run()
    screen.checkbox(key="tip-may-name").check()
    screen.button(key="new-tip").click().run()
    assert not screen.exception
    tip, company = only()
    assert (tip.candidate_id, tip.may_name, company.name) == (person.id, True, "Kapper Krul")
    assert not screen.text_input(key="tip-name").value
    screen.button(key=f"thank-{tip.id}").click().run()
    assert "Bedankt op" in texts(screen)


def test_a_firm_we_know_gets_the_tip(open_tips):
    with transaction() as session:
        known = make_company(session, name="Garage Moer")
    screen = open_tips()
    screen.text_input(key="tip-name").set_value("garage moer").run()
    screen.button(key=f"known-tip-{known.id}").click().run()
    assert not screen.exception
    assert only()[1].id == known.id


def test_without_a_name_nothing_is_written_down(open_tips):
    screen = open_tips()
    screen.button(key="new-tip").click().run()
    assert screen.session_state["messages"][-1].level == "error"
    with reading() as session:
        assert not session.exec(select(Referral)).all()


def test_the_card_of_a_company_tells_callers_of_a_tip_and_no_name(visit, add_person, person):
    coach = add_person(Role.COACH)
    with transaction() as session:
        company = make_company(session)
        tip_known(session, coach, person.id, company.id, may_name=False)
    screen = visit("companies", add_person(Role.CALLER, language="nl"), company=str(company.id))
    assert not screen.exception
    assert "Tip van een werkzoekende" in texts(screen)
    assert "Ria" not in texts(screen)
