import pytest
from sqlmodel import select

from crm.access.permissions import Role
from crm.candidates.models import Candidate, CandidateStatus
from crm.candidates.queries import PAGE_SIZE
from crm.candidates.rules import has_consent
from crm.core.clock import now
from crm.core.db import reading, transaction
from crm.matching.models import Introduction
from tests.conftest import make_candidate, make_job

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
    def test_is_given_with_the_text_that_was_shown(self, visit, dutch_coach):
        person = save(consent_at=None, consent_until=None, consent_text="")
        screen = visit("candidates", dutch_coach, candidate=str(person.id))
        shown = screen.text_area(key="consent-text").value
        screen.button(key="give-consent").click().run()
        assert not screen.exception
        assert has_consent(read(person.id), now())
        assert read(person.id).consent_text == shown

    def test_can_be_withdrawn(self, visit, dutch_coach):
        person = save()
        screen = visit("candidates", dutch_coach, candidate=str(person.id))
        screen.button(key="withdraw-consent").click().run()
        assert not has_consent(read(person.id), now())


def test_somebody_new_is_written_down_and_opened(visit, dutch_coach):
    screen = visit("candidates", dutch_coach)
    screen.button(key="new-candidate").click().run()
    screen.text_input(key="new-candidate-name").set_value("Piet Bos")
    screen.button(key="save-candidate").click().run()
    assert not screen.exception
    with reading() as session:
        person = session.exec(select(Candidate)).one()
    assert (person.name, person.coach_id) == ("Piet Bos", dutch_coach.id)
    assert screen.title[0].value == "Piet Bos"


class TestWork:
    def test_a_job_that_fits_is_one_click_from_an_introduction(self, visit, dutch_coach):
        person = save()
        with transaction() as session:
            job = make_job(session, title=NASTY)
        screen = visit("candidates", dutch_coach, candidate=str(person.id))
        assert "Welk werk past?" in [heading.value for heading in screen.subheader]
        assert "to-weeks" in {button.key for button in screen.button}
        screen.button(key=f"introduce-for-{job.id}").click().run()
        assert not screen.exception
        with reading() as session:
            assert session.exec(select(Introduction.job_id)).all() == [job.id]

    def test_nothing_is_proposed_without_consent(self, visit, coach):
        person = save(consent_at=None)
        screen = visit("candidates", coach, candidate=str(person.id))
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
