import json
from datetime import time, timedelta

import pytest
from sqlmodel import Session, select

from crm.access.permissions import Role
from crm.core.clock import now
from crm.core.db import reading, transaction
from crm.followups.models import FollowUp, FollowUpKind
from crm.matching.models import Introduction, RefusalReason, Suggestion, SuggestionOutcome
from crm.matching.services import introduce
from crm.pipeline.board import CARDS_PER_STAGE
from crm.pipeline.models import HiddenJob, HiddenJobCompetence, LostReason, Pipeline, Stage, Weight
from crm.pipeline.services import move
from tests.conftest import make_candidate, make_company, make_job

NASTY = "<script>alert(1)</script> [klik](javascript:alert(1)) **vet** :red[rood]"


@pytest.fixture
def coach(add_person):
    return add_person(Role.COACH)


@pytest.fixture
def dutch_coach(add_person):
    """For forms with a choice: AppTest formats the options in the language of the test itself."""
    return add_person(Role.COACH, language="nl")


def save(build):
    with transaction() as session:
        return build(session)


def read(job_id) -> HiddenJob:
    with reading() as session:
        return session.get_one(HiddenJob, job_id)


def texts(screen):
    shown = [element.value for kind in ("markdown", "text", "caption", "title") for element in screen.get(kind)]
    return " ".join([*shown, *(button.label for button in screen.button)])


def told(screen):
    return [message.text for message in screen.session_state["messages"]]


def drawn(screen, name):
    """What the browser is given to draw."""
    (component,) = (one for one in screen.get("bidi_component") if one.proto.component_name.endswith(name))
    return json.loads(component.proto.json)


def board_of(screen):
    return drawn(screen, "job_board")


def column_of(screen, stage):
    return next(column for column in board_of(screen)["columns"] if column["stage"] == stage)


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


class TestJob:
    def test_shows_the_job_with_its_history(self, visit, coach):
        job = save(make_job)
        with transaction() as session:
            move(session, coach, job.id, Stage.EXPLORED, version=1, note="Eigenaar gesproken")
        screen = visit("pipeline", coach, job=str(job.id))
        assert not screen.exception
        shown = texts(screen)
        assert "Facturen inboeken" in shown
        assert "Eigenaar gesproken" in shown
        assert "Signal → Explored" in shown

    @pytest.mark.parametrize("wrong", ["999", "abc", "-1", "99999999999999999999", "' OR 1=1"])
    def test_an_address_that_leads_nowhere_says_so(self, visit, coach, wrong):
        screen = visit("pipeline", coach, job=wrong)
        assert not screen.exception
        assert "does not exist" in screen.error[0].value

    def test_can_be_changed(self, visit, dutch_coach):
        job = save(make_job)
        screen = visit("pipeline", dutch_coach, job=str(job.id))
        screen.button(key="edit-job").click().run()
        screen.text_input(key=f"job-{job.id}-title").set_value("Boekhouding")
        screen.number_input(key=f"job-{job.id}-hours_per_week").set_value(24)
        screen.button(key="save-job").click().run()
        assert not screen.exception
        assert (read(job.id).title, read(job.id).hours_per_week) == ("Boekhouding", 24)

    def test_sixty_one_hours_are_refused_and_what_was_typed_stays(self, visit, dutch_coach):
        job = save(make_job)
        screen = visit("pipeline", dutch_coach, job=str(job.id))
        screen.button(key="edit-job").click().run()
        screen.text_area(key=f"job-{job.id}-tasks").set_value("Veel meer werk")
        screen.number_input(key=f"job-{job.id}-hours_per_week").set_value(61)
        screen.button(key="save-job").click().run()
        assert read(job.id).hours_per_week == 16
        assert "te hoog" in told(screen)[0]
        assert screen.text_area(key=f"job-{job.id}-tasks").value == "Veel meer werk"

    def test_a_colleagues_change_is_not_overwritten(self, visit, dutch_coach):
        job = save(make_job)
        screen = visit("pipeline", dutch_coach, job=str(job.id))
        screen.button(key="edit-job").click().run()
        with transaction() as session:
            move(session, dutch_coach, job.id, Stage.EXPLORED, version=1)
        screen.text_input(key=f"job-{job.id}-title").set_value("Van mij")
        screen.button(key="save-job").click().run()
        assert "Iemand anders" in told(screen)[0]
        screen.button(key="save-job").click().run()
        assert read(job.id).title == "Administratie bijwerken"
        assert screen.warning

    def test_doubtful_words_are_pointed_out(self, visit, coach):
        job = save(lambda session: make_job(session, must_have="Jong en niet ouder dan 30"))
        screen = visit("pipeline", coach, job=str(job.id))
        assert "Jong" in texts(screen)
        assert "Better" in texts(screen)

    def test_is_lost_for_a_reason(self, visit, dutch_coach):
        job = save(make_job)
        screen = visit("pipeline", dutch_coach, job=str(job.id))
        screen.button(key="lose").click().run()
        self.lose(screen, job)
        assert read(job.id).lost_reason is LostReason.NO_MONEY

    def test_is_lost_from_the_board_too(self, visit, dutch_coach):
        job = save(make_job)
        screen = visit("pipeline", dutch_coach)
        screen.session_state["open-dialog"] = ("lose-job", job.id, job.version)
        screen.run()
        self.lose(screen, job)
        with reading() as session:
            assert session.exec(select(FollowUp.kind)).all() == []

    def test_a_lost_job_is_asked_for_again_from_a_day_on(self, visit, dutch_coach):
        job = save(make_job)
        screen = visit("pipeline", dutch_coach, job=str(job.id))
        screen.button(key="lose").click().run()
        screen.selectbox(key=f"lose-job-{job.id}-reason").select(LostReason.NO_MONEY)
        screen.radio(key=f"lose-job-{job.id}-again").set_value(True).run()
        assert screen.date_input(key=f"lose-job-{job.id}-day").value is not None
        screen.button(key="save-lost").click().run()
        assert not screen.exception
        with reading() as session:
            assert session.exec(select(FollowUp.kind)).all() == [FollowUpKind.RECALL]

    @staticmethod
    def lose(screen, job):
        assert screen.button(key="save-lost").disabled
        screen.selectbox(key=f"lose-job-{job.id}-reason").select(LostReason.NO_MONEY).run()
        assert screen.button(key="save-lost").disabled
        screen.radio(key=f"lose-job-{job.id}-again").set_value(False).run()
        screen.button(key="save-lost").click().run()
        assert not screen.exception
        assert read(job.id).stage is Stage.LOST

    def test_the_note_goes_with_the_step(self, visit, coach):
        job = save(make_job)
        screen = visit("pipeline", coach, job=str(job.id))
        screen.text_input(key="move-note-0").set_value("Gebeld")
        screen.button(key="job-next").click().run()
        assert "Gebeld" in texts(screen)
        assert screen.text_input(key="move-note-1").value == ""


class TestWorkProfile:
    def test_says_what_a_competence_weighs_and_what_may_be_learned(self, visit, dutch_coach):
        job = save(lambda session: make_job(session, competences=["24118"]))
        screen = visit("pipeline", dutch_coach, job=str(job.id), profile="1")
        screen.multiselect(key=f"job-{job.id}-competences").set_value(["24118", "24120"]).run()
        screen.checkbox(key=f"job-{job.id}-learnable-24120").check()
        screen.session_state[f"job-{job.id}-weight-24118"] = Weight.DECISIVE
        screen.time_input(key=f"job-{job.id}-from_time").set_value(time(9))
        screen.button(key="save-job").click().run()
        assert not screen.exception
        with reading() as session:
            asked = session.exec(select(HiddenJobCompetence).order_by(HiddenJobCompetence.code)).all()
        assert [(one.code, one.weight, one.learnable) for one in asked] == [("24118", 3, False), ("24120", 2, True)]
        assert read(job.id).from_time == time(9)
        assert "Doorslaggevend" in texts(screen)
        assert "mag hier geleerd worden" in texts(screen)

    def test_a_word_that_shuts_people_out_has_a_better_one_beside_the_field(self, visit, dutch_coach):
        job = save(make_job)
        screen = visit("pipeline", dutch_coach, job=str(job.id), profile="1")
        screen.text_area(key=f"job-{job.id}-must_have").set_value("Moedertaal Nederlands").run()
        assert "spreekt genoeg Nederlands voor dit werk" in texts(screen)

    def test_what_is_missing_is_told_at_once_with_the_way_to_the_form(self, visit, coach):
        job = save(lambda session: make_job(session, stage=Stage.EXPLORED, tasks="", days=[]))
        screen = visit("pipeline", coach, job=str(job.id))
        screen.button(key="job-next").click().run()
        (message,) = screen.session_state["messages"]
        assert "the tasks, the days" in message.text
        assert message.page == f"pipeline?job={job.id}&profile=1"
        assert "the days" in screen.info[0].value

    def test_nobody_is_introduced_before_the_profile_is_whole(self, visit, coach):
        def build(session: Session):
            return make_job(session, stage=Stage.PROFILED, travel=[]), make_candidate(session)

        job, person = save(build)
        screen = visit("pipeline", coach, job=str(job.id))
        screen.button(key=f"introduce-{person.id}").click().run()
        assert "how somebody gets there" in told(screen)[0]
        assert read(job.id).stage is Stage.PROFILED

    def test_what_was_typed_outlives_a_visit_to_the_job(self, visit, dutch_coach):
        job = save(make_job)
        screen = visit("pipeline", dutch_coach, job=str(job.id), profile="1")
        screen.text_input(key=f"job-{job.id}-contract").set_value("Een jaar").run()
        del screen.query_params["profile"]
        screen.run()
        screen.button(key="edit-job").click().run()
        assert screen.text_input(key=f"job-{job.id}-contract").value == "Een jaar"


class TestSuggestions:
    @pytest.fixture
    def shown(self, visit, dutch_coach):
        job = save(lambda session: make_job(session, stage=Stage.PROFILED))
        person = save(make_candidate)
        return job, person, visit("pipeline", dutch_coach, job=str(job.id))

    def outcomes(self):
        with reading() as session:
            return session.exec(select(Suggestion.outcome, Suggestion.reason)).all()

    def test_are_noted_once_however_often_the_screen_is_drawn(self, shown):
        _job, _person, screen = shown
        screen.run()
        assert not screen.exception
        assert self.outcomes() == [(SuggestionOutcome.OPEN, None)]
        told = texts(screen).replace("\\", "")
        assert "16 uur passen; 1 km" in told
        assert "Competenties: hoogstens 35 van de 100 punten." in told

    def test_one_that_does_not_fit_goes_away_and_is_found_back(self, shown):
        job, person, screen = shown
        screen.button(key=f"refuse-{job.id}-{person.id}").click().run()
        assert "Waarom niet" in told(screen)[0]
        screen.radio(key=f"reason-{job.id}-{person.id}").set_value(RefusalReason.DISTANCE)
        screen.text_input(key=f"words-{job.id}-{person.id}").set_value(NASTY)
        screen.button(key=f"refuse-{job.id}-{person.id}").click().run()
        assert not screen.exception
        assert self.outcomes() == [(SuggestionOutcome.REFUSED, RefusalReason.DISTANCE)]
        assert f"introduce-{person.id}" not in {button.key for button in screen.button}
        screen.session_state["suggested-before"] = True
        screen.run()
        assert f"Reden: {RefusalReason.DISTANCE.label} · {NASTY}" in texts(screen)
        with reading() as session:
            refused = session.exec(select(Suggestion.id)).one()
        screen.button(key=f"suggest-again-{refused}").click().run()
        assert f"introduce-{person.id}" in {button.key for button in screen.button}

    def test_words_about_age_are_refused_and_stay_where_they_were_typed(self, shown):
        job, person, screen = shown
        screen.radio(key=f"reason-{job.id}-{person.id}").set_value(RefusalReason.OTHER)
        screen.text_input(key=f"words-{job.id}-{person.id}").set_value("Zoekt een jonge medewerker")
        screen.button(key=f"refuse-{job.id}-{person.id}").click().run()
        assert "leeftijd" in told(screen)[0]
        assert screen.text_input(key=f"words-{job.id}-{person.id}").value == "Zoekt een jonge medewerker"
        assert self.outcomes() == [(SuggestionOutcome.OPEN, None)]


class TestPeople:
    def test_suggestions_explain_themselves_and_can_be_introduced(self, visit, coach):
        def build(session: Session):
            return make_job(session, stage=Stage.PROFILED), make_candidate(session)

        job, person = save(build)
        screen = visit("pipeline", coach, job=str(job.id))
        assert "Fits because" in texts(screen)
        screen.button(key=f"introduce-{person.id}").click().run()
        assert not screen.exception
        assert read(job.id).stage is Stage.INTRODUCED

    def test_callers_do_not_see_them(self, visit, coach, add_person):
        def build(session: Session):
            job, person = make_job(session, stage=Stage.PROFILED), make_candidate(session)
            introduce(session, coach, job.id, person.id)
            return job

        job = save(build)
        screen = visit("pipeline", add_person(Role.CALLER), job=str(job.id))
        assert not screen.exception
        assert "Ria Jansen" not in texts(screen)

    def test_an_introduction_ends_with_a_reason(self, visit, coach):
        def build(session: Session):
            job, person = make_job(session, stage=Stage.PROFILED), make_candidate(session)
            return job, introduce(session, coach, job.id, person.id)

        job, introduction = save(build)
        screen = visit("pipeline", coach, job=str(job.id))
        screen.button(key=f"decline-save-{introduction.id}").click().run()
        assert "reason" in told(screen)[0]
        screen.text_area(key=f"decline-reason-{introduction.id}").set_value("Te ver reizen")
        screen.button(key=f"decline-save-{introduction.id}").click().run()
        assert "Te ver reizen" in texts(screen)
        assert read(job.id).stage is Stage.PROFILED


def test_a_job_can_be_written_down_at_a_company(visit, dutch_coach):
    company = save(make_company)
    screen = visit("pipeline", dutch_coach, company=str(company.id))
    assert company.name in texts(screen)
    screen.text_input(key=f"new-job-{company.id}-title").set_value("Tuin bijhouden")
    screen.button(key="save-job").click().run()
    assert "kies een aanleiding" in told(screen)[0]
    screen.selectbox(key=f"new-job-{company.id}-reason").select("KLUS")
    screen.button(key="save-job").click().run()
    assert not screen.exception
    assert read(1).title == "Tuin bijhouden"


def test_a_job_needs_a_company_that_exists(visit, dutch_coach):
    screen = visit("pipeline", dutch_coach, company="999")
    assert not screen.exception
    assert screen.error
    assert not screen.text_input
