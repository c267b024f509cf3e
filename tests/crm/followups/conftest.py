"""Builders for follow-ups."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from crm.access.actor import Actor
from crm.calling.models import Call, CallStatus
from crm.companies.models import Company
from crm.core.clock import now
from crm.followups.models import FollowUp, FollowUpKind
from crm.scripts.services import load_scripts

MakeCall = Any
MakeCompany = Any
MakeFollowUp = Any


@pytest.fixture
def make_company(session: Session) -> MakeCompany:
    def make(**overrides: Any) -> Company:
        fields = {"name": "Bakkerij Zonneschijn", "name_key": "bakkerij zonneschijn", "town": "Dordrecht"}
        company = Company(**(fields | overrides))
        session.add(company)
        session.flush()
        return company

    return make


@pytest.fixture
def make_follow_up(session: Session) -> MakeFollowUp:
    def make(**overrides: Any) -> FollowUp:
        fields = {"kind": FollowUpKind.OTHER, "due_at": now() + timedelta(hours=1)}
        follow_up = FollowUp(**(fields | overrides))
        session.add(follow_up)
        session.flush()
        return follow_up

    return make


@pytest.fixture
def make_call(session: Session, caller: Actor) -> MakeCall:
    def make(company_id: int) -> Call:
        (script,) = load_scripts(session)
        session.flush()
        call = Call(company_id=company_id, caller_id=caller.id, script_version_id=script.id, status=CallStatus.DONE)
        session.add(call)
        session.flush()
        return call

    return make
