from datetime import date, timedelta

import pytest
import time_machine
from sqlmodel import select

from crm.audit.models import AuditEntry
from crm.calling.models import Call, CallList, CallListEntry, CallStatus
from crm.companies.gate import may_call
from crm.companies.inputs import LeadInput
from crm.companies.models import Company, Referral
from crm.companies.services import CompanyKnown
from crm.core.clock import now
from crm.core.errors import NotAllowed, NotFound
from crm.desk.referrals import introducer, told_by
from crm.desk.timeline import Kind, timeline
from crm.matching.tips import CameOfIt, ThankedAlready, thank, tip_known, tip_new, tips_of, tips_on
from crm.pipeline.models import Stage
from crm.privacy.candidates import erase_candidate
from crm.scripts.models import ScriptVersion
from tests.conftest import make_candidate, make_company, make_job

GARAGE = LeadInput(name="Garage Moer B.V.", town="Zwijndrecht", number="078 612 34 56")


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel("2026-11-24 10:00+01:00", tick=False):
        yield


@pytest.fixture
def person(session):
    return make_candidate(session, name="Ria Jansen")


@pytest.fixture
def company(session):
    return make_company(session, name="Garage Moer")


class TestGiven:
    def test_a_new_company_may_not_be_called_before_its_legal_form_is_known(self, session, coach, person):
        tip = tip_new(session, coach, person.id, GARAGE, may_name=True)
        assert not may_call(session, tip.company_id).allowed
        assert (tip.candidate_id, tip.introducer_company_id) == (person.id, None)

    def test_who_asks_where_the_number_is_from_hears_no_name(self, session, coach, person):
        tip = tip_new(session, coach, person.id, GARAGE, may_name=True)
        assert session.get_one(Company, tip.company_id).source == "een werkzoekende"

    def test_a_company_we_know_is_not_written_down_twice(self, session, coach, person):
        make_company(session, number="+31786123456")
        with pytest.raises(CompanyKnown):
            tip_new(session, coach, person.id, GARAGE, may_name=False)

    def test_the_same_tip_counts_once_and_as_it_was_said_last(self, session, coach, person, company):
        for may_name in (True, False):
            tip_known(session, coach, person.id, company.id, may_name=may_name)
        assert [one.may_name for one in session.exec(select(Referral))] == [False]
        assert session.exec(select(AuditEntry).where(AuditEntry.action == "company.referred")).first()

    def test_two_job_seekers_may_name_the_same_company(self, session, coach, person, company):
        for who in (person, make_candidate(session)):
            tip_known(session, coach, who.id, company.id, may_name=False)
        assert len(tips_on(session, coach, company.id)) == 2

    def test_is_about_somebody_and_not_for_callers(self, session, coach, caller, person, company):
        with pytest.raises(NotFound):
            tip_known(session, coach, 999_999, company.id, may_name=False)
        with pytest.raises(NotAllowed):
            tip_known(session, caller, person.id, company.id, may_name=False)
        with pytest.raises(NotAllowed):
            tips_of(session, caller, person.id)


class TestCalled:
    def test_the_desk_tells_of_a_tip_without_the_name(self, session, coach, person, company):
        tip_known(session, coach, person.id, company.id, may_name=False)
        named = introducer(session, company.id)
        assert named
        assert (named.by_job_seeker, named.company, named.contact) == (True, "", "")

    def test_the_desk_tells_the_name_that_may_be_said(self, session, coach, person, company):
        tip_known(session, coach, make_candidate(session, name="Piet Bos").id, company.id, may_name=False)
        tip_known(session, coach, person.id, company.id, may_name=True)
        tip_known(session, coach, make_candidate(session, name="Jan Pot").id, company.id, may_name=False)
        named = introducer(session, company.id)
        assert named
        assert named.contact == "Ria Jansen"

    def test_an_owner_who_may_be_named_opens_better_than_a_tip(self, session, coach, person, company):
        other = make_company(session, name="Bakkerij Kruimel")
        made = {"company_id": company.id, "made_by_id": coach.user_id}
        session.add(Referral(introducer_company_id=other.id, may_name=True, **made))
        tip_known(session, coach, person.id, company.id, may_name=False)
        named = introducer(session, company.id)
        assert named
        assert (named.company, named.by_job_seeker) == ("Bakkerij Kruimel", False)

    def test_the_card_names_them_only_to_who_may_know(self, session, coach, caller, person, company):
        tip_known(session, coach, person.id, company.id, may_name=False)
        assert [one.name for one in tips_on(session, coach, company.id)] == ["Ria Jansen"]
        assert [one.name for one in tips_on(session, caller, company.id)] == [""]
        assert not told_by(session, caller, company.id)

    def test_the_history_of_the_company_has_the_tip(self, session, coach, caller, person, company):
        tip = tip_known(session, coach, person.id, company.id, may_name=False)
        seen, heard = (timeline(session, who, company.id).events for who in (coach, caller))
        assert [(one.kind, one.record_id, one.what, one.how, one.who) for one in seen] == [
            (Kind.TIP, tip.id, "Tip van Ria Jansen, werkzoekende bij ons", "Noem deze naam niet.", coach.name)
        ]
        assert [(one.what, one.how) for one in heard] == [("Tip van een werkzoekende", "")]

    def test_who_agreed_to_be_named_stands_in_the_history_for_everybody(self, session, coach, caller, person, company):
        tip_known(session, coach, person.id, company.id, may_name=True)
        (event,) = timeline(session, caller, company.id).events
        assert (event.what, event.how) == ("Tip van Ria Jansen, werkzoekende bij ons", "")

    def test_of_who_was_erased_only_that_there_was_a_tip_stays(self, session, coach, coordinator, person, company):
        tip_known(session, coach, person.id, company.id, may_name=True)
        erase_candidate(session, coordinator, person.id)
        assert [one.name for one in tips_on(session, coach, company.id)] == [""]
        (event,) = timeline(session, coach, company.id).events
        assert event.what == "Tip van een werkzoekende"


class TestCameOfIt:
    def came(self, session, coach, person):
        return [tip.came_of_it for tip in tips_of(session, coach, person.id)]

    def test_goes_from_waiting_to_somebody_at_work(self, session, coach, person, company):
        tip_known(session, coach, person.id, company.id, may_name=False)
        assert self.came(session, coach, person) == [CameOfIt.WAITING]
        session.add(ScriptVersion(id=1, key="t", number=1, title="T", source="", checksum="0"))
        session.flush()
        on_list = CallList(name="Tips", script_version_id=1, made_by_id=coach.user_id)
        session.add(on_list)
        session.flush()
        session.add(CallListEntry(list_id=on_list.id, company_id=company.id, due_at=now()))
        session.flush()
        assert self.came(session, coach, person) == [CameOfIt.LISTED]
        done = {"status": CallStatus.DONE, "script_version_id": 1, "caller_id": coach.user_id}
        session.add(Call(company_id=company.id, ended_at=now(), **done))
        session.flush()
        assert self.came(session, coach, person) == [CameOfIt.CALLED]
        job = make_job(session, company_id=company.id)
        assert self.came(session, coach, person) == [CameOfIt.WORK]
        job.stage = Stage.PLACED
        session.flush()
        assert self.came(session, coach, person) == [CameOfIt.PLACED]

    def test_work_from_before_the_tip_does_not_count(self, session, coach, person, company):
        make_job(session, company_id=company.id, created_at=now() - timedelta(days=3))
        tip_known(session, coach, person.id, company.id, may_name=False)
        assert self.came(session, coach, person) == [CameOfIt.WAITING]

    def test_somebody_is_thanked_once(self, session, coach, person, company):
        tip = tip_known(session, coach, person.id, company.id, may_name=False)
        thank(session, coach, tip.id)
        assert tip.thanked_on == date(2026, 11, 24)
        with pytest.raises(ThankedAlready):
            thank(session, coach, tip.id)
