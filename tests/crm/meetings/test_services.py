from datetime import date, timedelta

import pytest
import time_machine
from sqlmodel import col, select

from crm.audit.models import AuditEntry
from crm.core.clock import at, local
from crm.core.errors import ChangedMeanwhile, NotAllowed
from crm.followups import services as followups
from crm.followups.models import FollowUp, FollowUpKind, FollowUpStatus
from crm.matching.models import IntroductionStatus
from crm.matching.services import introduce
from crm.meetings.models import MeetingOutcome, MeetingStatus
from crm.meetings.rules import MeetingInPast, Side
from crm.meetings.services import (
    AlreadyPlanned,
    MeetingClosed,
    NotHeldYet,
    RefusalReasonMissing,
    cancel,
    move_kopkoffie,
    plan_kopkoffie,
    record_outcome,
)
from crm.pipeline.models import HiddenJob, Stage
from tests.conftest import add_user, make_candidate

TUESDAY = "2026-11-24 10:00+01:00"
SATURDAY = "2026-11-28 10:00+01:00"


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def meeting(session, coach, introduction, make_input):
    planned = plan_kopkoffie(session, coach, introduction.id, make_input())
    session.flush()
    return planned


def questions(session, meeting, status=FollowUpStatus.OPEN):
    statement = select(FollowUp).where(FollowUp.meeting_id == meeting.id, FollowUp.status == status)
    return session.exec(statement.order_by(col(FollowUp.kind))).all()


def stage(session, introduction):
    return session.get_one(HiddenJob, introduction.job_id).stage


def tell(session, actor, meeting, side, outcome=MeetingOutcome.CLICK, reason=""):
    return record_outcome(
        session, actor, meeting.id, side=side, outcome=outcome, reason=reason, version=meeting.version
    )


class TestPlan:
    def test_moves_the_job_and_the_introduction(self, session, introduction, meeting):
        assert meeting.status is MeetingStatus.PLANNED
        assert introduction.status is IntroductionStatus.MEETING
        assert stage(session, introduction) is Stage.KOPKOFFIE_PLANNED

    def test_plans_to_ask_both_sides_the_next_working_day(self, session, coach, meeting):
        asked = [one for one in questions(session, meeting) if one.kind is not FollowUpKind.PREPARE_KOPKOFFIE]
        assert {one.kind for one in asked} == {FollowUpKind.ASK_EMPLOYER, FollowUpKind.ASK_CANDIDATE}
        for question in asked:
            assert question.due_at == at(date(2026, 11, 30), 10)
            assert question.owner_id == coach.id
            assert question.company_id is not None

    def test_plans_to_prepare_it_the_working_day_before(self, session, meeting):
        (prepare,) = [one for one in questions(session, meeting) if one.kind is FollowUpKind.PREPARE_KOPKOFFIE]
        assert prepare.due_at == at(date(2026, 11, 26), 10)

    def test_refuses_the_past(self, session, coach, introduction, make_input):
        with pytest.raises(MeetingInPast):
            plan_kopkoffie(session, coach, introduction.id, make_input(starts_at=at(date(2026, 11, 23), 10)))

    def test_happens_once_for_an_introduction(self, session, coach, introduction, meeting, make_input):
        with pytest.raises(AlreadyPlanned):
            plan_kopkoffie(session, coach, introduction.id, make_input())

    def test_is_not_for_callers(self, session, caller, introduction, make_input):
        with pytest.raises(NotAllowed):
            plan_kopkoffie(session, caller, introduction.id, make_input())

    def test_leaves_a_job_that_is_no_work_profile_yet_where_it_is(self, session, coach, introduction, make_input):
        job = session.get_one(HiddenJob, introduction.job_id)
        job.stage = Stage.EXPLORED
        session.flush()
        plan_kopkoffie(session, coach, introduction.id, make_input())
        assert job.stage is Stage.EXPLORED


class TestMove:
    def test_counts_for_calendars_and_takes_the_questions_along(self, session, coach, meeting, make_input):
        later = make_input(starts_at=at(date(2026, 12, 4), 14))
        move_kopkoffie(session, coach, meeting.id, later, version=meeting.version)
        assert (meeting.sequence, local(meeting.starts_at).hour) == (1, 14)
        assert {one.due_at for one in questions(session, meeting)} == {at(date(2026, 12, day), 10) for day in (3, 7)}

    @pytest.mark.parametrize("change", [{"place": "Kade 2, Dordrecht"}, {"starts_at": at(date(2026, 11, 27), 14)}])
    def test_on_the_same_day_what_is_to_be_done_stays_where_somebody_put_it(
        self, session, coach, meeting, make_input, change
    ):
        (prepare,) = [one for one in questions(session, meeting) if one.kind is FollowUpKind.PREPARE_KOPKOFFIE]
        agreed = at(date(2026, 11, 25), 15)
        followups.move(session, coach, prepare.id, version=None, due_at=agreed)
        move_kopkoffie(session, coach, meeting.id, make_input(**change), version=meeting.version)
        assert (prepare.due_at, prepare.times_moved, meeting.sequence) == (agreed, 1, 1)

    def test_refuses_an_old_version(self, session, coach, meeting, make_input):
        with pytest.raises(ChangedMeanwhile):
            move_kopkoffie(session, coach, meeting.id, make_input(), version=meeting.version + 1)

    def test_refuses_the_past(self, session, coach, meeting, make_input):
        with pytest.raises(MeetingInPast):
            move_kopkoffie(
                session,
                coach,
                meeting.id,
                make_input(starts_at=at(date(2026, 11, 23), 10)),
                version=meeting.version,
            )


class TestCancel:
    def test_takes_everything_back_that_planning_did(self, session, coach, introduction, meeting):
        cancel(session, coach, meeting.id, version=meeting.version, reason="Bakker op vakantie")
        assert (meeting.status, meeting.sequence) == (MeetingStatus.CANCELLED, 1)
        assert introduction.status is IntroductionStatus.PROPOSED
        assert stage(session, introduction) is Stage.INTRODUCED
        assert questions(session, meeting) == []
        assert len(questions(session, meeting, FollowUpStatus.DROPPED)) == 3

    def test_leaves_the_job_while_another_kopkoffie_is_planned(self, session, coach, introduction, meeting, make_input):
        other = introduce(session, coach, introduction.job_id, make_candidate(session, name="Piet").id)
        plan_kopkoffie(session, coach, other.id, make_input())
        cancel(session, coach, meeting.id, version=meeting.version)
        assert stage(session, introduction) is Stage.KOPKOFFIE_PLANNED

    def test_happens_once(self, session, coach, meeting):
        cancel(session, coach, meeting.id, version=meeting.version)
        session.flush()
        with pytest.raises(MeetingClosed):
            cancel(session, coach, meeting.id, version=meeting.version)

    def test_can_be_planned_again(self, session, coach, introduction, meeting, make_input):
        cancel(session, coach, meeting.id, version=meeting.version)
        assert plan_kopkoffie(session, coach, introduction.id, make_input()).id != meeting.id


class TestRecordOutcome:
    def test_waits_until_it_has_begun(self, session, coach, meeting):
        with pytest.raises(NotHeldYet):
            tell(session, coach, meeting, Side.EMPLOYER)

    def test_one_side_closes_its_own_question(self, session, coach, introduction, meeting, on_tuesday):
        on_tuesday.move_to(SATURDAY)
        tell(session, coach, meeting, Side.EMPLOYER)
        assert meeting.status is MeetingStatus.PLANNED
        assert [one.kind for one in questions(session, meeting)] == [FollowUpKind.ASK_CANDIDATE]
        assert stage(session, introduction) is Stage.KOPKOFFIE_PLANNED

    def test_both_sides_make_it_held(self, session, coach, introduction, meeting, on_tuesday):
        on_tuesday.move_to(SATURDAY)
        tell(session, coach, meeting, Side.EMPLOYER, MeetingOutcome.CONTRACT)
        session.flush()
        tell(session, coach, meeting, Side.CANDIDATE)
        assert meeting.status is MeetingStatus.HELD
        assert introduction.status is IntroductionStatus.PROPOSED
        assert stage(session, introduction) is Stage.KOPKOFFIE_HELD
        assert questions(session, meeting) == []

    def test_a_colleague_may_record_it_too(self, session, coach, meeting, on_tuesday):
        on_tuesday.move_to(SATURDAY)
        colleague = add_user(session, coach.role)
        tell(session, colleague, meeting, Side.EMPLOYER)
        assert len(questions(session, meeting)) == 1
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "meeting.outcome")).one()
        assert entry.actor_id == colleague.id

    @pytest.mark.parametrize("outcome", [MeetingOutcome.NO, MeetingOutcome.OTHER_COMPANY])
    def test_a_refusal_needs_a_reason(self, session, coach, meeting, on_tuesday, outcome):
        on_tuesday.move_to(SATURDAY)
        with pytest.raises(RefusalReasonMissing):
            tell(session, coach, meeting, Side.EMPLOYER, outcome, " ")

    def test_the_reason_of_a_refusal_reaches_the_introduction(self, session, coach, introduction, meeting, on_tuesday):
        on_tuesday.move_to(SATURDAY)
        tell(session, coach, meeting, Side.EMPLOYER, MeetingOutcome.NO, "Zoekt iemand met een rijbewijs C")
        session.flush()
        tell(session, coach, meeting, Side.CANDIDATE)
        assert introduction.status is IntroductionStatus.DECLINED
        assert introduction.decline_reason == "Zoekt iemand met een rijbewijs C"
        assert stage(session, introduction) is Stage.KOPKOFFIE_HELD

    def test_a_second_talk_can_be_planned(self, session, coach, introduction, meeting, make_input, on_tuesday):
        on_tuesday.move_to(SATURDAY)
        tell(session, coach, meeting, Side.EMPLOYER, MeetingOutcome.SECOND_TALK)
        session.flush()
        tell(session, coach, meeting, Side.CANDIDATE)
        plan_kopkoffie(session, coach, introduction.id, make_input(starts_at=at(date(2026, 12, 4), 10)))
        assert stage(session, introduction) is Stage.KOPKOFFIE_PLANNED

    def test_refuses_an_old_version(self, session, coach, meeting, on_tuesday):
        on_tuesday.move_to(SATURDAY)
        with pytest.raises(ChangedMeanwhile):
            record_outcome(
                session,
                coach,
                meeting.id,
                side=Side.EMPLOYER,
                outcome=MeetingOutcome.CLICK,
                version=meeting.version + 1,
            )

    def test_a_question_that_was_closed_by_hand_is_no_obstacle(self, session, coach, meeting, on_tuesday):
        on_tuesday.move_to(SATURDAY)
        for question in questions(session, meeting):
            question.status, question.done_at = FollowUpStatus.DONE, meeting.starts_at + timedelta(days=1)
        session.flush()
        tell(session, coach, meeting, Side.EMPLOYER)
        assert meeting.employer_outcome is MeetingOutcome.CLICK
