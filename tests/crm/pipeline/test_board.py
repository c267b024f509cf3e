"""The board: the first cards of each stage, what is counted, and what somebody may not read."""

from datetime import timedelta

import pytest

from crm.core.clock import now
from crm.core.errors import NotAllowed
from crm.pipeline.board import CARDS_PER_STAGE, choices, stage_board
from crm.pipeline.inputs import BoardFilters
from crm.pipeline.models import Pipeline, Stage
from crm.pipeline.stages import stages
from tests.conftest import make_company, make_job, statements_of


def column(board, stage):
    return next(one for one in board if one.stage is stage)


def titles(board, stage=Stage.SIGNAL):
    return [card.title for card in column(board, stage).cards]


def days_ago(number):
    return now() - timedelta(days=number)


class TestStageBoard:
    @pytest.mark.parametrize("pipeline", Pipeline)
    def test_has_every_stage_of_its_kind_in_order_also_when_empty(self, session, caller, pipeline):
        board = stage_board(session, caller, BoardFilters(pipeline=pipeline))
        assert [one.stage for one in board] == stages(pipeline)
        assert all((one.cards, one.total, one.stale) == ([], 0, 0) for one in board)

    def test_shows_the_longest_waiting_first_and_counts_the_rest(self, session, caller):
        for days in (1, 30, 3):
            make_job(session, title=f"{days} dagen", stage_since=days_ago(days))
        found = column(stage_board(session, caller, shown={Stage.SIGNAL: 2}), Stage.SIGNAL)
        assert [card.title for card in found.cards] == ["30 dagen", "3 dagen"]
        assert (found.total, found.stale) == (3, 1)
        assert [(card.waiting.days, card.is_stale) for card in found.cards] == [(30, True), (3, False)]

    @pytest.mark.parametrize("stage", [Stage.LOST, Stage.AFTERCARE])
    def test_shows_what_has_ended_the_newest_first_and_never_as_standing_still(self, session, caller, stage):
        for days in (30, 1, 40):
            make_job(session, title=f"{days} dagen", stage=stage, stage_since=days_ago(days))
        found = column(stage_board(session, caller, shown={stage: 2}), stage)
        assert [card.title for card in found.cards] == ["1 dagen", "30 dagen"]
        assert (found.total, found.stale) == (3, 0)

    def test_counts_a_stage_of_which_nothing_is_shown(self, session, caller):
        make_job(session, stage=Stage.LOST)
        found = column(stage_board(session, caller, shown={Stage.LOST: 0}), Stage.LOST)
        assert (found.cards, found.total) == ([], 1)

    def test_shows_so_many_at_first(self, session, caller):
        for _number in range(CARDS_PER_STAGE + 1):
            make_job(session)
        assert len(titles(stage_board(session, caller))) == CARDS_PER_STAGE

    def test_each_kind_of_work_has_a_board_of_its_own(self, session, caller):
        make_job(session, title="Overname", pipeline=Pipeline.TAKEOVER)
        make_job(session, title="Werk")
        assert titles(stage_board(session, caller)) == ["Werk"]
        assert titles(stage_board(session, caller, BoardFilters(pipeline=Pipeline.TAKEOVER))) == ["Overname"]

    def test_all_kinds_together_have_every_stage_and_end_each_at_its_own(self, session, caller):
        for pipeline in (Pipeline.WORK, Pipeline.ODD_JOB):
            make_job(session, title=pipeline.value, pipeline=pipeline, stage=Stage.PLACED, stage_since=days_ago(20))
        board = stage_board(session, caller, BoardFilters(pipeline=None))
        assert [one.stage for one in board] == list(Stage)
        assert sorted(titles(board, Stage.PLACED)) == ["odd_job", "work"]
        assert column(board, Stage.PLACED).stale == 1  # work goes on with aftercare, an odd job is there
        assert choices(session, caller).running == dict.fromkeys(Pipeline, 0) | {Pipeline.WORK: 1}

    def test_is_two_queries_whatever_the_number_of_jobs(self, session, caller):
        for stage in Stage:
            make_job(session, stage=stage)
            make_job(session, stage=stage)
        with statements_of(session) as statements:
            stage_board(session, caller, BoardFilters(text="a", town="Dordrecht"))
        assert len(statements) == 2

    @pytest.mark.parametrize(
        "filters", [{"text": "tuin"}, {"text": "JANSEN"}, {"town": "Papendrecht"}, {"owner": "mine"}]
    )
    def test_filters(self, session, caller, filters):
        company = make_company(session, name="Hoveniersbedrijf Jansen", town="Papendrecht")
        make_job(session, title="Tuinen onderhouden", company_id=company.id, owner_id=caller.id)
        make_job(session, title="Inpakken")
        board = stage_board(session, caller, BoardFilters(**filters))
        assert titles(board) == ["Tuinen onderhouden"]
        assert column(board, Stage.SIGNAL).total == 1

    def test_filters_by_whose_it_is(self, session, caller, coach):
        make_job(session, title="Van niemand")
        make_job(session, title="Van de coach", owner_id=coach.id)
        assert titles(stage_board(session, caller, BoardFilters(owner="nobody"))) == ["Van niemand"]
        assert titles(stage_board(session, caller, BoardFilters(owner=coach.id))) == ["Van de coach"]

    def test_shows_only_what_stands_still_when_asked(self, session, caller):
        make_job(session, title="Oud", stage_since=days_ago(20))
        make_job(session, title="Nieuw")
        make_job(session, title="Voorbij", stage=Stage.LOST, stage_since=days_ago(20))
        board = stage_board(session, caller, BoardFilters(stale=True))
        assert [card.title for one in board for card in one.cards] == ["Oud"]

    def test_a_percent_sign_is_just_a_character(self, session, caller):
        make_job(session, title="50% kantoor")
        make_job(session, title="Inpakken")
        assert titles(stage_board(session, caller, BoardFilters(text="%"))) == ["50% kantoor"]


class TestWhatAViewerSees:
    def test_the_trade_and_the_town_instead_of_a_name(self, session, viewer, coach):
        company = make_company(session, name="Bakkerij Jansen B.V.", town="Sliedrecht", sbi_code="10710")
        make_job(session, title="Inkoop bij Jansen", company_id=company.id, owner_id=coach.id)
        (card,) = column(stage_board(session, viewer), Stage.SIGNAL).cards
        assert "Jansen" not in card.employer
        assert card.employer
        assert (card.title, card.town, card.owner) == ("Inkoop bij …", "Sliedrecht", "")

    def test_a_company_without_a_trade_has_no_name_either(self, session, viewer):
        make_job(session, company_id=make_company(session, name="Jansen", sbi_code=None).id)
        (card,) = column(stage_board(session, viewer), Stage.SIGNAL).cards
        assert "Jansen" not in card.employer

    @pytest.mark.parametrize("filters", [{"text": "Jansen"}, {"owner": 1}, {"owner": "mine"}])
    def test_looking_for_a_name_is_refused_as_an_answer_would_tell_it(self, session, viewer, filters):
        with pytest.raises(NotAllowed):
            stage_board(session, viewer, BoardFilters(**filters))

    def test_nobody_to_choose_from(self, session, viewer, coach):
        make_job(session, owner_id=coach.id)
        assert choices(session, viewer).owners == {}


class TestChoices:
    def test_towns_and_people_with_jobs_once_and_what_is_running(self, session, caller, coach):
        make_company(session, town="Zwijndrecht")
        for pipeline in (Pipeline.WORK, Pipeline.TAKEOVER):
            company = make_company(session, town="Sliedrecht")
            make_job(session, company_id=company.id, owner_id=coach.id, pipeline=pipeline)
        make_job(session, stage=Stage.LOST, company_id=company.id, stage_since=days_ago(20))
        make_job(session, stage_since=days_ago(20), company_id=company.id, pipeline=Pipeline.ODD_JOB)
        found = choices(session, caller)
        assert found.towns == ["Sliedrecht"]
        assert found.owners == {coach.id: coach.name}
        assert found.running == {
            Pipeline.WORK: 1,
            Pipeline.LOOK_ALONG: 0,
            Pipeline.TAKEOVER: 1,
            Pipeline.ODD_JOB: 1,
        }
        assert found.stale == dict.fromkeys(Pipeline, 0) | {Pipeline.ODD_JOB: 1}
