"""What was written down before a migration is still there after it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, text
from sqlmodel import Session, col, select

from crm.calling.models import CallList
from crm.candidates.models import Candidate, CandidateConsent, Purpose
from crm.core.db import make_engine
from crm.followups.models import FollowUp
from crm.migrations import runner
from tests.conftest import BACKENDS, new_postgresql_database

WHEN = "2026-11-01 10:00:00+00:00"


@pytest.fixture(params=BACKENDS)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        made = make_engine(f"sqlite:///{tmp_path / 'old.db'}")
    else:
        made = make_engine(new_postgresql_database(request.getfixturevalue("postgresql")))
    yield made
    made.dispose()


def upgrade_to(engine: Engine, revision: str) -> None:
    with runner._migrating(engine) as connection:
        command.upgrade(runner._config(connection), revision)


def add(connection: Connection, table: str, **values: Any) -> None:
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), values)


def add_company(connection: Connection) -> None:
    fields = [
        "name",
        "name_key",
        "legal_form",
        "sbi_version",
        "activity",
        "street",
        "town",
        "email",
        "website",
        "source",
    ]
    empty: dict[str, Any] = dict.fromkeys(fields, "x")
    add(connection, "company", id=1, created_at=WHEN, version=1, non_mailing=False, **empty)


def add_user(connection: Connection) -> None:
    user = {"email": "a@b.nl", "name": "A", "password_hash": "-", "language": "nl", "active": True}
    add(connection, "app_user", id=1, created_at=WHEN, version=1, role="caller", **user)


def test_a_consent_in_free_words_gets_a_channel_and_keeps_its_words(engine: Engine) -> None:
    upgrade_to(engine, "0001")
    typed = {1: "e-mail", 2: "in gesprek, ter plekke", 3: "antwoordkaart"}
    with engine.execution_options(writing=True).begin() as connection:
        add_company(connection)
        add_user(connection)
        for id_, channel in typed.items():
            given: dict[str, Any] = {"given_by": "W", "text": "Ja", "verified_how": "kaart", "given_at": WHEN}
            row = {"company_id": 1, "channel": channel, "recorded_by_id": 1, "created_at": WHEN, "version": 1}
            add(connection, "consent", id=id_, **row, **given)
    upgrade_to(engine, "head")
    with engine.connect() as connection:
        found = connection.execute(text("SELECT channel, verified_how FROM consent ORDER BY id")).all()
    assert [tuple(row) for row in found] == [
        ("email", "kaart"), ("conversation", "kaart"), ("other", "kaart (antwoordkaart)"),
    ]  # fmt: skip


def test_a_list_keeps_its_large_companies_when_it_is_made_live_later(engine: Engine) -> None:
    upgrade_to(engine, "0005")
    with engine.execution_options(writing=True).begin() as connection:
        add_user(connection)
        script = {"key": "werving", "number": 1, "title": "Werving", "language": "nl", "source": "-", "checksum": "-"}
        add(connection, "script_version", id=1, created_at=WHEN, **script)
        for id_, filters in {1: '{"towns": ["Breda"]}', 2: "{}"}.items():
            made = {"name": "A", "script_version_id": 1, "filters": filters, "status": "open", "made_by_id": 1}
            add(connection, "call_list", id=id_, created_at=WHEN, version=1, **made)
    upgrade_to(engine, "head")
    with Session(engine) as session:
        kept = session.exec(select(CallList.filters, CallList.is_live).order_by(col(CallList.id))).all()
    assert kept == [({"towns": ["Breda"], "large": True}, False), ({}, False)]


def test_what_waits_on_a_list_gets_its_lane_and_calls_of_before_count_for_the_best_hours(engine: Engine) -> None:
    upgrade_to(engine, "0006")
    with engine.execution_options(writing=True).begin() as connection:
        add_company(connection)
        connection.execute(text("UPDATE company SET sbi_code = '4781'"))
        user = {"email": "a@b.nl", "name": "A", "password_hash": "-", "language": "nl", "active": True}
        add(connection, "app_user", id=1, created_at=WHEN, version=1, role="caller", **user)
        script = {"key": "s", "number": 1, "title": "T", "language": "nl", "source": "x", "checksum": "d"}
        add(connection, "script_version", id=1, created_at=WHEN, **script)
        for id_, attempts in ((1, 0), (2, 2)):
            made: dict[str, Any] = {"name": f"L{id_}", "filters": "{}", "status": "open", "made_by_id": 1}
            made |= {"is_live": False, "newest_import": 0}
            add(connection, "call_list", id=id_, created_at=WHEN, version=1, script_version_id=1, **made)
            entry: dict[str, Any] = {"list_id": id_, "company_id": 1, "state": "waiting", "due_at": WHEN}
            add(connection, "call_list_entry", id=id_, created_at=WHEN, attempts=attempts, blocked_because="", **entry)
        for id_, result in enumerate(("GEEN_GEHOOR", "GEEN_INTERESSE", "VERKEERD_NUMMER"), 1):
            call: dict[str, Any] = {
                "company_id": 1,
                "caller_id": 1,
                "entry_id": 2,
                "e164": "",
                "status": "done",
                "way": "desk",
            }
            call |= {"ended_at": WHEN, "notes": "", "script_version_id": 1, "disposition": result}
            add(connection, "call", id=id_, created_at=WHEN, version=1, **call)
    upgrade_to(engine, "head")
    with engine.connect() as connection:
        lanes = connection.execute(text("SELECT lane FROM call_list_entry ORDER BY id")).scalars().all()
        priorities = connection.execute(text("SELECT DISTINCT priority FROM call_list")).scalars().all()
        figures = connection.execute(text("SELECT weekday, hour, trade_group, calls, spoken FROM hour_figures")).all()
    assert (lanes, priorities) == (["garage", "retry"], [2])
    assert [tuple(row) for row in figures] == [(6, 11, "garage", 2, 1)]


def test_a_result_becomes_what_the_line_gave_and_what_was_said(engine: Engine) -> None:
    upgrade_to(engine, "0005")
    before = ["GEEN_GEHOOR", "IN_GESPREK", "VOICEMAIL", "VOICEMAIL_INGESPROKEN", "VERKEERD_NUMMER", "GESPREK_LATENT"]
    before += ["BEDRIJF_GESTOPT", "VERZET", "IETS_VAN_VROEGER", None]
    with engine.execution_options(writing=True).begin() as connection:
        add_company(connection)
        user = {"email": "a@b.nl", "name": "A", "password_hash": "-", "language": "nl", "active": True}
        add(connection, "app_user", id=1, created_at=WHEN, version=1, role="caller", **user)
        script = {"key": "k", "number": 1, "title": "T", "source": "", "checksum": "0", "language": "nl"}
        add(connection, "script_version", id=1, created_at=WHEN, **script)
        for id_, code in enumerate(before, start=1):
            made = {"company_id": 1, "caller_id": 1, "script_version_id": 1, "created_at": WHEN, "version": 1}
            ended = {"status": "done", "ended_at": WHEN, "e164": "", "notes": "", "disposition": code}
            add(connection, "call", id=id_, **made, **ended)
    upgrade_to(engine, "head")
    with engine.connect() as connection:
        found = connection.execute(text("SELECT reached, disposition FROM call ORDER BY id")).all()
    assert [tuple(row) for row in found] == [
        ("no_answer", None), ("busy", None), ("voicemail", None), ("message_left", None), ("wrong_number", None),
        ("answered", "GESPREK_LATENT"), ("answered", "BEDRIJF_GESTOPT"), ("answered", "VERZET"),
        ("answered", "IETS_VAN_VROEGER"), (None, None),
    ]  # fmt: skip


def test_of_the_calls_planned_for_one_company_the_earliest_stays_and_moves_are_counted(engine: Engine) -> None:
    upgrade_to(engine, "0019")
    with engine.execution_options(writing=True).begin() as connection:
        add_company(connection)
        planned = {1: ("recall", "12-01"), 2: ("callback", "11-25"), 3: ("callback", "11-26"), 4: ("other", "11-20")}
        for id_, (kind, day) in planned.items():
            step: dict[str, Any] = {"kind": kind, "due_at": f"2026-{day} 10:00:00+00:00", "status": "open"}
            add(connection, "follow_up", id=id_, created_at=WHEN, version=1, company_id=1, note="", outcome="", **step)
        for id_, why in ((1, "Ziek"), (2, "Vakantie")):
            entry = {"action": "follow_up.moved", "subject_type": "follow_up", "subject_id": 2}
            changes = f'{{"reason": [null, "{why}"]}}'
            add(connection, "audit_entry", id=id_, created_at=WHEN, changes=changes, **entry)
    upgrade_to(engine, "head")
    with Session(engine) as session:
        steps = session.exec(select(FollowUp).order_by(col(FollowUp.id))).all()
    assert [step.status for step in steps] == ["dropped", "open", "dropped", "open"]
    assert "eerder gesprek" in steps[0].outcome
    assert steps[0].done_at is not None
    assert [(step.times_moved, step.moved_because) for step in steps[1:3]] == [(2, "Vakantie"), (0, "")]


def test_a_call_that_another_one_replaced_keeps_that_as_its_outcome(engine: Engine) -> None:
    upgrade_to(engine, "0030")
    with engine.execution_options(writing=True).begin() as connection:
        rest: dict[str, Any] = {"note": "", "sequence": 0, "times_moved": 0, "moved_because": ""}
        for id_, (status, outcome) in enumerate(
            (("dropped", "replaced"), ("done", "replaced"), ("dropped", "Ziek")), 1
        ):
            step: dict[str, Any] = {"kind": "callback", "due_at": WHEN, "status": status, "outcome": outcome}
            add(connection, "follow_up", id=id_, created_at=WHEN, version=1, **step, **rest)
    upgrade_to(engine, "head")
    with Session(engine) as session:
        steps = session.exec(select(FollowUp).order_by(col(FollowUp.id))).all()
    assert [(step.outcome_code, step.outcome) for step in steps] == [
        ("replaced", ""),
        (None, "replaced"),
        (None, "Ziek"),
    ]


def test_notices_and_mails_of_before_know_what_they_are_about(engine: Engine) -> None:
    upgrade_to(engine, "0019")
    with engine.execution_options(writing=True).begin() as connection:
        add_user(connection)
        for id_, key in enumerate(("follow_up:1:x:1", "call.taken_over:5:1:x", "call.logged:1:1", "letter-1-1-1"), 1):
            told: dict[str, Any] = {"user_id": 1, "once_key": key, "title": "Dag", "body": "", "page": ""}
            add(connection, "notice", id=id_, created_at=WHEN, **told)
        for id_, fields in enumerate(({"sent_at": WHEN}, {"next_attempt_at": WHEN}, {}), 1):
            mail: dict[str, Any] = {"to_address": "a@b.nl", "subject": "Dag", "body": "Tekst", "once_key": str(id_)}
            add(connection, "outbox_message", id=id_, created_at=WHEN, attempts=1, last_error="", **mail, **fields)
    upgrade_to(engine, "head")
    with engine.connect() as connection:
        kinds = connection.execute(text("SELECT kind FROM notice ORDER BY id")).scalars().all()
        mails = connection.execute(
            text("SELECT kind, body, given_up_at IS NOT NULL FROM outbox_message ORDER BY id")
        ).all()
    assert kinds == ["promise_due", "taken_over", "against_rules", "answered"]
    assert [tuple(row) for row in mails] == [
        ("promise_due", "", False), ("promise_due", "Tekst", False), ("promise_due", "Tekst", True),
    ]  # fmt: skip


def test_a_consent_of_a_job_seeker_becomes_evidence_for_both_that_it_was_asked_for(engine: Engine) -> None:
    upgrade_to(engine, "0032")
    until = "2027-11-01 23:59:00+00:00"
    with engine.execution_options(writing=True).begin() as connection:
        add_user(connection)
        for id_, end in {1: until, 2: "2026-11-05 10:00:00+00:00", 3: None}.items():
            known: dict[str, Any] = dict.fromkeys(("email", "e164", "town", "strengths"), "")
            known |= dict.fromkeys(("trades", "days", "barriers"), "[]") | {"status": "active"}
            known |= {"hours_min": 0, "hours_max": 40, "travel_km": 15, "consent_until": end}
            agreed = {"consent_text": "Ja hoor." if end else "", "consent_at": WHEN if end else None}
            add(connection, "candidate", id=id_, created_at=WHEN, version=1, name="A", **known, **agreed)
            told = {"subject_type": "candidate", "subject_id": id_, "changes": "{}", "actor_id": 1, "created_at": WHEN}
            add(connection, "audit_entry", action="candidate.consent_given", **told)
        add(connection, "audit_entry", action="candidate.consent_withdrawn", **(told | {"subject_id": 2}))
    upgrade_to(engine, "head")
    with Session(engine) as session:
        kept = session.exec(select(CandidateConsent).order_by(col(CandidateConsent.id))).all()
        still = session.exec(select(Candidate.consent_until).order_by(col(Candidate.id))).all()
    assert [(one.candidate_id, one.purpose) for one in kept] == [
        (1, Purpose.DETAILS), (2, Purpose.DETAILS), (1, Purpose.INTRODUCE), (2, Purpose.INTRODUCE),
    ]  # fmt: skip
    assert {(one.text, one.recorded_by_id, one.channel) for one in kept} == {("Ja hoor.", 1, None)}
    assert [one.withdrawn_at == one.expires_at for one in kept] == [False, True, False, True]
    assert [one.withdrawn_by_id for one in kept] == [None, 1, None, 1]
    assert [one is None for one in still] == [False, False, True]
