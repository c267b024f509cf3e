"""Days on which somebody is not here."""

from datetime import date, timedelta

import pytest
import time_machine
from pydantic import ValidationError
from sqlmodel import Session, select

from crm.access.absences import (
    AbsentAlready,
    absences_of,
    add_absence,
    coming_absences,
    days_away,
    forget_old,
    remove_absence,
)
from crm.access.inputs import AbsenceInput
from crm.access.models import Absence
from crm.access.permissions import Role
from crm.audit.models import AuditEntry
from crm.core.clock import at
from crm.core.errors import NotAllowed
from tests.conftest import add_user

TUESDAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with time_machine.travel("2026-11-24 10:00+01:00"):
        yield


def days(first: int, last: int) -> AbsenceInput:
    return AbsenceInput(first_day=TUESDAY + timedelta(days=first), last_day=TUESDAY + timedelta(days=last))


def test_everybody_fills_in_their_own_days_and_takes_them_away(session: Session):
    caller = add_user(session, Role.CALLER)
    absence = add_absence(session, caller, caller.user_id, days(1, 3))
    assert list(absences_of(session, caller, caller.user_id)) == [absence]
    remove_absence(session, caller, absence.id)
    assert not absences_of(session, caller, caller.user_id)
    actions = session.exec(
        select(AuditEntry.action).where(AuditEntry.subject_type == "absence").order_by(AuditEntry.id)
    )
    assert list(actions) == ["absence.added", "absence.removed"]


def test_a_coordinator_fills_in_those_of_others_and_a_colleague_does_not(session: Session):
    caller, colleague = add_user(session, Role.CALLER, name="Jan"), add_user(session, Role.CALLER)
    coordinator = add_user(session, Role.COORDINATOR)
    absence = add_absence(session, coordinator, caller.user_id, days(0, 0))
    assert [(away.name, away.absence) for away in coming_absences(session, coordinator)] == [("Jan", absence)]
    for refused in (
        lambda: add_absence(session, colleague, caller.user_id, days(5, 5)),
        lambda: remove_absence(session, colleague, absence.id),
        lambda: absences_of(session, colleague, caller.user_id),
        lambda: coming_absences(session, colleague),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_the_same_days_are_not_filled_in_twice(session: Session):
    caller = add_user(session, Role.CALLER)
    add_absence(session, caller, caller.user_id, days(1, 3))
    for overlap in (days(3, 8), days(0, 1), days(2, 2), days(0, 9)):
        with pytest.raises(AbsentAlready):
            add_absence(session, caller, caller.user_id, overlap)
    add_absence(session, caller, caller.user_id, days(4, 4))


@pytest.mark.parametrize(("first", "last"), [(3, 1), (-5, -1), (0, 400)])
def test_days_that_cannot_be_right_are_refused(first: int, last: int):
    with pytest.raises(ValidationError):
        days(first, last)


def test_a_day_counts_from_the_first_to_the_last(session: Session):
    caller, other = add_user(session, Role.CALLER), add_user(session, Role.CALLER)
    add_absence(session, caller, caller.user_id, days(2, 4))
    week = TUESDAY + timedelta(days=6)
    assert days_away(session, caller.user_id, TUESDAY, week) == {TUESDAY + timedelta(days=n) for n in (2, 3, 4)}
    assert days_away(session, caller.user_id, TUESDAY, TUESDAY + timedelta(days=3)) == {
        TUESDAY + timedelta(days=2),
        TUESDAY + timedelta(days=3),
    }
    assert not days_away(session, other.user_id, TUESDAY, week)


def test_they_are_forgotten_a_year_after_they_are_over(session: Session):
    caller = add_user(session, Role.CALLER)
    for last in (date(2025, 11, 20), date(2025, 11, 30)):
        session.add(Absence(user_id=caller.user_id, first_day=last, last_day=last))
    session.flush()
    assert forget_old(session, at(TUESDAY, 3)) == 1
    assert session.exec(select(Absence.last_day)).all() == [date(2025, 11, 30)]
