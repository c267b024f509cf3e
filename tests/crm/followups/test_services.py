from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from crm.access.actor import SYSTEM
from crm.access.models import User
from crm.access.permissions import Role
from crm.audit.models import AuditEntry
from crm.companies.models import Company, Contact
from crm.core.clock import at, now
from crm.core.db import reading, transaction
from crm.core.errors import ChangedMeanwhile, NotAllowed, NotFound
from crm.followups.inputs import FollowUpInput
from crm.followups.models import REPLACED, FollowUp, FollowUpKind, FollowUpStatus
from crm.followups.rules import DueInPast, NoCallsThen
from crm.followups.services import AlreadyClosed, NoSuchOwner, assign, complete, drop, move, plan
from tests.conftest import add_user

TOMORROW = at(date(2026, 11, 25), 11)


@pytest.fixture(autouse=True)
def on_a_tuesday_morning():
    with time_machine.travel("2026-11-24 10:00+01:00", tick=False):
        yield


def make_wish(**overrides):
    return FollowUpInput(**({"kind": FollowUpKind.OTHER, "due_at": TOMORROW} | overrides))


def actions(session, follow_up):
    statement = select(AuditEntry).where(AuditEntry.subject_type == "follow_up", AuditEntry.subject_id == follow_up.id)
    return [entry.action for entry in session.exec(statement.order_by(AuditEntry.id))]


class TestPlan:
    def test_keeps_what_was_agreed_and_who_planned_it(self, session, caller, make_company):
        company = make_company()
        follow_up = plan(session, caller, make_wish(owner_id=caller.id, company_id=company.id, note=" Folder sturen "))
        assert (follow_up.owner_id, follow_up.note, follow_up.due_at) == (caller.id, "Folder sturen", TOMORROW)
        assert follow_up.status is FollowUpStatus.OPEN
        assert actions(session, follow_up) == ["follow_up.planned"]

    def test_a_caller_may_leave_it_to_the_team(self, session, caller):
        assert plan(session, caller, make_wish()).owner_id is None

    def test_only_a_coordinator_plans_for_a_colleague(self, session, caller, coordinator, coach):
        with pytest.raises(NotAllowed):
            plan(session, caller, make_wish(owner_id=coach.id))
        assert plan(session, coordinator, make_wish(owner_id=coach.id)).owner_id == coach.id

    def test_a_viewer_plans_nothing(self, session, viewer):
        with pytest.raises(NotAllowed):
            plan(session, viewer, make_wish())

    def test_the_past_is_refused(self, session, caller):
        with pytest.raises(DueInPast):
            plan(session, caller, make_wish(due_at=now() - timedelta(days=1)))

    def test_a_call_at_night_is_refused(self, session, caller):
        with pytest.raises(NoCallsThen):
            plan(session, caller, make_wish(kind=FollowUpKind.CALLBACK, due_at=at(date(2026, 11, 25), 3)))

    def test_a_moment_without_time_zone_is_refused(self):
        with pytest.raises(ValidationError, match="timezone"):
            make_wish(due_at=datetime(2026, 11, 25, 11))

    def test_work_goes_to_nobody_who_left_or_cannot_do_it(self, session, coordinator, viewer, caller):
        session.get_one(User, caller.id).active = False
        for owner_id in (viewer.id, caller.id, 999_999):
            with pytest.raises(NoSuchOwner):
                plan(session, coordinator, make_wish(owner_id=owner_id))

    def test_a_contact_of_another_company_is_refused(self, session, caller, make_company):
        here, there = make_company(), make_company(name="Elders", name_key="elders")
        contact = Contact(company_id=there.id, name="Piet")
        session.add(contact)
        session.flush()
        with pytest.raises(NotFound):
            plan(session, caller, make_wish(company_id=here.id, contact_id=contact.id))

    def test_a_call_takes_the_place_of_the_call_planned_before(self, session, caller, coach, make_company):
        company = make_company()
        old = plan(session, coach, make_wish(kind=FollowUpKind.RECALL, company_id=company.id, owner_id=coach.id))
        new = plan(session, caller, make_wish(kind=FollowUpKind.CALLBACK, company_id=company.id, owner_id=caller.id))
        assert (old.status, old.outcome, old.outcome_code) == (FollowUpStatus.DROPPED, "", REPLACED)
        assert new.status is FollowUpStatus.OPEN
        assert actions(session, old) == ["follow_up.planned", "follow_up.replaced"]

    def test_other_work_and_other_companies_are_left_alone(self, session, caller, make_company):
        company, other = make_company(), make_company(name="Elders", name_key="elders")
        letter = plan(session, caller, make_wish(kind=FollowUpKind.SEND_INFO, company_id=company.id))
        elsewhere = plan(session, caller, make_wish(kind=FollowUpKind.CALLBACK, company_id=other.id))
        plan(session, caller, make_wish(kind=FollowUpKind.CALLBACK, company_id=company.id))
        plan(session, caller, make_wish(kind=FollowUpKind.OTHER, company_id=company.id))
        assert {letter.status, elsewhere.status} == {FollowUpStatus.OPEN}

    def test_two_callers_at_once_leave_one_planned_call(self, database):
        with time_machine.travel("2026-11-24 10:00+01:00", tick=True):
            with transaction() as session:
                company = Company(name="A", name_key="a")
                session.add(company)
                people = [add_user(session, Role.CALLER) for _number in range(6)]
                session.flush()
                wish = make_wish(kind=FollowUpKind.CALLBACK, company_id=company.id)
            start = Barrier(len(people))

            def work(actor):
                start.wait()
                with transaction() as session:
                    plan(session, actor, wish)

            threads = [Thread(target=work, args=(actor,)) for actor in people]
            [thread.start() for thread in threads]
            [thread.join(120) for thread in threads]
        with reading() as session:
            statuses = sorted(session.exec(select(FollowUp.status)))
        assert statuses == [FollowUpStatus.DROPPED] * 5 + [FollowUpStatus.OPEN]

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
    @given(note=st.text(max_size=1200))
    def test_any_note_is_kept_or_refused_but_never_breaks(self, session, caller, note):
        try:
            wish = make_wish(note=note)
        except ValidationError:
            assert len(note) > 1000
        else:
            follow_up = plan(session, caller, wish)
            session.flush()
            session.refresh(follow_up)
            assert follow_up.note == wish.note

    def test_the_database_itself_refuses_a_second_planned_call(self, session, make_company, make_follow_up):
        company = make_company()
        make_follow_up(kind=FollowUpKind.RECALL, company_id=company.id)
        with pytest.raises(IntegrityError), session.begin_nested():
            make_follow_up(kind=FollowUpKind.CALLBACK, company_id=company.id)

    def test_calls_without_a_company_do_not_take_each_others_place(self, session, caller):
        both = [plan(session, caller, make_wish(kind=FollowUpKind.CALLBACK)) for _time in range(2)]
        assert {one.status for one in both} == {FollowUpStatus.OPEN}

    def test_a_recall_keeps_its_reason(self, session, caller):
        wish = make_wish(kind=FollowUpKind.RECALL, recall_reason="PENSIOEN", recall_on=date(2027, 8, 1))
        follow_up = plan(session, caller, wish)
        assert (follow_up.recall_reason, follow_up.recall_on) == ("PENSIOEN", date(2027, 8, 1))

    @pytest.mark.parametrize(("kind", "reason"), [("recall", "ZOMAAR"), ("send_info", "PIEK")])
    def test_a_reason_has_to_fit(self, kind, reason):
        with pytest.raises(ValidationError):
            make_wish(kind=kind, recall_reason=reason)


class TestSequence:
    def test_grows_when_what_when_or_who_changes_and_at_nothing_else(self, session, coordinator, caller, coach):
        follow_up = plan(session, coordinator, make_wish(owner_id=caller.id))
        assert follow_up.sequence == 0
        follow_up.reminded_at = now()
        session.flush()
        assert follow_up.sequence == 0
        move(session, coordinator, follow_up.id, version=None, due_at=TOMORROW + timedelta(days=1))
        assign(session, coordinator, follow_up.id, version=None, owner_id=coach.id)
        complete(session, coordinator, follow_up.id, version=None)
        assert follow_up.sequence == 3


class TestComplete:
    def test_an_employer_who_asked_has_an_answer_then(self, session, caller):
        follow_up = plan(session, caller, make_wish(owner_id=caller.id, asked_at=now() - timedelta(hours=2)))
        complete(session, caller, follow_up.id, version=None)
        assert follow_up.answered_at == now()

    def test_who_asked_nothing_has_no_answer(self, session, caller, make_follow_up):
        follow_up = make_follow_up(owner_id=caller.id)
        complete(session, caller, follow_up.id, version=1)
        assert follow_up.answered_at is None

    def test_notes_the_outcome_and_when(self, session, caller, make_follow_up):
        follow_up = make_follow_up(owner_id=caller.id)
        complete(session, caller, follow_up.id, version=1, outcome="Komt langs")
        assert (follow_up.status, follow_up.outcome, follow_up.done_at) == (FollowUpStatus.DONE, "Komt langs", now())
        assert actions(session, follow_up) == ["follow_up.done"]

    def test_who_does_a_step_of_the_team_takes_it(self, session, caller, make_follow_up):
        follow_up = make_follow_up()
        complete(session, caller, follow_up.id, version=1)
        assert follow_up.owner_id == caller.id

    def test_the_system_takes_nothing(self, session, make_follow_up):
        follow_up = make_follow_up()
        complete(session, SYSTEM, follow_up.id, version=None)
        assert (follow_up.status, follow_up.owner_id) == (FollowUpStatus.DONE, None)

    def test_a_colleagues_is_refused(self, session, caller, coach, make_follow_up):
        with pytest.raises(NotAllowed):
            complete(session, caller, make_follow_up(owner_id=coach.id).id, version=1)

    def test_a_viewer_completes_nothing(self, session, viewer, make_follow_up):
        with pytest.raises(NotAllowed):
            complete(session, viewer, make_follow_up().id, version=1)

    def test_what_a_colleague_changed_meanwhile_is_looked_at_first(self, session, caller, make_follow_up):
        follow_up = make_follow_up(owner_id=caller.id)
        move(session, caller, follow_up.id, version=1, due_at=TOMORROW)
        with pytest.raises(ChangedMeanwhile):
            complete(session, caller, follow_up.id, version=1)

    def test_twice_is_refused(self, session, caller, make_follow_up):
        follow_up = make_follow_up(owner_id=caller.id)
        complete(session, caller, follow_up.id, version=1)
        with pytest.raises(AlreadyClosed):
            complete(session, caller, follow_up.id, version=2)

    def test_what_does_not_exist_is_not_found(self, session, caller):
        with pytest.raises(NotFound):
            complete(session, caller, 999_999, version=1)

    def test_too_long_an_outcome_is_refused_and_not_cut(self, session, caller, make_follow_up):
        with pytest.raises(ValidationError):
            complete(session, caller, make_follow_up(owner_id=caller.id).id, version=1, outcome="x" * 1001)


class TestDrop:
    def test_closes_it_with_the_reason(self, session, caller, make_follow_up):
        follow_up = make_follow_up(owner_id=caller.id)
        drop(session, caller, follow_up.id, version=1, reason="Bedrijf gestopt")
        assert (follow_up.status, follow_up.outcome) == (FollowUpStatus.DROPPED, "Bedrijf gestopt")

    def test_what_is_of_the_team_is_taken_first(self, session, caller, make_follow_up):
        with pytest.raises(NotAllowed):
            drop(session, caller, make_follow_up().id, version=1)


class TestMove:
    def test_to_another_moment_with_a_new_reminder(self, session, caller, make_follow_up):
        follow_up = make_follow_up(owner_id=caller.id, reminded_at=now())
        move(session, caller, follow_up.id, version=1, due_at=TOMORROW, reason="Eigenaar is ziek")
        assert (follow_up.due_at, follow_up.reminded_at, follow_up.version) == (TOMORROW, None, 2)
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "follow_up.moved")).one()
        assert entry.changes["moved_because"][1] == "Eigenaar is ziek"
        assert entry.changes["due_at"][1] == TOMORROW.isoformat()

    def test_counts_and_being_late_begins_anew(self, session, caller, make_follow_up):
        follow_up = make_follow_up(owner_id=caller.id, to_team_at=now(), to_coordinator_at=now())
        for day, reason in ((25, "Ziek"), (26, "Vakantie")):
            move(session, caller, follow_up.id, version=None, due_at=at(date(2026, 11, day), 11), reason=reason)
        assert (follow_up.times_moved, follow_up.moved_because) == (2, "Vakantie")
        assert (follow_up.to_team_at, follow_up.to_coordinator_at) == (None, None)

    def test_to_the_past_is_refused(self, session, caller, make_follow_up):
        follow_up = make_follow_up(owner_id=caller.id)
        with pytest.raises(DueInPast):
            move(session, caller, follow_up.id, version=1, due_at=datetime(2020, 1, 1, tzinfo=UTC))
        assert follow_up.version == 1

    def test_a_callback_to_a_sunday_is_refused(self, session, caller, make_follow_up):
        follow_up = make_follow_up(owner_id=caller.id, kind=FollowUpKind.CALLBACK)
        with pytest.raises(NoCallsThen):
            move(session, caller, follow_up.id, version=1, due_at=at(date(2026, 11, 29), 11))

    def test_a_colleagues_is_refused(self, session, caller, coach, make_follow_up):
        with pytest.raises(NotAllowed):
            move(session, caller, make_follow_up(owner_id=coach.id).id, version=1, due_at=TOMORROW)


class TestAssign:
    def test_a_coordinator_gives_it_to_somebody_else_who_is_reminded(
        self, session, coordinator, caller, coach, make_follow_up
    ):
        follow_up = make_follow_up(owner_id=caller.id, reminded_at=now())
        assign(session, coordinator, follow_up.id, version=1, owner_id=coach.id)
        assert (follow_up.owner_id, follow_up.reminded_at) == (coach.id, None)
        assert actions(session, follow_up) == ["follow_up.assigned"]

    def test_to_the_same_person_changes_nothing(self, session, coordinator, caller, make_follow_up):
        follow_up = make_follow_up(owner_id=caller.id, reminded_at=now())
        assign(session, coordinator, follow_up.id, version=1, owner_id=caller.id)
        assert (follow_up.version, follow_up.reminded_at, actions(session, follow_up)) == (1, now(), [])

    def test_a_caller_takes_and_gives_back(self, session, caller, make_follow_up):
        follow_up = make_follow_up()
        assign(session, caller, follow_up.id, version=1, owner_id=caller.id)
        assign(session, caller, follow_up.id, version=2, owner_id=None)
        assert follow_up.owner_id is None

    def test_a_caller_does_not_take_from_a_colleague(self, session, caller, coach, make_follow_up):
        with pytest.raises(NotAllowed):
            assign(session, caller, make_follow_up(owner_id=coach.id).id, version=1, owner_id=caller.id)

    def test_the_second_to_take_it_hears_so(self, session, caller, coach, make_follow_up):
        follow_up = make_follow_up()
        assign(session, caller, follow_up.id, version=1, owner_id=caller.id)
        with pytest.raises(ChangedMeanwhile):
            assign(session, coach, follow_up.id, version=1, owner_id=coach.id)

    def test_never_to_a_viewer(self, session, coordinator, viewer, make_follow_up):
        with pytest.raises(NoSuchOwner):
            assign(session, coordinator, make_follow_up().id, version=1, owner_id=viewer.id)
