"""What every answer carries, what a monitor asks, and what is (not) in the log."""

import json
import re
from html import unescape

import httpx
import pytest
from sqlalchemy import text

from tests.web.conftest import PASSWORD, PATIENCE, sign_in
from web.headers import SECRET_FOLDERS


class TestHeaders:
    @pytest.mark.parametrize("path", ["/sign-in", "/desk", "/healthz", "/assets/forms.css", "/static/nothing.js"])
    def test_every_answer_tells_the_browser_what_it_may_not(self, server, path):
        headers = server.browser().get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]
        policy = headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]
        assert "https:" not in policy

    @pytest.mark.parametrize("folder", SECRET_FOLDERS)
    def test_an_address_with_a_secret_goes_along_with_no_other_request(self, server, folder):
        assert server.browser().get(f"{folder}geheim").headers["referrer-policy"] == "no-referrer"

    def test_https_is_asked_for_only_where_it_is(self, server):
        browser = server.browser()
        assert "strict-transport-security" not in browser.get("/healthz").headers
        browser.headers["x-forwarded-proto"] = "https"
        assert "max-age" in browser.get("/healthz").headers["strict-transport-security"]

    def test_a_form_is_never_kept_by_the_browser(self, server):
        assert server.browser().get("/sign-in").headers["cache-control"] == "no-store"

    def test_the_shell_has_no_script_of_its_own(self, server):
        page = server.signed_in().get("/").text
        assert "<script>" not in page
        assert "<title>Kopkoffie</title>" in page

    def test_the_shell_carries_the_words_of_streamlit_for_who_reads_dutch(self, server):
        page = server.signed_in(server.add(language="nl")).get("/").text
        words = json.loads(unescape(re.search(r'name="words" content="([^"]*)"', page)[1]))
        assert words["Upload"] == "Bestand kiezen"
        page = server.signed_in(server.add(language="en")).get("/").text
        assert 'name="words" content="{}"' in page

    def test_other_sites_may_not_read_along(self, server):
        answer = server.signed_in().get("/_stcore/host-config", headers={"origin": "https://evil.example"})
        assert answer.headers.get("access-control-allow-origin") is None


class TestUpload:
    def test_needs_the_token_of_streamlit_itself(self, server):
        answer = server.signed_in().put("/_stcore/upload_file/x/y", files={"file": b"x"})
        assert answer.status_code == 403


class TestHealth:
    def test_a_monitor_needs_no_account(self, server):
        assert httpx.get(f"{server.url}/healthz", timeout=PATIENCE).json() == {"status": "alive"}
        assert httpx.get(f"{server.url}/readyz", timeout=PATIENCE).json() == {"status": "ready"}

    def test_a_database_of_another_release_is_not_ready(self, server):
        with server.engine.execution_options(writing=True).begin() as connection:
            kept = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
            connection.execute(text("UPDATE alembic_version SET version_num = 'other'"))
        try:
            answer = httpx.get(f"{server.url}/readyz", timeout=PATIENCE)
        finally:
            with server.engine.execution_options(writing=True).begin() as connection:
                connection.execute(text("UPDATE alembic_version SET version_num = :kept"), {"kept": kept})
        assert answer.status_code == 503
        assert answer.json()["problem"] == "database is not migrated"


class TestLog:
    def test_each_line_is_json_and_names_nobody(self, server):
        browser, email = server.browser(), server.add()
        sign_in(browser, email, "een verkeerd woord")
        answer = sign_in(browser, email)
        browser.get("/companies?text=Wilhelmina")
        lines = [json.loads(line) for line in server.log.read_text().splitlines()]
        signed_in = next(line for line in lines if line.get("request_id") == answer.headers["x-request-id"])
        assert (signed_in["path"], signed_in["status"]) == ("/sign-in", 303)
        kept = server.log.read_text()
        address = browser.headers["x-forwarded-for"]
        for secret in (
            email,
            PASSWORD,
            "een verkeerd woord",
            "Wilhelmina",
            f"{address}:",
            browser.cookies.get("x", "?x"),
        ):
            assert secret not in kept
