"""What comes after: planned once, shown before, and taken back with what brought it."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from crm.access.models import Absence, User
from crm.access.permissions import Role
from crm.companies.models import Company
from crm.core.clock import at, now, today
from crm.core.db import reading, transaction
from crm.core.errors import ChangedMeanwhile, NotAllowed
from crm.followups.models import (
    REPLACED,
    FollowUp,
    FollowUpKind,
    FollowUpStatus,
    FollowUpSuccessor,
    FollowUpTemplate,
    TemplateEvent,
    TemplateOwner,
)
from crm.followups.queries import closed_today
from crm.followups.rules import OutcomeMissing
from crm.followups.services import (
    CallPlanned,
    CannotReopen,
    CompanyErased,
    Occasion,
    PlannedAnew,
    call_off,
    coming_after,
    complete,
    drop,
    happened,
    plan,
    reopen,
)
from crm.followups.templates import load_templates
from tests.conftest import add_user, make_job
from tests.crm.followups.test_services import actions, make_wish


@pytest.fixture(autouse=True)
def on_a_tuesday_morning():
    with time_machine.travel("2026-11-24 10:00+01:00", tick=False):
        yield


@pytest.fixture(autouse=True)
def with_templates(session):
    load_templates(session)


@pytest.fixture
def info(caller, make_company, make_follow_up):
    """Information that is to be sent, after which somebody calls."""
    return make_follow_up(kind=FollowUpKind.SEND_INFO, owner_id=caller.id, company_id=make_company().id)


def absent(session, person, day):
    session.add(Absence(user_id=person.id, first_day=day, last_day=day))
    session.flush()


def template(session, code):
    return session.exec(select(FollowUpTemplate).where(FollowUpTemplate.code == code)).one()


def after(session, follow_up):
    session.flush()
    wanted = select(FollowUp).where(FollowUp.after_id == follow_up.id).order_by(FollowUp.id)
    return session.exec(wanted.execution_options(populate_existing=True)).all()


class TestDone:
    def test_what_comes_after_is_planned_for_the_same_person_and_company(self, session, caller, info):
        complete(session, caller, info.id, version=1)
        (step,) = after(session, info)
        assert (step.kind, step.owner_id, step.company_id) == (FollowUpKind.RECALL, caller.id, info.company_id)
        assert (step.due_at, step.status) == (at(date(2026, 12, 1), 10), FollowUpStatus.OPEN)
        assert step.note == "Is de informatie aangekomen? Zijn er vragen?"
        assert actions(session, step) == ["follow_up.planned"]

    def test_it_is_shown_before(self, session, caller, info):
        (coming,) = coming_after(session, caller, info, None)
        assert (coming.template.name, coming.obstacle) == ("Nabellen over de informatie", "")
        complete(session, caller, info.id, version=1)
        assert after(session, info)[0].due_at == coming.due_at

    def test_not_this_time(self, session, caller, info):
        complete(session, caller, info.id, version=1, without={template(session, "INFORMATIE_NABELLEN").id})
        assert after(session, info) == []

    def test_only_after_the_outcome_that_asks_for_it(self, session, caller, make_follow_up):
        for outcome, expected in (("GOED", []), ("AANDACHT", ["Extra nazorg"])):
            care = make_follow_up(kind=FollowUpKind.AFTERCARE, owner_id=caller.id)
            complete(session, caller, care.id, version=1, outcome_code=outcome)
            names = [session.get_one(FollowUpTemplate, step.template_id).name for step in after(session, care)]
            assert names == expected

    def test_the_outcome_is_needed(self, session, caller, make_follow_up):
        care = make_follow_up(kind=FollowUpKind.AFTERCARE, owner_id=caller.id)
        with pytest.raises(OutcomeMissing):
            complete(session, caller, care.id, version=1)
        assert care.status is FollowUpStatus.OPEN

    def test_after_a_call_the_caller_says_what_is_next(self, session, caller, info, make_call):
        complete(session, caller, info.id, version=1, call_id=make_call(info.company_id).id)
        assert after(session, info) == []

    def test_no_second_call_is_planned_beside_a_promise(self, session, caller, coach, info):
        promised = plan(
            session, coach, make_wish(kind=FollowUpKind.CALLBACK, company_id=info.company_id, owner_id=coach.id)
        )
        (coming,) = coming_after(session, caller, info, None)
        assert "planned already" in coming.obstacle or "al een terugbelafspraak" in coming.obstacle
        complete(session, caller, info.id, version=1)
        assert after(session, info) == []
        assert promised.status is FollowUpStatus.OPEN

    def test_the_call_itself_is_no_obstacle(self, session, caller, make_company, make_follow_up):
        callback = make_follow_up(kind=FollowUpKind.CALLBACK, owner_id=caller.id, company_id=make_company().id)
        (coming,) = coming_after(session, caller, callback, "NIET_BEREIKT")
        assert coming.obstacle == ""
        complete(session, caller, callback.id, version=1, outcome_code="NIET_BEREIKT")
        assert [step.kind for step in after(session, callback)] == [FollowUpKind.CALLBACK]

    def test_one_that_was_made_from_a_template_follows_that_one(self, session, caller, make_follow_up):
        other = FollowUpTemplate(name="Folder", kind=FollowUpKind.SEND_INFO, working_days=1)
        session.add(other)
        session.flush()
        session.add(FollowUpSuccessor(template_id=other.id, next_id=template(session, "IETS_ANDERS").id))
        folder = make_follow_up(kind=FollowUpKind.SEND_INFO, owner_id=caller.id, template_id=other.id)
        complete(session, caller, folder.id, version=1)
        assert [step.kind for step in after(session, folder)] == [FollowUpKind.OTHER]

    def test_a_template_may_say_the_team_or_the_least_busy_coordinator(self, session, caller, info, make_follow_up):
        busy, free = (add_user(session, Role.COORDINATOR) for _time in range(2))
        make_follow_up(owner_id=busy.id)
        nabellen = template(session, "INFORMATIE_NABELLEN")
        for who, owner_id in ((TemplateOwner.TEAM, None), (TemplateOwner.COORDINATOR, free.id)):
            nabellen.who = who
            session.flush()
            complete(session, caller, info.id, version=None)
            assert [step.owner_id for step in after(session, info) if step.status is FollowUpStatus.OPEN] == [owner_id]
            reopen(session, caller, info.id, version=info.version)

    def test_a_coordinator_who_is_here_goes_before_one_who_is_not(self, session, caller, make_follow_up):
        away, later, here = (add_user(session, Role.COORDINATOR) for _time in range(3))
        absent(session, away, today())
        absent(session, later, date(2026, 12, 1))
        make_follow_up(owner_id=here.id)
        template(session, "INFORMATIE_NABELLEN").who = TemplateOwner.COORDINATOR
        info = make_follow_up(kind=FollowUpKind.SEND_INFO, owner_id=caller.id)
        complete(session, caller, info.id, version=None)
        assert [step.owner_id for step in after(session, info)] == [here.id]
        absent(session, here, today())
        other = make_follow_up(kind=FollowUpKind.SEND_INFO, owner_id=caller.id)
        complete(session, caller, other.id, version=None)
        assert [step.owner_id for step in after(session, other)] == [away.id]

    def test_what_was_of_somebody_who_left_is_for_the_team(self, session, caller, coordinator, info):
        session.get_one(User, caller.id).active = False
        complete(session, coordinator, info.id, version=None)
        assert [step.owner_id for step in after(session, info)] == [None]

    def test_the_database_itself_refuses_the_same_successor_twice(self, session, info, make_follow_up):
        next_id = template(session, "INFORMATIE_NABELLEN").id
        make_follow_up(after_id=info.id, template_id=next_id)
        with pytest.raises(IntegrityError), session.begin_nested():
            make_follow_up(after_id=info.id, template_id=next_id)


class TestTakenBack:
    def test_it_is_open_again_and_what_came_after_is_gone(self, session, caller, info):
        info.asked_at = now()
        complete(session, caller, info.id, version=None, outcome="Verstuurd")
        again = reopen(session, caller, info.id, version=info.version)
        assert (again.status, again.outcome, again.done_at, again.answered_at) == (FollowUpStatus.OPEN, "", None, None)
        assert [step.status for step in after(session, info)] == [FollowUpStatus.DROPPED]
        assert actions(session, info) == ["follow_up.done", "follow_up.reopened"]

    def test_done_again_plans_it_again_once(self, session, caller, info):
        for _time in range(2):
            complete(session, caller, info.id, version=None)
            reopen(session, caller, info.id, version=info.version)
        complete(session, caller, info.id, version=None)
        statuses = [step.status for step in after(session, info)]
        assert statuses == [FollowUpStatus.DROPPED, FollowUpStatus.DROPPED, FollowUpStatus.OPEN]

    def test_what_was_done_meanwhile_stays_and_is_not_planned_twice(self, session, caller, info):
        complete(session, caller, info.id, version=None)
        (step,) = after(session, info)
        complete(session, caller, step.id, version=None, outcome="Gebeld")
        reopen(session, caller, info.id, version=info.version)
        complete(session, caller, info.id, version=None)
        assert [one.status for one in after(session, info)] == [FollowUpStatus.DONE]

    def test_no_longer_needed_too(self, session, caller, info):
        drop(session, caller, info.id, version=None)
        assert reopen(session, caller, info.id, version=info.version).status is FollowUpStatus.OPEN

    def test_only_on_the_day_itself(self, session, caller, info):
        complete(session, caller, info.id, version=None)
        with time_machine.travel("2026-11-25 09:00+01:00", tick=False), pytest.raises(CannotReopen):
            reopen(session, caller, info.id, version=info.version)

    def test_not_what_a_call_settled_or_another_call_replaced(self, session, caller, make_follow_up, make_call, info):
        settled = make_follow_up(owner_id=caller.id)
        complete(session, caller, settled.id, version=1, call_id=make_call(info.company_id).id)
        replaced = make_follow_up(
            owner_id=caller.id, status=FollowUpStatus.DROPPED, done_at=now(), outcome_code=REPLACED
        )
        complete(session, caller, info.id, version=None)
        (withdrawn,) = after(session, info)
        reopen(session, caller, info.id, version=info.version)
        session.flush()
        assert closed_today(session, caller) == []
        for closed in (settled, replaced, withdrawn):
            with pytest.raises(CannotReopen):
                reopen(session, caller, closed.id, version=closed.version)

    def test_not_beside_a_call_that_was_planned_since(self, session, caller, make_company, make_follow_up):
        company = make_company()
        callback = make_follow_up(kind=FollowUpKind.CALLBACK, owner_id=caller.id, company_id=company.id)
        complete(session, caller, callback.id, version=1, outcome_code="GESPROKEN")
        plan(session, caller, make_wish(kind=FollowUpKind.RECALL, company_id=company.id))
        with pytest.raises(CallPlanned):
            reopen(session, caller, callback.id, version=callback.version)

    def test_not_of_a_colleague_and_not_blindly(self, session, caller, coach, info):
        complete(session, caller, info.id, version=None)
        with pytest.raises(NotAllowed):
            reopen(session, coach, info.id, version=info.version)
        with pytest.raises(ChangedMeanwhile):
            reopen(session, caller, info.id, version=1)

    def test_nothing_of_a_company_that_was_erased(self, session, caller, info):
        complete(session, caller, info.id, version=None)
        session.get_one(Company, info.company_id).erased_at = now()
        with pytest.raises(CompanyErased):
            reopen(session, caller, info.id, version=info.version)

    def test_not_beside_the_same_step_that_came_anew(self, session, caller, info):
        complete(session, caller, info.id, version=None)
        (first,) = after(session, info)
        drop(session, caller, first.id, version=None)
        reopen(session, caller, info.id, version=info.version)
        complete(session, caller, info.id, version=None)
        session.flush()
        with pytest.raises(PlannedAnew):
            reopen(session, caller, first.id, version=first.version)


class TestSomethingHappened:
    @pytest.fixture
    def placed(self, session, caller):
        job = make_job(session)
        return Occasion(TemplateEvent.PLACED, today(), caller.id, job.company_id, job.id, note="Bakker")

    def steps(self, session, occasion):
        session.flush()
        wanted = select(FollowUp).where(FollowUp.hidden_job_id == occasion.hidden_job_id)
        return session.exec(wanted.where(FollowUp.status == FollowUpStatus.OPEN).order_by(FollowUp.due_at)).all()

    def test_aftercare_comes_after_two_weeks_six_weeks_and_three_months(self, session, caller, placed):
        happened(session, caller, placed)
        steps = self.steps(session, placed)
        days = (date(2026, 12, 8), date(2027, 1, 7), date(2027, 2, 25))  # Christmas and New Year are no working days
        assert [step.due_at for step in steps] == [at(day, 10) for day in days]
        assert {(step.kind, step.owner_id, step.note) for step in steps} == {
            (FollowUpKind.AFTERCARE, caller.id, "Bakker")
        }

    def test_twice_plans_nothing_more(self, session, caller, placed):
        happened(session, caller, placed)
        first = self.steps(session, placed)[0]
        complete(session, caller, first.id, version=None, outcome_code="GOED")
        happened(session, caller, placed)
        assert len(self.steps(session, placed)) == 2

    def test_when_it_did_not_happen_after_all_it_is_dropped_and_comes_again_later(self, session, caller, placed):
        happened(session, caller, placed)
        call_off(session, caller, placed, "Teruggedraaid")
        assert self.steps(session, placed) == []
        happened(session, caller, placed)
        assert len(self.steps(session, placed)) == 3

    def test_a_template_that_was_retired_no_longer_comes(self, session, caller, placed):
        template(session, "NAZORG_6_WEKEN").active = False
        happened(session, caller, placed)
        assert len(self.steps(session, placed)) == 2


def test_who_closes_and_who_plans_a_call_at_once_do_not_wait_for_each_other(database):
    with time_machine.travel("2026-11-24 10:00+01:00", tick=True):
        with transaction() as session:
            load_templates(session)
            people = [add_user(session, Role.COORDINATOR) for _time in range(4)]
            company = Company(name="A", name_key="a")
            session.add(company)
            session.flush()
            callback = {"kind": FollowUpKind.CALLBACK, "due_at": now() + timedelta(hours=1), "company_id": company.id}
            steps = [FollowUp(kind=FollowUpKind.SEND_INFO, due_at=now(), company_id=company.id) for _time in range(2)]
            session.add_all(steps)
        start, went_wrong = Barrier(len(people)), []

        def work(number):
            start.wait()
            try:
                with transaction() as session:
                    if number < len(steps):
                        complete(session, people[number], steps[number].id, version=None)
                    else:
                        plan(session, people[number], make_wish(**callback))
            except Exception as error:
                went_wrong.append(error)

        threads = [Thread(target=work, args=(number,)) for number in range(len(people))]
        [thread.start() for thread in threads]
        [thread.join(120) for thread in threads]
    assert went_wrong == []
    with reading() as session:
        calls = session.exec(select(FollowUp).where(FollowUp.status == FollowUpStatus.OPEN)).all()
    assert len(calls) == 1
