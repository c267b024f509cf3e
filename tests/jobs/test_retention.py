"""What is past its term is forgotten, and nothing else."""

from datetime import timedelta
from threading import Event

import pytest
from sqlmodel import select
from structlog.testing import capture_logs

from crm.access.actor import SYSTEM
from crm.access.permissions import Role
from crm.audit.models import AuditEntry
from crm.audit.services import record
from crm.calling.lists import choose_name, keep_names
from crm.calling.models import Call, CallField, CallStatus, NamesDraft, WrapUp
from crm.core.clock import now
from crm.core.db import reading, transaction
from crm.core.stopping import Stopped, stopping_at
from crm.followups.models import REPLACED, FollowUp, FollowUpKind, FollowUpStatus
from crm.messaging.models import Notice, NoticeKind, OutboxMessage
from crm.privacy.retention import TERMS
from crm.reference.models import Reached
from crm.scheduling.queries import newest_runs
from crm.scheduling.services import register
from crm.scripts.models import ScriptVersion
from crm.telephony.models import PhoneEvent
from crm.telephony.services import forget_old as forget_who_rang
from jobs import retention
from jobs.retention import forget_old
from jobs.running import run
from jobs.table import JOBS
from jobs.units import SomeFailed
from tests.conftest import add_user, make_company

DAYS_OF_WORDS = 730


def ago(days: float):
    return now() - timedelta(days=days)


@pytest.fixture
def caller(database):
    with transaction() as session:
        session.add(ScriptVersion(id=1, key="test", number=1, title="Test", source="", checksum="0"))
        return add_user(session, Role.CALLER)


def a_call(caller, *days: float, follow_up: bool = False) -> list[int]:
    """Calls with one company, so many days ago; tells which they are."""
    with transaction() as session:
        company = make_company(session)
        calls = [
            Call(
                company_id=company.id,
                caller_id=caller.id,
                script_version_id=1,
                status=CallStatus.DONE,
                reached=Reached.NO_ANSWER,
                created_at=ago(since),
                ended_at=ago(since),
                notes="Vraag naar Ria",
            )
            for since in days
        ]
        session.add_all(calls)
        session.flush()
        session.add_all(CallField(call_id=call.id, name="tasks", value="Boekhouden") for call in calls)
        if follow_up:
            session.add(FollowUp(kind=FollowUpKind.OTHER, due_at=ago(-100), company_id=company.id))
        return [call.id for call in calls]


def with_words() -> tuple[set[int], set[int]]:
    with reading() as session:
        notes = session.exec(select(Call.id).where(Call.notes != "")).all()
        return set(notes), set(session.exec(select(CallField.call_id)).all())


def test_words_of_calls_are_forgotten_two_years_after_the_last_and_the_calls_stay(caller):
    a_call(caller, DAYS_OF_WORDS + 1, DAYS_OF_WORDS + 300)
    kept = a_call(caller, DAYS_OF_WORDS - 1)
    kept += a_call(caller, DAYS_OF_WORDS + 300, 10)
    kept += a_call(caller, DAYS_OF_WORDS + 300, follow_up=True)
    assert forget_old()["calls"] == 2
    assert with_words() == (set(kept), set(kept))
    assert forget_old()["calls"] == 0
    with reading() as session:
        assert len(session.exec(select(Call.id)).all()) == len(kept) + 2


def test_with_them_go_what_the_result_changed_and_the_words_in_the_log(caller):
    [old], [kept] = a_call(caller, DAYS_OF_WORDS + 1), a_call(caller, 10)
    with transaction() as session:
        for call_id in (old, kept):
            session.add(WrapUp(call_id=call_id, changes=[{"after": {"note": "Ria is ziek"}}]))
            for action in ("call.logged", "call.corrected"):
                details = {"notes": ["", "Ria is ziek"], "reason": [None, "Ria is ziek"], "reached": [None, "answered"]}
                entry = {"action": action, "subject_type": "call", "subject_id": call_id, "changes": details}
                session.add(AuditEntry(**entry))
    assert forget_old()["calls"] == 1
    with reading() as session:
        assert session.exec(select(WrapUp.call_id)).all() == [kept]
        said = select(AuditEntry.changes).order_by(AuditEntry.subject_id, AuditEntry.id)
        assert session.exec(said).all() == [{"reached": [None, "answered"]}] * 2 + [details] * 2
    assert forget_old()["calls"] == 0


@pytest.mark.parametrize("status", [CallStatus.OPEN, CallStatus.PARKED])
def test_a_call_that_was_never_ended_keeps_no_words_for_ever(caller, status):
    [_ended, left] = a_call(caller, DAYS_OF_WORDS + 2, DAYS_OF_WORDS + 1)
    with transaction() as session:
        call = session.get_one(Call, left)
        call.status, call.ended_at, call.reached = status, None, None
        call.parked_at = call.created_at if status is CallStatus.PARKED else None
    assert forget_old()["calls"] == 2
    assert with_words() == (set(), set())


def test_words_of_follow_ups_go_two_years_after_they_were_closed(caller):
    with transaction() as session:
        spoken, silent = make_company(session), make_company(session)
        words = {"note": "Ria", "outcome": "Ria is ziek", "moved_because": "Ria was ziek"}
        for company, days in ((silent, DAYS_OF_WORDS + 1), (silent, DAYS_OF_WORDS - 1), (spoken, DAYS_OF_WORDS + 1)):
            step = FollowUp(kind=FollowUpKind.OTHER, due_at=ago(days), company_id=company.id, **words)
            step.status, step.done_at = FollowUpStatus.DONE, ago(days)
            session.add(step)
            record(session, SYSTEM, "follow_up.done", step)
        replaced = {"status": FollowUpStatus.DROPPED, "done_at": ago(DAYS_OF_WORDS + 1), "outcome": REPLACED}
        session.add(FollowUp(kind=FollowUpKind.CALLBACK, due_at=ago(1), company_id=silent.id, **replaced))
        fields = {"script_version_id": 1, "status": CallStatus.DONE, "reached": Reached.NO_ANSWER}
        session.add(Call(company_id=spoken.id, caller_id=caller.id, ended_at=ago(10), **fields))
    assert forget_old()["follow_ups"] == 1
    assert forget_old()["follow_ups"] == 0
    with reading() as session:
        steps = session.exec(select(FollowUp).order_by(FollowUp.id)).all()
        assert [step.note for step in steps] == ["", "Ria", "Ria", ""]
        assert [step.outcome for step in steps] == ["", "Ria is ziek", "Ria is ziek", REPLACED]
        said = session.exec(select(AuditEntry.changes).order_by(AuditEntry.id)).all()
        assert ["Ria" in str(changes) for changes in said] == [False, True, True]
        assert "due_at" in said[0]


def test_who_rang_goes_in_portions(caller, monkeypatch):
    monkeypatch.setattr("crm.core.db.PORTION", 2)
    with transaction() as session:
        session.add_all(PhoneEvent(system="kantoor", event_id=str(n), created_at=ago(2 + n)) for n in range(5))
    with transaction() as session:
        assert forget_who_rang(session, now()) == 2
    assert forget_old()["telephony"] == 3


def test_names_of_which_nobody_made_a_list_go_a_month_after_the_last_change(caller):
    with transaction() as session:
        left, going_on = add_user(session, Role.COORDINATOR), add_user(session, Role.COORDINATOR)
        for coordinator in (left, going_on):
            keep_names(session, coordinator, "Bakkerij Jansen 078 123 4567").changed_at = ago(31)
    with transaction() as session:
        choose_name(session, going_on, "Bakkerij Jansen 078 123 4567", None)
    assert forget_old()["names"] == 1
    with reading() as session:
        assert session.exec(select(NamesDraft.user_id)).all() == [going_on.id]


def test_more_than_one_batch_is_forgotten_in_one_night(caller, monkeypatch):
    monkeypatch.setattr("crm.calling.retention.BATCH", 2)
    for _each in range(5):
        a_call(caller, DAYS_OF_WORDS + 1)
    assert forget_old()["calls"] == 5
    assert with_words() == (set(), set())


def test_messages_who_rang_and_the_log_have_a_term_of_their_own(caller):
    with transaction() as session:
        for days in (80, 100):
            words = {"title": "Terugbellen", "kind": NoticeKind.PROMISE_DUE, "once_key": f"read {days}"}
            session.add(Notice(user_id=caller.user_id, read_at=ago(days), created_at=ago(days), **words))
            mail = {"to_address": "an@voorbeeld.nl", "subject": "", "body": ""}
            session.add(OutboxMessage(once_key=f"sent {days}", sent_at=ago(days), **mail))
        for days in (0.5, 2):
            session.add(PhoneEvent(system="kantoor", event_id=str(days), created_at=ago(days)))
        for days in (10, 5 * 365 + 1):
            entry = {"action": "user.edited", "subject_type": "app_user", "subject_id": caller.user_id}
            session.add(AuditEntry(created_at=ago(days), **entry))
    with transaction() as session:  # the oldest have the lowest numbers
        first, second = session.exec(select(AuditEntry).order_by(AuditEntry.id)).all()
        first.created_at, second.created_at = second.created_at, first.created_at
    forgotten = dict.fromkeys((term.name for term in TERMS), 0) | {"telephony": 1, "messages": 2, "audit": 1}
    assert forget_old() == forgotten
    assert forget_old() == dict.fromkeys((term.name for term in TERMS), 0)


def test_one_that_fails_does_not_stop_the_others(caller, monkeypatch):
    a_call(caller, DAYS_OF_WORDS + 1)

    def fail(session, moment):
        raise RuntimeError("broken")

    broken = retention.Term("broken", "Broken", fail)
    monkeypatch.setattr(retention, "TERMS", (broken, *TERMS))
    with capture_logs(), pytest.raises(SomeFailed) as failed:
        forget_old()
    assert failed.value.done == 1
    assert with_words() == (set(), set())


def test_it_stops_between_two_portions_when_its_process_has_to_end(database, monkeypatch):
    stop, endless = Event(), []

    def forget(session, moment):
        endless.append(1)
        if len(endless) == 3:
            stop.set()
        return 2

    monkeypatch.setattr(retention, "TERMS", (retention.Term("endless", "Endless", forget), *TERMS))
    with stopping_at(stop), pytest.raises(Stopped) as stopped:
        forget_old()
    assert (len(endless), stopped.value.done) == (3, 6)


def test_the_run_says_how_much_of_each_kind(caller):
    a_call(caller, DAYS_OF_WORDS + 1)
    job = next(job for job in JOBS if job.name == "forget_old")
    assert set(job.parts) == {term.name for term in TERMS}
    with transaction() as session:
        register(session, {job.name: now()})
    run(job)
    with reading() as session:
        [row] = newest_runs(session, SYSTEM)
    assert (row.run.count, row.run.details["calls"]) == (1, 1)
