"""A company rings us: who is it, and what is opened for it."""

from datetime import timedelta

import pytest
import time_machine
from sqlmodel import select

from crm.access.actor import SYSTEM
from crm.access.permissions import Role
from crm.calling.models import Call, CallListEntry, CallStatus, CallWay, Claim, EntryState, ObjectionRight
from crm.calling.services import CompanyTaken, claim_company, mark_dialled, release_expired, return_to_parked
from crm.companies.inputs import LeadInput
from crm.companies.models import Company, CompanyNumber, SuppressionReason
from crm.companies.services import CompanyKnown, suppress
from crm.core.clock import now
from crm.core.errors import NotAllowed
from crm.desk.incoming import ringing
from crm.desk.inputs import WrapUpInput
from crm.desk.queries import Parked, desk_view
from crm.desk.rules import CannotWrapUp
from crm.desk.services import answer, answer_unknown, next_company, wrap_up, write_texts
from crm.desk.waiting import waiting
from crm.scripts.models import ScriptVersion
from crm.scripts.services import add_version, load_scripts
from tests.conftest import add_user, make_company, statements_of
from tests.crm.desk.test_services import result

NUMBER = "+31786123456"


@pytest.fixture
def company(session) -> Company:
    load_scripts(session)
    return make_company(session, name="Garage Moer", number=NUMBER)


def found(session, caller, number):
    return [row.company.name for row in ringing(session, caller, number).found]


class TestRinging:
    @pytest.mark.parametrize("number", [NUMBER, "078 612 34 56", "0031 78 6123456", "(078) 612-3456"])
    def test_finds_the_company_of_a_number(self, session, caller, company, number):
        make_company(session, number="+31781234567")
        call = ringing(session, caller, number)
        assert [row.company.id for row in call.found] == [company.id]
        assert call.e164 == NUMBER

    @pytest.mark.parametrize("digits", ["123456", "612 34 56", "86123456"])
    def test_finds_it_by_the_last_digits(self, session, caller, company, digits):
        make_company(session, number="+31781234567")
        assert found(session, caller, digits) == ["Garage Moer"]

    @pytest.mark.parametrize("typed", ["", "23456", "moer", "06", "९९९९९९"])
    def test_too_little_finds_nothing(self, session, caller, company, typed):
        call = ringing(session, caller, typed)
        assert (call.found, call.e164) == ([], "")

    def test_gives_several_to_choose_from(self, session, caller, company):
        make_company(session, name="Aannemer Plank", number="+31106123456")
        assert found(session, caller, "612 34 56") == ["Aannemer Plank", "Garage Moer"]

    def test_a_number_that_turned_out_to_be_of_somebody_else_is_not_theirs(self, session, caller, company):
        session.exec(select(CompanyNumber).where(CompanyNumber.e164 == NUMBER)).one().is_wrong = True
        session.flush()
        assert found(session, caller, NUMBER) == []

    def test_says_which_colleague_is_busy_with_it(self, session, caller, company):
        colleague = add_user(session, Role.CALLER, name="Bea")
        claim_company(session, colleague, company.id)
        assert ringing(session, caller, NUMBER).holders[company.id].name == "Bea"
        assert ringing(session, colleague, NUMBER).holders == {}

    def test_says_what_becomes_of_the_open_call(self, session, caller, call, company):
        asked = ringing(session, caller, NUMBER)
        assert (asked.left.id, asked.parked) == (call.company_id, None)
        answer(session, caller, company.id)
        asked = ringing(session, caller, "+31781234567")
        assert (asked.left.id, asked.parked.id) == (company.id, call.company_id)
        assert session.get_one(Call, call.id).e164
        asked = ringing(session, caller, call.e164)
        assert (asked.left.id, asked.parked) == (company.id, None)

    def test_costs_the_same_number_of_queries_for_any_number_of_companies(self, session, caller, company):
        counted = []
        for _each in range(2):
            with statements_of(session) as seen:
                ringing(session, caller, "6123456")
            counted.append(len(seen))
            for area in ("10", "20", "30"):
                make_company(session, number=f"+31{area}6123456")
        assert counted[0] == counted[1] <= 6

    def test_is_for_callers(self, session, viewer, company):
        with pytest.raises(NotAllowed):
            ringing(session, viewer, NUMBER)


class TestAnswer:
    def test_opens_the_conversation_as_a_call_of_theirs(self, session, caller, company):
        opened = answer(session, caller, company.id, e164=NUMBER)
        assert (opened.way, opened.e164, opened.dialled_at) == (CallWay.INCOMING, NUMBER, now())
        assert answer(session, caller, company.id, e164=NUMBER).id == opened.id

    def test_is_always_allowed_also_when_we_may_not_call(self, session, caller, company):
        suppress(session, caller, company.id, reason=SuppressionReason.OBJECTION)
        answer(session, caller, company.id, e164=NUMBER)
        assert not desk_view(session, caller).verdict.allowed

    def test_the_hour_does_not_matter(self, session, caller, company):
        with time_machine.travel("2026-11-22 21:00+01:00", tick=False):
            answer(session, caller, company.id)
            assert desk_view(session, caller).verdict.allowed

    def test_a_colleague_who_has_it_keeps_it_and_so_does_the_open_call(self, session, caller, call, company):
        claim_company(session, add_user(session, Role.CALLER), company.id)
        with pytest.raises(CompanyTaken), session.begin_nested():
            answer(session, caller, company.id)
        assert desk_view(session, caller).talk.call.id == call.id

    def test_the_open_call_is_parked_and_said_at_the_desk(self, session, caller, call, company):
        write_texts(session, caller, call.id, {"notes": "Belt zo terug."})
        answer(session, caller, company.id)
        kept = session.get_one(Call, call.id)
        assert (kept.status, kept.notes) == (CallStatus.PARKED, "Belt zo terug.")
        name = session.get_one(Company, kept.company_id).name
        assert desk_view(session, caller).parked == waiting(session, caller).parked == Parked(name, now())

    def test_what_was_typed_at_that_moment_comes_in_late(self, session, caller, call, company):
        answer(session, caller, company.id)
        write_texts(session, caller, call.id, {"notes": "Belt zo terug.", "summary": "Druk."})
        assert session.get_one(Call, call.id).notes == "Belt zo terug."

    def test_with_a_parked_call_the_open_one_goes_back_with_its_words(self, session, caller, call, company):
        second = answer(session, caller, company.id)
        write_texts(session, caller, second.id, {"notes": "Wie zijn wij?"})
        answer(session, caller, make_company(session, number="+31106123456").id)
        assert (second.status, second.notes) == (CallStatus.DONE, "Wie zijn wij?")
        assert call.status is CallStatus.PARKED

    def test_who_is_parked_and_rings_again_is_answered_in_that_call(self, session, caller, call, company):
        second = answer(session, caller, company.id)
        held = session.exec(select(Claim.company_id, Claim.entry_id, Claim.parked).order_by(Claim.company_id)).all()
        assert answer(session, caller, call.company_id) is call
        assert (call.status, second.status) == (CallStatus.OPEN, CallStatus.PARKED)
        assert (call.parked_at, second.parked_at) == (None, now())
        changed_places = [(company_id, entry_id, not parked) for company_id, entry_id, parked in held]
        claims = session.exec(select(Claim.company_id, Claim.entry_id, Claim.parked).order_by(Claim.company_id)).all()
        assert claims == changed_places
        assert session.get_one(CallListEntry, call.entry_id).state is EntryState.CLAIMED
        assert answer(session, caller, company.id) is second
        assert (call.status, second.status) == (CallStatus.PARKED, CallStatus.OPEN)

    def test_who_is_parked_and_rings_again_after_a_colleague_took_it_is_refused(self, session, caller, call, company):
        second = answer(session, caller, company.id)
        with time_machine.travel(now() + timedelta(hours=2), tick=False):
            release_expired(session)
            claim_company(session, add_user(session, Role.CALLER), call.company_id)
            with pytest.raises(CompanyTaken), session.begin_nested():
                answer(session, caller, call.company_id)
        session.expire_all()
        assert (call.status, second.status) == (CallStatus.PARKED, CallStatus.OPEN)

    def test_what_comes_after_it_can_be_left_for_what_is_parked(self, session, caller, call, company):
        wrap_up(session, caller, answer(session, caller, company.id).id, result("GESPREK_GEEN_WERK"))
        next_company(session, caller)
        assert return_to_parked(session, caller) is call

    def test_who_rings_while_we_were_about_to_call_them_is_answered_in_that_call(self, session, caller, call):
        assert answer(session, caller, call.company_id).id == call.id
        assert call.way is CallWay.INCOMING

    def test_a_call_that_we_dialled_stays_ours(self, session, caller, call):
        mark_dialled(session, caller, call.id)
        assert answer(session, caller, call.company_id).way is CallWay.DESK

    def test_begins_where_a_call_of_theirs_begins(self, session, caller, company):
        talk = desk_view(session, caller) if answer(session, caller, company.id) else None
        assert talk.talk.position.node.id == "I01"

    def test_has_the_newest_script_and_calls_from_before_keep_theirs(self, session, caller, call, company):
        old = session.get_one(ScriptVersion, call.script_version_id)
        new = add_version(session, SYSTEM, old.source.replace("title: U wordt gebeld", "title: Zij bellen"))
        theirs = answer(session, caller, company.id)
        assert (call.script_version_id, theirs.script_version_id) == (old.id, new.id)
        assert desk_view(session, caller).talk.position.node.title == "Zij bellen"

    def test_a_number_of_another_company_is_not_kept_as_theirs(self, session, caller, company):
        assert answer(session, caller, company.id, e164="+31101234567").e164 == NUMBER


class TestUnknown:
    def test_is_written_down_with_its_number(self, session, caller, company):
        opened = answer_unknown(session, caller, LeadInput(name="Kapper Krul", town="Breda", number="076 512 34 56"))
        made = session.get_one(Company, opened.company_id)
        assert (made.name, made.town, made.source) == ("Kapper Krul", "Breda", "belde ons")
        assert (opened.e164, opened.way) == ("+31765123456", CallWay.INCOMING)

    def test_is_not_written_down_twice(self, session, caller, company):
        with pytest.raises(CompanyKnown):
            answer_unknown(session, caller, LeadInput(name="Moer", number=NUMBER))


class TestResult:
    def test_is_kept_with_the_way_and_without_the_right_to_object(self, session, caller, company):
        opened = answer(session, caller, company.id)
        given = WrapUpInput(disposition="GESPREK_GEEN_WERK", summary="Vraagt wie wij zijn.")
        wrap_up(session, caller, opened.id, given)
        assert (opened.status, opened.way, opened.objection_right) == (CallStatus.DONE, CallWay.INCOMING, None)
        assert session.exec(select(Claim)).first() is None

    def test_an_objection_blocks_as_in_any_call(self, session, caller, company):
        opened = answer(session, caller, company.id)
        wrap_up(session, caller, opened.id, result("VERZET", objection_right=ObjectionRight.OFFERED))
        assert not ringing(session, caller, NUMBER).found[0].verdict.allowed

    def test_nobody_answered_cannot_be_the_result(self, session, caller, company):
        opened = answer(session, caller, company.id)
        with pytest.raises(CannotWrapUp):
            wrap_up(session, caller, opened.id, result("GEEN_GEHOOR"))

    def test_afterwards_the_lists_go_on(self, session, caller, call, company):
        opened = answer(session, caller, company.id)
        wrap_up(session, caller, opened.id, result("GESPREK_GEEN_WERK"))
        assert next_company(session, caller).way is CallWay.DESK
