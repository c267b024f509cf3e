"""Nobody gets past the gate without being signed in."""

import re
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from crm.access.actor import SYSTEM, Actor
from crm.access.inputs import PasswordChange
from crm.access.models import User
from crm.access.permissions import Role
from crm.access.services import change_password, deactivate
from crm.core.settings import PROJECT_DIR
from tests.web.conftest import PASSWORD, PATIENCE, Server
from web.gate import local_path
from web.session import COOKIE


def open_socket(server: Server, cookie: str = "", **headers: str) -> ClientConnection:
    address = server.url.replace("http:", "ws:")
    fields = {"cookie": f"{COOKIE}={cookie}"} if cookie else {}
    return connect(
        f"{address}/_stcore/stream",
        origin=headers.pop("origin", server.url),
        subprotocols=["streamlit"],
        additional_headers=fields | headers,
        open_timeout=PATIENCE,
        proxy=None,
    )


def status_of_socket(server: Server, cookie: str = "", **headers: str) -> int:
    """101 when the socket opened, otherwise the status of the refusal."""
    try:
        with open_socket(server, cookie, **headers):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


def user_of(server: Server, email: str) -> User:
    with server.transaction() as session:
        return session.exec(select(User).where(User.email == email)).one()


class TestWithoutSession:
    @pytest.mark.parametrize("path", ["/", "/desk", "/users", "/nonsense", "/media/x.png", "/_stcore/host-config"])
    def test_a_page_leads_to_the_sign_in_form(self, server, path):
        answer = server.browser().get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in")

    def test_the_way_back_is_kept_with_its_question(self, server):
        answer = server.browser().get("/companies?company=5&tab=a%26b")
        assert answer.headers["location"] == "/sign-in?next=%2Fcompanies%3Fcompany%3D5%26tab%3Da%2526b"

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
    def test_other_requests_are_refused(self, server, method):
        assert server.browser().request(method, "/_stcore/upload_file/x/y").status_code == 401

    def test_a_program_gets_a_refusal_instead_of_a_form(self, server):
        assert httpx.get(f"{server.url}/", headers={"accept": "application/json"}, timeout=PATIENCE).status_code == 401

    @pytest.mark.parametrize("cookie", ["", "x", "a" * 5000, "%00", '";DROP'])
    def test_the_websocket_is_refused(self, server, cookie):
        assert status_of_socket(server, cookie) == 403

    @pytest.mark.parametrize("path", ["/healthz", "/readyz", "/assets/forms.css", "/favicon.png", "/sign-in"])
    def test_what_the_form_and_a_monitor_need_is_open(self, server, path):
        assert server.browser().get(path).status_code == 200

    @pytest.mark.parametrize("path", ["/assets/../app.py", "/assets/%2e%2e/app.py", "/static/..%2f..%2fetc/passwd"])
    def test_an_open_folder_is_no_way_out(self, server, path):
        answer = httpx.get(server.url + path, headers={"accept": "text/html"}, timeout=PATIENCE)
        assert answer.status_code in {303, 400, 401, 404}
        assert "streamlit" not in answer.text


class TestWithSession:
    def test_pages_and_the_websocket_open(self, server):
        browser = server.signed_in()
        assert browser.get("/").status_code == 200
        assert status_of_socket(server, browser.cookies[COOKIE]) == 101

    def test_a_page_of_another_site_cannot_use_the_websocket(self, server):
        browser = server.signed_in()
        assert status_of_socket(server, browser.cookies[COOKIE], origin="https://evil.example") == 403

    def test_the_script_draws_with_our_theme_for_whoever_is_signed_in(self, server):
        browser = server.signed_in(server.add(name="Wilhelmina Koffiekan"))
        seen = b""
        with open_socket(server, browser.cookies[COOKIE]) as page:
            page.send(BackMsg(rerun_script={"query_string": ""}).SerializeToString())
            while b"Wilhelmina Koffiekan" not in seen:
                seen += page.recv(timeout=PATIENCE)
        primary = re.search(
            r'\[theme.light\]\nprimaryColor = "(#\w+)"', (PROJECT_DIR / ".streamlit" / "config.toml").read_text()
        )
        assert primary
        assert primary[1].encode() in seen

    def test_a_closed_account_is_out_at_once(self, server):
        email = server.add()
        browser = server.signed_in(email)
        server.do(deactivate, SYSTEM, user_of(server, email).id)
        assert browser.get("/").status_code == 303
        assert status_of_socket(server, browser.cookies[COOKIE]) == 403

    def test_a_page_that_stays_open_says_so_at_the_next_click(self, server):
        email = server.add()
        browser = server.signed_in(email)
        with open_socket(server, browser.cookies[COOKIE]) as page:
            server.do(deactivate, SYSTEM, user_of(server, email).id)
            page.send(BackMsg(rerun_script={"query_string": ""}).SerializeToString())
            seen = b""
            while b"/sign-in?next=" not in seen:
                seen += page.recv(timeout=PATIENCE)
        assert email.encode() not in seen

    def test_a_new_password_ends_every_browser_at_once(self, server):
        email = server.add()
        browsers = [server.signed_in(email), server.signed_in(email)]
        new = "thee om elf uur graag"
        change = PasswordChange(current=PASSWORD, new=new, repeated=new)
        server.do(change_password, Actor.of(user_of(server, email)), change)
        assert [browser.get("/").status_code for browser in browsers] == [303, 303]

    def test_a_page_that_the_role_may_not_see_is_refused(self, server):
        assert server.signed_in().get("/users").status_code == 403
        assert server.signed_in(server.add(Role.ADMIN)).get("/users").status_code == 200

    def test_a_page_that_does_not_exist_says_so(self, server):
        answer = server.signed_in().get("/nonsense")
        assert answer.status_code == 404
        assert "bestaat niet" in answer.text

    def test_the_home_page_has_one_address(self, server):
        answer = server.signed_in().get("/today?x=1")
        assert (answer.status_code, answer.headers["location"]) == (307, "/?x=1")

    def test_the_page_says_its_language(self, server):
        assert '<html lang="nl">' in server.signed_in().get("/").text
        assert '<html lang="en">' in server.signed_in(server.add(language="en")).get("/").text


class TestLocalPath:
    @pytest.mark.parametrize("target", ["/", "/desk", "/companies?company=5", "/a%2Fb?c=d#e"])
    def test_keeps_a_page_of_ours(self, target):
        assert local_path(target) == target

    @pytest.mark.parametrize(
        "target",
        [
            "",
            "desk",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/desk\r\nSet-Cookie: x=y",
            "/\t/evil.example",
            "http://[",
            "/sign-out",
            "/sign-in?next=/",
        ],
    )
    def test_leads_home_instead_of_elsewhere(self, target):
        assert local_path(target) == "/"

    @given(st.text(alphabet="/\\.:@?#%ahtps \t\n\0é", max_size=20) | st.text())
    def test_never_leaves_the_site(self, target):
        path = local_path(target)
        parts = urlsplit(path)
        assert path.startswith("/")
        assert not path.startswith(("//", "/\\"))
        assert (parts.scheme, parts.netloc) == ("", "")
