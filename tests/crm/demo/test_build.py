import re
from collections import Counter

import pytest
import time_machine
from sqlmodel import Session, col, func, select

from crm.access.models import User
from crm.audit.models import AuditEntry
from crm.calling.models import Call, CallAnswer, CallList, CallListEntry, CallWay, SkippedCompany, SkipReason
from crm.candidates.models import Candidate
from crm.companies.gate import may_call
from crm.companies.models import Company, CompanyNumber, Referral, Suppression, TakenBackBlock
from crm.core import db
from crm.core.clock import now
from crm.core.db import make_engine
from crm.demo.build import NotEmpty, build_demo
from crm.followups.models import FollowUp, FollowUpStatus
from crm.migrations.tables import METADATA
from crm.outreach.models import Answer, Letter, Touch, TouchKind
from crm.pipeline.models import HiddenJob, Stage, StageChange
from crm.reference.models import ColdCall, Reached
from crm.reference.queries import legal_form
from crm.scripts.queries import script
from crm.scripts.rules import Step, walk
from tests.conftest import BACKENDS, new_postgresql_database

TUESDAY = "2026-11-24 10:00+01:00"


@pytest.fixture(scope="module", params=BACKENDS)
def desk(request, tmp_path_factory):
    """The demo on each kind of database, built once: the tests only look at it."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('demo') / 'demo.db'}"
    else:
        url = new_postgresql_database(request.getfixturevalue("postgresql"))
    engine = filled(url)
    yield engine
    engine.dispose()


def filled(url):
    engine = make_engine(url)
    METADATA.create_all(engine)
    with pytest.MonkeyPatch.context() as patch, time_machine.travel(TUESDAY, tick=False):
        patch.setattr(db, "engine", lambda: engine)
        build_demo()
    return engine


@pytest.fixture
def demo(desk, monkeypatch):
    monkeypatch.setattr(db, "engine", lambda: desk)
    with time_machine.travel(TUESDAY, tick=False), Session(desk) as session:
        yield session


def test_the_demo_is_a_desk_in_full_swing(demo):
    def count(model):
        return demo.exec(select(func.count(model.id))).one()

    assert count(Company) == 400
    assert count(Candidate) == 30
    assert count(User) == 12
    assert count(Call) > 200
    assert count(HiddenJob) > 20
    stages = Counter(demo.exec(select(HiddenJob.stage)))
    assert {Stage.SIGNAL, Stage.INTRODUCED, Stage.KOPKOFFIE_PLANNED, Stage.PLACED} <= set(stages)
    assert demo.exec(select(FollowUp).where(FollowUp.status == FollowUpStatus.OPEN, col(FollowUp.due_at) > now())).all()


def test_every_number_has_the_form_of_a_number_that_nobody_can_have(demo):
    for e164 in demo.exec(select(CompanyNumber.e164)):
        assert re.fullmatch(r"\+31(10|78|180|181|184)0\d{5,6}", e164)
        assert len(e164) == len("+31101234567")


def test_nobody_was_called_who_may_not_be_called(demo):
    for company, _call in demo.exec(select(Company, Call).join(Call, Call.company_id == Company.id)):
        assert legal_form(company.legal_form).cold_call is ColdCall.ALLOWED
    objections = select(Suppression.company_id, Suppression.created_at)
    for company_id, since in demo.exec(objections):
        assert not demo.exec(select(Call).where(Call.company_id == company_id, col(Call.created_at) > since)).all()


def test_who_objected_is_blocked_with_the_number(demo):
    objected = demo.exec(select(Call).where(Call.disposition == "VERZET")).all()
    wrong = demo.exec(select(Call).where(Call.reached == Reached.WRONG_NUMBER)).all()
    blocked = set(demo.exec(select(Suppression.company_id))) | set(demo.exec(select(Suppression.e164)))
    assert objected
    assert {call.company_id for call in objected} <= blocked
    assert {call.e164 for call in (*objected, *wrong)} <= blocked


def test_calls_are_in_the_past_and_follow_the_real_script(demo):
    calls = demo.exec(select(Call)).all()
    assert all(call.created_at < call.ended_at <= now() for call in calls)
    answers: dict[int, list[Step]] = {}
    for answer in demo.exec(select(CallAnswer).order_by(CallAnswer.id)):
        answers.setdefault(answer.call_id, []).append(Step(answer.node, answer.answer))
    spoken = script(demo, calls[0].script_version_id)
    assert answers
    assert all(walk(spoken, steps).ended for steps in answers.values())


def test_the_lists_are_older_than_the_calls_on_them(demo):
    first_call = demo.exec(select(func.min(Call.created_at))).one()
    assert all(made.created_at < first_call for made in demo.exec(select(CallList)))


def test_no_company_is_tried_more_than_three_times(demo):
    assert max(demo.exec(select(CallListEntry.attempts))) == 3


def test_the_history_of_a_job_ends_at_its_stage(demo):
    latest = {change.job_id: change.to_stage for change in demo.exec(select(StageChange).order_by(StageChange.id))}
    for job in demo.exec(select(HiddenJob)):
        assert latest[job.id] is job.stage


def test_only_an_empty_database_is_filled(demo):
    with pytest.raises(NotEmpty):
        build_demo()


def test_every_screen_has_something_to_show(demo):
    answers = Counter(demo.exec(select(Letter.answer).where(col(Letter.sent_on).is_not(None))))
    assert set(answers) == {None, *Answer}
    assert demo.exec(select(Letter).where(col(Letter.sent_on).is_(None))).all()
    assert set(demo.exec(select(Touch.kind))) == {TouchKind.LETTER, TouchKind.ARTICLE, TouchKind.VISIT}
    assert {True, False} == set(demo.exec(select(Referral.may_name)))
    assert set(demo.exec(select(SkippedCompany.reason))) == set(SkipReason) - {SkipReason.OTHER}
    assert {CallWay.DESK, CallWay.VISIT, CallWay.INCOMING} == set(demo.exec(select(Call.way)))
    assert "call.corrected" in demo.exec(select(AuditEntry.action)).all()
    assert demo.exec(select(TakenBackBlock)).all()


def test_an_answer_to_a_letter_does_what_it_does_on_the_page(demo):
    for letter in demo.exec(select(Letter).where(col(Letter.answer).is_not(None))):
        assert letter.created_at < letter.answered_at <= now()
        verdict = may_call(demo, letter.company_id)
        assert verdict.allowed is (letter.answer is Answer.YES)
        assert (verdict.rule == "suppressed-company") is (letter.answer is Answer.NO)


@pytest.mark.parametrize("desk", ["sqlite"], indirect=True)
def test_it_is_the_same_every_time(demo, tmp_path):
    def facts(session):
        return (
            session.exec(select(Company.name, Company.street).order_by(Company.id)).all(),
            session.exec(
                select(Call.company_id, Call.reached, Call.disposition, Call.created_at).order_by(Call.id)
            ).all(),
            session.exec(select(HiddenJob.title, HiddenJob.stage).order_by(HiddenJob.id)).all(),
            session.exec(select(Letter.company_id, Letter.seed, Letter.answered_at).order_by(Letter.id)).all(),
            session.exec(select(Touch.company_id, Touch.on_day).order_by(Touch.id)).all(),
            session.exec(select(Referral.company_id, Referral.call_id).order_by(Referral.id)).all(),
        )

    another = filled(f"sqlite:///{tmp_path / 'another.db'}")
    with Session(another) as session:
        assert facts(session) == facts(demo)
    another.dispose()
