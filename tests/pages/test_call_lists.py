"""The screen of call lists: choosing companies, seeing who may not be called, making and stopping a list."""

from typing import Any

import pytest
from sqlmodel import select

from crm.access.permissions import Role
from crm.calling.models import CallList, CallListEntry, CallListMember, ListStatus, RetryRule
from crm.core.db import reading, transaction
from crm.core.i18n import speaking
from crm.matching.uncalled import ask_for_list
from crm.messaging.models import Notice, NoticeKind
from crm.reference.models import Retry
from crm.scripts.services import load_scripts
from tests.conftest import add_user, make_candidate, make_company


@pytest.fixture
def coordinator(add_person):
    with transaction() as session:
        load_scripts(session)
    with speaking("en"):  # AppTest names the options of a widget outside the page, so in the language of the test
        yield add_person(Role.COORDINATOR)


def add(**fields: Any) -> int:
    with transaction() as session:
        return make_company(session, **fields).id


def numbers(screen) -> list[str]:
    return [metric.value for metric in screen.metric]


def make(visit, coordinator, name: str = "Bakkers", callers: tuple[int, ...] = ()):
    screen = visit("call_lists", coordinator, new="1")
    screen.text_input(key="list-name").set_value(name)
    screen.multiselect(key="list-callers").set_value(list(callers))
    return screen.button(key="make-list").click().run()


def test_without_lists_it_says_how_to_begin(visit, coordinator):
    screen = visit("call_lists", coordinator)
    assert not screen.exception
    assert "New call list" in screen.info[0].value


def test_is_closed_for_callers(visit, add_person):
    screen = visit("call_lists", add_person(Role.CALLER))
    assert screen.error[0].value.startswith("Your role does not allow this")


def test_a_choice_shows_at_once_how_many_may_be_called_and_why_others_not(visit, coordinator):
    add(sbi_code="10710")
    add(sbi_code="10710", legal_form="EMZ")
    add(sbi_code="56110", town="Rotterdam", postcode="3011AA")
    screen = visit("call_lists", coordinator, new="1")
    assert numbers(screen) == ["3", "2", "2"]
    assert list(screen.table[0].value.index) == ["Sole proprietorship without consent: do not call."]
    screen.multiselect(key="list-trades").set_value(["C"]).run()
    assert numbers(screen) == ["2", "1", "1"]
    screen.text_input(key="list-postcodes").set_value("30").run()
    assert numbers(screen) == ["0", "0", "0"]
    assert "No company fits" in screen.info[0].value


def test_a_wrong_postcode_area_is_explained(visit, coordinator):
    add()
    screen = visit("call_lists", coordinator, new="1")
    screen.text_input(key="list-postcodes").set_value("Dordrecht").run()
    assert not screen.exception
    assert "write postcode areas like" in screen.error[0].value
    assert "make-list" not in [button.key for button in screen.button]


def test_makes_a_list_and_shows_its_progress(visit, coordinator, add_person):
    company_id = add()
    caller = add_person(Role.CALLER)
    screen = make(visit, coordinator, "Bakkers **vet**", (caller.user_id,))
    assert not screen.exception
    assert screen.markdown[0].value == r"**Bakkers \*\*vet\*\***"
    with reading() as session:
        assert session.exec(select(CallListEntry.company_id)).all() == [company_id]
        assert session.exec(select(CallListMember.user_id)).all() == [caller.user_id]


def test_an_empty_name_is_explained_and_the_rest_stays(visit, coordinator, add_person):
    add()
    caller = add_person(Role.CALLER)
    screen = make(visit, coordinator, "   ", (caller.user_id,))
    assert screen.session_state["messages"][0].text.endswith("fill this in")
    assert screen.multiselect(key="list-callers").value == [caller.user_id]


def test_a_list_can_be_paused_closed_and_opened_again(visit, coordinator):
    add()
    make(visit, coordinator)
    with reading() as session:
        list_id = session.exec(select(CallList.id)).one()
    screen = visit("call_lists", coordinator)
    for step in (ListStatus.PAUSED, ListStatus.OPEN, ListStatus.CLOSED, ListStatus.OPEN):
        screen.button(key=f"{step.value}-{list_id}").click().run()
        with reading() as session:
            assert session.exec(select(CallList.status)).one() is step


def test_callers_can_be_changed(visit, coordinator, add_person):
    add()
    make(visit, coordinator)
    caller = add_person(Role.CALLER)
    with reading() as session:
        list_id = session.exec(select(CallList.id)).one()
    screen = visit("call_lists", coordinator)
    screen.button(key=f"callers-{list_id}").click().run()
    screen.multiselect(key=f"members-{list_id}").set_value([caller.user_id])
    screen.button(key="save-members").click().run()
    with reading() as session:
        assert session.exec(select(CallListMember.user_id)).all() == [caller.user_id]


def test_large_companies_come_along_only_when_asked_for_and_it_says_why(visit, coordinator):
    add(staff_min=300)
    add(staff_min=5)
    add()
    screen = visit("call_lists", coordinator, new="1")
    assert numbers(screen)[0] == "2"
    assert any("rarely fit" in caption.value for caption in screen.caption)
    screen.button_group(key="list-sizes").set_value(["groot"]).run()
    assert numbers(screen)[0] == "0"
    assert any("They are left out" in info.value for info in screen.info)
    screen.checkbox(key="list-large").check().run()
    assert numbers(screen)[0] == "1"
    assert "rarely fit" in screen.warning[0].value


def test_a_live_list_is_brought_up_to_date_and_says_what_changed(visit, coordinator):
    add()
    screen = visit("call_lists", coordinator, new="1")
    screen.text_input(key="list-name").set_value("Bakkers")
    screen.radio(key="list-live").set_value(True)
    screen.button(key="make-list").click().run()
    with reading() as session:
        list_id = session.exec(select(CallList.id).where(CallList.is_live)).one()
    screen = visit("call_lists", coordinator)
    screen.button(key=f"update-{list_id}").click().run()
    assert "nothing has changed" in screen.session_state["messages"][0].text
    add()
    screen = visit("call_lists", coordinator)
    screen.button(key=f"update-{list_id}").click().run()
    assert "came on: 1. Companies that went off: 0" in screen.session_state["messages"][0].text


def test_a_list_can_be_frozen_afterwards(visit, coordinator):
    add()
    make(visit, coordinator)
    with reading() as session:
        list_id = session.exec(select(CallList.id)).one()
    for is_live in (True, False):
        screen = visit("call_lists", coordinator)
        screen.button(key=f"settings-{list_id}").click().run()
        screen.checkbox(key=f"live-{list_id}").set_value(is_live)
        screen.button(key="save-settings").click().run()
        with reading() as session:
            assert session.exec(select(CallList.is_live)).one() is is_live


def test_attempts_a_day_are_set_and_the_row_says_how_it_goes(visit, coordinator):
    add()
    make(visit, coordinator)
    with reading() as session:
        list_id = session.exec(select(CallList.id)).one()
    screen = visit("call_lists", coordinator)
    assert screen.text[0].value == (
        "0 attempts · 0 conversations · 0 hidden jobs · Nobody calls from it yet, so it will not be done."
    )
    screen.button(key=f"settings-{list_id}").click().run()
    screen.number_input(key=f"capacity-{list_id}").set_value(25)
    screen.button(key="save-settings").click().run()
    with reading() as session:
        assert session.exec(select(CallList.daily_capacity)).one() == 25
    assert any("At most 25 attempts a day" in caption.value for caption in visit("call_lists", coordinator).caption)


def test_what_fits_a_job_seeker_is_filled_in_with_the_reasons_and_can_be_changed(visit, coordinator):
    add(sbi_code="10710")
    add(sbi_code="41000")
    with transaction() as session:
        baker = make_candidate(session, trades=["Bakker"], competences=[]).id
        ask_for_list(session, add_user(session, Role.COACH), baker)
    screen = visit("call_lists", coordinator, new="1", candidate=str(baker))
    assert not screen.exception
    assert numbers(screen)[0] == "1"
    assert any("worked as Bakker" in line.value for line in screen.markdown)
    assert screen.text_input(key="list-name").value == "From one job seeker: bakery"
    screen.multiselect(key="list-trades").set_value([]).run()
    assert numbers(screen)[0] == "2"
    screen.button(key="make-list").click().run()
    with reading() as session:
        assert session.exec(select(CallList.name)).all() == ["From one job seeker: bakery"]
        assert NoticeKind.LIST_MADE in session.exec(select(Notice.kind)).all()


def test_a_job_seeker_who_is_not_there_is_explained(visit, coordinator):
    screen = visit("call_lists", coordinator, new="1", candidate="404404")
    assert not screen.exception
    assert screen.error


def test_without_a_script_it_says_who_can_help(visit, add_person):
    screen = visit("call_lists", add_person(Role.COORDINATOR), new="1")
    assert "no call script yet" in screen.warning[0].value


class TestRetries:
    @pytest.fixture
    def screen(self, visit, coordinator):
        add()
        make(visit, coordinator)
        with reading() as session:
            list_id = session.exec(select(CallList.id)).one()
        return visit("call_lists", coordinator).button(key=f"retries-{list_id}").click().run()

    def fields(self, screen, code="GEEN_GEHOOR", version=0):
        return [f"retry-1-{code}-{version}-{name}" for name in ("wait", "unit", "most")]

    def own(self) -> list[tuple]:
        with reading() as session:
            return [(rule.disposition, rule.retry) for rule in session.exec(select(RetryRule))]

    def test_a_rule_is_changed_and_put_back_with_the_default_beside_it(self, screen):
        assert screen.button(key="reset-retry").disabled
        wait, unit, most = self.fields(screen)
        screen.number_input(key=wait).set_value(4)
        screen.segmented_control(key=unit).set_value("hours")
        screen.number_input(key=most).set_value(6)
        screen.button(key="save-retry").click().run()
        assert not screen.exception
        assert self.own() == [("GEEN_GEHOOR", Retry(4, None, 6))]
        shown = screen.table[0].value
        assert list(shown.loc["No answer"]) == [
            "**after 4 hours, at most 6 attempts**",
            "the next working day, at most 3 attempts",
        ]
        screen.button(key="reset-retry").click().run()
        assert self.own() == []
        assert screen.number_input(key=wait).value == 1

    def test_how_often_a_message_may_be_left_is_asked_where_one_is_left(self, screen):
        assert "retry-1-GEEN_GEHOOR-0-message" not in [box.key for box in screen.selectbox]
        screen.selectbox(key="retry-result").select("VOICEMAIL_INGESPROKEN").run()
        screen.selectbox(key="retry-1-VOICEMAIL_INGESPROKEN-0-message").select(0).run()
        screen.button(key="save-retry").click().run()
        assert self.own() == [("VOICEMAIL_INGESPROKEN", Retry(None, 2, 3, 0))]

    def test_a_wait_that_is_too_long_is_explained_and_stays(self, screen):
        wait, _unit, _most = self.fields(screen)
        screen.number_input(key=wait).set_value(70)
        screen.button(key="save-retry").click().run()
        assert "this number is too high" in screen.error[0].value
        assert (screen.number_input(key=wait).value, self.own()) == (70, [])
