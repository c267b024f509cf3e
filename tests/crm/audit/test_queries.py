"""Reading the audit log."""

import pytest
from sqlmodel import Session

from crm.access.actor import SYSTEM, Actor
from crm.access.models import User
from crm.access.permissions import Role
from crm.audit.queries import AuditFilters, entries, people
from crm.audit.services import record
from crm.core.errors import NotAllowed
from tests.conftest import add_user

EVERYTHING = AuditFilters()


@pytest.fixture
def admin(session: Session) -> Actor:
    return add_user(session, Role.ADMIN)


def note(session: Session, actor: Actor, subject: Actor, times: int = 1) -> None:
    for number in range(times):
        record(session, actor, f"user.act{number}", session.get_one(User, subject.id))


class TestEntries:
    def test_shows_who_did_what_newest_first(self, session, admin, caller):
        note(session, caller, caller, 2)
        rows = entries(session, admin, EVERYTHING).rows
        assert [(row.person, row.action) for row in rows] == [
            ("Caller Test", "user.act1"),
            ("Caller Test", "user.act0"),
        ]

    def test_the_product_itself_has_no_name(self, session, admin):
        note(session, SYSTEM, admin)
        assert entries(session, admin, EVERYTHING).rows[0].person is None

    def test_walks_to_the_end_without_missing_or_repeating_one(self, session, admin):
        note(session, admin, admin, 7)
        seen, before = [], None
        while True:
            page = entries(session, admin, EVERYTHING, before=before, size=3)
            seen += [row.action for row in page.rows]
            if page.older is None:
                break
            before = page.older
        assert seen == [f"user.act{number}" for number in range(6, -1, -1)]

    def test_filters_by_person_and_by_record(self, session, admin, caller, coach):
        note(session, caller, coach)
        note(session, coach, caller)
        by_caller = entries(session, admin, AuditFilters(actor_id=caller.id)).rows
        about_caller = entries(session, admin, AuditFilters("app_user", caller.id)).rows
        assert [row.subject_id for row in by_caller] == [coach.id]
        assert [row.person for row in about_caller] == ["Coach Test"]
        assert entries(session, admin, AuditFilters("company")).rows == []

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
    def test_is_for_administrators(self, session, role):
        actor = add_user(session, role)
        with pytest.raises(NotAllowed):
            entries(session, actor, EVERYTHING)
        with pytest.raises(NotAllowed):
            people(session, actor)


def test_people_are_listed_by_name(session, admin, coach):
    assert list(people(session, admin).values()) == ["Admin Test", "Coach Test"]
