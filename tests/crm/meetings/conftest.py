"""An introduction, and kopkoffies that come from it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlmodel import Session

from crm.access.actor import Actor
from crm.core.clock import at
from crm.followups.templates import load_templates
from crm.matching.models import Introduction
from crm.matching.services import introduce
from crm.meetings.inputs import MeetingInput
from crm.pipeline.models import Stage
from tests.conftest import make_candidate, make_company, make_job


@pytest.fixture(autouse=True)
def with_templates(session: Session) -> None:
    load_templates(session)


@pytest.fixture
def introduction(session: Session, coach: Actor) -> Introduction:
    company = make_company(session, name="Bakkerij De Korenaar", street="Kade 1")
    job = make_job(session, stage=Stage.PROFILED, company_id=company.id)
    return introduce(session, coach, job.id, make_candidate(session).id)


@pytest.fixture
def make_input() -> Callable[..., MeetingInput]:
    def build(**overrides: Any) -> MeetingInput:
        fields = {"starts_at": at(date(2026, 11, 27), 10), "place": "Kade 1, Dordrecht", "host": "Kees Bakker"}
        return MeetingInput(**(fields | overrides))

    return build
