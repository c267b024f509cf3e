import pytest
from sqlmodel import select

from crm.access.permissions import Role
from crm.core.clock import today
from crm.core.db import reading, transaction
from crm.pipeline.analyses.inputs import AnalysisInput, TaskInput
from crm.pipeline.analyses.models import WorkAnalysis, WorkTask
from crm.pipeline.analyses.services import add_task, begin_analysis, edit_task, write_text
from crm.pipeline.models import HiddenJob
from tests.conftest import make_company
from tests.pages.reading import NASTY, texts, told


@pytest.fixture
def caller(add_person):
    return add_person(Role.CALLER, language="nl")


@pytest.fixture
def analysis(caller):
    with transaction() as session:
        company = make_company(session, name="Bakkerij Kruimel")
        return begin_analysis(session, caller, company.id, AnalysisInput(held_on=today()))


def stored(model):
    with reading() as session:
        return session.exec(select(model).order_by(model.id)).all()


def test_an_analysis_begins_at_a_company(visit, caller):
    with transaction() as session:
        company = make_company(session, name=NASTY)
    screen = visit("work_analysis", caller, company=str(company.id))
    assert "**vet**" not in texts(screen)
    screen.text_input(key=f"new-analysis-{company.id}-spoken_with").set_value("Ria Bakker")
    screen.button(key="begin-analysis").click().run()
    assert not screen.exception
    (made,) = stored(WorkAnalysis)
    assert (made.company_id, made.spoken_with) == (company.id, "Ria Bakker")
    assert screen.query_params["analysis"] == str(made.id)


def test_each_task_is_kept_when_it_is_added_and_the_next_row_is_empty(visit, caller, analysis):
    screen = visit("work_analysis", caller, analysis=str(analysis.id))
    new = f"new-task-{analysis.id}-{{}}".format
    screen.text_input(key=new("what")).set_value("Bestellingen klaarzetten")
    screen.number_input(key=new("hours_per_week")).set_value(4.5)
    screen.toggle(key=new("split_off")).set_value(True)
    screen.button(key="add-task").click().run()
    assert not screen.exception
    (task,) = stored(WorkTask)
    assert (task.what, task.hours_per_week, task.split_off) == ("Bestellingen klaarzetten", 4.5, True)
    assert screen.text_input(key=new("what")).value == ""
    screen.button(key="add-task").click().run()
    assert "Welke taak: vul dit in" in told(screen)[-1]


def test_a_text_is_kept_when_its_field_is_left(visit, caller, analysis):
    screen = visit("work_analysis", caller, analysis=str(analysis.id))
    key = f"analysis-text-{analysis.id}-left_undone"
    screen.text_area(key=key).set_value("De etalage").run()
    assert stored(WorkAnalysis)[0].left_undone == "De etalage"
    with transaction() as session:
        write_text(session, caller, analysis.id, "left_undone", "Van een collega", before="De etalage")
    screen.text_area(key=key).set_value("Van mij").run()
    assert "Iemand anders" in told(screen)[-1]
    assert stored(WorkAnalysis)[0].left_undone == "Van een collega"
    assert screen.text_area(key=key).value == "Van mij"


def test_a_hidden_job_is_made_of_what_can_be_split_off(visit, caller, analysis):
    with transaction() as session:
        for hours in (3, 5):
            given = TaskInput(what=f"Taak van {hours} uur", hours_per_week=hours, split_off=True, done_by="de eigenaar")
            add_task(session, caller, analysis.id, given)
    screen = visit("work_analysis", caller, analysis=str(analysis.id))
    assert "8 uur per week" in texts(screen)
    screen.button(key="make-job").click().run()
    assert not screen.exception
    (job,) = stored(HiddenJob)
    assert (job.title, job.hours_per_week) == ("Taak van 5 uur", 8)
    assert {task.job_id for task in stored(WorkTask)} == {job.id}
    assert not [button for button in screen.button if button.key == "make-job"]
    page = visit("pipeline", caller, job=str(job.id))
    assert not page.exception


def test_who_changes_a_task_that_a_colleague_changed_sees_both(visit, caller, analysis, add_person):
    colleague = add_person(Role.COACH)
    with transaction() as session:
        task = add_task(session, caller, analysis.id, TaskInput(what="Vegen"))
    screen = visit("work_analysis", caller, analysis=str(analysis.id))
    screen.button(key=f"edit-task-{task.id}").click().run()
    with transaction() as session:
        edit_task(session, colleague, task.id, TaskInput(what="Dweilen"), version=1)
    screen.text_input(key=f"task-{task.id}-what").set_value("Stofzuigen")
    screen.button(key=f"save-task-{task.id}").click().run()
    assert stored(WorkTask)[0].what == "Dweilen"
    screen.button(key="keep-mine").click().run()
    screen.button(key=f"save-task-{task.id}").click().run()
    assert stored(WorkTask)[0].what == "Stofzuigen"


def test_is_listed_on_the_company_and_by_itself(visit, caller, analysis):
    assert not visit("companies", caller, company=str(analysis.company_id)).exception
    screen = visit("work_analysis", caller)
    assert not screen.exception
    assert "Nog geen" not in texts(screen)


@pytest.mark.parametrize("wrong", ["999", "abc", "-1"])
def test_an_address_that_leads_nowhere_says_so(visit, caller, wrong):
    screen = visit("work_analysis", caller, analysis=wrong)
    assert not screen.exception
    assert screen.error


def test_a_viewer_does_not_get_in(visit, add_person):
    assert visit("work_analysis", add_person(Role.VIEWER)).error
