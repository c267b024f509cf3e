"""What Prometheus reads, as it and as strangers ask for it."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.exc import OperationalError
from starlette.requests import Request

from crm.access.permissions import Role
from crm.calling.models import Claim
from crm.core.clock import now
from crm.core.db import transaction
from crm.core.settings import Settings
from crm.followups.models import FollowUp, FollowUpKind
from crm.messaging.models import OutboxMessage
from crm.scheduling.lease import lease_of
from crm.scheduling.models import Outcome
from crm.scheduling.services import Result, begin_run, end_run, register
from tests.conftest import add_user, make_company
from tests.web.conftest import METRICS_TOKEN, Server
from web import measuring
from web.measuring import METHODS, metrics, note_request
from web.routes import metrics as route


def samples(told: str) -> dict[str, float]:
    """`kopkoffie_job_runs_total{job="a",outcome="done"}` and so on, as Prometheus itself reads them."""
    return {
        sample.name + str(sorted(sample.labels.values()) or ""): sample.value
        for family in text_string_to_metric_families(told)
        for sample in family.samples
    }


def ask(server: Server, token: str) -> httpx.Response:
    return server.browser().get("/metrics", headers={"authorization": f"Bearer {token}"})


class TestWhoMayRead:
    def test_who_has_the_token_gets_the_numbers(self, server):
        server.browser().get("/healthz")
        answer = ask(server, METRICS_TOKEN)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
        found = samples(answer.text)
        assert found["kopkoffie_database_up"] == 1
        assert found["kopkoffie_http_requests_total['200', 'GET']"] >= 1

    @pytest.mark.parametrize("token", ["-", "fout", METRICS_TOKEN.upper(), METRICS_TOKEN + "x", "é"])
    def test_nobody_else_does(self, server, token):
        answer = server.browser().get("/metrics", headers={"authorization": f"Bearer {token}".encode()})
        assert (answer.status_code, answer.text, answer.headers["www-authenticate"]) == (401, "", "Bearer")

    def test_a_signed_in_administrator_needs_the_token_too(self, server):
        assert server.signed_in(server.add(Role.ADMIN)).get("/metrics").status_code == 401

    def test_without_a_token_in_the_settings_the_address_does_not_exist(self, monkeypatch):
        monkeypatch.setattr(route, "settings", Settings)
        headers = [(b"authorization", b"Bearer ")]
        asked = Request({"type": "http", "method": "GET", "path": "/metrics", "headers": headers})
        with ThreadPoolExecutor(1) as thread:  # an open Chromium keeps a loop of its own in this one
            assert thread.submit(asyncio.run, route.show(asked)).result().status_code == 404


class TestWhatItSays:
    def test_tells_of_jobs_mail_reminders_and_claims(self, sqlite_database):
        lease_of("test").hold()
        with transaction() as session:
            owner = add_user(session, Role.CALLER)
            for minutes, done in ((1, False), (10, False), (10, True)):
                due_at = now() - timedelta(minutes=minutes)
                told = now() if done else None
                session.add(FollowUp(kind=FollowUpKind.OTHER, owner_id=owner.id, due_at=due_at, reminded_at=told))
            for number, ended in enumerate(({}, {"sent_at": now()}, {"given_up_at": now()})):
                wait = None if ended else now()
                session.add(
                    OutboxMessage(
                        once_key=str(number),
                        to_address="an@voorbeeld.nl",
                        subject="",
                        body="",
                        next_attempt_at=wait,
                        **ended,
                    )
                )
            until = now() + timedelta(minutes=5)
            session.add(Claim(company_id=make_company(session).id, user_id=owner.user_id, expires_at=until))
            register(session, {"remind_due": now()})
            begin_run(session, "remind_due", now())
            end_run(session, "remind_due", Result(Outcome.DONE, 1.5, 3))
            begin_run(session, "remind_due", now())
            end_run(session, "remind_due", Result(Outcome.FAILED, 0.5))
        found = samples(metrics().decode())
        expected = {
            "job_runs_total['done', 'remind_due']": 1,
            "job_runs_total['failed', 'remind_due']": 1,
            "job_seconds_total['remind_due']": 2.0,
            "job_last_seconds['remind_due']": 0.5,
            "job_failed['remind_due']": 1,
            "outbox_waiting": 1,
            "outbox_given_up": 1,
            "reminders_due": 2,
            "reminders_late": 1,
            "claims_open": 1,
        }
        assert {name: found[f"kopkoffie_{name}"] for name in expected} == expected
        assert found["kopkoffie_scheduler_last_beat_timestamp_seconds"] > 1_700_000_000

    def test_says_that_the_database_is_away(self, monkeypatch):
        def fail(*_given):
            raise OperationalError("SELECT", {}, Exception("away"))

        monkeypatch.setattr(measuring, "health", fail)
        assert samples(metrics().decode())["kopkoffie_database_up"] == 0

    def test_invented_methods_count_as_one(self):
        for number in range(50):
            note_request(f"X{number}", 405, 0.01)
        methods = {name.split("'")[3] for name in samples(metrics().decode()) if "http_requests_total" in name}
        assert methods <= METHODS | {"other"}
