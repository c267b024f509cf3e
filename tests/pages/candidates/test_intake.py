"""The intake of a job seeker: step by step, and talents from what somebody tells."""

from sqlmodel import select

from crm.candidates.inputs import WishesInput
from crm.candidates.intake import save_step as save_intake_step
from crm.candidates.models import (
    Candidate,
    IntakeProgress,
    IntakeStep,
    Level,
)
from crm.candidates.queries import candidate
from crm.candidates.talents.links import FilledStep, make_link, save_step
from crm.candidates.talents.statements import last_step
from crm.core.db import reading, transaction
from tests.pages.candidates.building import read, save
from tests.pages.reading import NASTY, texts, told


def test_somebody_new_is_written_down_and_the_intake_goes_on(visit, dutch_coach):
    screen = visit("candidates", dutch_coach)
    screen.button(key="new-candidate").click().run()
    screen.text_input(key="new-candidate-name").set_value("Piet Bos")
    screen.button(key="save-candidate").click().run()
    assert not screen.exception
    with reading() as session:
        person = session.exec(select(Candidate)).one()
    assert (person.name, person.coach_id) == ("Piet Bos", dutch_coach.id)
    assert screen.title[0].value == "Piet Bos"
    assert screen.segmented_control(key="step").value == "past"


class TestIntake:
    def open(self, visit, coach, person, **query):
        return visit("candidates", coach, candidate=str(person.id), part="intake", **query)

    def test_each_step_is_saved_and_the_next_one_opens(self, visit, dutch_coach):
        person = save()
        screen = self.open(visit, dutch_coach, person, step="skills")
        screen.multiselect(key=f"intake-{person.id}-skills-competences-3").set_value(["Plannen en organiseren"])
        screen.button(key="save-step").click().run()
        assert not screen.exception
        assert screen.query_params["step"] == "when"
        screen = self.open(visit, dutch_coach, person)
        assert screen.segmented_control(key="step").value == "person"
        assert any("Coach Test" in bar.text for bar in screen.get("progress"))

    def test_what_is_filled_in_is_kept_before_the_step_is_done(self, visit, dutch_coach):
        person = save()
        screen = self.open(visit, dutch_coach, person, step="wishes")
        screen.text_area(key=f"intake-{person.id}-wishes-wishes").set_value("Buiten werken").run()
        screen.text_area(key=f"intake-{person.id}-wishes-not_wanted").set_value("’s Nachts")
        screen.segmented_control(key="step").set_value("past").run()
        assert not screen.exception
        assert (read(person.id).wishes, read(person.id).not_wanted) == ("Buiten werken", "’s Nachts")
        screen.segmented_control(key="step").set_value("wishes").run()
        assert screen.text_area(key=f"intake-{person.id}-wishes-wishes").value == "Buiten werken"
        screen.button(key="save-step").click().run()
        assert not told(screen, "error")
        with reading() as session:
            assert [one.step for one in session.exec(select(IntakeProgress))] == [IntakeStep.WISHES]

    def test_what_is_filled_in_wrongly_is_told_and_stays(self, visit, dutch_coach):
        person = save()
        screen = self.open(visit, dutch_coach, person, step="when")
        screen.number_input(key=f"intake-{person.id}-when-hours_min").set_value(40)
        screen.button(key="save-step").click().run()
        assert told(screen)
        assert screen.number_input(key=f"intake-{person.id}-when-hours_min").value == 40
        assert screen.query_params["step"] == "when"

    def test_what_a_colleague_changed_meanwhile_is_shown_beside_it(self, visit, dutch_coach):
        person = save()
        screen = self.open(visit, dutch_coach, person, step="wishes")
        with transaction() as session:
            save_intake_step(
                session, dutch_coach, person.id, IntakeStep.WISHES, WishesInput(wishes="Buiten werken"), version=1
            )
        screen.text_area(key=f"intake-{person.id}-wishes-wishes").set_value("Binnen werken")
        screen.button(key="save-step").click().run()
        assert "Buiten werken" in texts(screen)
        assert screen.text_area(key=f"intake-{person.id}-wishes-wishes").value == "Binnen werken"

    def test_the_list_shows_whose_intake_is_not_finished(self, visit, dutch_coach):
        save(name="Halverwege")
        screen = visit("candidates", dutch_coach)
        assert "Intake 0 van 7" in texts(screen)
        done = save(name="Klaar")
        with transaction() as session:
            session.add_all(IntakeProgress(candidate_id=done.id, step=step) for step in IntakeStep)
        screen.checkbox(key="candidate-unfinished").check().run()
        assert "Halverwege" in texts(screen)
        assert "Klaar" not in texts(screen)


class TestTalents:
    def fill_in(self, coach, person):
        with transaction() as session:
            token = make_link(session, coach, person.id)
            save_step(session, coach, token, 1, FilledStep(work_done=NASTY, proud_of="kassa, burn-out"))
            answers = {"24118": 3, "24121": 0}
            for step in range(2, last_step() + 1):
                save_step(session, coach, token, step, FilledStep(answers=answers))

    def open(self, visit, coach, person):
        return visit("candidates", coach, candidate=str(person.id), part="talents")

    def test_a_link_is_shown_once_with_a_square_to_scan(self, visit, dutch_coach):
        person = save()
        screen = self.open(visit, dutch_coach, person)
        screen.button(key="make-link").click().run()
        assert not screen.exception
        assert "/talent/" in screen.code[0].value
        screen.button(key="end-link").click().run()
        assert not screen.code
        assert "end-link" not in {button.key for button in screen.button}

    def test_answers_stand_beside_the_levels_of_now_and_are_taken_over_one_by_one(self, visit, dutch_coach):
        person = save()
        self.fill_in(dutch_coach, person)
        screen = self.open(visit, dutch_coach, person)
        assert not screen.exception
        assert "gezondheid" in screen.warning[0].value
        assert "kan dit" in texts(screen)
        assert "take-24121" not in {button.key for button in screen.button}
        screen.button(key="take-24118").click().run()
        screen.button(key="leave-24121").click().run()
        assert "Alle antwoorden zijn bekeken." in screen.success[-1].value
        with reading() as session:
            assert candidate(session, dutch_coach, person.id).levels == {"24118": 3}

    def test_all_that_is_new_is_taken_over_in_one_click(self, visit, dutch_coach):
        person = save(competences=[])
        self.fill_in(dutch_coach, person)
        screen = self.open(visit, dutch_coach, person)
        assert screen.button(key="take-new").label == "1 nieuwe competentie overnemen"
        screen.button(key="take-new").click().run()
        assert not screen.exception
        assert "take-new" not in {button.key for button in screen.button}
        with reading() as session:
            assert candidate(session, dutch_coach, person.id).levels == {"24118": 3}

    def test_a_suggestion_that_is_refused_does_not_come_back(self, visit, dutch_coach):
        person = save(proud_of="Ik stond aan de kassa")
        screen = self.open(visit, dutch_coach, person)
        screen.button(key="refuse-competence-24119").click().run()
        assert not screen.exception
        assert "refuse-competence-24119" not in {button.key for button in screen.button}

    def test_a_competence_is_taken_over_with_its_level_in_one_click(self, visit, dutch_coach):
        person = save(proud_of="Ik stond aan de kassa")
        screen = self.open(visit, dutch_coach, person)
        assert screen.button(key="accept-competence-24119-3").label == "Is hier sterk in"
        screen.button(key="accept-competence-24119-3").click().run()
        assert not screen.exception
        with reading() as session:
            assert candidate(session, dutch_coach, person.id).levels["24119"] is Level.STRONG
