"""The forms for signing in and out, as a browser uses them."""

from datetime import timedelta

import httpx
import pytest
from sqlmodel import select

from crm.access.demo import DEMO_DOMAIN, DEMO_PASSWORD
from crm.access.models import SignInFailure
from crm.access.passwords import hash_password
from crm.access.permissions import Role
from crm.access.rules import ACCOUNT_TRIES
from crm.core.clock import now
from tests.web.conftest import PASSWORD, Server, sign_in, token_in
from web.session import COOKIE


def is_in(browser: httpx.Client) -> bool:
    return browser.get("/").status_code == 200


class TestSignIn:
    def test_leads_to_where_somebody_was_going(self, server):
        answer = sign_in(server.browser(), server.add(), next="/companies?company=5")
        assert (answer.status_code, answer.headers["location"]) == (303, "/companies?company=5")

    @pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "x"])
    def test_never_leads_elsewhere(self, server, target):
        browser = server.browser()
        assert "evil" not in browser.get("/sign-in", params={"next": target}).text
        assert sign_in(browser, server.add(), next=target).headers["location"] == "/"

    def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(self, server):
        answer = sign_in(server.browser(), server.add())
        cookie = next(value for value in answer.headers.get_list("set-cookie") if value.startswith(COOKIE))
        assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=36000"} <= set(cookie.split("; "))
        assert "Secure" not in cookie

    def test_behind_https_the_cookies_never_travel_without(self, server):
        browser = server.browser()
        browser.headers["x-forwarded-proto"] = "https"
        page = browser.get("/sign-in")
        browser.headers["cookie"] = page.headers["set-cookie"].split(";")[0]  # httpx keeps it back on http
        form = {"csrf": token_in(page), "email": server.add(), "password": PASSWORD}
        answer = browser.post("/sign-in", data=form)
        assert answer.status_code == 303
        assert all("Secure" in value for value in answer.headers.get_list("set-cookie"))

    def test_a_planted_cookie_is_not_taken_over(self, server):
        browser = server.browser()
        browser.cookies.set(COOKIE, "planted", domain="127.0.0.1", path="/")
        first = sign_in(browser, email := server.add()).cookies[COOKIE]
        second = server.signed_in(email).cookies[COOKIE]
        assert len({"planted", first, second}) == 3

    @pytest.mark.parametrize("known", [True, False])
    def test_a_mistake_says_the_same_for_any_account_and_keeps_what_was_typed(self, server, known):
        email = server.add() if known else '"><script>alert(1)</script>@voorbeeld.nl'
        browser = server.browser()
        answer = sign_in(browser, email, "niet het goede woord")
        assert answer.status_code == 401
        assert "Dit e-mailadres en wachtwoord horen niet bij elkaar." in answer.text
        assert "<script>alert" not in answer.text
        assert "niet het goede woord" not in answer.text
        assert email.partition("@")[2] in answer.text
        assert not is_in(browser)

    @pytest.mark.parametrize("token", ["", "x", "0" * 64, "é"])
    def test_a_forged_form_is_refused(self, server, token):
        browser, email = server.browser(), server.add()
        browser.get("/sign-in")
        answer = browser.post("/sign-in", data={"csrf": token, "email": email, "password": PASSWORD})
        assert answer.status_code == 403
        assert email in answer.text
        assert not is_in(browser)

    def test_a_token_does_not_work_in_another_browser(self, server):
        token = token_in(server.browser().get("/sign-in"))
        other = server.browser()
        other.get("/sign-in")
        form = {"csrf": token, "email": server.add(), "password": PASSWORD}
        assert other.post("/sign-in", data=form).status_code == 403

    @pytest.mark.parametrize("body", [b"x" * 20_000, b"&".join(b"a=1" for _number in range(3_000)), b"\xff\xfe&=&%zz"])
    def test_a_wild_body_is_refused(self, server, body):
        kind = {"content-type": "application/x-www-form-urlencoded"}
        assert server.browser().post("/sign-in", content=body, headers=kind).status_code in {403, 413}

    def test_speaks_english_when_asked_also_in_its_refusals(self, server):
        browser = server.browser()
        page = browser.get("/sign-in?language=en")
        assert '<html lang="en">' in page.text
        answer = sign_in(browser, "niemand@voorbeeld.nl", "fout", language="en")
        assert "do not belong together" in answer.text

    @pytest.mark.parametrize("language", ["", "xx", "../../etc", "\0"])
    def test_an_unknown_language_is_dutch(self, server, language):
        assert '<html lang="nl">' in server.browser().get("/sign-in", params={"language": language}).text

    def test_whoever_is_in_already_goes_on(self, server):
        answer = server.signed_in().get("/sign-in?next=/followups")
        assert (answer.status_code, answer.headers["location"]) == (303, "/followups")


def statuses_of_guesses(browser: httpx.Client, email: str) -> list[int]:
    """Until one is refused: at once on a machine that guesses again within two seconds, else a few waits later."""
    statuses: list[int] = []
    while 429 not in statuses and len(statuses) < ACCOUNT_TRIES + 8:
        statuses.append(sign_in(browser, email, "fout").status_code)
    return statuses


def change_failures(server: Server, *, more: int = 0, seconds_ago: int = 0) -> None:
    """As if there had been more, so that a slow machine is still within the wait; or the wait had passed."""
    with server.transaction() as session, session.begin():
        for failure in session.exec(select(SignInFailure)):
            failure.failures += more
            failure.last_failure_at = now() - timedelta(seconds=seconds_ago)


class TestSlowDown:
    def test_guessing_gets_slow_and_the_owner_gets_in_after_the_wait(self, server):
        browser, email = server.browser(), server.add()
        for _time in range(ACCOUNT_TRIES):
            assert sign_in(browser, email, "fout").status_code == 401
        change_failures(server, more=5)
        refused = sign_in(browser, email)
        assert refused.status_code == 429
        assert "Te veel pogingen. Wacht" in refused.text
        assert email in refused.text
        change_failures(server, seconds_ago=int(refused.headers["retry-after"]))
        assert sign_in(browser, email).status_code == 303

    def test_an_account_that_does_not_exist_slows_down_too(self, server):
        statuses = statuses_of_guesses(server.browser(), "niemand.hier@voorbeeld.nl")
        assert statuses[:ACCOUNT_TRIES] == [401] * ACCOUNT_TRIES
        assert statuses[-1] == 429


class TestSignOut:
    def test_asks_first(self, server):
        browser = server.signed_in(server.add(name="Ria Bakker"))
        page = browser.get("/sign-out")
        assert "Ria Bakker" in page.text
        assert is_in(browser)

    def test_ends_the_session_on_the_server(self, server):
        browser = server.signed_in()
        token = browser.cookies[COOKIE]
        answer = browser.post("/sign-out", data={"csrf": token_in(browser.get("/sign-out"))})
        assert answer.headers["location"].startswith("/sign-in?signed_out")
        assert COOKIE not in browser.cookies
        browser.cookies.set(COOKIE, token, domain="127.0.0.1", path="/")
        assert not is_in(browser)

    def test_another_site_cannot_do_it(self, server):
        browser = server.signed_in()
        browser.post("/sign-out", data={"csrf": "0" * 64})
        assert is_in(browser)

    def test_without_a_session_there_is_nothing_to_ask(self, server):
        assert server.browser().get("/sign-out").headers["location"] == "/sign-in"


class TestDemo:
    def test_a_real_installation_lists_nobody(self, server):
        server.add()
        page = server.browser().get("/sign-in").text
        assert "demo" not in page
        assert DEMO_PASSWORD not in page

    def test_a_demo_lists_an_account_of_each_role_and_lets_one_in_with_a_click(self, demo):
        page = demo.browser().get("/sign-in")
        assert DEMO_PASSWORD in page.text
        assert "Coördinator" in page.text
        assert sign_in(demo.browser(), f"beller@{DEMO_DOMAIN}", DEMO_PASSWORD).status_code == 303


@pytest.fixture
def demo(server: Server) -> Server:
    for name, role in (("beller", Role.CALLER), ("coordinator", Role.COORDINATOR)):
        server.add(role, email=f"{name}@{DEMO_DOMAIN}", password_hash=hash_password(DEMO_PASSWORD))
    return server
