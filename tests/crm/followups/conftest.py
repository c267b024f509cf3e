"""Builders for follow-ups."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from crm.companies.models import Company
from crm.core.clock import now
from crm.followups.models import FollowUp, FollowUpKind

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
