"""A call list from one job seeker: which trades, how far, and nothing about the person."""

import pytest
from sqlmodel import Session

from crm.access.actor import Actor
from crm.calling import lists
from crm.calling.inputs import LONGEST_POSTCODES, ListFilters, postcode_ranges
from crm.candidates.models import Candidate
from crm.core.clock import now
from crm.core.errors import NotAllowed, NotFound
from crm.matching.call_lists import MOST_RANGES, as_ranges, list_for, suggestion
from crm.reference.queries import competences, postcode_areas, sbi
from crm.reference.work_fields import competence_trades, work_fields
from tests.conftest import make_candidate, make_company


def person(*trades: str, **fields: object) -> Candidate:
    return Candidate(name="Ria Jansen", trades=list(trades), **fields)


class TestTrades:
    @pytest.mark.parametrize(
        ("work", "codes"),
        [
            ("Bakker", {"1071", "4724"}),
            ("Vrachtwagenchauffeur", {"49", "52", "53"}),
            ("CV-monteur", {"432", "33", "953", "952"}),
            ("Planner", {"25", "43", "49", "52"}),
            ("Secretaresse", {"66", "68", "69", "82", "86"}),
        ],
    )
    def test_follow_from_the_work_somebody_did(self, work: str, codes: set[str]) -> None:
        assert set(suggestion(person(work), []).filters.trades) == codes

    def test_follow_from_competences_when_several_point_there(self) -> None:
        found = suggestion(person(), ["24104", "24102"])  # attention, coaching: social work
        assert found.filters.trades == ("88",)
        assert "aandacht en begrip tonen" in found.reasons[0]
        assert suggestion(person(), ["24104"]).filters.trades == ()

    def test_are_not_named_twice(self) -> None:
        found = suggestion(person("Verpleegkundige"), ["24104", "24102"])
        assert found.filters.trades == ("86", "87", "88")

    def test_are_all_when_nothing_is_known_and_it_says_so(self) -> None:
        found = suggestion(person("Avonturier"), [])
        assert found.filters.trades == ()
        assert "alle branches" in found.reasons[0]

    def test_the_reference_data_fits_together(self) -> None:
        codes = {code for field in work_fields() for code in field.sbi}
        codes |= {code for trades in competence_trades().values() for code in trades}
        assert not {code for code in codes if sbi(code) is None}
        assert competence_trades().keys() <= competences().keys()


class TestReach:
    def test_is_what_lies_within_the_distance(self) -> None:
        near = suggestion(person(postcode="3311AB", travel_km=5), []).filters.postcodes
        assert covers(near, "3311")
        assert not covers(near, "4811")
        assert covers(suggestion(person(postcode="3311AB", travel_km=40), []).filters.postcodes, "4811")

    def test_is_the_whole_country_when_the_place_is_unknown(self) -> None:
        found = suggestion(person(), [])
        assert found.filters.postcodes == ""
        assert any("heel Nederland" in reason for reason in found.reasons)

    @pytest.mark.parametrize("km", [1, 15, 60, 200])
    def test_fits_the_filter_of_a_list_however_far(self, km: int) -> None:
        for code in ("3311AB", "9901AA", "1012AB", "6211AA"):
            postcodes = suggestion(person(postcode=code, travel_km=km), []).filters.postcodes
            assert len(postcodes) <= LONGEST_POSTCODES
            assert len(postcode_ranges(postcodes)) <= MOST_RANGES

    def test_very_many_separate_areas_are_joined_and_none_is_lost(self) -> None:
        every_second = {area.code for area in postcode_areas()[::2]}
        ranges = as_ranges(every_second)
        assert len(postcode_ranges(ranges)) <= MOST_RANGES
        assert all(covers(ranges, code) for code in every_second)


def covers(postcodes: str, code: str) -> bool:
    return any(first <= code <= last for first, last in postcode_ranges(postcodes))


class TestListFor:
    def test_gives_a_choice_that_finds_fitting_companies(self, session: Session, coordinator: Actor) -> None:
        baker = make_candidate(session, trades=["Bakker"], competences=[], travel_km=10)
        make_company(session, name="ja", sbi_code="10710")
        make_company(session, name="andere branche", sbi_code="41000")
        make_company(session, name="te ver", sbi_code="10710", postcode="9711AA")
        make_company(session, name="te groot", sbi_code="10710", staff_min=300)
        make_company(session, name="al gebeld", sbi_code="10710", last_called_at=now())
        found = list_for(session, coordinator, baker.id)
        assert lists.preview(session, coordinator, found.filters).callable == 1

    def test_tells_nothing_about_the_person(self, session: Session, coordinator: Actor) -> None:
        ria = make_candidate(session, name="Ria Jansen", trades=["Bakker"], strengths="Heel vroeg op")
        found = list_for(session, coordinator, ria.id)
        told = f"{found.name} {found.filters}"
        assert found.name == "Voor één werkzoekende: bakkerij"
        assert not [word for word in ("Ria", "Jansen", "Heel vroeg", "3311AB", "Dordrecht") if word in told]
        assert isinstance(found.filters, ListFilters)

    def test_asks_who_may_make_lists_and_see_job_seekers(self, session: Session, coach: Actor, caller: Actor) -> None:
        ria = make_candidate(session)
        for actor in (coach, caller):
            with pytest.raises(NotAllowed):
                list_for(session, actor, ria.id)

    def test_somebody_who_does_not_exist_is_not_found(self, session: Session, coordinator: Actor) -> None:
        with pytest.raises(NotFound):
            list_for(session, coordinator, 404_404)
