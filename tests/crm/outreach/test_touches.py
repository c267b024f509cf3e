"""What reached a company before a call."""

from datetime import date, timedelta

import pytest
from pydantic import ValidationError
from sqlmodel import select

from crm.calling.inputs import ListFilters
from crm.core.clock import local, now, today
from crm.core.errors import NotAllowed
from crm.desk.timeline import Kind, timeline
from crm.outreach.inputs import CampaignInput, MailingInput, TouchInput
from crm.outreach.letters import mark_sent, write_letter
from crm.outreach.mailings import make_letters, mark_mailing_sent, start_mailing
from crm.outreach.models import Answer, Campaign, Touch, TouchKind
from crm.outreach.touches import NobodyReached, campaigns, log_campaign, log_touch, remove_campaign
from tests.conftest import make_company
from tests.crm.outreach.conftest import make_owner

YESTERDAY = today() - timedelta(days=1)


def article(**overrides: object) -> CampaignInput:
    fields = {"name": "Artikel in De Stad", "kind": TouchKind.ARTICLE, "on_day": YESTERDAY}
    return CampaignInput.model_validate(fields | {"filters": ListFilters(trades=("10",))} | overrides)


class TestByHand:
    def test_is_in_the_history_of_the_company_with_its_day_and_no_hour(self, session, caller):
        company = make_company(session)
        log_touch(session, caller, company.id, TouchInput(kind=TouchKind.VISIT, on_day=YESTERDAY, note="Folder"))
        (event,) = timeline(session, caller, company.id).events
        assert (event.kind, event.what, event.who) == (Kind.TOUCH, "Bezoek aan de deur", caller.name)
        assert event.text == "Folder"
        assert local(event.at).date() == YESTERDAY
        assert ":" not in event.when

    def test_cannot_be_in_the_future(self):
        with pytest.raises(ValidationError):
            TouchInput(kind=TouchKind.VISIT, on_day=today() + timedelta(days=1))

    def test_a_viewer_writes_nothing_down(self, session, viewer):
        with pytest.raises(NotAllowed):
            log_touch(session, viewer, make_company(session).id, TouchInput(kind=TouchKind.VISIT, on_day=YESTERDAY))


class TestCampaign:
    def test_reaches_all_companies_of_the_choice_that_exist(self, session, coordinator):
        bakers = [make_company(session, sbi_code="10710").id for _time in range(3)]
        make_company(session, sbi_code="56110")
        make_company(session, sbi_code="10710", stopped_at=now())
        campaign = log_campaign(session, coordinator, article())
        touched = session.exec(select(Touch.company_id).where(Touch.campaign_id == campaign.id)).all()
        assert sorted(touched) == bakers
        (row,), total = campaigns(session, coordinator)
        assert (row.campaign.name, row.person, row.companies, total) == ("Artikel in De Stad", coordinator.name, 3, 1)

    def test_is_named_in_the_history(self, session, coordinator):
        company = make_company(session, sbi_code="10710")
        log_campaign(session, coordinator, article())
        (event,) = timeline(session, coordinator, company.id).events
        assert (event.what, event.how) == ("Artikel in een krant", "Artikel in De Stad")

    def test_that_reaches_nobody_is_refused(self, session, coordinator):
        with pytest.raises(NobodyReached):
            log_campaign(session, coordinator, article())

    def test_can_be_taken_back(self, session, coordinator):
        company = make_company(session, sbi_code="10710")
        log_touch(session, coordinator, company.id, TouchInput(kind=TouchKind.VISIT, on_day=YESTERDAY))
        campaign = log_campaign(session, coordinator, article())
        remove_campaign(session, coordinator, campaign.id)
        assert session.exec(select(Campaign)).all() == []
        assert session.exec(select(Touch.kind)).all() == [TouchKind.VISIT]

    def test_is_for_coordinators(self, session, caller):
        with pytest.raises(NotAllowed):
            log_campaign(session, caller, article())


@pytest.mark.usefixtures("sender")
class TestLetters:
    def days(self, session) -> list[date]:
        return list(session.exec(select(Touch.on_day).where(Touch.kind == TouchKind.LETTER)))

    def test_a_letter_counts_once_it_is_in_the_post_and_once_only(self, session, coordinator):
        letter = write_letter(session, coordinator, make_owner(session).id)
        assert self.days(session) == []
        mark_sent(session, coordinator, letter.id, today())
        mark_sent(session, coordinator, letter.id, YESTERDAY)
        assert self.days(session) == [YESTERDAY]

    def test_so_do_the_letters_of_a_mailing(self, session, coordinator):
        for _time in range(3):
            make_owner(session)
        mailing = start_mailing(session, coordinator, MailingInput(name="Alle", filters=ListFilters()))
        make_letters(session, coordinator, mailing.id)
        for day in (today(), YESTERDAY):
            mark_mailing_sent(session, coordinator, mailing.id, day)
        assert self.days(session) == [YESTERDAY] * 3

    def test_the_history_tells_what_was_answered(self, session, coordinator):
        letter = write_letter(session, coordinator, make_owner(session).id)
        mark_sent(session, coordinator, letter.id, today())
        letter.answer = Answer.YES
        session.flush()
        (event,) = timeline(session, coordinator, letter.company_id).events
        assert (event.what, event.how) == ("Brief", "Ja, mag gebeld worden")
