"""Who is erased is gone from the database, and stays blocked when they come back."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import text
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.audit.models import AuditEntry
from crm.calling.models import Call, CallField, CallStatus, Claim, NamesDraft, ObjectionRight, WrapUp
from crm.calling.services import CallEnded, claim_company, open_call, park, release_expired, save_notes
from crm.companies.gate import callable_now, may_call, verdict_counts
from crm.companies.importing.inputs import ImportInput
from crm.companies.importing.services import import_file
from crm.companies.inputs import (
    CompanyInput,
    ConsentInput,
    ContactInput,
    NewCompanyInput,
    NumberBlockInput,
    NumberInput,
)
from crm.companies.models import (
    Company,
    CompanyNumber,
    Consent,
    ConsentChannel,
    Contact,
    Suppression,
    SuppressionReason,
)
from crm.companies.search import search
from crm.companies.services import (
    add_company,
    add_contact,
    add_number,
    change_company,
    record_consent,
    suppress,
    suppress_number,
)
from crm.core.clock import now
from crm.core.errors import NotAllowed
from crm.followups.models import FollowUp, FollowUpKind, FollowUpStatus
from crm.matching.models import RefusalReason, Suggestion
from crm.matching.suggesting import RefusalInput, refuse
from crm.messaging.models import Notice, NoticeKind, OutboxMessage
from crm.migrations.tables import METADATA
from crm.outreach.models import Touch, TouchKind
from crm.pipeline.analyses.inputs import AnalysisInput, TaskInput
from crm.pipeline.analyses.services import add_task, begin_analysis, write_text
from crm.pipeline.models import HiddenJob, Stage
from crm.privacy.erasing import CaseStillRuns, ErasedAlready, erase_company, erase_contact
from crm.reference.models import Reached
from crm.scripts.models import ScriptVersion
from crm.scripts.services import load_scripts
from crm.telephony.models import DialledCall, DialState
from tests.conftest import add_user, make_candidate, make_company, make_job

NUMBER, KVK, BRANCH = "+31786134567", "87654321", "000087654321"
PERSONAL = ("Zeldzaam", "zeldzaam", NUMBER, KVK, BRANCH, "Wilhelmina", "Geheimpad", "4321ZX", "vertrouwelijk")


@pytest.fixture
def company(session: Session, caller: Actor) -> Company:
    """With personal data in every corner."""
    known = NewCompanyInput(
        name="Zeldzaam Brood", number=NUMBER, source="vertrouwelijk", kvk_number=KVK, branch_number=BRANCH,
        street="Geheimpad 3", postcode="4321ZX", town="Dordrecht", email="wilhelmina@zeldzaam.nl", legal_form="EMZ",
    )  # fmt: skip
    company = add_company(session, caller, known)
    contact = add_contact(session, caller, company.id, ContactInput(name="Wilhelmina", function="vertrouwelijk"))
    given = ConsentInput(
        given_by="Wilhelmina", channel=ConsentChannel.PAPER, text="vertrouwelijk", verified_how="x",
        contact_id=contact.id,
    )  # fmt: skip
    record_consent(session, caller, company.id, given)
    load_scripts(session)
    script = session.exec(select(ScriptVersion)).first()
    assert script is not None
    done: dict[str, Any] = {
        "status": CallStatus.DONE,
        "ended_at": now(),
        "disposition": "GEEN_INTERESSE",
        "reached": Reached.ANSWERED,
    }
    done |= {"objection_right": ObjectionRight.OFFERED, "e164": NUMBER, "notes": "vertrouwelijk"}
    call = Call(
        company_id=company.id, caller_id=caller.user_id, script_version_id=script.id, contact_id=contact.id, **done
    )
    session.add(call)
    session.flush()
    session.add(CallField(call_id=call.id, name="contact_name", value="Wilhelmina"))
    session.add(WrapUp(call_id=call.id, changes=[{"notes": "vertrouwelijk"}]))
    session.add(DialledCall(call_id=call.id, system="x", line="1", e164=NUMBER, mark="m1", state=DialState.ENDED))
    session.add(Touch(company_id=company.id, kind=next(iter(TouchKind)), on_day=now().date(), note="vertrouwelijk"))
    asked = {"tasks": "Wilhelmina helpen", "conditions": "vertrouwelijk", "contract": "vertrouwelijk"}
    asked |= {"pay_scale": "vertrouwelijk", "start_place": "Geheimpad 3"}
    job = make_job(session, company_id=company.id, title="vertrouwelijk", **asked)
    visit = AnalysisInput(held_on=now().date(), spoken_with="Wilhelmina")
    analysis = begin_analysis(session, caller, company.id, visit)
    task = TaskInput(what="Wilhelmina helpen", done_by="vertrouwelijk", how_often="vertrouwelijk")
    add_task(session, caller, analysis.id, task)
    for name in ("left_undone", "circumstances", "agreements"):
        write_text(session, caller, analysis.id, name, "vertrouwelijk", before="")
    suggested = RefusalInput(reason=RefusalReason.OTHER, words="vertrouwelijk, zegt Wilhelmina")
    person = make_candidate(session)
    refuse(session, add_user(session, Role.COACH), job.id, person.id, suggested)
    at_desk = {"call_id": call.id, "candidate_id": person.id, "shown_to_id": caller.id}
    session.add(Suggestion(**at_desk, score=60, why="bekend met vertrouwelijk"))
    promise = {"kind": FollowUpKind.RECALL, "due_at": now() + timedelta(days=9), "note": "vertrouwelijk"}
    promise |= {"recall_reason": "PENSIOEN", "recall_on": date(2028, 5, 1), "moved_because": "vertrouwelijk"}
    session.add(FollowUp(company_id=company.id, contact_id=contact.id, owner_id=caller.id, **promise))
    pasted = ["Zeldzaam Brood, Dordrecht", "Bakker; 078 613 45 67", "Brood", f"KvK {KVK}", "Zus & Zo"]
    session.add(NamesDraft(user_id=caller.user_id, text="\n".join(pasted), chosen={"Brood": company.id, "Zus & Zo": 0}))
    session.flush()
    return company


def everything(session: Session) -> str:
    """All that the database holds, as text."""
    session.flush()
    rows = [session.execute(text(f'SELECT * FROM "{table}"')).all() for table in METADATA.tables]
    return json.dumps([[list(map(str, row)) for row in found] for found in rows])


def rule(session: Session, company_id: int) -> str:
    return may_call(session, company_id).rule


def come_back(name: str = "Nieuw Begin", number: str = "010 765 43 21", **fields: Any) -> NewCompanyInput:
    return NewCompanyInput.model_validate(
        {"name": name, "number": number, "source": "gids", "legal_form": "BV"} | fields
    )


class TestErasing:
    def test_leaves_nothing_personal_anywhere_in_the_database(
        self, session: Session, coordinator: Actor, company: Company
    ) -> None:
        assert all(word in everything(session) for word in PERSONAL)
        erase_company(session, coordinator, company.id)
        left = everything(session)
        assert [word for word in PERSONAL if word in left] == []

    def test_takes_its_lines_out_of_what_was_pasted_for_a_list_and_no_others(
        self, session: Session, coordinator: Actor, company: Company
    ) -> None:
        erase_company(session, coordinator, company.id)
        left = session.exec(select(NamesDraft)).one()
        assert (left.text, left.chosen) == ("Zus & Zo", {"Zus & Zo": 0})

    def test_keeps_that_calls_were_made_and_closes_what_was_open(
        self, session: Session, coordinator: Actor, company: Company
    ) -> None:
        erase_company(session, coordinator, company.id)
        session.expire_all()
        call = session.exec(select(Call)).one()
        assert (call.company_id, call.disposition, call.objection_right) == (
            company.id, "GEEN_INTERESSE", ObjectionRight.OFFERED,
        )  # fmt: skip
        step = session.exec(select(FollowUp)).one()
        assert (step.status, step.recall_on) == (FollowUpStatus.DROPPED, None)
        assert session.exec(select(HiddenJob.stage)).one() is Stage.LOST
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "company.erased")).one()
        assert entry.actor_id == coordinator.id
        assert {name: value for name, (_before, value) in entry.changes.items()} == {
            "numbers": 1, "contacts": 1, "calls": 1,
        }  # fmt: skip
        assert search(session, coordinator, "Zeldzaam").rows == []

    def test_waits_until_a_case_is_closed(self, session: Session, coordinator: Actor, company: Company) -> None:
        session.exec(select(HiddenJob)).one().stage = Stage.INTRODUCED
        session.flush()
        with pytest.raises(CaseStillRuns):
            erase_company(session, coordinator, company.id)
        assert "Zeldzaam" in everything(session)

    @pytest.mark.parametrize("parked", [False, True])
    def test_a_call_that_was_left_ends_as_soon_as_its_time_is_over(
        self, session: Session, coordinator: Actor, caller: Actor, company: Company, parked: bool
    ) -> None:
        call = open_call(session, caller, claim_company(session, caller, company.id))
        save_notes(session, caller, call.id, "vertrouwelijk")
        if parked:
            park(session, caller, call.id)
        with pytest.raises(CaseStillRuns), session.begin_nested():
            erase_company(session, coordinator, company.id)
        session.expire_all()
        with time_machine.travel(now() + timedelta(days=1), tick=False):
            erase_company(session, coordinator, company.id)
            session.expire_all()
            assert (call.status, call.parked_at, call.ended_at, call.notes) == (CallStatus.DONE, None, now(), "")
            with pytest.raises(CallEnded):
                save_notes(session, caller, call.id, "vertrouwelijk")
        assert session.exec(select(Claim)).all() == []
        assert "vertrouwelijk" not in everything(session)

    def test_a_call_whose_company_was_given_back_long_ago_is_in_the_way_of_nobody(
        self, session: Session, coordinator: Actor, caller: Actor, company: Company
    ) -> None:
        call = open_call(session, caller, claim_company(session, caller, company.id))
        with time_machine.travel(now() + timedelta(days=1), tick=False):
            release_expired(session)
            erase_company(session, coordinator, company.id)
        session.refresh(call)
        assert call.status is CallStatus.DONE

    def test_is_for_coordinators_and_done_once(
        self, session: Session, coordinator: Actor, caller: Actor, company: Company
    ) -> None:
        with pytest.raises(NotAllowed):
            erase_company(session, caller, company.id)
        erase_company(session, coordinator, company.id)
        with pytest.raises(ErasedAlready):
            erase_company(session, coordinator, company.id)

    def test_the_shell_that_is_left_is_not_called(self, session: Session, coordinator: Actor, company: Company) -> None:
        erase_company(session, coordinator, company.id)
        assert rule(session, company.id) == "suppressed-company"

    def test_other_branches_are_blocked_and_a_shared_number_stays_known_but_blocked(
        self, session: Session, coordinator: Actor, company: Company
    ) -> None:
        branch = make_company(session, kvk_number=KVK)
        neighbour = make_company(session, number=NUMBER)
        erase_company(session, coordinator, company.id)
        assert rule(session, branch.id) == "suppressed-company"
        assert rule(session, neighbour.id) == "suppressed-number"

    def test_keeps_the_reason_why_it_was_blocked(self, session: Session, coordinator: Actor, company: Company) -> None:
        suppress(session, coordinator, company.id, reason=SuppressionReason.COMPLAINT, note="vertrouwelijk")
        erase_company(session, coordinator, company.id)
        marks = select(Suppression).where(col(Suppression.mark).is_not(None))
        assert {row.reason for row in session.exec(marks)} == {SuppressionReason.COMPLAINT}


class TestComingBack:
    @pytest.fixture(autouse=True)
    def erased(self, session: Session, coordinator: Actor, company: Company) -> None:
        erase_company(session, coordinator, company.id)
        session.flush()

    @pytest.mark.parametrize(
        ("again", "expected"),
        [
            ({"number": NUMBER}, "suppressed-number"),
            ({"kvk_number": KVK}, "suppressed-company"),
            ({"branch_number": BRANCH}, "suppressed-company"),
            ({"name": "Zeldzaam  Brood", "postcode": "4321 ZX"}, "suppressed-company"),
            ({"name": "Zeldzaam Brood", "postcode": "3311 AB"}, "may"),
            ({"kvk_number": "87654322", "postcode": "4321 ZX"}, "may"),
        ],
    )
    def test_by_hand(self, session: Session, caller: Actor, again: dict[str, str], expected: str) -> None:
        company = add_company(session, caller, come_back(**again))
        session.flush()
        chosen = select(Company.id).where(Company.id == company.id)
        found = rule(session, company.id)
        assert found.startswith("suppressed") is (expected != "may")
        assert expected in {found, "may"}
        assert (session.exec(chosen.where(callable_now())).first() is None) is (expected != "may")
        assert bool(verdict_counts(session, chosen)) is (expected != "may")

    def test_in_an_import(self, session: Session, coordinator: Actor, tmp_path: Path) -> None:
        file = tmp_path / "bedrijven.csv"
        lines = [f"Bakker {n};010 765 {n:04};BV;{KVK if n == 7 else ''}" for n in range(20)]
        lines.append(f"Ander;{NUMBER};BV;")
        file.write_text("\n".join(["bedrijfsnaam;telefoon;rechtsvorm;kvk-nummer", *lines]), "utf-8")
        import_file(session, coordinator, file, ImportInput(), folder=tmp_path)
        blocked = select(Company.name).where(~callable_now(), col(Company.erased_at).is_(None)).order_by(Company.name)
        assert session.exec(blocked).all() == ["Ander", "Bakker 7"]

    def test_as_a_number_or_kvk_number_that_is_added_later(self, session: Session, caller: Actor) -> None:
        one, two = make_company(session), make_company(session)
        add_number(session, caller, one.id, NumberInput(number=NUMBER, source="gids"))
        changed = CompanyInput(name=two.name, kvk_number=KVK, legal_form="BV")
        change_company(session, caller, two.id, changed, version=two.version)
        session.flush()
        assert rule(session, two.id) == "suppressed-company"
        assert may_call(session, one.id, e164=NUMBER).rule == "suppressed-number"

    def test_as_a_number_typed_at_the_desk(self, session: Session) -> None:
        verdict = may_call(session, make_company(session).id, e164=NUMBER)
        assert verdict.rule == "suppressed-number"
        assert verdict.evidence is not None

    def test_somebody_who_asks_for_that_number_again_is_written_down(self, session: Session, caller: Actor) -> None:
        given = NumberBlockInput(number=NUMBER, reason=SuppressionReason.OBJECTION)
        assert suppress_number(session, caller, given)[1]


class TestAPerson:
    def test_is_gone_and_blocked_when_added_again(
        self, session: Session, coordinator: Actor, caller: Actor, company: Company
    ) -> None:
        contact = session.exec(select(Contact)).one()
        with pytest.raises(NotAllowed):
            erase_contact(session, caller, contact.id)
        erase_contact(session, coordinator, contact.id)
        session.expire_all()
        assert session.exec(select(Contact)).all() == []
        assert session.exec(select(Consent)).one().given_by in {"(gewist)", "(erased)"}
        again = add_contact(session, caller, company.id, ContactInput(name="wilhelmina"))
        other = add_contact(session, caller, company.id, ContactInput(name="Piet"))
        elsewhere = add_contact(session, caller, make_company(session).id, ContactInput(name="Wilhelmina"))
        session.flush()
        rules = [may_call(session, one.company_id, contact_id=one.id).rule for one in (again, other, elsewhere)]
        assert [found == "suppressed-person" for found in rules] == [True, False, False]

    def test_the_company_goes_on(self, session: Session, coordinator: Actor, company: Company) -> None:
        erase_contact(session, coordinator, session.exec(select(Contact)).one().id)
        assert session.exec(select(CompanyNumber.e164)).one() == NUMBER
        assert "company.erased" not in everything(session)
        assert not rule(session, company.id).startswith("suppressed")


def test_messages_about_several_companies_do_not_name_who_was_erased(
    session: Session, coordinator: Actor, company: Company
) -> None:
    for key, body in (("a", f"- Terugbellen: {company.name}"), ("b", "- Terugbellen: Bakkerij Twee")):
        waits = {"to_address": "a@b.nl", "subject": "Uw overzicht", "next_attempt_at": now()}
        session.add(OutboxMessage(once_key=key, body=body, **waits))
        told = {"user_id": coordinator.user_id, "kind": NoticeKind.UNASSIGNED, "title": "2 acties zijn aan de beurt"}
        session.add(Notice(once_key=f"follow_ups:None:{key}", body=body, **told))
    session.flush()
    erase_company(session, coordinator, company.id)
    assert session.exec(select(OutboxMessage.once_key)).all() == ["b"]
    assert session.exec(select(Notice.once_key)).all() == ["follow_ups:None:b"]
