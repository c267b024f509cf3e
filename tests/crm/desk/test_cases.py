"""A call about an introduction, kopkoffie or placement that runs is no acquisition."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.companies.models import SuppressionReason
from crm.companies.rules import Evidence, EvidenceKind
from crm.companies.services import suppress
from crm.core.clock import now
from crm.desk.cases import may_call_about, running_case
from crm.desk.queries import desk_view
from crm.desk.services import MayNotBeCalled, call_back
from crm.followups.models import FollowUp, FollowUpKind
from crm.followups.reminders import Reminder, remind
from crm.messaging.models import Notice
from crm.pipeline.models import HiddenJob, Stage
from crm.scripts.services import load_scripts
from tests.conftest import make_company, make_job

Promise = Callable[..., FollowUp]


@pytest.fixture
def job(session: Session) -> HiddenJob:
    """At a company that may only be called with consent, which it did not give."""
    return make_job(session, company_id=make_company(session, legal_form="EMZ").id, stage=Stage.INTRODUCED)


@pytest.fixture
def promise(session: Session, caller: Actor, job: HiddenJob) -> Promise:
    def make(**overrides: Any) -> FollowUp:
        fields: dict[str, Any] = {"kind": FollowUpKind.CALLBACK, "due_at": now() - timedelta(minutes=5)}
        fields |= {"owner_id": caller.id, "company_id": job.company_id, "hidden_job_id": job.id}
        follow_up = FollowUp(**(fields | overrides))
        session.add(follow_up)
        session.flush()
        return follow_up

    return make


def test_is_allowed_without_consent_and_says_what_it_is_about(
    session: Session, caller: Actor, job: HiddenJob, promise: Promise
) -> None:
    load_scripts(session)
    call_back(session, caller, promise().id)
    view = desk_view(session, caller)
    assert view is not None
    assert (view.verdict.allowed, view.verdict.rule) == (True, "service-natural-person")
    assert view.verdict.evidence == Evidence(EvidenceKind.HIDDEN_JOB, job.id)


@pytest.mark.parametrize("stage", [Stage.SIGNAL, Stage.EXPLORED, Stage.PROFILED, Stage.LOST])
def test_work_for_which_nobody_was_introduced_is_no_case(
    session: Session, caller: Actor, job: HiddenJob, promise: Promise, stage: Stage
) -> None:
    job.stage = stage
    with pytest.raises(MayNotBeCalled):
        call_back(session, caller, promise().id)


def test_to_ask_again_whether_there_is_work_is_acquisition(session: Session, promise: Promise) -> None:
    assert running_case(session, promise(kind=FollowUpKind.RECALL)) is None


def test_a_case_of_another_company_does_not_count(session: Session, promise: Promise) -> None:
    other = make_company(session, legal_form="EMZ")
    assert running_case(session, promise(company_id=other.id)) is None


def test_a_block_goes_before_a_case(session: Session, caller: Actor, job: HiddenJob, promise: Promise) -> None:
    about = promise()
    suppress(session, caller, job.company_id, reason=SuppressionReason.OBJECTION)
    verdict = may_call_about(session, about, agreed=True)
    assert (verdict.allowed, verdict.rule) == (False, "suppressed-company")


def test_a_reminder_of_such_a_call_does_not_say_that_it_is_forbidden(session: Session, promise: Promise) -> None:
    about = promise()
    remind(session, Reminder(about.owner_id, about.id), now(), running_case)
    session.flush()
    assert "niet bellen" not in session.exec(select(Notice)).one().body.lower()
