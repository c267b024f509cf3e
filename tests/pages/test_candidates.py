import pytest
from sqlmodel import select

from crm.access.permissions import Role
from crm.candidates.consents import record_consent
from crm.candidates.inputs import CandidateConsentInput, WishesInput
from crm.candidates.intake import save_step as save_intake_step
from crm.candidates.models import (
    Candidate,
    CandidateConsent,
    CandidateStatus,
    IntakeProgress,
    IntakeStep,
    Level,
    Purpose,
)
from crm.candidates.queries import PAGE_SIZE, candidate
from crm.candidates.rules import has_consent, usual_consent_until
from crm.candidates.talents.links import FilledStep, make_link, save_step
from crm.candidates.talents.statements import last_step
from crm.companies.models import ConsentChannel
from crm.core.clock import now, today
from crm.core.db import reading, transaction
from crm.matching.models import Introduction
from crm.matching.services import introduce
from crm.messaging.models import Notice
from tests.conftest import make_candidate, make_company, make_job

NASTY = "<img src=x onerror=alert(1)> [klik](javascript:alert(1)) **vet**"


@pytest.fixture
def coach(add_person):
    return add_person(Role.COACH)


@pytest.fixture
def dutch_coach(add_person):
    """For forms with a choice: AppTest formats the options in the language of the test itself."""
    return add_person(Role.COACH, language="nl")


def save(**overrides):
    with transaction() as session:
        return make_candidate(session, **overrides)


def read(candidate_id) -> Candidate:
    with reading() as session:
        return session.get_one(Candidate, candidate_id)


def texts(screen):
    shown = [element.value for kind in ("markdown", "text", "caption", "title") for element in screen.get(kind)]
    return " ".join([*shown, *(button.label for button in screen.button)])


def told(screen):
    return [message.text for message in screen.session_state["messages"]]


def told_wrong(screen):
    return [message.text for message in screen.session_state["messages"] if message.level == "error"]


class TestList:
    def test_an_empty_list_says_what_to_do(self, visit, coach):
        assert "add a job seeker" in visit("candidates", coach).info[0].value

    def test_is_paged(self, visit, coach):
        with transaction() as session:
            for number in range(PAGE_SIZE + 1):
                make_candidate(session, name=f"Persoon {number}", trades=[f"vak {number:02}"])
        screen = visit("candidates", coach)
        assert not screen.exception
        assert f"{PAGE_SIZE + 1} job seekers" in texts(screen)
        assert texts(screen).count("vak ") == PAGE_SIZE

    def test_finds_by_trade(self, visit, dutch_coach):
        save(trades=["metselaar"])
        save(trades=["kapster"])
        screen = visit("candidates", dutch_coach)
        screen.text_input(key="candidate-text").set_value("metsel").run()
        assert "metselaar" in texts(screen)
        assert "kapster" not in texts(screen)

    def test_names_are_shown_as_they_were_typed(self, visit, coach):
        save(trades=[NASTY], town=NASTY)
        screen = visit("candidates", coach)
        assert not screen.exception
        assert "\\<img" in texts(screen)
        assert "**vet**" not in texts(screen)

    @pytest.mark.parametrize("role", [Role.CALLER, Role.VIEWER])
    def test_is_for_coaches_and_coordinators(self, visit, add_person, role):
        assert visit("candidates", add_person(role)).error


class TestCard:
    def test_shows_what_is_known(self, visit, coach):
        person = save(strengths="Veel geduld", e164="+31612345678", name=NASTY)
        screen = visit("candidates", coach, candidate=str(person.id))
        assert not screen.exception
        assert "Veel geduld" in texts(screen)
        assert "06 12345678" in texts(screen).replace("-", " ")
        assert "\\<img" in texts(screen)
        assert "**vet**" not in texts(screen)

    def test_only_the_part_in_the_address_is_asked_for_and_drawn(self, visit, dutch_coach):
        person = save()
        screen = visit("candidates", dutch_coach, candidate=str(person.id), part="work")
        assert "edit-candidate" not in {button.key for button in screen.button}
        screen.segmented_control(key="part").set_value("consent").run()
        assert not screen.exception
        assert screen.query_params["part"] == "consent"
        assert "Welk werk past?" not in [heading.value for heading in screen.subheader]
        assert "give-consent" in {button.key for button in screen.button}

    def test_a_part_that_is_not_there_shows_the_profile(self, visit, coach):
        screen = visit("candidates", coach, candidate=str(save().id), part="nowhere")
        assert "edit-candidate" in {button.key for button in screen.button}

    def test_an_address_that_leads_nowhere_says_so(self, visit, coach):
        assert visit("candidates", coach, candidate="999").error

    def test_can_be_changed(self, visit, dutch_coach):
        person = save()
        screen = visit("candidates", dutch_coach, candidate=str(person.id))
        screen.button(key="edit-candidate").click().run()
        screen.text_input(key="candidate-postcode").set_value("3011 ab")
        screen.button(key="save-candidate").click().run()
        assert not screen.exception
        assert (read(person.id).postcode, read(person.id).town) == ("3011AB", "Rotterdam")

    def test_a_wrong_postcode_is_refused_and_what_was_typed_stays(self, visit, dutch_coach):
        person = save()
        screen = visit("candidates", dutch_coach, candidate=str(person.id))
        screen.button(key="edit-candidate").click().run()
        screen.text_input(key="candidate-postcode").set_value("0000")
        screen.text_input(key="candidate-name").set_value("Ria de Wit")
        screen.button(key="save-candidate").click().run()
        assert "3311 AB" in told(screen)[0]
        assert screen.text_input(key="candidate-name").value == "Ria de Wit"
        assert read(person.id).name == "Ria Jansen"

    def test_warns_about_what_we_may_not_keep(self, visit, coach):
        person = save(strengths="BSN 123456782, heeft een burn-out gehad")
        screen = visit("candidates", coach, candidate=str(person.id))
        assert len(screen.warning) == 2

    def test_status_is_saved_at_once(self, visit, dutch_coach):
        person = save()
        screen = visit("candidates", dutch_coach, candidate=str(person.id))
        screen.selectbox(key=f"status-{person.id}-1").select(CandidateStatus.PAUSED).run()
        assert read(person.id).status is CandidateStatus.PAUSED


class TestConsent:
    def test_is_given_with_the_text_that_was_shown_for_what_was_ticked(self, visit, dutch_coach):
        person = save(consent_at=None, consent_until=None)
        screen = visit("candidates", dutch_coach, candidate=str(person.id), part="consent")
        shown = screen.text_area(key="words-introduce").value
        for purpose in ("details", "introduce"):
            screen.checkbox(key=f"agree-{purpose}").check()
        screen.button(key="give-consent").click().run()
        assert not screen.exception
        assert has_consent(read(person.id), now())
        with reading() as session:
            kept = {one.purpose.value: one.text for one in session.exec(select(CandidateConsent))}
        assert kept.keys() == {"details", "introduce"}
        assert kept["introduce"] == shown

    def test_nothing_ticked_says_so(self, visit, dutch_coach):
        person = save(consent_at=None, consent_until=None)
        screen = visit("candidates", dutch_coach, candidate=str(person.id), part="consent")
        screen.button(key="give-consent").click().run()
        assert "Vink aan" in told(screen)[0]

    def test_can_be_withdrawn(self, visit, dutch_coach):
        person = save(consent_at=None, consent_until=None)
        given = {Purpose.DETAILS: NASTY, Purpose.INTRODUCE: NASTY}
        with transaction() as session:
            agreed = CandidateConsentInput(
                texts=given, channel=ConsentChannel.PAPER, until=usual_consent_until(today())
            )
            record_consent(session, dutch_coach, person.id, agreed, version=1)
        screen = visit("candidates", dutch_coach, candidate=str(person.id), part="consent")
        screen.button(key="withdraw-consent-introduce").click().run()
        assert not screen.exception
        assert not has_consent(read(person.id), now())
        assert "Ingetrokken op" in texts(screen)


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
        assert not told_wrong(screen)
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


class TestWork:
    def test_a_job_that_fits_is_one_click_from_an_introduction(self, visit, dutch_coach):
        person = save()
        with transaction() as session:
            job = make_job(session, title=NASTY)
        screen = visit("candidates", dutch_coach, candidate=str(person.id), part="work")
        assert "Welk werk past?" in [heading.value for heading in screen.subheader]
        assert "to-weeks" in {button.key for button in screen.button}
        screen.button(key=f"introduce-for-{job.id}").click().run()
        assert not screen.exception
        with reading() as session:
            assert session.exec(select(Introduction.job_id)).all() == [job.id]

    def test_nothing_is_proposed_without_consent(self, visit, coach):
        person = save(consent_at=None)
        screen = visit("candidates", coach, candidate=str(person.id), part="work")
        assert "Which work fits?" not in [heading.value for heading in screen.subheader]

    def test_small_jobs_make_a_week_and_one_click_introduces_for_all(self, visit, coach):
        person = save(hours_min=12, hours_max=16)
        with transaction() as session:
            jobs = [make_job(session, title=NASTY, hours_per_week=8.0, days=[day]) for day in ("ma", "di")]
        screen = visit("candidates", coach, candidate=str(person.id), week="1")
        assert "16 hours at 2 employers" in texts(screen)
        screen.button(key="introduce-week-1").click().run()
        assert any("has been introduced" in words for words in told(screen))
        with reading() as session:
            assert set(session.exec(select(Introduction.job_id))) == {job.id for job in jobs}

    def test_no_week_says_what_stands_in_the_way(self, visit, coach):
        person = save(hours_max=16)
        with transaction() as session:
            make_job(session, hours_per_week=24.0)
            make_job(session, hours_per_week=None)
        screen = visit("candidates", coach, candidate=str(person.id), week="1")
        assert "No two jobs make a week together." in screen.info[0].value
        assert "1 job has more hours than wanted." in texts(screen)
        assert "Of 1 job the hours are not known yet." in texts(screen)

    def test_a_question_about_the_benefit_goes_on_paper_once_there_is_work_to_ask_about(self, visit, coach):
        person = save()
        assert not visit("candidates", coach, candidate=str(person.id), part="work").multiselect
        with transaction() as session:
            job = make_job(session, title="Broodjes smeren")
            introduce(session, coach, job.id, person.id)
        screen = visit("candidates", coach, candidate=str(person.id), part="work")
        assert screen.multiselect(key=f"benefit-work-{person.id}").options == ["Broodjes smeren"]
        assert len(screen.get("download_button")) == 1
        screen.multiselect(key=f"benefit-work-{person.id}").set_value([]).run()
        assert not screen.get("download_button")
        assert "Choose the work that the question is about." in texts(screen)


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


class TestPrivacy:
    def test_a_coordinator_erases_somebody_who_asks_for_it(self, visit, add_person):
        coordinator, person = add_person(Role.COORDINATOR, "nl"), save()
        screen = visit("candidates", coordinator, candidate=str(person.id), part="consent")
        assert screen.get("download_button")
        screen.button(key="ask-erase").click().run()
        assert screen.button(key="confirm-erase").disabled
        screen.checkbox(key="erase-sure").check().run()
        screen.button(key="confirm-erase").click().run()
        assert not screen.exception
        assert read(person.id).erased_at

    def test_a_coach_does_not(self, visit, coach):
        screen = visit("candidates", coach, candidate=str(save().id), part="consent")
        assert "ask-erase" not in {button.key for button in screen.button}


class TestCompaniesNotCalledYet:
    @pytest.fixture
    def baker(self):
        with transaction() as session:
            make_company(session, name=NASTY, sbi_code="10710")
            return make_candidate(session, trades=["Bakker"], competences=[])

    def open(self, visit, actor, person):
        screen = visit("candidates", actor, candidate=str(person.id), part="work")
        assert "could have work" not in texts(screen)
        screen.session_state["uncalled"] = True
        screen.run()
        assert not screen.exception
        return screen

    def test_a_coach_sees_them_and_asks_for_the_call_list(self, visit, coach, add_person, baker):
        add_person(Role.COORDINATOR)
        screen = self.open(visit, coach, baker)
        assert "**1 company** could have work" in texts(screen)
        assert "worked as Bakker" in texts(screen)
        screen.button(key="ask-for-list").click().run()
        assert "asked for a call list" in texts(screen)
        screen.button(key="ask-for-list").click().run()
        assert "today already" in told(screen)[-1]
        with reading() as session:
            assert len(session.exec(select(Notice)).all()) == 1

    def test_a_coordinator_makes_the_list(self, visit, add_person, baker):
        screen = self.open(visit, add_person(Role.COORDINATOR), baker)
        assert "ask-for-list" not in {button.key for button in screen.button}
