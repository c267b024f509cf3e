"""Nothing about age, sex, origin or health enters: all but a few columns can say anything, and nothing changes."""

from dataclasses import asdict

from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.candidates.models import Candidate
from crm.companies.models import Company
from crm.core.db import table_of
from crm.core.models import Record
from crm.matching.facts import Asked, fingerprint
from crm.matching.queries import candidate_facts, facts_of, suggestions
from crm.matching.rules import score
from crm.pipeline.models import HiddenJob
from crm.reference.work_words import as_kept
from tests.conftest import make_candidate, make_job

COUNTS: dict[type[Record], set[str]] = {
    Candidate: {
        "hours_min", "hours_max", "days", "from_time", "until_time", "latitude", "longitude", "travel_km", "work_words",
    },
    HiddenJob: {"title", "tasks", "must_have", "learnable", "hours_per_week", "days", "from_time", "until_time"},
    Company: {"latitude", "longitude"},
}  # fmt: skip
LEVELS, ASKED = {"24118": 3, "24119": 1}, {"24118": Asked(3), "24120": Asked(1, learnable=True)}
PLACE = {"latitude": 51.81, "longitude": 4.67}

told = st.sampled_from(["vrouw", "58 jaar", "Marokkaans", "reuma", "jong", True, False, None, 1968, ["burn-out"]])
other_columns = {
    model: st.fixed_dictionaries(
        {column.name: told | st.text(max_size=20) for column in table_of(model).columns if column.name not in counts}
    )
    for model, counts in COUNTS.items()
}


def person(**others: object) -> Candidate:
    counting = {"hours_min": 12, "hours_max": 24, "days": ["ma"], "travel_km": 15}
    return Candidate(**others | counting | PLACE | {"work_words": as_kept("kassa, magazijn")})


def job(**others: object) -> HiddenJob:
    written = {"title": "Kassa", "tasks": "Kassa draaien", "must_have": "", "learnable": "magazijn"}
    return HiddenJob(**others | written | {"hours_per_week": 16.0, "days": ["ma", "di"]})


def company(**others: object) -> Company:
    return Company(**others | PLACE)


def told_of(someone: Candidate, work: HiddenJob, employer: Company) -> tuple[object, str, str]:
    both = facts_of(work, employer, ASKED), candidate_facts(someone, LEVELS)
    found = score(*both)
    return asdict(found), found.short, fingerprint(*both)


class TestAllOtherColumns:
    @given(other_columns[Candidate])
    def test_of_a_job_seeker_can_say_anything(self, others: dict[str, object]) -> None:
        assert told_of(person(**others), job(), company()) == told_of(person(), job(), company())

    @given(other_columns[HiddenJob], other_columns[Company])
    def test_of_a_job_and_its_employer_too(self, of_job: dict[str, object], of_company: dict[str, object]) -> None:
        assert told_of(person(), job(**of_job), company(**of_company)) == told_of(person(), job(), company())

    def test_are_all_but_these_and_each_of_these_counts(self) -> None:
        other = {
            "hours_min": 40, "hours_max": 4, "days": ["zo"], "from_time": None, "until_time": None, "latitude": None,
            "longitude": None, "travel_km": 0, "work_words": "",
        }  # fmt: skip
        assert other.keys() == COUNTS[Candidate]
        before = told_of(person(), job(), company())
        for name in other.keys() - {"from_time", "until_time"}:
            changed = person()
            setattr(changed, name, other[name])
            assert told_of(changed, job(), company()) != before, name


class TestEquals:
    def test_have_the_same_points_whatever_they_are_called_and_none_is_always_first(
        self, session: Session, coach: Actor
    ) -> None:
        anna, zofia = make_candidate(session, name="Anna Aalders"), make_candidate(session, name="Zofia Żak")
        firsts = set()
        for number in range(12):
            work = make_job(session, title=f"Administratie {number}")
            one, other = suggestions(session, coach, work.id)
            assert one.score == other.score
            firsts.add(one.candidate.id)
            assert suggestions(session, coach, work.id, limit=1)[0].candidate.id == one.candidate.id
        assert firsts == {anna.id, zofia.id}
