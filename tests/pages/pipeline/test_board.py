"""The board of hidden jobs and the same as a list."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from crm.access.permissions import Role
from crm.core.clock import now
from crm.followups.models import FollowUp, FollowUpKind
from crm.matching.models import Introduction
from crm.pipeline.board import CARDS_PER_STAGE
from crm.pipeline.models import Pipeline, Stage
from tests.conftest import make_candidate, make_company, make_job
from tests.pages.pipeline.building import board_of, column_of, drawn, save
from tests.pages.reading import texts


class TestBoard:
    def test_an_empty_board_says_where_jobs_come_from(self, visit, coach):
        screen = visit("pipeline", coach)
        assert not screen.exception
        assert "calls" in screen.info[0].value

    def test_a_choice_that_nothing_fits_says_so(self, visit, coach):
        save(make_job)
        assert "No hidden job fits" in visit("pipeline", coach, text="xyz").info[0].value

    def test_a_card_says_all_one_wants_to_know(self, visit, coach):
        def build(session: Session):
            company = make_company(session, name="Bakkerij Zus", town="Sliedrecht")
            job = make_job(session, company_id=company.id, owner_id=coach.id, stage_since=now() - timedelta(days=20))
            introduced = Introduction(job_id=job.id, candidate_id=make_candidate(session).id, made_by_id=coach.id)
            step = FollowUp(kind=FollowUpKind.CALLBACK, due_at=now() + timedelta(days=1), company_id=company.id)
            session.add_all([introduced, step])

        save(build)
        screen = visit("pipeline", coach)
        assert not screen.exception
        (card,) = column_of(screen, "signal")["cards"]
        assert card["employer"] == "Bakkerij Zus"
        assert card["place"] == "Sliedrecht · 16 hours · Mo Tu"
        assert (card["age"], card["level"]) == ("standing still for 20 days", "stale")
        assert card["people"] == "1 introduced"
        assert card["step"].startswith("Call back")
        assert card["owner"] == f"with {coach.name}"
        assert column_of(screen, "signal")["still"] == "1 stands still"

    def test_more_are_shown_when_asked_and_the_count_is_exact(self, visit, coach):
        save(lambda session: [make_job(session) for _number in range(CARDS_PER_STAGE + 2)])
        screen = visit("pipeline", coach)
        column = column_of(screen, "signal")
        assert (len(column["cards"]), column["total"], column["more"]) == (CARDS_PER_STAGE, 14, "2 more")
        screen.session_state["job-board-shown"] = {(Pipeline.WORK, Stage.SIGNAL): CARDS_PER_STAGE + 24}
        column = column_of(screen.run(), "signal")
        assert (len(column["cards"]), column["more"]) == (14, "")

    def test_what_is_chosen_stands_in_the_address(self, visit, dutch_coach):
        def build(session: Session):
            make_job(session, title="Oud", owner_id=dutch_coach.id, stage_since=now() - timedelta(days=20))
            make_job(session, title="Nieuw")
            make_job(session, title="Overname", pipeline=Pipeline.TAKEOVER)

        save(build)
        screen = visit("pipeline", dutch_coach, owner="mine", stale="1")
        assert [card["title"] for card in column_of(screen, "signal")["cards"]] == ["Oud"]
        screen.toggle(key="stale").set_value(False).run()
        screen.selectbox(key="owner").set_value(None).run()
        assert screen.query_params == {}
        screen.text_input(key="text").set_value("nie").run()
        assert screen.query_params["text"] == "nie"
        assert [card["title"] for card in column_of(screen, "signal")["cards"]] == ["Nieuw"]
        screen.text_input(key="text").set_value("").run()
        screen.button_group(key="pipeline").set_value(Pipeline.TAKEOVER).run()
        assert [card["title"] for card in column_of(screen, "signal")["cards"]] == ["Overname"]
        assert not screen.exception

    def test_each_kind_of_work_has_words_of_its_own_and_all_together_the_general_ones(self, visit, dutch_coach):
        job = save(lambda session: make_job(session, pipeline=Pipeline.TAKEOVER, stage=Stage.PLACED))
        own = visit("pipeline", dutch_coach, pipeline="takeover")
        assert column_of(own, "placed")["label"] == "Overgenomen"
        together = visit("pipeline", dutch_coach, pipeline="all")
        assert column_of(together, "placed")["label"] == "Gelukt"
        assert column_of(together, "placed")["cards"][0]["work"] == "Overname · Overgenomen"
        assert board_of(together)["kinds"]["takeover"]["placed"]["name"] == "Overgenomen"
        listed = drawn(visit("pipeline", dutch_coach, pipeline="all", view="list"), "job_list")
        assert {"Overname", "Overgenomen"} <= set(listed["rows"][0]["cells"])
        assert "Overgenomen" in texts(visit("pipeline", dutch_coach, job=str(job.id)))

    @pytest.mark.parametrize("wrong", [{"owner": "'; --"}, {"pipeline": "x"}, {"town": "<b>"}, {"stale": "2"}])
    def test_nonsense_in_the_address_chooses_nothing(self, visit, coach, wrong):
        save(make_job)
        screen = visit("pipeline", coach, **wrong)
        assert not screen.exception
        assert column_of(screen, "signal")["total"] == 1

    def test_the_way_back_leads_to_what_was_chosen(self, visit, coach):
        job = save(make_job)
        screen = visit("pipeline", coach, job=str(job.id), pipeline="takeover")
        screen.button(key="to-board").click().run()
        assert screen.query_params == {"pipeline": "takeover"}

    def test_a_caller_looks_but_does_not_move(self, visit, add_person):
        save(make_job)
        screen = visit("pipeline", add_person(Role.CALLER))
        assert not screen.exception
        assert (board_of(screen)["moves"], board_of(screen)["opens"]) == (False, True)

    def test_a_viewer_never_receives_the_name_of_an_employer(self, visit, add_person):
        def build(session: Session):
            company = make_company(session, name="Bakkerij Zus", town="Sliedrecht")
            return make_job(session, title="Inpakken bij Zus", company_id=company.id)

        job, viewer = save(build), add_person(Role.VIEWER)
        for query in ({}, {"text": "Zus"}, {"owner": "mine"}, {"job": str(job.id)}, {"company": "1"}):
            screen = visit("pipeline", viewer, **query)
            assert not screen.exception
            assert "Zus" not in str([element.proto for element in screen.main])
        card = column_of(visit("pipeline", viewer), "signal")["cards"][0]
        assert card["place"].startswith("Sliedrecht")
        assert card["title"] == "Inpakken bij …"


class TestList:
    def test_sorts_as_the_address_asks(self, visit, coach):
        save(lambda session: [make_job(session, title=title) for title in ("Aa", "Cc", "Bb")])
        screen = visit("pipeline", coach, view="list", sort="-title")
        assert not screen.exception
        shown = drawn(screen, "job_list")
        assert [row["cells"][0] for row in shown["rows"]] == ["Cc", "Bb", "Aa"]
        assert [column["sorted"] for column in shown["columns"]][:2] == ["descending", ""]

    def test_what_has_ended_is_counted_apart_as_the_choices_above_leave_it_out(self, visit, dutch_coach):
        stages = (Stage.SIGNAL, Stage.EXPLORED, Stage.LOST)
        save(lambda session: [make_job(session, stage=stage) for stage in stages])
        assert "2 banen · 1 afgelopen" in texts(visit("pipeline", dutch_coach, view="list"))

    @pytest.mark.parametrize("wrong", [{"sort": "<b>"}, {"sort": "-"}, {"page": "99"}, {"page": "x"}])
    def test_nonsense_in_the_address_gives_the_usual_order(self, visit, coach, wrong):
        save(make_job)
        screen = visit("pipeline", coach, view="list", **wrong)
        assert not screen.exception
        assert len(drawn(screen, "job_list")["rows"]) == 1

    def test_only_who_reports_can_take_it_along(self, visit, coach, add_person):
        save(make_job)
        assert len(visit("pipeline", coach, view="list").get("download_button")) == 2
        assert not visit("pipeline", add_person(Role.CALLER), view="list").get("download_button")

    def test_a_viewer_reads_no_name_there_either(self, visit, add_person):
        save(lambda session: make_job(session, company_id=make_company(session, name="Bakkerij Zus").id))
        screen = visit("pipeline", add_person(Role.VIEWER), view="list", sort="employer")
        assert not screen.exception
        assert "Zus" not in str([element.proto for element in screen.main])
        assert drawn(screen, "job_list")["opens"] is False

    def test_says_when_nothing_fits(self, visit, coach):
        assert "calls" in visit("pipeline", coach, view="list").info[0].value
