"""The screen for who divides the work."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from crm.access.models import Absence
from crm.access.permissions import Role
from crm.core.clock import now
from crm.core.db import reading, transaction
from crm.followups.models import FollowUp, FollowUpKind, FollowUpStatus

pytestmark = pytest.mark.usefixtures("tuesday")


def absences():
    with reading() as session:
        return [(one.user_id, one.first_day, one.last_day) for one in session.exec(select(Absence))]


def fill_in(screen, first, last):
    screen.date_input(key="absent-first").set_value(first)
    screen.date_input(key="absent-last").set_value(last)
    screen.button(key="keep-absence").click().run()
    assert not screen.exception


def messages(screen):
    return " ".join(message.text for message in screen.session_state["messages"])


class TestAbsence:
    def test_a_coordinator_fills_in_that_somebody_is_ill_and_takes_it_away(self, visit, add_person):
        coordinator, caller = add_person(Role.COORDINATOR), add_person(Role.CALLER)
        screen = visit("team", coordinator)
        screen.selectbox(key="absent-person").set_value(caller.id)
        fill_in(screen, date(2026, 11, 24), date(2026, 11, 26))
        assert absences() == [(caller.id, date(2026, 11, 24), date(2026, 11, 26))]
        assert "Tue 24 Nov 2026 to Thu 26 Nov 2026" in "".join(text.value for text in screen.markdown)
        screen.button(key="remove-absence-1").click().run()
        assert absences() == []

    def test_without_a_person_or_a_day_it_says_what_is_missing(self, visit, add_person):
        add_person(Role.CALLER)
        screen = visit("team", add_person(Role.COORDINATOR))
        fill_in(screen, date(2026, 11, 24), date(2026, 11, 26))
        assert "Choose who is not here." in messages(screen)
        screen = visit("account", add_person(Role.CALLER))
        fill_in(screen, date(2026, 11, 24), None)
        assert "Last day: fill this in" in messages(screen)
        assert absences() == []

    def test_everybody_fills_in_their_own_on_the_account_page(self, visit, add_person):
        caller = add_person(Role.CALLER)
        screen = visit("account", caller)
        fill_in(screen, date(2026, 12, 1), date(2026, 12, 1))
        assert absences() == [(caller.id, date(2026, 12, 1), date(2026, 12, 1))]

    def test_who_does_not_divide_the_work_sees_nothing(self, visit, add_person):
        colleague = add_person(Role.CALLER)
        with transaction() as session:
            session.add(Absence(user_id=colleague.id, first_day=date.today(), last_day=date.today()))
        screen = visit("team", add_person(Role.CALLER))
        assert "Your role does not allow this" in screen.error[0].value
        assert not screen.markdown


class TestGivingWorkToOthers:
    def test_all_of_somebody_is_given_to_one_after_seeing_what_happens(self, visit, add_person):
        coordinator, ill, caller = add_person(Role.COORDINATOR), add_person(Role.CALLER), add_person(Role.CALLER)
        with transaction() as session:
            session.add_all(
                FollowUp(kind=FollowUpKind.OTHER, due_at=now() + timedelta(days=n), owner_id=ill.id) for n in range(3)
            )
        screen = visit("team", coordinator)
        screen.button(key="open-pass-on").click().run()
        screen.selectbox(key="pass-on-holder").set_value(ill.id).run()
        assert "Caller Test: **3**" in " ".join(text.value for text in screen.markdown)
        screen.button_group(key="pass-on-way").set_value("one").run()
        screen.selectbox(key="pass-on-one").set_value(caller.id).run()
        screen.button(key="save-pass-on").click().run()
        assert not screen.exception
        with reading() as session:
            assert set(session.exec(select(FollowUp.owner_id))) == {caller.id}
        assert screen.dataframe[0].value["All open"].tolist().count(3) == 1

    def test_what_came_in_after_one_looked_is_looked_at_first(self, visit, add_person):
        coordinator, ill, caller = add_person(Role.COORDINATOR), add_person(Role.CALLER), add_person(Role.CALLER)

        def come_in():
            with transaction() as session:
                session.add(FollowUp(kind=FollowUpKind.OTHER, due_at=now(), owner_id=ill.id))

        come_in()
        screen = visit("team", coordinator)
        screen.button(key="open-pass-on").click().run()
        screen.selectbox(key="pass-on-holder").set_value(ill.id).run()
        come_in()
        screen.button(key="save-pass-on").click().run()
        with reading() as session:
            assert set(session.exec(select(FollowUp.owner_id))) == {ill.id}
        assert "Somebody else has changed this" in screen.error[0].value
        assert f"{caller.name}: **2**" in " ".join(text.value for text in screen.markdown)
        screen.button(key="save-pass-on").click().run()
        with reading() as session:
            assert set(session.exec(select(FollowUp.owner_id))) == {caller.id}

    def test_with_nothing_open_there_is_nothing_to_give(self, visit, add_person):
        screen = visit("team", add_person(Role.COORDINATOR))
        assert not [button for button in screen.button if button.key == "open-pass-on"]


def test_how_soon_we_answer_is_told_in_plain_words(visit, add_person):
    asked = {"kind": FollowUpKind.SEND_INFO, "due_at": now(), "asked_at": now() - timedelta(days=1)}
    answered = {"status": FollowUpStatus.DONE, "answered_at": now() - timedelta(days=1) + timedelta(minutes=40)}
    with transaction() as session:
        session.add_all([FollowUp(**asked), FollowUp(**asked, **answered)])
    screen = visit("team", add_person(Role.COORDINATOR))
    assert not screen.exception
    row = screen.dataframe[1].value.iloc[0].tolist()
    assert row == ["Send information", 1, "40 minutes", "40 minutes", 1, "1 working day"]
