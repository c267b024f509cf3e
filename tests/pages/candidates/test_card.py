"""The list of job seekers and the card of one."""

import pytest
from sqlmodel import select

from crm.access.permissions import Role
from crm.candidates.consents import record_consent
from crm.candidates.inputs import CandidateConsentInput
from crm.candidates.models import (
    CandidateConsent,
    CandidateStatus,
    Purpose,
)
from crm.candidates.queries import PAGE_SIZE
from crm.candidates.rules import has_consent, usual_consent_until
from crm.companies.models import ConsentChannel
from crm.core.clock import now, today
from crm.core.db import reading, transaction
from tests.conftest import make_candidate
from tests.pages.candidates.building import read, save
from tests.pages.reading import NASTY, texts, told


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
        assert "\\<script" in texts(screen)
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
        assert "\\<script" in texts(screen)
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
