import time_machine

from crm.access.permissions import Role
from crm.calling.models import Call, CallStatus, HourFigures
from crm.core.clock import now
from crm.core.db import transaction
from crm.core.i18n import speaking
from crm.reference.models import Reached
from crm.reporting.models import Funnel, ListFigures
from crm.scripts.models import ScriptVersion
from tests.conftest import make_company
from web.components.figures import list_table


def test_an_empty_desk_says_what_will_come(visit, add_person):
    screen = visit("dashboard", add_person(Role.VIEWER))
    assert not screen.exception
    assert [metric.value for metric in screen.metric] == ["0"] * 5
    assert "As soon as somebody calls" in screen.info[0].value


def test_shows_the_funnel_of_the_chosen_period(visit, add_person):
    caller = add_person(Role.CALLER)
    with transaction() as session:
        script = ScriptVersion(key="test", number=1, title="Test", source="", checksum="0")
        session.add(script)
        session.flush()
        session.add(
            Call(
                company_id=make_company(session).id,
                caller_id=caller.user_id,
                script_version_id=script.id,
                status=CallStatus.DONE,
                ended_at=now(),
                reached=Reached.ANSWERED,
                disposition="GEEN_INTERESSE",
            )
        )
    screen = visit("dashboard", add_person(Role.VIEWER))
    assert [metric.value for metric in screen.metric] == ["1", "1", "0", "0", "0"]
    assert "Outside the lists" in screen.dataframe[0].value["List"].to_list()


def test_the_name_of_a_list_is_no_formula_for_who_downloads_it():
    table = list_table([ListFigures("=HYPERLINK(1)", Funnel())])
    assert table.iloc[0, 0] == "'=HYPERLINK(1)"


def test_is_closed_for_callers(visit, add_person):
    screen = visit("dashboard", add_person(Role.CALLER))
    assert screen.error[0].value.startswith("Your role does not allow this")


def test_the_best_hours_are_shown_in_figures_and_words_for_the_chosen_day(visit, add_person):
    with transaction() as session:
        session.add(HourFigures(weekday=4, hour=9, trade_group="office", calls=40, spoken=36))
        session.add(HourFigures(weekday=4, hour=10, trade_group="office", calls=1, spoken=0))
    with time_machine.travel("2026-11-24 10:00+01:00"), speaking("en"):  # AppTest names the days outside the page
        screen = visit("dashboard", add_person(Role.COORDINATOR))
        screen.segmented_control(key="hours-day").set_value(4).run()
    assert not screen.exception
    [table] = [element.proto.body for element in screen.get("html") if "kk-hours" in element.proto.body]
    assert '<td class="kk-hours-5"><b>73%</b> <span>40 calls</span></td>' in table
    assert "<span>assumed (1×)</span>" in table
    assert "Chance that somebody comes to the phone, Friday" in table
