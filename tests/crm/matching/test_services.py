from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlmodel import select

from crm.access.permissions import Role
from crm.audit.models import AuditEntry
from crm.candidates.models import CandidateOutcome, CandidateStatus, OutcomeKind
from crm.core.clock import now
from crm.core.db import transaction
from crm.core.errors import ChangedMeanwhile, CrmError, NotAllowed, NotFound
from crm.matching.models import IntroductionStatus
from crm.matching.moves import KopkoffieStands, NobodyIntroduced, NoKopkoffie, WhoIsPlaced
from crm.matching.services import (
    AlreadyIntroduced,
    ConsentMissing,
    IntroductionClosed,
    JobClosed,
    NotLookingForWork,
    ReasonMissing,
    decline,
    introduce,
    move_job,
    place,
)
from crm.pipeline.inputs import Lost
from crm.pipeline.models import LostReason, Pipeline, Stage
from crm.pipeline.rules import StageNotAllowed
from tests.conftest import add_user, make_candidate, make_job


@pytest.fixture
def profiled(session):
    return make_job(session, stage=Stage.PROFILED)


class TestIntroduce:
    def test_keeps_the_score_as_it_was_and_moves_the_job(self, session, coach, profiled):
        person = make_candidate(session)
        introduction = introduce(session, coach, profiled.id, person.id)
        assert introduction.score == sum(part["points"] for part in introduction.explanation)
        assert {"name", "points", "maximum", "why", "verdict", "short"} == introduction.explanation[0].keys()
        assert profiled.stage is Stage.INTRODUCED
        before = introduction.score
        person.travel_km = 1
        session.flush()
        assert introduction.score == before

    def test_leaves_a_job_that_is_no_work_profile_yet_where_it_is(self, session, coach):
        job = make_job(session, stage=Stage.EXPLORED)
        introduce(session, coach, job.id, make_candidate(session).id)
        assert job.stage is Stage.EXPLORED

    @pytest.mark.parametrize("consent", [{"consent_at": None, "consent_until": None}, {"consent_until": now()}])
    def test_needs_consent(self, session, coach, profiled, consent):
        with pytest.raises(ConsentMissing):
            introduce(session, coach, profiled.id, make_candidate(session, **consent).id)

    def test_needs_somebody_who_looks_for_work(self, session, coach, profiled):
        with pytest.raises(NotLookingForWork):
            introduce(session, coach, profiled.id, make_candidate(session, status=CandidateStatus.PAUSED).id)

    @pytest.mark.parametrize("stage", [Stage.LOST, Stage.PLACED, Stage.AFTERCARE])
    def test_refuses_a_job_that_is_closed(self, session, coach, stage):
        with pytest.raises(JobClosed):
            introduce(session, coach, make_job(session, stage=stage).id, make_candidate(session).id)

    def test_happens_once(self, session, coach, profiled):
        person = make_candidate(session)
        introduce(session, coach, profiled.id, person.id)
        with pytest.raises(AlreadyIntroduced):
            introduce(session, coach, profiled.id, person.id)

    def test_who_was_declined_can_be_proposed_again(self, session, coach, profiled):
        person = make_candidate(session)
        first = introduce(session, coach, profiled.id, person.id)
        decline(session, coach, first.id, version=None, reason="Nu even niet")
        again = introduce(session, coach, profiled.id, person.id)
        assert (again.id, again.status, again.decline_reason) == (first.id, IntroductionStatus.PROPOSED, "")

    def test_refuses_unknown_people_and_jobs(self, session, coach, profiled):
        with pytest.raises(NotFound):
            introduce(session, coach, profiled.id, 999_999)
        with pytest.raises(NotFound):
            introduce(session, coach, 999_999, make_candidate(session).id)

    def test_is_not_for_callers(self, session, caller, profiled):
        with pytest.raises(NotAllowed):
            introduce(session, caller, profiled.id, make_candidate(session).id)


class TestDecline:
    def test_needs_a_reason_for_the_job_seeker(self, session, coach, profiled):
        introduction = introduce(session, coach, profiled.id, make_candidate(session).id)
        with pytest.raises(ReasonMissing):
            decline(session, coach, introduction.id, version=None, reason="  ")

    def test_takes_the_job_back_when_nobody_is_left(self, session, coach, profiled):
        first = introduce(session, coach, profiled.id, make_candidate(session).id)
        second = introduce(session, coach, profiled.id, make_candidate(session, name="Piet Bos").id)
        decline(session, coach, first.id, version=None, reason="Te ver reizen")
        assert (first.decline_reason, profiled.stage) == ("Te ver reizen", Stage.INTRODUCED)
        decline(session, coach, second.id, version=None, reason="Te ver reizen")
        assert profiled.stage is Stage.PROFILED

    def test_refuses_a_second_time(self, session, coach, profiled):
        introduction = introduce(session, coach, profiled.id, make_candidate(session).id)
        decline(session, coach, introduction.id, version=None, reason="Te ver")
        with pytest.raises(IntroductionClosed):
            decline(session, coach, introduction.id, version=None, reason="Te ver")

    def test_refuses_an_old_version(self, session, coach, profiled):
        introduction = introduce(session, coach, profiled.id, make_candidate(session).id)
        with pytest.raises(ChangedMeanwhile):
            decline(session, coach, introduction.id, version=introduction.version + 1, reason="Te ver")

    def test_refuses_while_a_kopkoffie_is_planned(self, session, coach, profiled):
        introduction = introduce(session, coach, profiled.id, make_candidate(session).id)
        introduction.status = IntroductionStatus.MEETING
        session.flush()
        with pytest.raises(KopkoffieStands):
            decline(session, coach, introduction.id, version=None, reason="Te ver")


class TestPlace:
    def test_places_job_introduction_and_person(self, session, coach):
        job, person = make_job(session, stage=Stage.KOPKOFFIE_HELD), make_candidate(session)
        introduction = introduce(session, coach, job.id, person.id)
        place(session, coach, introduction.id, version=introduction.version)
        assert job.stage is Stage.PLACED
        assert introduction.status is IntroductionStatus.SUCCEEDED
        assert person.status is CandidateStatus.PLACED
        outcome = session.exec(select(CandidateOutcome)).one()
        assert (outcome.candidate_id, outcome.kind, outcome.note) == (person.id, OutcomeKind.PLACEMENT, job.title)

    @pytest.mark.parametrize(
        ("pipeline", "kind", "status"),
        [
            (Pipeline.TAKEOVER, OutcomeKind.OWN_BUSINESS, CandidateStatus.LEFT),
            (Pipeline.LOOK_ALONG, OutcomeKind.LOOKED_ALONG, CandidateStatus.ACTIVE),
        ],
    )
    def test_a_day_or_a_firm_is_no_placement_and_may_be_undone(self, session, coach, pipeline, kind, status):
        job, person = make_job(session, stage=Stage.KOPKOFFIE_HELD, pipeline=pipeline), make_candidate(session)
        place(session, coach, introduce(session, coach, job.id, person.id).id, version=None)
        assert (person.status, session.exec(select(CandidateOutcome.kind)).one()) == (status, kind)
        move_job(session, coach, job.id, Stage.KOPKOFFIE_HELD, version=job.version)
        assert person.status is CandidateStatus.ACTIVE
        assert not session.exec(select(CandidateOutcome)).all()

    def test_follows_a_kopkoffie(self, session, coach, profiled):
        introduction = introduce(session, coach, profiled.id, make_candidate(session).id)
        with pytest.raises(StageNotAllowed):
            place(session, coach, introduction.id, version=None)


class TestMoveJob:
    def test_says_so_in_the_audit_log(self, session, coach):
        job = make_job(session)
        move_job(session, coach, job.id, Stage.EXPLORED, version=1)
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "job.moved")).one()
        assert (entry.actor_id, entry.subject_id) == (coach.id, job.id)

    def test_two_people_cannot_move_the_same_card(self, session, coach):
        job = make_job(session)
        move_job(session, coach, job.id, Stage.EXPLORED, version=1)
        with pytest.raises(ChangedMeanwhile):
            move_job(session, coach, job.id, Stage.LOST, version=1, lost=Lost(reason=LostReason.OTHER))

    def test_nothing_is_introduced_without_somebody(self, session, coach, profiled):
        with pytest.raises(NobodyIntroduced):
            move_job(session, coach, profiled.id, Stage.INTRODUCED, version=1)

    def test_no_kopkoffie_without_a_moment(self, session, coach, profiled):
        introduce(session, coach, profiled.id, make_candidate(session).id)
        with pytest.raises(NoKopkoffie):
            move_job(session, coach, profiled.id, Stage.KOPKOFFIE_PLANNED, version=profiled.version)

    @pytest.mark.parametrize("target", [Stage.INTRODUCED, Stage.LOST])
    def test_a_planned_kopkoffie_is_cancelled_first(self, session, coach, profiled, target):
        introduction = introduce(session, coach, profiled.id, make_candidate(session).id)
        introduction.status, profiled.stage = IntroductionStatus.MEETING, Stage.KOPKOFFIE_PLANNED
        session.flush()
        with pytest.raises(KopkoffieStands):
            move_job(session, coach, profiled.id, target, version=profiled.version, lost=Lost(reason=LostReason.OTHER))

    def test_placed_places_the_only_one_and_the_way_back_undoes_it(self, session, coach):
        job, person = make_job(session, stage=Stage.KOPKOFFIE_HELD), make_candidate(session)
        introduction = introduce(session, coach, job.id, person.id)
        move_job(session, coach, job.id, Stage.PLACED, version=job.version)
        assert (introduction.status, person.status) == (IntroductionStatus.SUCCEEDED, CandidateStatus.PLACED)
        move_job(session, coach, job.id, Stage.KOPKOFFIE_HELD, version=job.version)
        assert (introduction.status, person.status) == (IntroductionStatus.PROPOSED, CandidateStatus.ACTIVE)
        assert not session.exec(select(CandidateOutcome)).all()

    def test_a_lost_job_ends_its_introductions_with_the_reason(self, session, coach, profiled):
        introduction = introduce(session, coach, profiled.id, make_candidate(session).id)
        move_job(
            session, coach, profiled.id, Stage.LOST, version=profiled.version, lost=Lost(reason=LostReason.NO_MONEY)
        )
        assert introduction.status is IntroductionStatus.DECLINED
        assert introduction.decline_reason == LostReason.NO_MONEY.label
        assert profiled.stage is Stage.LOST

    def test_asks_who_is_placed_when_there_are_several(self, session, coach):
        job = make_job(session, stage=Stage.KOPKOFFIE_HELD)
        for name in ("Ria", "Piet"):
            introduce(session, coach, job.id, make_candidate(session, name=name).id)
        with pytest.raises(WhoIsPlaced):
            move_job(session, coach, job.id, Stage.PLACED, version=job.version)

    def test_from_aftercare_back_to_placed_needs_nobody_new(self, session, coach):
        job = make_job(session, stage=Stage.AFTERCARE)
        move_job(session, coach, job.id, Stage.PLACED, version=1)
        assert job.stage is Stage.PLACED

    def test_refuses_what_the_stages_do_not_allow(self, session, coach):
        with pytest.raises(StageNotAllowed):
            move_job(session, coach, make_job(session).id, Stage.PLACED, version=1)


class TestTwoAtOnce:
    """Two people who act in the same second, each in a transaction of their own."""

    def test_one_of_two_moves_wins(self, database):
        with transaction() as session:
            coach, job = add_user(session, Role.COACH), make_job(session)

        def act(target):
            with transaction() as session:
                lost = Lost(reason=LostReason.OTHER) if target is Stage.LOST else None
                move_job(session, coach, job.id, target, version=1, lost=lost)

        results = at_once(act, [Stage.EXPLORED, Stage.LOST])
        assert sorted(type(result) for result in results if result) == [ChangedMeanwhile]

    def test_nobody_is_introduced_twice(self, database):
        with transaction() as session:
            coach = add_user(session, Role.COACH)
            job, person = make_job(session, stage=Stage.PROFILED), make_candidate(session)

        def act(_):
            with transaction() as session:
                introduce(session, coach, job.id, person.id)

        results = at_once(act, [1, 2, 3])
        assert [type(result) for result in results if result] == [AlreadyIntroduced] * 2


def at_once(act, arguments):
    """What each of the threads ended with: None, or the error."""
    start = Barrier(len(arguments))

    def run(argument):
        start.wait()
        try:
            act(argument)
        except CrmError as error:
            return error
        return None

    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(run, arguments))


class TestOddJobs:
    """Nobody has to drink coffee first, and there is no work profile to go back to."""

    @pytest.fixture
    def odd_job(self, session):
        return make_job(session, pipeline=Pipeline.ODD_JOB, stage=Stage.EXPLORED)

    def test_an_introduction_takes_the_job_along_and_its_end_back(self, session, coach, odd_job):
        one = introduce(session, coach, odd_job.id, make_candidate(session).id)
        assert odd_job.stage is Stage.INTRODUCED
        decline(session, coach, one.id, version=None, reason="Te ver reizen")
        assert odd_job.stage is Stage.EXPLORED

    def test_who_is_introduced_is_placed_on_the_board_and_taken_back_there(self, session, coach, odd_job):
        person = make_candidate(session)
        one = introduce(session, coach, odd_job.id, person.id)
        move_job(session, coach, odd_job.id, Stage.PLACED, version=odd_job.version)
        assert (one.status, person.status) == (IntroductionStatus.SUCCEEDED, CandidateStatus.ACTIVE)
        assert session.exec(select(CandidateOutcome.kind)).one() is OutcomeKind.ODD_JOB
        move_job(session, coach, odd_job.id, Stage.INTRODUCED, version=odd_job.version)
        assert (one.status, person.status) == (IntroductionStatus.PROPOSED, CandidateStatus.ACTIVE)

    @pytest.mark.parametrize("target", [Stage.PLACED, Stage.LOST])
    def test_not_while_a_kopkoffie_is_planned_all_the_same(self, session, coach, odd_job, target):
        one = introduce(session, coach, odd_job.id, make_candidate(session).id)
        one.status = IntroductionStatus.MEETING
        with pytest.raises(KopkoffieStands):
            move_job(session, coach, odd_job.id, target, version=odd_job.version)
        with pytest.raises(KopkoffieStands):
            place(session, coach, one.id, version=None)
