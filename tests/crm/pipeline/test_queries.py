from datetime import timedelta

import pytest

from crm.core.clock import now
from crm.core.errors import NotAllowed, NotFound
from crm.pipeline.inputs import BoardFilters
from crm.pipeline.models import Stage
from crm.pipeline.queries import job_card, jobs_of_company, stage_board, towns
from crm.pipeline.services import move
from tests.conftest import make_company, make_job, statements_of


def column(board, stage):
    return next(one for one in board if one.stage is stage)


def titles(board, stage):
    return [card.title for card in column(board, stage).cards]


class TestStageBoard:
    def test_has_every_stage_in_order_also_when_empty(self, session, caller):
        board = stage_board(session, caller)
        assert [one.stage for one in board] == list(Stage)
        assert all(one.total == 0 for one in board)

    def test_shows_the_longest_waiting_first_and_counts_the_rest(self, session, caller):
        for days in (1, 30, 3):
            make_job(session, title=f"{days} dagen", stage_since=now() - timedelta(days=days))
        board = stage_board(session, caller, limit=2)
        assert titles(board, Stage.SIGNAL) == ["30 dagen", "3 dagen"]
        assert column(board, Stage.SIGNAL).total == 3
        assert [card.is_stale for card in column(board, Stage.SIGNAL).cards] == [True, False]
        assert column(board, Stage.SIGNAL).cards[0].days_here == 30

    def test_shows_what_has_ended_the_newest_first(self, session, caller):
        for days in (30, 1):
            make_job(session, title=f"{days} dagen", stage=Stage.LOST, stage_since=now() - timedelta(days=days))
        assert titles(stage_board(session, caller), Stage.LOST) == ["1 dagen", "30 dagen"]

    def test_is_one_query_whatever_the_number_of_jobs(self, session, caller):
        for _ in range(5):
            make_job(session)
        session.flush()
        with statements_of(session) as statements:
            stage_board(session, caller)
        assert len(statements) == 1

    @pytest.mark.parametrize(
        "filters",
        [{"text": "tuin"}, {"text": "JANSEN"}, {"town": "Papendrecht"}, {"mine": True}],
    )
    def test_filters(self, session, caller, filters):
        company = make_company(session, name="Hoveniersbedrijf Jansen", town="Papendrecht")
        make_job(session, title="Tuinen onderhouden", company_id=company.id, owner_id=caller.id)
        make_job(session, title="Inpakken")
        assert titles(stage_board(session, caller, BoardFilters(**filters)), Stage.SIGNAL) == ["Tuinen onderhouden"]

    def test_shows_only_what_stands_still_when_asked(self, session, caller):
        make_job(session, title="Oud", stage_since=now() - timedelta(days=20))
        make_job(session, title="Nieuw")
        make_job(session, title="Voorbij", stage=Stage.LOST, stage_since=now() - timedelta(days=20))
        board = stage_board(session, caller, BoardFilters(stale=True))
        assert [card.title for one in board for card in one.cards] == ["Oud"]

    def test_a_percent_sign_is_just_a_character(self, session, caller):
        make_job(session, title="50% kantoor")
        make_job(session, title="Inpakken")
        assert titles(stage_board(session, caller, BoardFilters(text="%")), Stage.SIGNAL) == ["50% kantoor"]

    def test_a_viewer_may_not_see_it(self, session, viewer):
        with pytest.raises(NotAllowed):
            stage_board(session, viewer)


class TestJobCard:
    def test_has_company_competences_and_who_moved_it_newest_first(self, session, coach):
        job = make_job(session, competences=["24120"])
        move(session, coach, job.id, Stage.EXPLORED, version=1)
        move(session, coach, job.id, Stage.PROFILED, version=None)
        card = job_card(session, coach, job.id)
        assert card.company.id == job.company_id
        assert card.competences == ["24120"]
        assert [(change.to_stage, name) for change, name in card.history] == [
            (Stage.PROFILED, coach.name),
            (Stage.EXPLORED, coach.name),
        ]

    def test_refuses_an_unknown_job(self, session, coach):
        with pytest.raises(NotFound):
            job_card(session, coach, 999_999)


def test_knows_what_was_found_at_a_company_before(session, caller):
    job = make_job(session)
    make_job(session)
    assert [one.id for one in jobs_of_company(session, caller, job.company_id)] == [job.id]


def test_lists_the_towns_with_hidden_jobs_once(session, caller):
    make_company(session, town="Zwijndrecht")
    for _ in range(2):
        make_job(session, company_id=make_company(session, town="Sliedrecht").id)
    assert list(towns(session, caller)) == ["Sliedrecht"]
