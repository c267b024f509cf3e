"""A block that was a mistake is taken back and stays as evidence; what somebody asked for stays."""

from itertools import product
from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import event
from sqlmodel import Session, col, select

from crm.access.actor import SYSTEM, Actor
from crm.audit.models import AuditEntry
from crm.calling.models import Call, CallStatus
from crm.companies.gate import callable_now, may_call
from crm.companies.importing.inputs import ImportInput
from crm.companies.importing.services import import_file
from crm.companies.inputs import ContactInput, NumberBlockInput, TakeBackInput
from crm.companies.models import Company, CompanyNumber, Suppression, SuppressionReason, TakenBackBlock
from crm.companies.queries import blocks, company
from crm.companies.services import add_contact, mark_wrong_number, suppress, suppress_number
from crm.core.clock import now
from crm.core.errors import NotAllowed, NotFound
from crm.privacy.dossier import dossier
from crm.privacy.erasing import erase_company
from crm.privacy.lifting import BlockFacts, BlockStays, Stays, take_back_block, why_it_stays, why_they_stay
from crm.reference.models import Reached
from crm.scripts.queries import latest_versions
from crm.scripts.services import load_scripts
from tests.conftest import make_company

NUMBER = "+31786134567"
MISTAKE = TakeBackInput(why="De verkeerde bakkerij aangeklikt")
R = SuppressionReason


@pytest.fixture
def bakery(session: Session) -> Company:
    return make_company(session, name="Bakkerij Zus", number=NUMBER, kvk_number="12345678")


def block_of(session: Session, **which: object) -> Suppression:
    session.flush()
    return session.exec(select(Suppression).filter_by(**which)).one()


def taken_back(session: Session) -> list[TakenBackBlock]:
    session.flush()
    return list(session.exec(select(TakenBackBlock).order_by(col(TakenBackBlock.id))))


def import_it_again(session: Session, actor: Actor, folder: Path) -> None:
    file = folder / "bedrijven.csv"
    file.write_text("bedrijfsnaam;telefoon;rechtsvorm;kvk-nummer\nBakkerij Zus;078 613 4567;BV;12345678\n", "utf-8")
    import_file(session, actor, file, ImportInput(), folder=folder)


class TestTakingBack:
    def test_a_company_may_be_called_again_with_its_numbers_and_people(
        self, session: Session, coordinator: Actor, caller: Actor, bakery: Company
    ) -> None:
        person = add_contact(session, caller, bakery.id, ContactInput(name="Jan"))
        suppress(session, caller, bakery.id, reason=R.OBJECTION, contact_id=person.id, note="per mail")
        take_back_block(session, coordinator, block_of(session, company_id=bakery.id).id, MISTAKE)
        assert session.exec(select(Suppression)).all() == []
        assert may_call(session, bakery.id, e164=NUMBER, contact_id=person.id).rule != "suppressed-company"
        assert session.exec(select(Company.id).where(callable_now())).all() == [bakery.id]

    def test_who_when_and_why_stay_in_the_evidence(
        self, session: Session, coordinator: Actor, caller: Actor, bakery: Company
    ) -> None:
        suppress(session, caller, bakery.id, reason=R.COMPLAINT, note="per mail")
        take_back_block(session, coordinator, block_of(session, company_id=bakery.id).id, MISTAKE)
        kept = taken_back(session)
        assert {(one.company_id, one.e164) for one in kept} == {(bakery.id, None), (None, NUMBER)}
        assert {(one.made_by_id, one.taken_back_by_id) for one in kept} == {(caller.id, coordinator.id)}
        assert {(one.reason, one.note, one.why) for one in kept} == {(R.COMPLAINT, "per mail", MISTAKE.why)}
        assert all(one.blocked_at <= one.created_at for one in kept)
        [table] = [table for table in dossier(session, coordinator, bakery.id) if table.name == "blokkades"]
        assert {row[-2:] for row in table.rows} == {(coordinator.name, MISTAKE.why)}
        assert company(session, caller, bakery.id).taken_back == kept
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "company.unblocked")).one()
        assert entry.changes["reason"] == [None, MISTAKE.why]
        [row, _of_number] = blocks(session, coordinator, taken_back=True).rows
        assert row.taken_back_by == coordinator.name
        assert blocks(session, coordinator).rows == []

    def test_a_number_of_nobody(self, session: Session, coordinator: Actor) -> None:
        block, _new = suppress_number(session, coordinator, NumberBlockInput(number=NUMBER, reason=R.OTHER))
        take_back_block(session, coordinator, block.id, MISTAKE)
        assert may_call(session, make_company(session, number=NUMBER).id, e164=NUMBER).rule != "suppressed-number"
        assert "taken_back_block.unblocked" in session.exec(select(AuditEntry.action)).all()

    def test_a_number_that_was_not_wrong_works_again(
        self, session: Session, coordinator: Actor, caller: Actor, bakery: Company
    ) -> None:
        mark_wrong_number(session, caller, bakery.id, NUMBER)
        take_back_block(session, coordinator, block_of(session, e164=NUMBER).id, MISTAKE)
        assert session.exec(select(CompanyNumber.is_wrong)).all() == [False]

    def test_a_block_of_another_day_or_reason_is_not_taken_along(
        self, session: Session, coordinator: Actor, caller: Actor, bakery: Company
    ) -> None:
        suppress_number(session, caller, NumberBlockInput(number=NUMBER, reason=R.OTHER))
        suppress(session, caller, bakery.id, reason=R.OBJECTION)
        take_back_block(session, coordinator, block_of(session, company_id=bakery.id).id, MISTAKE)
        assert session.exec(select(Suppression.e164)).all() == [NUMBER]

    def test_a_number_that_another_blocked_company_has_stays_blocked(
        self, session: Session, coordinator: Actor, caller: Actor, bakery: Company
    ) -> None:
        other = make_company(session, number=NUMBER)
        suppress(session, caller, bakery.id, reason=R.OBJECTION)
        suppress(session, caller, other.id, reason=R.OBJECTION)
        take_back_block(session, coordinator, block_of(session, company_id=bakery.id).id, MISTAKE)
        assert {block.e164 for block in session.exec(select(Suppression))} == {None, NUMBER}

    def test_an_import_does_not_block_it_again(
        self, session: Session, coordinator: Actor, caller: Actor, bakery: Company, tmp_path: Path
    ) -> None:
        session.add(Suppression(mark="of somebody else", reason=R.ERASED))
        suppress(session, caller, bakery.id, reason=R.OBJECTION)
        take_back_block(session, coordinator, block_of(session, company_id=bakery.id).id, MISTAKE)
        import_it_again(session, coordinator, tmp_path)
        assert session.exec(select(Suppression).where(col(Suppression.mark).is_(None))).all() == []

    def test_is_not_for_callers_and_needs_a_reason(
        self, session: Session, coordinator: Actor, caller: Actor, bakery: Company
    ) -> None:
        suppress(session, caller, bakery.id, reason=R.OTHER)
        block = block_of(session, company_id=bakery.id)
        with pytest.raises(NotAllowed):
            take_back_block(session, caller, block.id, MISTAKE)
        with pytest.raises(ValidationError):
            TakeBackInput(why="  ")
        take_back_block(session, coordinator, block.id, MISTAKE)
        with pytest.raises(NotFound):
            take_back_block(session, coordinator, block.id, MISTAKE)

    def test_what_was_taken_back_goes_when_the_company_is_erased(
        self, session: Session, coordinator: Actor, caller: Actor, bakery: Company
    ) -> None:
        person = add_contact(session, caller, bakery.id, ContactInput(name="Jan"))
        suppress(session, caller, bakery.id, reason=R.OBJECTION, contact_id=person.id, note="vertrouwelijk")
        take_back_block(session, coordinator, block_of(session, company_id=bakery.id).id, MISTAKE)
        suppress_number(session, caller, NumberBlockInput(number=NUMBER, reason=R.OTHER))
        take_back_block(session, coordinator, block_of(session, e164=NUMBER).id, MISTAKE)
        erase_company(session, coordinator, bakery.id)
        assert taken_back(session) == []
        told = str([entry.changes for entry in session.exec(select(AuditEntry))])
        assert NUMBER not in told
        assert MISTAKE.why not in told


class TestWhatStays:
    def test_the_own_answer_to_a_letter(self, session: Session, coordinator: Actor, bakery: Company) -> None:
        suppress(session, SYSTEM, bakery.id, reason=R.OBJECTION)
        with pytest.raises(BlockStays, match="brief"):
            take_back_block(session, coordinator, block_of(session, company_id=bakery.id).id, MISTAKE)

    def test_an_objection_in_a_call(self, session: Session, coordinator: Actor, caller: Actor, bakery: Company) -> None:
        load_scripts(session)
        call = Call(
            company_id=bakery.id, caller_id=caller.user_id, script_version_id=latest_versions(session)[0].id,
            status=CallStatus.DONE,
            reached=Reached.ANSWERED, disposition="VERZET", ended_at=now(),
        )  # fmt: skip
        session.add(call)
        suppress(session, caller, bakery.id, reason=R.OBJECTION)
        of_company, of_number = block_of(session, company_id=bakery.id), block_of(session, e164=NUMBER)
        assert why_they_stay(session, coordinator, [of_company, of_number]) == {
            of_company.id: Stays.IN_A_CALL,
            of_number.id: Stays.WITH_COMPANY,
        }
        call.disposition = "GEEN_INTERESSE"  # the documented correction
        session.flush()
        take_back_block(session, coordinator, of_company.id, MISTAKE)

    def test_who_was_erased(
        self, session: Session, coordinator: Actor, caller: Actor, bakery: Company, tmp_path: Path
    ) -> None:
        erase_company(session, coordinator, bakery.id)
        import_it_again(session, coordinator, tmp_path)
        back = session.exec(select(Company).where(col(Company.erased_at).is_(None))).one()
        came_back = session.exec(select(Suppression).where(Suppression.company_id == back.id)).one()
        came_back.reason = R.OTHER  # whatever is written down as the reason
        with pytest.raises(BlockStays):
            take_back_block(session, coordinator, came_back.id, MISTAKE)

    @pytest.mark.parametrize(
        ("reason", "by_us", "of_company", "erased", "objected", "company_blocked"),
        list(product(R, [True, False], [True, False], [True, False], [True, False], [True, False])),
    )
    def test_over_all_combinations_nothing_of_the_person_goes(
        self, reason: R, by_us: bool, of_company: bool, erased: bool, objected: bool, company_blocked: bool
    ) -> None:
        block = Suppression(
            company_id=1 if of_company else None,
            e164=None if of_company else NUMBER,
            reason=reason,
            made_by_id=1 if by_us else None,
        )
        stays = why_it_stays(block, BlockFacts(erased, objected, company_blocked))
        asked_for = erased or reason is R.ERASED
        said_no = reason in {R.OBJECTION, R.COMPLAINT} and (objected or not by_us)
        waits = company_blocked and not of_company
        assert (stays is not None) is (asked_for or said_no or waits)


def test_why_many_stay_takes_as_many_queries_as_why_one_stays(session: Session, coordinator: Actor) -> None:
    for n in range(6):
        suppress(session, coordinator, make_company(session, number=f"+3178613{n:04}").id, reason=R.OTHER)
    session.flush()
    every, counts = session.exec(select(Suppression)).all(), []
    statements: list[str] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *given: statements.append(given[2]))
    for chosen in (every[:1], every):
        statements.clear()
        why_they_stay(session, coordinator, chosen)
        counts.append(len(statements))
    assert counts[1] == counts[0]
