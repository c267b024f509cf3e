from datetime import time

import pytest
from pydantic import ValidationError
from sqlmodel import select

from crm.candidates.inputs import CandidateFilters, PastInput, PersonInput, SkillsInput, WhenInput, WishesInput
from crm.candidates.intake import begin_intake, intake_of, save_step
from crm.candidates.models import CandidateCompetence, IntakeStep, Level, TravelBy
from crm.candidates.queries import candidate, candidates
from crm.core.errors import ChangedMeanwhile, NotAllowed
from tests.conftest import make_candidate


def test_somebody_new_has_the_first_step_behind_them_and_who_wrote_it_down_as_coach(session, coach):
    person = begin_intake(session, coach, PersonInput(name="Ria Jansen", postcode="3311 AB"))
    assert (person.coach_id, person.town, person.version) == (coach.id, "Dordrecht", 1)
    intake = intake_of(session, coach, person.id)
    assert (intake.done, intake.next_step) == ({IntakeStep.PERSON}, IntakeStep.PAST)


def test_a_step_leaves_what_other_steps_hold(session, coach):
    person = make_candidate(session, travel_by=["bike"], competences=["24118"])
    save_step(session, coach, person.id, IntakeStep.WISHES, WishesInput(wishes="Buiten werken"), version=1)
    assert (person.wishes, person.hours_min, person.travel_by) == ("Buiten werken", 12, ["bike"])
    assert candidate(session, coach, person.id).levels == {"24118": Level.ABLE}


def test_steps_come_in_any_order_and_it_is_known_who_left_it_where(session, coach, coordinator):
    person = make_candidate(session)
    when = WhenInput(days=["ma"], from_time=time(9), until_time=time(14), travel_by=[TravelBy.BIKE])
    save_step(session, coordinator, person.id, IntakeStep.WHEN, when, version=1)
    save_step(session, coach, person.id, IntakeStep.PAST, PastInput(proud_of="Een tuin"), version=person.version)
    intake = intake_of(session, coach, person.id)
    assert [(one.step, one.by) for one in intake.saved] == [
        (IntakeStep.PAST, "Coach Test"), (IntakeStep.WHEN, "Coordinator Test"),
    ]  # fmt: skip
    assert intake.next_step is IntakeStep.PERSON
    assert (person.from_time, person.until_time, person.travel_by) == (time(9), time(14), ["bike"])


def test_a_step_that_is_saved_again_is_one_step(session, coach):
    person = make_candidate(session)
    for text in ("Eén", "Twee"):
        save_step(session, coach, person.id, IntakeStep.WISHES, WishesInput(wishes=text), version=person.version)
    assert len(intake_of(session, coach, person.id).saved) == 1


def test_levels_change_without_losing_the_rows(session, coach):
    person = make_candidate(session, competences=["24118", "24120"])
    mine = select(CandidateCompetence).where(CandidateCompetence.candidate_id == person.id)
    kept = {row.code: row.id for row in session.exec(mine)}["24118"]
    given = SkillsInput(competences={"24118": 3, "24105": 1})
    save_step(session, coach, person.id, IntakeStep.SKILLS, given, version=1)
    assert candidate(session, coach, person.id).levels == {"24105": Level.LEARNING, "24118": Level.STRONG}
    assert {row.code: row.id for row in session.exec(mine)}["24118"] == kept


def test_the_list_knows_the_steps_and_finds_who_is_not_finished(session, coach):
    person, finished = make_candidate(session), make_candidate(session)
    for step in IntakeStep:
        save_step(session, coach, finished.id, step, WishesInput(), version=finished.version)
    page = candidates(session, coach)
    assert page.steps == {finished.id: len(IntakeStep)}
    unfinished = candidates(session, coach, CandidateFilters(unfinished=True))
    assert [one.id for one in unfinished.candidates] == [person.id]


def test_refuses_a_step_that_was_begun_on_an_old_version(session, coach):
    person = make_candidate(session)
    save_step(session, coach, person.id, IntakeStep.WISHES, WishesInput(wishes="Buiten"), version=1)
    with pytest.raises(ChangedMeanwhile):
        save_step(session, coach, person.id, IntakeStep.WISHES, WishesInput(wishes="Binnen"), version=1)


@pytest.mark.parametrize(
    "wrong",
    [{"hours_min": 30, "hours_max": 20}, {"from_time": time(14), "until_time": time(9)}, {"travel_by": ["rocket"]}],
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(ValidationError):
        WhenInput(**wrong)


def test_a_caller_may_not(session, caller):
    person = make_candidate(session)
    for forbidden in (
        lambda: intake_of(session, caller, person.id),
        lambda: begin_intake(session, caller, PersonInput(name="A")),
        lambda: save_step(session, caller, person.id, IntakeStep.WISHES, WishesInput(), version=1),
    ):
        with pytest.raises(NotAllowed):
            forbidden()
