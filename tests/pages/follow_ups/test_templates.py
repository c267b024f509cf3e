import pytest
from sqlmodel import select

from crm.access.permissions import Role
from crm.core.db import reading, transaction
from crm.followups.inputs import SuccessorInput, TemplateInput
from crm.followups.models import FollowUpKind, FollowUpSuccessor, FollowUpTemplate
from crm.followups.templates import edit_template, load_templates
from tests.pages.follow_ups.building import errors
from tests.pages.reading import texts

pytestmark = pytest.mark.usefixtures("tuesday")


@pytest.fixture
def coordinator(add_person):
    with transaction() as session:
        load_templates(session)
    return add_person(Role.COORDINATOR)


def template(code):
    with reading() as session:
        return session.exec(select(FollowUpTemplate).where(FollowUpTemplate.code == code)).one()


def successors(template_id):
    with reading() as session:
        rows = session.exec(select(FollowUpSuccessor).where(FollowUpSuccessor.template_id == template_id))
        return {(row.outcome, row.next_id) for row in rows}


def test_each_says_when_who_and_what_comes_after(visit, coordinator):
    screen = visit("templates", coordinator)
    assert not screen.exception
    shown = texts(screen).replace("\\", "")
    assert "1 working day before the kopkoffie · The same person" in shown
    assert "Comes by itself when: Somebody is placed" in shown
    assert "When this is done: Nabellen over de informatie" in shown
    assert "When this is done with “Needs attention”: Extra nazorg" in shown


def test_a_coordinator_changes_days_and_what_comes_after(visit, coordinator):
    known, other = template("INFORMATIE"), template("IETS_ANDERS")
    screen = visit("templates", coordinator)
    screen.button(key=f"edit-template-{known.id}").click().run()
    form = f"template-{known.id}-form"
    screen.number_input(key=f"{form}-working_days").set_value(3)
    screen.multiselect(key=f"{form}-after-any").set_value([other.id])
    screen.button(key="save-template").click().run()
    assert not screen.exception
    assert template("INFORMATIE").working_days == 3
    assert successors(known.id) == {(None, other.id)}


def test_who_is_second_sees_both_versions(visit, coordinator):
    known = template("INFORMATIE")
    form = f"template-{known.id}-form"
    screen = visit("templates", coordinator)
    screen.button(key=f"edit-template-{known.id}").click().run()
    screen.text_input(key=f"{form}-name").set_value("Van mij").run()
    with transaction() as session:
        theirs = TemplateInput(name="Van Ria", kind=FollowUpKind.SEND_INFO, working_days=2)
        edit_template(session, coordinator, known.id, theirs, version=known.version)
    screen.button(key="save-template").click().run()
    assert "Somebody else has changed this" in errors(screen)
    assert "Van Ria" in "".join(box.value for box in screen.markdown)
    screen.button(key="keep-mine").click().run()
    screen.button(key="save-template").click().run()
    assert not screen.exception
    assert template("INFORMATIE").name == "Van mij"


def test_what_one_typed_before_a_colleague_was_first_is_not_saved_blindly_later(visit, coordinator):
    known = template("INFORMATIE")
    form = f"template-{known.id}-form"
    screen = visit("templates", coordinator)
    screen.button(key=f"edit-template-{known.id}").click().run()
    screen.text_input(key=f"{form}-name").set_value("Van mij").run()
    del screen.session_state["open-dialog"]
    screen.run()
    with transaction() as session:
        theirs = TemplateInput(name="Van Ria", kind=FollowUpKind.SEND_INFO, working_days=2)
        edit_template(session, coordinator, known.id, theirs, version=known.version)
    screen.run()
    screen.button(key=f"edit-template-{known.id}").click().run()
    assert screen.text_input(key=f"{form}-name").value == "Van mij"
    screen.button(key="save-template").click().run()
    assert "Somebody else has changed this" in errors(screen)
    assert template("INFORMATIE").name == "Van Ria"


def test_a_new_one_needs_a_name_and_can_be_retired(visit, coordinator):
    screen = visit("templates", coordinator)
    screen.button(key="new-template").click().run()
    screen.button(key="save-template").click().run()
    assert "fill this in" in errors(screen)
    screen.text_input(key="template-new-form-name").set_value("Kaartje sturen")
    screen.button(key="save-template").click().run()
    with reading() as session:
        made = session.exec(select(FollowUpTemplate).where(FollowUpTemplate.name == "Kaartje sturen")).one()
    screen.button(key=f"edit-template-{made.id}").click().run()
    screen.button(key="retire-template").click().run()
    assert not screen.exception
    assert "Kaartje sturen" not in texts(screen)


def test_the_one_of_a_kind_cannot_be_retired(visit, coordinator):
    screen = visit("templates", coordinator)
    screen.button(key=f"edit-template-{template('INFORMATIE').id}").click().run()
    assert "retire-template" not in [button.key for button in screen.button]


def test_it_is_for_coordinators(visit, add_person):
    assert "Your role does not allow this" in visit("templates", add_person(Role.CALLER)).error[0].value


def test_successors_have_to_fit():
    with pytest.raises(ValueError, match="outcome"):
        TemplateInput(
            name="A", kind=FollowUpKind.SEND_INFO, working_days=1, successors=(SuccessorInput(outcome="X", next_id=1),)
        )
    with pytest.raises(ValueError, match="before"):
        TemplateInput(name="A", kind=FollowUpKind.SEND_INFO, working_days=-1)
