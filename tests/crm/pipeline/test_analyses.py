"""A work analysis: kept row by row, and the hidden job that is split off from it."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from pydantic import ValidationError
from pypdf import PdfReader
from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.audit.models import AuditEntry
from crm.companies.models import Company
from crm.core.clock import today
from crm.core.errors import ChangedMeanwhile, NotAllowed, NotFound
from crm.core.i18n import speaking
from crm.pipeline.analyses.inputs import AnalysisInput, TaskInput
from crm.pipeline.analyses.models import AnalysisWay, WorkAnalysis, WorkTask
from crm.pipeline.analyses.paper import print_analysis, print_empty, split_off_in_words
from crm.pipeline.analyses.queries import analyses_of_company, analysis_card, latest_analyses, source_of_job
from crm.pipeline.analyses.rules import NothingToSplitOff, TooManyHours, hours_by_person, usual_title
from crm.pipeline.analyses.services import (
    InHiddenJob,
    TooManyTasks,
    add_task,
    begin_analysis,
    edit_analysis,
    edit_task,
    remove_task,
    split_off,
    write_text,
)
from crm.pipeline.models import Stage
from tests.conftest import make_company, statements_of

OWNER = {"done_by": "de eigenaar"}


@pytest.fixture
def company(session: Session) -> Company:
    return make_company(session, name="Bakkerij Kruimel")


@pytest.fixture
def analysis(session: Session, caller: Actor, company: Company) -> WorkAnalysis:
    return begin_analysis(session, caller, company.id, AnalysisInput(held_on=today(), spoken_with="Ria Bakker"))


def add(session: Session, actor: Actor, analysis: WorkAnalysis, what: str, **more: object) -> WorkTask:
    return add_task(session, actor, analysis.id, TaskInput.model_validate({"what": what} | more))


class TestWritingDown:
    def test_a_visit_of_tomorrow_cannot_be_written_down(self):
        with pytest.raises(ValidationError):
            AnalysisInput(held_on=today() + timedelta(days=1))

    @pytest.mark.parametrize(
        "wrong", [{"what": "  "}, {"what": "x" * 201}, {"hours_per_week": 81}, {"hours_per_week": -1}]
    )
    def test_a_task_has_a_name_and_hours_that_can_be(self, wrong):
        with pytest.raises(ValidationError):
            TaskInput.model_validate({"what": "Vegen"} | wrong)

    def test_each_task_is_kept_by_itself_in_the_order_in_which_it_was_told(self, session, caller, analysis):
        add(session, caller, analysis, "Bestellingen klaarzetten", hours_per_week=5)
        add(session, caller, analysis, "Vegen")
        card = analysis_card(session, caller, analysis.id)
        assert [task.what for task in card.tasks] == ["Bestellingen klaarzetten", "Vegen"]
        assert (card.company.name, card.made_by) == ("Bakkerij Kruimel", caller.name)

    def test_a_task_is_changed_and_removed(self, session, caller, analysis):
        task = add(session, caller, analysis, "Vegen")
        edit_task(session, caller, task.id, TaskInput(what="Dweilen", split_off=True), version=1)
        session.flush()
        assert (task.what, task.split_off) == ("Dweilen", True)
        with pytest.raises(ChangedMeanwhile):
            remove_task(session, caller, task.id, version=1)
        remove_task(session, caller, task.id, version=2)
        assert analysis_card(session, caller, analysis.id).tasks == []

    def test_two_who_write_the_same_text_do_not_overwrite_each_other(self, session, caller, coach, analysis):
        write_text(session, caller, analysis.id, "left_undone", "De etalage", before="")
        with pytest.raises(ChangedMeanwhile):
            write_text(session, coach, analysis.id, "left_undone", "De tuin", before="")
        write_text(session, coach, analysis.id, "agreements", "Volgende week bellen", before="")
        assert (analysis.left_undone, analysis.agreements) == ("De etalage", "Volgende week bellen")

    def test_when_it_was_and_with_whom_can_be_put_right(self, session, caller, analysis):
        given = AnalysisInput(held_on=date(2026, 1, 5), way=AnalysisWay.CALL, spoken_with="Jan Bakker")
        edit_analysis(session, caller, analysis.id, given, version=1)
        assert (analysis.way, analysis.spoken_with) == (AnalysisWay.CALL, "Jan Bakker")

    def test_no_more_tasks_than_a_screen_can_bear(self, session, caller, analysis, monkeypatch):
        monkeypatch.setattr("crm.pipeline.analyses.services.MOST_TASKS", 1)
        add(session, caller, analysis, "Vegen")
        with pytest.raises(TooManyTasks):
            add(session, caller, analysis, "Dweilen")

    def test_a_company_that_does_not_exist_has_none(self, session, caller):
        with pytest.raises(NotFound):
            begin_analysis(session, caller, 999_999, AnalysisInput(held_on=today()))
        with pytest.raises(NotFound):
            analysis_card(session, caller, 999_999)

    def test_a_viewer_neither_reads_nor_writes(self, session, viewer, analysis):
        for act in (
            lambda: add(session, viewer, analysis, "Vegen"),
            lambda: analysis_card(session, viewer, analysis.id),
            lambda: latest_analyses(session, viewer),
            lambda: print_empty(session, viewer),
            lambda: split_off(session, viewer, analysis.id, "Klusjes"),
        ):
            with pytest.raises(NotAllowed):
                act()

    def test_every_step_is_in_the_audit_log(self, session, caller, analysis):
        task = add(session, caller, analysis, "Vegen", split_off=True)
        split_off(session, caller, analysis.id, "Klusjes")
        actions = session.exec(select(AuditEntry.action).where(AuditEntry.actor_id == caller.id)).all()
        assert {"analysis.created", "work_task.added", "job.created", "analysis.split_off"} <= set(actions)
        assert task.job_id


class TestSplittingOff:
    def test_the_job_has_the_hours_and_the_tasks_and_tells_where_it_comes_from(self, session, caller, analysis):
        add(session, caller, analysis, "Brood bakken", hours_per_week=40, done_by="de bakker")
        add(session, caller, analysis, "Inpakken", hours_per_week=8, split_off=True, how_often="elke ochtend", **OWNER)
        add(session, caller, analysis, "Kassa", hours_per_week=4.5, split_off=True, needs_training=True, **OWNER)
        write_text(session, caller, analysis.id, "circumstances", "Veel staan", before="")
        with speaking("nl"):
            job = split_off(session, caller, analysis.id, "Hulp in de bakkerij")
        assert (job.title, job.hours_per_week, job.stage) == ("Hulp in de bakkerij", 12.5, Stage.EXPLORED)
        assert job.tasks == "Inpakken (elke ochtend, 8 uur per week)\nKassa (4,5 uur per week)"
        assert (job.learnable, job.conditions, job.reason) == ("Kassa", "Veel staan", "DUUR_SIMPEL")
        source = source_of_job(session, caller, job.id)
        assert source is not None
        assert source.id == analysis.id
        assert analysis_card(session, caller, analysis.id).jobs == {job.id: "Hulp in de bakkerij"}

    def test_a_task_goes_into_one_job_only(self, session, caller, analysis):
        task = add(session, caller, analysis, "Inpakken", hours_per_week=8, split_off=True)
        split_off(session, caller, analysis.id, "Inpakken")
        with pytest.raises(NothingToSplitOff):
            split_off(session, caller, analysis.id, "Inpakken")
        with pytest.raises(InHiddenJob):
            edit_task(session, caller, task.id, TaskInput(what="Iets anders"), version=task.version)
        with pytest.raises(InHiddenJob):
            remove_task(session, caller, task.id, version=task.version)

    def test_more_hours_than_one_person_can_work_are_two_jobs(self, session, caller, analysis):
        for what in ("Schoonmaken", "Rijden"):
            add(session, caller, analysis, what, hours_per_week=31, split_off=True)
        with pytest.raises(TooManyHours):
            split_off(session, caller, analysis.id, "Alles")

    def test_a_job_needs_a_name(self, session, caller, analysis):
        add(session, caller, analysis, "Vegen", split_off=True)
        with pytest.raises(ValidationError):
            split_off(session, caller, analysis.id, "  ")

    def test_whose_time_it_takes_now_is_told_with_the_most_first(self):
        tasks = [
            WorkTask(analysis_id=1, what="Rijden", done_by="de monteur", hours_per_week=3),
            WorkTask(analysis_id=1, what="Vegen", done_by="de eigenaar", hours_per_week=2),
            WorkTask(analysis_id=1, what="Bestellen", done_by="de eigenaar", hours_per_week=4),
        ]
        assert hours_by_person(tasks) == {"de eigenaar": 6, "de monteur": 3}
        assert usual_title(tasks) == "Bestellen"
        with speaking("en"):
            told = split_off_in_words(tasks)
        assert told == "Could be split off: 9 hours a week. Now with: de eigenaar 6, de monteur 3."


class TestLists:
    def test_the_newest_comes_first_by_one_statement(self, session, caller, company, analysis):
        add(session, caller, analysis, "Vegen")
        older = begin_analysis(session, caller, company.id, AnalysisInput(held_on=today() - timedelta(days=9)))
        begin_analysis(session, caller, make_company(session).id, AnalysisInput(held_on=today()))
        session.flush()
        with statements_of(session) as seen:
            lines = analyses_of_company(session, caller, company.id)
        assert [(line.analysis.id, line.tasks) for line in lines] == [(analysis.id, 1), (older.id, 0)]
        assert len(seen) == 1
        assert len(latest_analyses(session, caller)) == 3


class TestOnPaper:
    def test_has_every_task_and_takes_what_is_typed_as_it_is(self, session, caller, analysis):
        add(session, caller, analysis, "#strong[Vegen] *en* dweilen", hours_per_week=2.5, split_off=True, **OWNER)
        write_text(session, caller, analysis.id, "agreements", "Dinsdag bellen", before="")
        with speaking("nl"):
            text = text_of(print_analysis(session, caller, analysis.id))
        for words in ("Bakkerij Kruimel", "#strong[Vegen] *en* dweilen", "2,5", "de eigenaar", "Dinsdag bellen"):
            assert words in text

    def test_the_empty_form_has_the_questions(self, session, caller, company):
        with speaking("nl"):
            text = text_of(print_empty(session, caller, company.id))
        assert "Bakkerij Kruimel" in text
        assert "Wie doet het nu" in text
        assert "Vragen die helpen" in text


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())
