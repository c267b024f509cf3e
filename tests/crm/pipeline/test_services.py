from datetime import date, timedelta

import pytest
import time_machine
from pydantic import ValidationError
from sqlmodel import col, select

from crm.audit.models import AuditEntry
from crm.core.clock import local, now
from crm.core.errors import ChangedMeanwhile, NotAllowed, NotFound
from crm.followups.inputs import FollowUpInput
from crm.followups.models import FollowUp, FollowUpKind, FollowUpStatus
from crm.followups.services import plan
from crm.pipeline.inputs import HiddenJobInput, Lost
from crm.pipeline.models import HiddenJobCompetence, LostReason, Pipeline, Stage, StageChange
from crm.pipeline.rules import LostReasonMissing, NoSuchStage, StageNotAllowed
from crm.pipeline.services import create_job, edit_job, move
from tests.conftest import make_company, make_job


def make_input(**overrides):
    return HiddenJobInput(**({"title": "Administratie", "reason": "OVERWERK"} | overrides))


def changes(session, job):
    return session.exec(select(StageChange).where(StageChange.job_id == job.id).order_by(col(StageChange.id))).all()


def codes(session, job):
    return set(session.exec(select(HiddenJobCompetence.code).where(HiddenJobCompetence.job_id == job.id)))


class TestCreateJob:
    def test_is_a_signal_of_the_one_who_heard_it(self, session, caller):
        company = make_company(session)
        job = create_job(session, caller, company.id, make_input(days=["di"], competences=["24120"]))
        assert (job.stage, job.owner_id, job.days) == (Stage.SIGNAL, caller.id, ["di"])
        assert codes(session, job) == {"24120"}
        assert [(change.from_stage, change.to_stage) for change in changes(session, job)] == [(None, Stage.SIGNAL)]

    def test_writes_the_audit_log(self, session, caller):
        job = create_job(session, caller, make_company(session).id, make_input(competences=["24120"]))
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "job.created")).one()
        assert (entry.actor_id, entry.subject_id) == (caller.id, job.id)
        assert entry.changes["title"] == [None, "Administratie"]
        assert entry.changes["competences"] == [None, ["24120"]]

    def test_refuses_an_unknown_company(self, session, caller):
        with pytest.raises(NotFound):
            create_job(session, caller, 999_999, make_input())

    def test_a_viewer_may_not(self, session, viewer):
        with pytest.raises(NotAllowed):
            create_job(session, viewer, make_company(session).id, make_input())


class TestEditJob:
    def test_takes_over_everything_that_was_filled_in(self, session, caller):
        job = make_job(session, competences=["24118", "24120"])
        edit_job(session, caller, job.id, make_input(title="Nieuw", competences=["24120", "24126"]), version=1)
        session.refresh(job)
        assert (job.title, job.hours_per_week, job.version) == ("Nieuw", None, 2)
        assert codes(session, job) == {"24120", "24126"}
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "job.edited")).one()
        assert entry.changes["competences"] == [["24118", "24120"], ["24120", "24126"]]

    def test_refuses_a_change_based_on_an_old_version(self, session, caller):
        job = make_job(session)
        edit_job(session, caller, job.id, make_input(title="Eerste"), version=1)
        session.flush()
        with pytest.raises(ChangedMeanwhile):
            edit_job(session, caller, job.id, make_input(title="Tweede"), version=1)

    def test_a_change_of_competences_alone_is_a_new_version(self, session, caller):
        job = create_job(session, caller, make_company(session).id, make_input(competences=["24120"]))
        session.flush()
        edit_job(session, caller, job.id, make_input(competences=["24126"]), version=1)
        session.flush()
        assert job.version == 2


class TestMove:
    @time_machine.travel("2026-11-24 10:00+01:00", tick=False)
    def test_remembers_who_moved_it_and_when(self, session, coach):
        job = make_job(session)
        move(session, coach, job.id, Stage.EXPLORED, version=1, note="Gebeld met de eigenaar")
        (change,) = changes(session, job)
        assert (change.from_stage, change.to_stage, change.made_by_id) == (Stage.SIGNAL, Stage.EXPLORED, coach.id)
        assert (change.note, job.stage_since) == ("Gebeld met de eigenaar", now())

    def test_refuses_to_skip_the_work_profile(self, session, coach):
        job = make_job(session, stage=Stage.EXPLORED)
        with pytest.raises(StageNotAllowed):
            move(session, coach, job.id, Stage.INTRODUCED, version=1)

    def test_refuses_a_move_based_on_an_old_version(self, session, coach):
        job = make_job(session)
        move(session, coach, job.id, Stage.EXPLORED, version=1)
        session.flush()
        with pytest.raises(ChangedMeanwhile):
            move(session, coach, job.id, Stage.SIGNAL, version=1)

    def test_a_lost_job_keeps_its_reason_until_it_is_opened_again(self, session, coach):
        job = make_job(session)
        with pytest.raises(LostReasonMissing):
            move(session, coach, job.id, Stage.LOST, version=1)
        move(session, coach, job.id, Stage.LOST, version=1, lost=Lost(reason=LostReason.NO_MONEY))
        assert job.lost_reason is LostReason.NO_MONEY
        move(session, coach, job.id, Stage.EXPLORED, version=None)
        assert (job.stage, job.lost_reason) == (Stage.EXPLORED, None)

    @time_machine.travel("2026-11-24 10:00+01:00")
    def test_the_employer_of_a_lost_job_is_asked_again_by_the_team(self, session, coach):
        job = make_job(session)
        lost = Lost(reason=LostReason.NO_MONEY, ask_again_on=date(2027, 3, 1))
        move(session, coach, job.id, Stage.LOST, version=1, lost=lost)
        again = session.exec(select(FollowUp)).one()
        assert (again.kind, again.company_id, again.owner_id) == (FollowUpKind.RECALL, job.company_id, None)
        assert f"{local(again.due_at):%Y-%m-%d %H:%M}" == "2027-03-01 10:00"

    @time_machine.travel("2026-11-24 10:00+01:00")
    def test_a_call_that_is_planned_already_stays_the_next_step(self, session, coach):
        job = make_job(session)
        callback = {"kind": FollowUpKind.CALLBACK, "due_at": now() + timedelta(days=1), "company_id": job.company_id}
        planned = plan(session, coach, FollowUpInput(**callback))
        lost = Lost(reason=LostReason.NO_MONEY, ask_again_on=date(2027, 3, 1))
        move(session, coach, job.id, Stage.LOST, version=1, lost=lost)
        assert session.exec(select(FollowUp.id)).all() == [planned.id]
        assert planned.status is FollowUpStatus.OPEN

    @pytest.mark.parametrize("day", [date(2026, 11, 24), date(2030, 1, 1)])
    @time_machine.travel("2026-11-24 10:00+01:00")
    def test_we_ask_again_from_tomorrow_on_and_within_three_years(self, day):
        with pytest.raises(ValidationError):
            Lost(reason=LostReason.NO_MONEY, ask_again_on=day)

    def test_a_caller_writes_jobs_down_but_does_not_move_them(self, session, caller):
        with pytest.raises(NotAllowed):
            move(session, caller, make_job(session).id, Stage.EXPLORED, version=1)


class TestPipelines:
    @pytest.mark.parametrize(("reason", "pipeline"), [("OPVOLGING", Pipeline.TAKEOVER), ("PIEK", Pipeline.WORK)])
    def test_a_new_job_follows_its_reason(self, session, caller, reason, pipeline):
        given = HiddenJobInput(title="Meelopen", reason=reason)
        assert create_job(session, caller, make_company(session).id, given).pipeline is pipeline

    def test_what_somebody_chose_counts_more(self, session, caller):
        given = HiddenJobInput(title="Meelopen", reason="OPVOLGING", pipeline=Pipeline.LOOK_ALONG)
        assert create_job(session, caller, make_company(session).id, given).pipeline is Pipeline.LOOK_ALONG

    def test_can_be_changed_while_the_stage_exists_there_too(self, session, caller):
        job = make_job(session, stage=Stage.EXPLORED)
        given = HiddenJobInput(title="Klus", reason="KLUS", pipeline=Pipeline.ODD_JOB)
        assert edit_job(session, caller, job.id, given, version=1).pipeline is Pipeline.ODD_JOB

    def test_not_when_the_job_would_stand_nowhere(self, session, caller):
        job = make_job(session, stage=Stage.PROFILED)
        given = HiddenJobInput(title="Klus", reason="KLUS", pipeline=Pipeline.ODD_JOB)
        with pytest.raises(NoSuchStage):
            edit_job(session, caller, job.id, given, version=1)
        assert job.pipeline is Pipeline.WORK

    def test_a_change_that_says_nothing_of_it_leaves_it(self, session, caller):
        job = make_job(session, pipeline=Pipeline.TAKEOVER)
        assert edit_job(session, caller, job.id, HiddenJobInput(title="x", reason="KLUS"), version=1)
        assert job.pipeline is Pipeline.TAKEOVER

    def test_a_look_along_day_needs_no_work_profile(self, session, coach):
        job = make_job(session, pipeline=Pipeline.LOOK_ALONG, stage=Stage.EXPLORED, tasks="", hours_per_week=None)
        with pytest.raises(StageNotAllowed):
            move(session, coach, job.id, Stage.PROFILED, version=1)
        assert move(session, coach, job.id, Stage.INTRODUCED, version=1).stage is Stage.INTRODUCED
