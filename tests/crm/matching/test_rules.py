from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.matching.rules import CandidateFacts, JobFacts, kilometres, score, shared_words
from crm.reference.days import Day
from crm.reference.queries import competences

ROTTERDAM, DORDRECHT = (51.9225, 4.4792), (51.8133, 4.6901)

codes = st.frozensets(st.sampled_from(sorted(competences())), max_size=8)
days = st.frozensets(st.sampled_from([day.value for day in Day]))
positions = st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180))
jobs = st.builds(
    JobFacts,
    competences=codes,
    hours=st.none() | st.floats(0, 60),
    days=days,
    position=positions,
    text=st.text(max_size=80),
)
people = st.builds(
    CandidateFacts,
    competences=codes,
    hours_min=st.integers(0, 30),
    hours_max=st.integers(30, 60),
    days=days,
    position=positions,
    travel_km=st.integers(0, 200),
    text=st.text(max_size=80),
)


def make_job(**overrides):
    facts = {
        "competences": frozenset({"24118", "24120"}),
        "hours": 16,
        "days": frozenset({"ma", "di"}),
        "position": DORDRECHT,
        "text": "Facturen inboeken, administratie",
    }
    return JobFacts(**(facts | overrides))


def make_person(**overrides):
    facts = {
        "competences": frozenset({"24118", "24120"}),
        "hours_min": 12,
        "hours_max": 24,
        "days": frozenset({"ma", "di", "wo"}),
        "position": DORDRECHT,
        "travel_km": 15,
        "text": "administratief medewerker, facturen, inboeken",
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

    @given(jobs, people, codes)
    def test_more_of_the_competences_asked_is_never_worse(self, job, person, more):
        having = replace(person, competences=person.competences | more)
        if person.competences:
            assert score(job, having).total >= score(job, person).total

    def test_nothing_about_age_sex_origin_or_health_can_count(self):
        known = {field.name for facts in (JobFacts, CandidateFacts) for field in fields(facts)}
        assert known == {
            "competences", "hours", "hours_min", "hours_max", "days", "position", "travel_km", "text",
        }  # fmt: skip


class TestParts:
    def test_names_the_competences_that_fit(self):
        found = part(make_job(), make_person(competences=frozenset({"24118"})), "Competences")
        assert (found.points, found.verdict) == (18, "fits")
        assert "plannen en organiseren" in found.why

    @pytest.mark.parametrize(
        ("hours", "verdict"), [(12, "fits"), (24, "fits"), (25, "mind"), (4, "mind"), (60, "mind")]
    )
    def test_hours(self, hours, verdict):
        assert part(make_job(hours=hours), make_person(), "Hours").verdict == verdict

    def test_a_few_hours_too_many_is_better_than_many(self):
        points = [part(make_job(hours=hours), make_person(), "Hours").points for hours in (24, 28, 60)]
        assert points == sorted(points, reverse=True)
        assert points[-1] == 0

    def test_days(self):
        assert part(make_job(), make_person(days=frozenset({"di"})), "Days").points == 8
        assert part(make_job(), make_person(days=frozenset({"zo"})), "Days").points == 0

    @pytest.mark.parametrize(("travel", "points"), [(30, 20), (15, 7), (5, 0)])
    def test_distance_counts_against_how_far_somebody_travels(self, travel, points):
        found = part(make_job(position=ROTTERDAM), make_person(travel_km=travel), "Distance")
        assert found.points == points
        assert "19 km" in found.why

    def test_other_work_than_before_is_no_reason_to_turn_somebody_down(self):
        found = part(make_job(text="Tuinen onderhouden"), make_person(), "Work")
        assert (found.points, found.verdict) == (3, "mind")


class TestKilometres:
    def test_from_rotterdam_to_dordrecht(self):
        assert kilometres(ROTTERDAM, DORDRECHT) == pytest.approx(18.9, abs=0.3)

    @given(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), st.tuples(st.floats(-90, 90), st.floats(-180, 180)))
    def test_is_the_same_both_ways_and_at_most_half_the_world(self, here, there):
        assert kilometres(here, there) == pytest.approx(kilometres(there, here))
        assert 0 <= kilometres(here, there) <= 20_038


class TestSharedWords:
    def test_finds_the_beginning_of_a_longer_word(self):
        assert shared_words("magazijnmedewerker", "orders picken in het magazijn") == ["magazijnmedewerker"]

    def test_takes_no_notice_of_accents_and_short_words(self):
        assert shared_words("financiële administratie", "de FINANCIELE kant") == ["financiele"]
        assert shared_words("in de zorg", "in de bouw") == []
