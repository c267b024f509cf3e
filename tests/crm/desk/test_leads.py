"""Whom else should we call: written down in one call, used in the next."""

import pytest
from pydantic import ValidationError
from sqlmodel import select

from crm.audit.models import AuditEntry
from crm.calling import lists
from crm.calling.inputs import ListFilters
from crm.calling.models import Call, CallStatus
from crm.companies.gate import may_call
from crm.companies.inputs import LeadInput
from crm.companies.models import Company, CompanyNumber, Referral
from crm.companies.search import search
from crm.companies.services import CompanyKnown, NamesItself, NotOneNumber
from crm.core.errors import NotAllowed
from crm.desk.queries import desk_view, talk
from crm.desk.referrals import alike, introducer, told_by, told_of
from crm.desk.services import call_company, name_known, name_new, next_company, put_back, wrap_up, write_texts
from crm.desk.timeline import timeline
from tests.conftest import make_company
from tests.crm.desk.test_services import result

GARAGE = LeadInput(name="Garage Moer B.V.", town="Zwijndrecht", number="078 612 34 56")


class TestNew:
    def test_is_a_company_that_may_not_be_called_as_long_as_its_legal_form_is_unknown(self, session, caller, call):
        made = name_new(session, caller, call.id, GARAGE, may_name=True)
        company = session.get_one(Company, made.company_id)
        assert (company.name, company.town, company.legal_form) == ("Garage Moer B.V.", "Zwijndrecht", "ONB")
        assert not may_call(session, company.id).allowed
        assert [row.company.id for row in search(session, caller, "moer zwijndrecht").rows] == [company.id]

    def test_may_come_without_a_number(self, session, caller, call):
        made = name_new(session, caller, call.id, LeadInput(name="Kapper Krul"), may_name=False)
        assert session.exec(select(CompanyNumber).where(CompanyNumber.company_id == made.company_id)).first() is None
        assert may_call(session, made.company_id).rule == "no-number"

    @pytest.mark.parametrize(("may_name", "source"), [(True, "Bakkerij Kruimel"), (False, "een andere ondernemer")])
    def test_who_asks_where_the_number_is_from_hears_a_name_only_when_that_was_agreed(
        self, session, caller, call, may_name, source
    ):
        session.get_one(Company, call.company_id).name = "Bakkerij Kruimel"
        made = name_new(session, caller, call.id, GARAGE, may_name=may_name)
        assert session.get_one(Company, made.company_id).source == source
        assert session.exec(select(CompanyNumber.source).where(CompanyNumber.e164 == "+31786123456")).one() == source

    @pytest.mark.parametrize(
        "known", [{"number": "+31786123456"}, {"name": "GARAGE MOER", "town": "Zwijndrecht", "postcode": "3331AB"}]
    )
    def test_a_company_we_know_is_not_written_down_twice(self, session, caller, call, known):
        make_company(session, **known)
        with pytest.raises(CompanyKnown):
            name_new(session, caller, call.id, GARAGE, may_name=False)

    def test_a_company_of_that_name_in_another_town_is_another_company(self, session, caller, call):
        make_company(session, name="Garage Moer", town="Breda")
        assert name_new(session, caller, call.id, GARAGE, may_name=False).id

    def test_half_a_number_is_refused(self, session, caller, call):
        with pytest.raises(NotOneNumber):
            name_new(session, caller, call.id, LeadInput(name="Moer", number="078 61"), may_name=False)

    def test_needs_a_name(self):
        with pytest.raises(ValidationError):
            LeadInput(name="  ")


class TestKnown:
    def test_is_kept_with_who_named_it_and_in_which_call(self, session, caller, call):
        company = make_company(session)
        made = name_known(session, caller, call.id, company.id, may_name=False)
        kept = (made.company_id, made.introducer_company_id, made.call_id, made.made_by_id, made.may_name)
        assert kept == (company.id, call.company_id, call.id, caller.id, False)
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "company.referred")).one()
        assert entry.subject_id == made.id

    def test_named_twice_counts_once_and_as_it_was_said_last(self, session, caller, call):
        company = make_company(session)
        for may_name in (False, True):
            name_known(session, caller, call.id, company.id, may_name=may_name)
        assert [one.may_name for one in session.exec(select(Referral))] == [True]

    def test_nobody_names_itself(self, session, caller, call):
        with pytest.raises(NamesItself):
            name_known(session, caller, call.id, call.company_id, may_name=True)

    def test_is_only_written_in_a_call_of_ones_own(self, session, caller, call, coach):
        with pytest.raises(NotAllowed):
            name_known(session, coach, call.id, make_company(session).id, may_name=True)

    def test_keeps_a_call_that_is_put_back(self, session, caller, call):
        company = make_company(session)
        name_known(session, caller, call.id, company.id, may_name=True)
        put_back(session, caller, call.id)
        assert session.get_one(Call, call.id).status is CallStatus.DONE
        assert [told.company_id for told in told_of(session, caller, call.company_id)] == [company.id]


class TestAlike:
    def test_the_number_comes_before_the_name(self, session, caller):
        by_name = make_company(session, name="Garage Moer")
        by_number = make_company(session, name="Autobedrijf Bout", number="+31786123456")
        from crm.companies.words import index_company

        for company in (by_name, by_number):
            index_company(session, company)
        found = alike(session, caller, "Garage Moer", "", "078 6123456")
        assert [row.company.id for row in found] == [by_number.id, by_name.id]

    def test_nothing_typed_finds_nothing(self, session, caller):
        make_company(session)
        assert alike(session, caller, "", "", "") == []


class TestLater:
    @pytest.fixture
    def lead(self, session, caller, call) -> Company:
        """Named by Ria of the first company, in a call that is finished."""
        session.get_one(Company, call.company_id).name = "Bakkerij Kruimel"
        company = make_company(session, name="Garage Moer")
        name_known(session, caller, call.id, company.id, may_name=True)
        assert [named.id for named in talk(session, caller).leads] == [company.id]
        write_texts(session, caller, call.id, {"spoken_with": "Ria Jansen"})
        wrap_up(session, caller, call.id, result("DOORVERWEZEN", contact_name="Ria Jansen"))
        return company

    def test_the_desk_says_on_whose_recommendation(self, session, caller, lead):
        call_company(session, caller, lead.id)
        named = desk_view(session, caller).introducer
        assert (named.company, named.contact) == ("Bakkerij Kruimel", "Ria Jansen")

    def test_without_a_yes_nobody_is_named_at_the_desk(self, session, caller, lead):
        session.exec(select(Referral)).one().may_name = False
        session.flush()
        assert introducer(session, lead.id) is None

    def test_both_companies_tell_it(self, session, caller, call, lead):
        (by,) = told_by(session, caller, lead.id)
        (of,) = told_of(session, caller, call.company_id)
        assert (by.company, by.contact, by.caller, by.may_name) == ("Bakkerij Kruimel", "Ria Jansen", caller.name, True)
        assert (of.company, of.company_id) == ("Garage Moer", lead.id)

    def test_the_history_tells_it_without_a_name_that_may_not_be_said(self, session, caller, call, lead):
        events = [event.what for event in timeline(session, caller, call.company_id).events]
        assert "Noemde Garage Moer" in events
        assert "Genoemd door Bakkerij Kruimel" in [event.what for event in timeline(session, caller, lead.id).events]
        session.exec(select(Referral)).one().may_name = False
        session.flush()
        (event,) = timeline(session, caller, lead.id).events
        assert "Kruimel" not in event.what

    def test_is_not_for_viewers(self, session, viewer, lead):
        with pytest.raises(NotAllowed):
            told_by(session, viewer, lead.id)

    def test_a_list_can_be_made_of_them(self, session, coordinator, lead):
        make_company(session)
        seen = lists.preview(session, coordinator, ListFilters(leads=True, skip_listed=False))
        assert (seen.total, seen.callable) == (1, 1)

    def test_a_company_nobody_named_has_no_introducer(self, session, caller, lead):
        assert next_company(session, caller)
        assert desk_view(session, caller).introducer is None
