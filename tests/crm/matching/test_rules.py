from dataclasses import fields, replace
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.matching.facts import Asked, CandidateFacts, JobFacts, fingerprint, kilometres
from crm.matching.rules import DECISIVE, STRONG, score
from crm.reference.days import Day
from crm.reference.queries import competences
from crm.reference.work_words import as_kept

ROTTERDAM, DORDRECHT = (51.9225, 4.4792), (51.8133, 4.6901)
PLANNING, ATTENTION = "24118", "24120"

known = st.sampled_from(sorted(competences()))
asked = st.dictionaries(known, st.builds(Asked, st.integers(1, 3), st.booleans()), max_size=8)
levels = st.dictionaries(known, st.integers(1, 3), max_size=8)
days = st.frozensets(st.sampled_from([day.value for day in Day]))
positions = st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180))
times = {"from_time": st.none() | st.just(time(9)), "until_time": st.none() | st.times(time(9, 1))}
jobs = st.builds(
    JobFacts,
    competences=asked,
    hours=st.none() | st.floats(0, 60),
    days=days,
    position=positions,
    text=st.text(max_size=80),
    **times,
)
people = st.builds(
    CandidateFacts,
    competences=levels,
    hours_min=st.integers(0, 30),
    hours_max=st.integers(30, 60),
    days=days,
    position=positions,
    travel_km=st.integers(0, 200),
    work_words=st.text(max_size=80).map(as_kept),
    **times,
)


def make_job(**overrides):
    facts = {
        "competences": {PLANNING: Asked(), ATTENTION: Asked()},
        "hours": 16,
        "days": frozenset({"ma", "di"}),
        "from_time": time(9),
        "until_time": time(17),
        "position": DORDRECHT,
        "text": "Facturen inboeken, administratie",
    }
    return JobFacts(**(facts | overrides))


def make_person(**overrides):
    facts = {
        "competences": {PLANNING: STRONG, ATTENTION: STRONG},
        "hours_min": 12,
        "hours_max": 24,
        "days": frozenset({"ma", "di", "wo"}),
        "from_time": time(8, 30),
        "until_time": time(17),
        "position": DORDRECHT,
        "travel_km": 15,
        "work_words": as_kept("administratief medewerker, facturen, inboeken"),
    }
    return CandidateFacts(**(facts | overrides))


def part(job, person, name):
    return next(one for one in score(job, person).parts if one.name == name)


class TestScore:
    def test_a_perfect_fit_is_a_hundred(self):
        assert score(make_job(), make_person()).total == 100

    def test_nothing_known_is_half_and_says_so(self):
        result = score(JobFacts(), CandidateFacts())
        assert 45 <= result.total <= 50
        assert {one.verdict for one in result.parts} == {"unknown"}

    @given(jobs, people)
    def test_stays_between_nought_and_a_hundred_and_explains_every_part(self, job, person):
        result = score(job, person)
        assert 0 <= result.total <= 100
        assert sum(one.maximum for one in result.parts) == 100
        assert all(0 <= one.points <= one.maximum and one.why for one in result.parts)

    @given(jobs, people, levels)
    def test_more_of_the_competences_asked_is_never_worse(self, job, person, more):
        better = {code: max(level, person.competences.get(code, 0)) for code, level in more.items()}
        having = replace(person, competences={**person.competences, **better})
        if person.competences:
            assert score(job, having).total >= score(job, person).total

    def test_nothing_about_age_sex_origin_or_health_can_count(self):
        both = {"competences", "days", "from_time", "until_time", "position"}
        assert {field.name for field in fields(JobFacts)} == both | {"hours", "text"}
        assert {field.name for field in fields(CandidateFacts)} == both | {
            "hours_min", "hours_max", "travel_km", "work_words",
        }  # fmt: skip

    def test_is_one_short_line_for_a_list(self):
        person = make_person(days=frozenset({"ma", "di", "wo"}), position=ROTTERDAM, travel_km=20)
        job = make_job(days=frozenset({"ma", "di", "wo", "vr"}), from_time=time(9), until_time=time(13))
        assert score(job, person).short == (
            f"sterk in plannen en organiseren, {competences()[ATTENTION].plain}; "
            "bekend met facturen, inboeken; 12 van de 16 uur passen; 19 km"
        )


class TestCompetences:
    def test_are_named_by_how_well_somebody_has_them(self):
        found = part(make_job(), make_person(competences={PLANNING: 2}), "Competences")
        assert (found.points, found.verdict) == (16, "fits")
        assert "1 van de 2 gevraagde competenties. Kan plannen en organiseren." in found.why

    def test_count_by_their_weight_for_the_job_and_the_level_of_the_person(self):
        def points(weight: int, level: int) -> int:
            job = make_job(competences={PLANNING: Asked(weight), ATTENTION: Asked()})
            return part(job, make_person(competences={PLANNING: level}), "Competences").points

        assert points(1, 3) < points(2, 3) < points(3, 3)
        assert points(2, 1) < points(2, 2) < points(2, 3)

    def test_one_that_can_be_learned_here_costs_little_and_is_named_so(self):
        job = make_job(competences={PLANNING: Asked(), ATTENTION: Asked(learnable=True)})
        found = part(job, make_person(competences={PLANNING: STRONG}), "Competences")
        assert (found.points, found.verdict) == (30, "fits")
        assert f"Kan hier geleerd worden: {competences()[ATTENTION].plain}." in found.why

    def test_a_decisive_one_that_is_missing_weighs_heavily_and_is_said_first(self):
        job = make_job(competences={PLANNING: Asked(), ATTENTION: Asked(DECISIVE)})
        found = score(job, make_person(competences={PLANNING: STRONG}))
        first, name = found.parts[0], competences()[ATTENTION].plain
        assert (first.verdict, first.points) == ("decisive", 5)
        assert first.why.startswith(f"Doorslaggevend, en ontbreekt: {name}.")
        assert found.short.startswith(f"mist wat doorslaggevend is: {name}")

    def test_a_decisive_one_that_can_be_learned_is_no_reason_to_stop(self):
        job = make_job(competences={PLANNING: Asked(), ATTENTION: Asked(DECISIVE, learnable=True)})
        assert part(job, make_person(competences={PLANNING: STRONG}), "Competences").verdict == "fits"


class TestParts:
    @pytest.mark.parametrize(
        ("hours", "points", "why"),
        [
            (12, 20, "Alle 12 uur per week passen. Deze persoon wil 12 tot 24 uur."),
            (32, 15, "24 van de 32 uur per week passen. Maar deze persoon wil 12 tot 24 uur."),
            (6, 10, "Alle 6 uur per week passen. Maar deze persoon wil 12 tot 24 uur."),
        ],
    )
    def test_hours(self, hours, points, why):
        found = part(make_job(hours=hours), make_person(), "Hours and days")
        assert (found.points, found.why) == (points, why)

    def test_days_take_their_hours_along(self):
        found = part(make_job(), make_person(days=frozenset({"di"})), "Hours and days")
        assert (found.points, found.short) == (10, "8 van de 16 uur passen")
        assert "Niet op maandag." in found.why
        assert part(make_job(), make_person(days=frozenset({"zo"})), "Hours and days").points == 0

    def test_hours_are_told_in_halves_and_never_as_more_than_fit(self):
        job = make_job(hours=20, days=frozenset({"ma", "di", "wo"}))
        found = part(job, make_person(days=frozenset({"ma", "di"})), "Hours and days")
        assert found.short == "13 van de 20 uur passen"

    def test_days_that_are_not_known_cost_a_little(self):
        found = part(make_job(days=frozenset()), make_person(), "Hours and days")
        assert (found.points, found.verdict) == (15, "fits")
        assert "De dagen zijn nog niet bekend." in found.why

    @pytest.mark.parametrize(
        ("free", "points", "verdict"),
        [
            ((time(8), time(18)), 10, "fits"),
            ((None, time(17)), 10, "fits"),
            ((time(9), time(13)), 5, "fits"),
            ((time(15), None), 2, "mind"),
            ((time(18), time(22)), 0, "mind"),
            ((None, None), 5, "unknown"),
        ],
    )
    def test_times_of_day(self, free, points, verdict):
        found = part(make_job(), make_person(from_time=free[0], until_time=free[1]), "Times of day")
        assert (found.points, found.verdict) == (points, verdict)

    def test_work_that_may_be_done_at_any_time_between_two_fits_in_a_part_of_it(self):
        job = make_job(hours=8, from_time=time(8), until_time=time(18))
        assert part(job, make_person(from_time=time(9), until_time=time(13)), "Times of day").points == 10

    @pytest.mark.parametrize(("travel", "points", "verdict"), [(30, 20, "fits"), (15, 7, "mind"), (5, 0, "mind")])
    def test_distance_counts_against_how_far_somebody_travels(self, travel, points, verdict):
        found = part(make_job(position=ROTTERDAM), make_person(travel_km=travel), "Distance")
        assert (found.points, found.verdict, found.short) == (points, verdict, "19 km")

    def test_other_work_than_before_is_no_reason_to_turn_somebody_down(self):
        found = part(make_job(text="Tuinen onderhouden"), make_person(), "Work")
        assert (found.points, found.verdict) == (3, "mind")

    def test_work_is_told_in_the_words_of_the_job(self):
        person = make_person(work_words=as_kept("Facturist bij een groothandel"))
        assert part(make_job(), person, "Work").why == "Deed dit eerder of is er goed in: facturen."


class TestEdges:
    def test_weights_that_are_all_the_same_count_the_same(self):
        shares = set()
        for weight in (1, 2, 3):
            job = make_job(competences={PLANNING: Asked(weight, True), ATTENTION: Asked(weight, True)})
            shares.add(part(job, make_person(competences={PLANNING: STRONG}), "Competences").points)
        assert len(shares) == 1

    def test_gaps_that_can_all_be_learned_keep_nobody_out(self):
        job = make_job(competences={PLANNING: Asked(DECISIVE, True), ATTENTION: Asked(1, True)})
        found = part(job, make_person(competences={"24100": STRONG}), "Competences")
        assert (found.points, found.verdict) == (24, "fits")
        assert found.why.startswith("0 van de 2 gevraagde competenties. Kan hier geleerd worden: plannen")

    def test_of_whom_nothing_is_known_lacks_no_more_than_who_has_other_competences(self):
        job = make_job(competences={PLANNING: Asked(2, True)})
        unknown, other = make_person(competences={}), make_person(competences={"24100": STRONG})
        assert part(job, unknown, "Competences").points == part(job, other, "Competences").points
        assert part(job, unknown, "Competences").verdict == "unknown"

    @pytest.mark.parametrize("hours", [None, 0])
    def test_hours_that_are_not_there_are_unknown(self, hours):
        found = part(make_job(hours=hours, from_time=None), make_person(), "Hours and days")
        assert (found.points, found.verdict) == (10, "unknown")
        assert part(make_job(hours=hours), make_person(), "Times of day").verdict == "fits"

    def test_somebody_who_can_work_no_hours_fits_none_of_them(self):
        found = part(make_job(), make_person(hours_min=0, hours_max=0), "Hours and days")
        assert (found.points, found.short) == (0, "0 van de 16 uur passen")

    def test_days_that_somebody_did_not_name_are_no_reason_against_them(self):
        found = part(make_job(), make_person(days=frozenset()), "Hours and days")
        assert (found.points, found.verdict) == (15, "fits")
        assert "De dagen van deze werkzoekende zijn niet bekend." in found.why

    @pytest.mark.parametrize(("of_job", "of_person"), [(None, DORDRECHT), (DORDRECHT, None), (None, None)])
    def test_a_postcode_that_is_not_known_counts_half(self, of_job, of_person):
        found = part(make_job(position=of_job), make_person(position=of_person), "Distance")
        assert (found.points, found.verdict, found.short) == (10, "unknown", "")

    def test_who_travels_nowhere_fits_only_next_door(self):
        assert part(make_job(), make_person(travel_km=0), "Distance").verdict == "fits"
        assert part(make_job(position=ROTTERDAM), make_person(travel_km=0), "Distance").points == 0


class TestFingerprint:
    def test_changes_with_what_counts_and_with_nothing_else(self):
        before = fingerprint(make_job(), make_person())
        assert before == fingerprint(make_job(), make_person())
        assert before != fingerprint(make_job(hours=20), make_person())
        assert before != fingerprint(make_job(), make_person(competences={PLANNING: 2, ATTENTION: STRONG}))
        assert before != fingerprint(make_job(competences={PLANNING: Asked(3), ATTENTION: Asked()}), make_person())

    def test_does_not_depend_on_the_order_of_reading(self):
        turned = dict(reversed(list(make_person().competences.items())))
        assert fingerprint(make_job(), make_person()) == fingerprint(make_job(), make_person(competences=turned))


class TestKilometres:
    def test_from_rotterdam_to_dordrecht(self):
        assert kilometres(ROTTERDAM, DORDRECHT) == pytest.approx(18.9, abs=0.3)

    @given(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), st.tuples(st.floats(-90, 90), st.floats(-180, 180)))
    def test_is_the_same_both_ways_and_at_most_half_the_world(self, here, there):
        assert kilometres(here, there) == pytest.approx(kilometres(there, here))
        assert 0 <= kilometres(here, there) <= 20_038
