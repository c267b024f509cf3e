"""Walking through the script, and what the way says about the result."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.followups.models import FollowUpKind
from crm.reference.queries import dispositions
from crm.scripts.graph import OBJECTION, VARIABLES, Script
from crm.scripts.reading import parse
from crm.scripts.rules import (
    Position,
    Proposal,
    Step,
    StepDoesNotFit,
    advance,
    beginning,
    fill,
    greeting,
    propose,
    spoken,
    walk,
)
from crm.scripts.services import SCRIPTS_DIR

SCRIPT = parse((SCRIPTS_DIR / "latent_werk.yaml").read_text(encoding="utf-8"))

TO_QUESTIONS = "allowed right_person listens go_ahead"


def take(answers: str) -> list[Step]:
    """`allowed objection/GEEN_TIJD`: the steps of these answers, from the start."""
    position, steps = beginning(SCRIPT), []
    for word in answers.split():
        answer, _, objection = word.partition("/")
        steps.append(Step(position.node.id, answer, objection or None))
        position = advance(SCRIPT, position, steps[-1])
    return steps


def proposal(answers: str, **fields: Any) -> Proposal:
    return propose(SCRIPT, take(answers), fields)


class TestWalk:
    def test_starts_at_the_start(self) -> None:
        assert walk(SCRIPT, []).node.id == "S01"

    def test_follows_the_answers_and_remembers_the_way(self) -> None:
        position = walk(SCRIPT, take("allowed right_person listens"))
        assert position.node.id == "S05"
        assert [(passed.node.id, passed.label) for passed in position.path] == [
            ("S01", "Bellen mag"),
            ("S02", "Ja, dat ben ik"),
            ("S04", "Luistert"),
        ]

    def test_of_somebody_who_rings_us_starts_with_who_are_you(self) -> None:
        assert walk(SCRIPT, [], incoming=True).node.id == "I01"
        assert walk(SCRIPT, [Step("I01", "called_back")], incoming=True).node.id == "I02"

    def test_a_call_of_ours_that_had_begun_before_they_rang_goes_on(self) -> None:
        assert walk(SCRIPT, take("allowed right_person"), incoming=True).node.id == "S04"

    def test_a_script_from_before_has_one_start_for_all(self) -> None:
        older = SCRIPT.model_copy(update={"incoming_start": None})
        assert walk(older, [], incoming=True).node.id == "S01"

    def test_what_somebody_who_rings_wants_is_proposed_as_the_result(self) -> None:
        asked = propose(SCRIPT, [Step("I01", "wants_somebody")], {}, incoming=True)
        assert (asked.disposition, asked.hidden_job, asked.reasons) == ("VACATURE", True, ("VACATURE",))

    def test_nothing_on_the_way_of_who_rings_proposes_that_nobody_answered(self) -> None:
        waiting, seen = [beginning(SCRIPT, incoming=True)], set()
        while waiting:
            position = waiting.pop()
            found = propose(SCRIPT, [passed.step for passed in position.path], {}, incoming=True)
            assert found.disposition is None or not dispositions()[found.disposition].is_system
            if position.node.id not in seen and not position.ended:
                seen.add(position.node.id)
                waiting += [advance(SCRIPT, position, step) for step in options(SCRIPT, position)]
        assert {"I02", "I03", "I04", "S17", "S22"} <= seen

    def test_ends_at_the_wrap_up(self) -> None:
        assert walk(SCRIPT, take("allowed no_answer new_attempt")).ended
        assert not walk(SCRIPT, take("allowed no_answer")).ended

    def test_an_objection_is_answered_before_its_next_question(self) -> None:
        position = walk(SCRIPT, take(f"{TO_QUESTIONS} objection GEEN_VACATURES"))
        assert position.objection.reply.startswith("Dat hoor ik vaak")
        assert position.node.id == "S08"

    def test_an_objection_can_be_chosen_in_one_go(self) -> None:
        at_once = walk(SCRIPT, take(f"{TO_QUESTIONS} objection/GEEN_VACATURES"))
        in_two = walk(SCRIPT, take(f"{TO_QUESTIONS} objection GEEN_VACATURES"))
        assert (at_once.node, at_once.objection) == (in_two.node, in_two.objection)

    def test_the_reply_is_gone_after_the_next_answer(self) -> None:
        assert walk(SCRIPT, take(f"{TO_QUESTIONS} objection/GEEN_VACATURES growth")).objection is None

    @pytest.mark.parametrize("second", ["objection/GRATIS_ADDER", "objection GRATIS_ADDER"])
    def test_the_same_objection_twice_leads_to_the_end(self, second: str) -> None:
        position = walk(SCRIPT, take(f"allowed right_person listens objection/GRATIS_ADDER {second}"))
        assert (position.node.id, position.repeated, position.objection) == ("S20", True, None)

    def test_another_objection_the_second_time_is_just_answered(self) -> None:
        position = walk(SCRIPT, take("allowed right_person objection/GRATIS_ADDER objection/HOE_NUMMER"))
        assert (position.node.id, position.repeated) == ("S05", False)

    @pytest.mark.parametrize(
        "step",
        [
            Step("S02", "right_person"),
            Step("S01", "nonsense"),
            Step("S01", "objection"),
            Step("S01", "allowed", "GEEN_TIJD"),
            Step("S99", "allowed"),
        ],
    )
    def test_refuses_a_step_that_does_not_fit(self, step: Step) -> None:
        with pytest.raises(StepDoesNotFit):
            walk(SCRIPT, [step])

    @pytest.mark.parametrize("step", [Step("T01", "HOERA"), Step("T01", "objection"), Step("S05", "objection")])
    def test_refuses_an_objection_that_does_not_exist(self, step: Step) -> None:
        with pytest.raises(StepDoesNotFit):
            walk(SCRIPT, [*take("allowed right_person listens objection"), step])

    def test_after_the_end_comes_nothing(self) -> None:
        with pytest.raises(StepDoesNotFit):
            walk(SCRIPT, [*take("allowed no_answer new_attempt"), Step("S25", "new_attempt")])


class TestPropose:
    def test_nothing_at_the_start(self) -> None:
        assert proposal("") == Proposal()

    def test_no_answer_needs_nothing_but_another_attempt(self) -> None:
        assert proposal("allowed no_answer new_attempt") == Proposal(disposition="GEEN_GEHOOR", no_contact=True)

    def test_an_agreed_callback(self) -> None:
        found = proposal("allowed right_person listens not_now agreed")
        assert (found.disposition, found.follow_up) == ("TERUGBELAFSPRAAK", FollowUpKind.CALLBACK)
        assert found.objection_offered

    def test_work_that_was_found_stays_found(self) -> None:
        found = proposal(f"{TO_QUESTIONS} busy growth work complete seven_or_more not_yet later")
        assert (found.disposition, found.hidden_job, found.reasons) == ("GESPREK_LATENT", True, ("GROEI",))
        assert found.follow_up is FollowUpKind.RECALL

    def test_found_work_without_a_next_step_gets_one(self) -> None:
        found = proposal(f"{TO_QUESTIONS} busy retirement work complete")
        assert (found.follow_up, found.working_days) == (FollowUpKind.OTHER, 2)

    def test_a_kopkoffie_is_more_than_found_work(self) -> None:
        found = proposal(f"{TO_QUESTIONS} busy growth work complete seven_or_more agrees agreed")
        assert (found.disposition, found.follow_up) == ("KOPKOFFIE", FollowUpKind.PLAN_KOPKOFFIE)

    def test_an_open_vacancy_stays_a_vacancy(self) -> None:
        assert proposal(f"{TO_QUESTIONS} wants_somebody complete").disposition == "VACATURE"

    def test_a_reason_the_other_turns_away_from_does_not_count(self) -> None:
        assert proposal(f"{TO_QUESTIONS} busy succession not_discussed peak far_away").reasons == ("PIEK",)

    def test_the_recall_fits_its_reason(self) -> None:
        peak = proposal(f"{TO_QUESTIONS} busy peak far_away later")
        retirement = proposal(f"{TO_QUESTIONS} busy retirement too_early later")
        assert (peak.working_days, retirement.working_days) == (65, 130)

    def test_the_soonest_of_the_reasons_that_were_ticked_counts(self) -> None:
        way = f"{TO_QUESTIONS} busy peak work complete three_or_less later"
        assert proposal(way).working_days == 65
        assert proposal(way, reasons=["PENSIOEN", "KLUS"]).working_days == 21

    def test_a_term_that_was_agreed_goes_before(self) -> None:
        assert proposal(f"{TO_QUESTIONS} busy retirement too_early later", term="one_year").working_days == 260

    def test_a_term_says_nothing_about_another_step(self) -> None:
        found = proposal("allowed right_person listens objection/MAIL_MAAR", term="one_year")
        assert (found.follow_up, found.working_days) == (FollowUpKind.SEND_INFO, 1)

    def test_ticked_reasons_are_added_once(self) -> None:
        found = proposal(f"{TO_QUESTIONS} busy growth work", reasons=["PIEK", "GROEI", "HOERA", 7])
        assert found.reasons == ("GROEI", "PIEK")

    @pytest.mark.parametrize("way", ["never_again done", "no_legal_person wants_nothing done"])
    def test_who_wants_no_more_calls_has_no_next_step(self, way: str) -> None:
        found = proposal(f"allowed right_person listens {way}")
        assert (found.disposition, found.follow_up, found.hidden_job) == ("VERZET", None, False)

    def test_found_work_is_dropped_when_calling_was_not_allowed(self) -> None:
        found = proposal(f"{TO_QUESTIONS} wants_somebody objection/HOE_NUMMER no_legal_person wants_card")
        assert (found.disposition, found.hidden_job) == ("RECHTSVORM_FOUT", False)

    def test_what_was_undone_does_not_count(self) -> None:
        steps = take(f"{TO_QUESTIONS} busy growth work")
        assert propose(SCRIPT, steps[:-1], {}).hidden_job is False


class TestTexts:
    def test_what_is_unknown_shows_as_a_blank(self) -> None:
        assert fill("Dag {contact} van {company}.", {"contact": "Jan", "company": ""}) == "Dag Jan van …."

    def test_what_a_name_contains_is_not_filled_in_again(self) -> None:
        assert fill("{contact} {company}", {"contact": "{company}", "company": "Bakker"}) == "{company} Bakker"

    @pytest.mark.parametrize(
        ("hour", "words"), [(6, "Goedemorgen"), (10, "Goedemorgen"), (11, "Goedemiddag"), (17, "Goedenavond")]
    )
    def test_greets_by_the_dutch_clock(self, hour: int, words: str) -> None:
        assert greeting(SCRIPT, datetime(2026, 11, 24, hour, 30, tzinfo=UTC)) == words

    def test_what_was_written_down_comes_back_in_what_is_said(self) -> None:
        known = spoken(SCRIPT, {"importance": 8, "situation": "druk", "term": "one_month", "callback_on": "2026-12-01"})
        assert known == {
            "score": "8",
            "score_minus_two": "6",
            "summary": "druk",
            "term": "een maand",
            "day": "01-12",
        }

    def test_a_lower_number_than_nought_is_never_asked_for(self) -> None:
        assert spoken(SCRIPT, {"importance": 1})["score_minus_two"] == "0"


def options(script: Script, position: Position) -> list[Step]:
    """Everything a caller can press here."""
    node = position.node
    if node.id == script.objections_node:
        return [Step(node.id, objection.code) for objection in script.objections]
    steps = [Step(node.id, answer.key) for answer in node.answers]
    if node.objection:
        steps += [Step(node.id, OBJECTION, objection.code) for objection in script.objections]
    return steps


@given(st.data())
def test_every_walk_ends_or_goes_on_and_back_leads_to_where_one_was(data: st.DataObject) -> None:
    position, steps = beginning(SCRIPT), []
    for _step in range(data.draw(st.integers(0, 60))):
        if position.ended:
            break
        step = data.draw(st.sampled_from(options(SCRIPT, position)))
        onward = advance(SCRIPT, position, step)
        steps.append(step)
        assert walk(SCRIPT, steps) == onward
        assert walk(SCRIPT, steps[:-1]) == position
        position = onward
    assert position.ended or options(SCRIPT, position)
    assert fill(position.node.say, dict.fromkeys(VARIABLES, "x")).count("{") == 0


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner), max_leaves=4
)
FIELDS = st.dictionaries(st.sampled_from([field.name for field in SCRIPT.fields]) | st.text(), ANYTHING, max_size=6)


@given(st.data(), FIELDS)
def test_proposing_never_fails_whatever_was_written_down(data: st.DataObject, fields: dict[str, Any]) -> None:
    position, steps = beginning(SCRIPT), []
    for _step in range(data.draw(st.integers(0, 25))):
        if position.ended:
            break
        steps.append(data.draw(st.sampled_from(options(SCRIPT, position))))
        position = advance(SCRIPT, position, steps[-1])
    found = propose(SCRIPT, steps, fields)
    assert found.working_days is None or found.follow_up is not None
    assert all(isinstance(text, str) for text in spoken(SCRIPT, fields).values())
