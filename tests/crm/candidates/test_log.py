from datetime import date, timedelta

import pytest
import time_machine
from pydantic import ValidationError
from sqlmodel import select

from crm.audit.models import AuditEntry
from crm.candidates.log import (
    add_step,
    candidate_log,
    edit_step,
    finish_step,
    let_share,
    note_moment,
    record_outcome,
    remove_entry,
    take_back_outcome,
)
from crm.candidates.log_inputs import MomentInput, OutcomeInput, ServiceStepInput
from crm.candidates.models import (
    CandidateConsent,
    CandidateOutcome,
    CandidateStatus,
    CoachingForm,
    OutcomeKind,
    Purpose,
    SuccessMoment,
    Tile,
)
from crm.candidates.retention import forget_log
from crm.core.clock import now
from crm.core.errors import ChangedMeanwhile, NotAllowed, NotFound
from tests.conftest import make_candidate

DAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel("2026-11-24 10:00+01:00", tick=False):
        yield


@pytest.fixture
def person(session):
    return make_candidate(session)


def a_step(**overrides):
    return ServiceStepInput(**({"tile": Tile.DIAGNOSE, "day": DAY, "done": True} | overrides))


class TestSteps:
    def test_tiles_come_in_any_order_and_as_often_as_needed(self, session, coach, person):
        for tile, days in ((Tile.AFTERCARE, 3), (Tile.DIAGNOSE, 2), (Tile.DIAGNOSE, 1)):
            add_step(session, coach, person.id, a_step(tile=tile, day=DAY - timedelta(days=days)))
        add_step(session, coach, person.id, a_step(day=DAY + timedelta(days=7), done=False))
        log = candidate_log(session, coach, person.id)
        known = log.tile(Tile.DIAGNOSE)
        assert (known.times, known.last, known.planned) == (2, DAY - timedelta(days=1), DAY + timedelta(days=7))
        assert log.tile(Tile.REPORT).last is None
        assert log.people == {coach.user_id: coach.name}

    def test_has_a_form_of_coaching_and_is_in_the_audit_log(self, session, coach, person):
        step = add_step(session, coach, person.id, a_step(form=CoachingForm.NETWORK_CAFE, note="  Sprak een bakker "))
        assert (step.form, step.note) == (CoachingForm.NETWORK_CAFE, "Sprak een bakker")
        entry = session.exec(select(AuditEntry).where(AuditEntry.subject_type == "service_step")).one()
        assert entry.action == "step.done"

    def test_what_is_done_early_was_done_today(self, session, coach, person):
        step = add_step(session, coach, person.id, a_step(done=False, day=DAY + timedelta(days=2)))
        finish_step(session, coach, step.id, version=step.version)
        assert (step.done, step.day) == (True, DAY)

    def test_nothing_was_done_tomorrow(self):
        with pytest.raises(ValidationError):
            a_step(day=DAY + timedelta(days=1))

    def test_a_colleague_s_change_is_not_overwritten(self, session, coach, person):
        step = add_step(session, coach, person.id, a_step())
        edit_step(session, coach, step.id, a_step(tile=Tile.WORK_FIT), version=1)
        with pytest.raises(ChangedMeanwhile):
            edit_step(session, coach, step.id, a_step(), version=1)

    def test_is_about_somebody(self, session, coach):
        with pytest.raises(NotFound):
            add_step(session, coach, 999, a_step())

    def test_is_not_for_callers(self, session, caller, person):
        with pytest.raises(NotAllowed):
            add_step(session, caller, person.id, a_step())
        with pytest.raises(NotAllowed):
            candidate_log(session, caller, person.id)


class TestMoments:
    def agree(self, session, person, **overrides):
        fields = {"purpose": Purpose.STORY, "text": "Ja, vertel het gerust.", "given_at": now() - timedelta(days=1)}
        session.add(CandidateConsent(candidate_id=person.id, **(fields | overrides)))
        session.flush()

    def test_is_shared_only_when_wanted_and_with_consent(self, session, coach, person):
        given = MomentInput(day=DAY, words="Ik durfde zelf te bellen.", may_share=True)
        moment = note_moment(session, coach, person.id, given)
        assert not candidate_log(session, coach, person.id).may_be_shared(moment)
        self.agree(session, person)
        assert candidate_log(session, coach, person.id).may_be_shared(moment)
        let_share(session, coach, moment.id, False, version=moment.version)
        assert not candidate_log(session, coach, person.id).may_be_shared(moment)

    @pytest.mark.parametrize(
        "other",
        [{"purpose": Purpose.DETAILS}, {"withdrawn_at": timedelta()}, {"expires_at": timedelta(hours=-1)}],
    )
    def test_another_or_ended_consent_is_not_enough(self, session, coach, person, other):
        fields = {name: now() + it if isinstance(it, timedelta) else it for name, it in other.items()}
        self.agree(session, person, given_at=now() - timedelta(days=900), **fields)
        moment = note_moment(session, coach, person.id, MomentInput(day=DAY, words="Gelukt!", may_share=True))
        assert not candidate_log(session, coach, person.id).may_be_shared(moment)

    def test_somebody_takes_their_words_back(self, session, coach, person):
        moment = note_moment(session, coach, person.id, MomentInput(day=DAY, words="Gelukt!"))
        remove_entry(session, coach, SuccessMoment, moment.id)
        assert not candidate_log(session, coach, person.id).moments


class TestOutcomes:
    @pytest.mark.parametrize(
        ("kind", "status"),
        [
            (OutcomeKind.FOUND_WORK, CandidateStatus.LEFT),
            (OutcomeKind.PLACEMENT, CandidateStatus.PLACED),
            (OutcomeKind.TRAINING, CandidateStatus.PAUSED),
            (OutcomeKind.VOLUNTEERING, CandidateStatus.PAUSED),
            (OutcomeKind.OWN_BUSINESS, CandidateStatus.LEFT),
            (OutcomeKind.STOPPED, CandidateStatus.LEFT),
            (OutcomeKind.LOOKED_ALONG, CandidateStatus.ACTIVE),
            (OutcomeKind.ODD_JOB, CandidateStatus.ACTIVE),
        ],
    )
    def test_the_status_follows(self, session, coach, person, kind, status):
        record_outcome(session, coach, person.id, OutcomeInput(kind=kind, day=DAY))
        assert person.status is status

    def test_a_placement_that_was_none_is_taken_back(self, session, coach, person):
        for kind in (OutcomeKind.TRAINING, OutcomeKind.PLACEMENT):
            record_outcome(session, coach, person.id, OutcomeInput(kind=kind, day=DAY))
        take_back_outcome(session, coach, person.id, OutcomeKind.PLACEMENT)
        assert person.status is CandidateStatus.ACTIVE
        assert [one.kind for one in candidate_log(session, coach, person.id).outcomes] == [OutcomeKind.TRAINING]

    def test_has_no_day_to_come(self):
        with pytest.raises(ValidationError):
            OutcomeInput(kind=OutcomeKind.STOPPED, day=DAY + timedelta(days=1))


def test_words_are_forgotten_after_two_years_and_outcomes_stay_for_the_numbers(session, coach, person):
    old, recent = date(2024, 11, 20), date(2024, 11, 30)
    for day in (old, recent):
        add_step(session, coach, person.id, a_step(day=day, note="Koffie gedronken"))
        note_moment(session, coach, person.id, MomentInput(day=day, words="Het lukte."))
        record_outcome(session, coach, person.id, OutcomeInput(kind=OutcomeKind.TRAINING, day=day, note="Lassen"))
    assert forget_log(session, now()) == 3
    assert forget_log(session, now()) == 0
    log = candidate_log(session, coach, person.id)
    assert [one.day for one in (*log.steps, *log.moments)] == [recent, recent]
    session.expire_all()
    notes = {one.day: one.note for one in session.exec(select(CandidateOutcome))}
    assert notes == {old: "", recent: "Lassen"}
    told = select(AuditEntry.changes).where(AuditEntry.subject_type == "success_moment").order_by(AuditEntry.id)
    assert ["words" in changes for changes in session.exec(told)] == [False, True]
