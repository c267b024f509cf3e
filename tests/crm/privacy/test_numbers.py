"""Erasing a number that is of no company."""

import pytest
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.audit.models import AuditEntry
from crm.calling.models import Call, CallStatus
from crm.companies.gate import may_call
from crm.companies.inputs import NumberBlockInput, NumberInput, TakeBackInput
from crm.companies.models import CompanyNumber, Suppression, SuppressionReason, TakenBackBlock
from crm.companies.services import NotOneNumber, add_number, mark_wrong_number, suppress_number
from crm.core.clock import now
from crm.core.errors import NotAllowed
from crm.migrations.tables import METADATA
from crm.privacy.lifting import take_back_block
from crm.privacy.numbers import NumberOfCompany, erase_number, of_nobody
from crm.scripts.queries import latest_versions
from crm.scripts.services import load_scripts
from tests.conftest import make_company

NUMBER, TYPED = "+31786134567", "078 613 4567"


def everywhere(session: Session) -> str:
    session.flush()
    rows = [session.execute(table.select()).all() for table in METADATA.sorted_tables]
    return str(rows)


def test_it_is_gone_and_stays_blocked(session: Session, coordinator: Actor, caller: Actor) -> None:
    load_scripts(session)
    private = make_company(session)
    add_number(session, caller, private.id, NumberInput(number=TYPED, source="gids"))
    mark_wrong_number(session, caller, private.id, NUMBER)
    session.add(
        Call(
            company_id=private.id,
            caller_id=caller.user_id,
            script_version_id=latest_versions(session)[0].id,
            status=CallStatus.OPEN,
            e164=NUMBER,
            ended_at=now(),
        )
    )
    assert NUMBER in everywhere(session)
    erase_number(session, coordinator, TYPED)
    session.expire_all()
    left = everywhere(session)
    assert NUMBER not in left
    assert TYPED not in left
    kept = session.exec(select(Suppression)).one()
    assert (kept.e164, kept.reason, bool(kept.mark)) == (None, SuppressionReason.WRONG_NUMBER, True)
    assert "suppression.erased" in session.exec(select(AuditEntry.action)).all()
    other = make_company(session)
    add_number(session, caller, other.id, NumberInput(number=TYPED, source="gids"))
    assert may_call(session, other.id, e164=NUMBER).rule == "suppressed-number"


def test_also_what_was_taken_back(session: Session, coordinator: Actor) -> None:
    block, _new = suppress_number(
        session, coordinator, NumberBlockInput(number=NUMBER, reason=SuppressionReason.OTHER, note="een mevrouw")
    )
    take_back_block(session, coordinator, block.id, TakeBackInput(why="Verkeerd getypt"))
    erase_number(session, coordinator, TYPED)
    session.expire_all()
    assert session.exec(select(TakenBackBlock)).all() == []
    left = everywhere(session)
    assert not any(word in left for word in (NUMBER, "een mevrouw", "Verkeerd getypt"))


def test_a_number_nobody_wrote_down_is_recognised_later(session: Session, coordinator: Actor) -> None:
    first = erase_number(session, coordinator, TYPED)
    assert erase_number(session, coordinator, TYPED) is first
    company = make_company(session)
    add_number(session, coordinator, company.id, NumberInput(number=TYPED, source="gids"))
    block = session.exec(select(Suppression).where(col(Suppression.e164) == NUMBER)).one()
    assert block.reason is SuppressionReason.ERASED


def test_a_number_of_a_company_is_erased_with_that_company(session: Session, coordinator: Actor) -> None:
    company = make_company(session, name="Bakkerij Zus", number=NUMBER)
    with pytest.raises(NumberOfCompany, match="Bakkerij Zus"):
        erase_number(session, coordinator, TYPED)
    assert session.exec(select(CompanyNumber.company_id)).all() == [company.id]
    assert of_nobody(session, coordinator, {NUMBER, "+31104440000"}) == {"+31104440000"}


@pytest.mark.parametrize("text", ["", "112", "0900 1234", "x" * 200, "<b>078</b>"])
def test_says_what_is_no_number(session: Session, coordinator: Actor, text: str) -> None:
    with pytest.raises(NotOneNumber):
        erase_number(session, coordinator, text)


def test_is_not_for_callers(session: Session, caller: Actor) -> None:
    with pytest.raises(NotAllowed):
        erase_number(session, caller, TYPED)
