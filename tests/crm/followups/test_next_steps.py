"""The one next step of each company."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from crm.companies.words import index_company
from crm.core.clock import now
from crm.core.errors import NotAllowed
from crm.followups.models import FollowUpKind, FollowUpStatus
from crm.followups.next_steps import StepFilter, companies_by_step, next_steps

HOUR = timedelta(hours=1)


@pytest.fixture
def companies(session, caller, coach, make_company, make_follow_up):
    """By what is planned there: late for the caller, later for the team, later for the coach, nothing, stopped."""
    names = ("late", "team", "coach", "nothing", "stopped")
    made = {name: make_company(name=f"Bedrijf {name}", name_key=f"bedrijf {name}") for name in names}
    made["stopped"].stopped_at = now()
    for company in made.values():
        index_company(session, company)
    info = FollowUpKind.SEND_INFO
    make_follow_up(company_id=made["late"].id, owner_id=caller.id, due_at=now() - HOUR, kind=info)
    make_follow_up(company_id=made["late"].id, due_at=now() + HOUR, note="komt daarna")
    make_follow_up(company_id=made["team"].id, due_at=now() + 2 * HOUR)
    make_follow_up(company_id=made["team"].id, due_at=now() - HOUR, status=FollowUpStatus.DONE)
    make_follow_up(company_id=made["coach"].id, owner_id=coach.id, due_at=now() + HOUR, kind=info)
    make_follow_up(owner_id=caller.id, due_at=now() - HOUR)
    return made


def names(found):
    return [row.company.name.removeprefix("Bedrijf ") for row in found.rows]


class TestBesideACompany:
    def test_is_the_first_that_is_open_with_who_does_it(self, session, caller, coach, companies):
        found = next_steps(session, caller, [company.id for company in companies.values()])
        told = {name: found[company.id] for name, company in companies.items() if company.id in found}
        assert {name: (step.owner, step.is_late) for name, step in told.items()} == {
            "late": (caller.name, True),
            "team": ("", False),
            "coach": (coach.name, False),
        }
        assert told["late"].follow_up.note == ""

    def test_takes_one_statement_however_many_there_are(self, session, caller, companies):
        seen = []
        event.listen(session.get_bind(), "after_cursor_execute", lambda *args: seen.append(args[2]))
        next_steps(session, caller, [company.id for company in companies.values()])
        assert len(seen) == 1

    def test_of_no_company_there_is_none(self, session, caller):
        assert next_steps(session, caller, []) == {}

    def test_is_not_for_viewers(self, session, viewer):
        with pytest.raises(NotAllowed):
            next_steps(session, viewer, [1])


class TestCompaniesByStep:
    @pytest.mark.parametrize(
        ("which", "expected"),
        [
            (StepFilter.PLANNED, ["late", "coach", "team"]),
            (StepFilter.LATE, ["late"]),
            (StepFilter.MINE, ["late"]),
            (StepFilter.TEAM, ["team"]),
            (StepFilter.NONE, ["nothing"]),
        ],
    )
    def test_come_in_the_order_of_their_moment(self, session, caller, companies, which, expected):
        found = companies_by_step(session, caller, which)
        assert (names(found), found.total, found.more) == (expected, len(expected), False)

    def test_of_one_kind_when_that_is_the_next_one(self, session, caller, companies):
        assert names(companies_by_step(session, caller, StepFilter.PLANNED, kind=FollowUpKind.OTHER)) == ["team"]

    def test_with_a_text_among_those_that_have_it(self, session, caller, companies):
        assert names(companies_by_step(session, caller, StepFilter.PLANNED, text="coach")) == ["coach"]
        assert names(companies_by_step(session, caller, StepFilter.NONE, text="coach")) == []

    @pytest.fixture
    def bakers(self, session, caller, make_company, make_follow_up, monkeypatch):
        """More than a search shows: three of the team, one without a step, three that stopped and one of the caller."""
        for module in ("crm.companies.search", "crm.followups.next_steps"):
            monkeypatch.setattr(f"{module}.MOST", 2)
        made = [make_company(name=f"Bakker {n}", name_key=f"bakker {n}", postcode=f"331{n}AB") for n in range(8)]
        for company in made:
            index_company(session, company)
        for company in made[4:7]:
            company.stopped_at = now()
        for company in made[:3]:
            make_follow_up(company_id=company.id, due_at=now() + HOUR)
        make_follow_up(company_id=made[7].id, owner_id=caller.id, due_at=now() - HOUR)

    @pytest.mark.parametrize("text", ["bakker", "b", "bakker 7", "3317"])
    @pytest.mark.parametrize("which", [StepFilter.LATE, StepFilter.MINE])
    def test_with_a_text_also_beyond_what_a_search_shows(self, session, caller, bakers, text, which):
        found = companies_by_step(session, caller, which, text=text)
        assert ([row.company.name for row in found.rows], found.instead) == (["Bakker 7"], "")

    @pytest.mark.parametrize(
        ("which", "expected", "more"),
        [(StepFilter.NONE, ["Bakker 3"], False), (StepFilter.TEAM, ["Bakker 0", "Bakker 1"], True)],
    )
    def test_with_a_slip_in_the_text_too(self, session, caller, bakers, which, expected, more):
        found = companies_by_step(session, caller, which, text="bakkre")
        assert ([row.company.name for row in found.rows], found.instead, found.more) == (expected, "bakker", more)

    def test_a_text_that_companies_have_is_right_also_when_none_of_them_fits(
        self, session, caller, companies, make_company
    ):
        index_company(session, make_company(name="Bedrijf teak", name_key="bedrijf teak"))  # one slip away
        found = companies_by_step(session, caller, StepFilter.NONE, text="team")
        assert (names(found), found.instead) == ([], "")

    def test_come_in_pages(self, session, caller, companies):
        pages = [companies_by_step(session, caller, StepFilter.PLANNED, page=n, page_size=2) for n in (1, 2)]
        assert [names(page) for page in pages] == [["late", "coach"], ["team"]]

    def test_are_not_for_viewers(self, session, viewer):
        with pytest.raises(NotAllowed):
            companies_by_step(session, viewer, StepFilter.LATE)

    def test_among_many_an_index_gives_the_order(self, session, caller, companies):
        if session.get_bind().dialect.name != "sqlite":
            pytest.skip("PostgreSQL chooses by how many rows there are")
        seen = []
        event.listen(session.get_bind(), "before_cursor_execute", lambda *args: seen.append(args[2:4]))
        companies_by_step(session, caller, StepFilter.PLANNED)
        statement, values = seen[0]
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
        told = " ".join(str(row) for row in plan)
        assert "ix_follow_up_status_due_at_id" in told
        assert "TEMP B-TREE" not in told
