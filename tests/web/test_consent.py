"""The page where an owner answers a letter, as a browser uses it, without signing in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from sqlmodel import select

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.companies.gate import may_call_many
from crm.companies.models import Consent
from crm.companies.rules import Verdict
from crm.core.clock import now
from crm.core.secrets import secret_key
from crm.core.settings import settings
from crm.messaging.models import Notice
from crm.outreach.codes import code_of
from crm.outreach.letters import write_letter
from crm.outreach.models import Letter
from tests.conftest import add_user
from tests.crm.outreach.conftest import SENDER, make_owner
from tests.web.conftest import Server, token_in

UNKNOWN = "K7QWM-3BHDX-9TRZP"
YES = {"answer": "yes", "name": "Ria Bakker", "function": "eigenaar"}


@dataclass
class Post:
    """A letter that is in the post."""

    server: Server
    code: str
    company_id: int
    kvk_number: str

    @property
    def path(self) -> str:
        return f"/toestemming/{self.code}"

    def verdict(self) -> Verdict:
        """Apart from the hour of the day."""
        with self.server.transaction() as session:
            return may_call_many(session, [self.company_id], any_time=True)[self.company_id]

    def consent(self) -> Consent:
        with self.server.transaction() as session:
            return session.exec(select(Consent).where(Consent.company_id == self.company_id)).one()


@pytest.fixture(autouse=True)
def same_key(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A code is made from the secret key, so this process needs that of the server."""
    server.browser().get("/toestemming")  # the key is made when it is first needed
    known = {"KOPKOFFIE_SECRET_KEY": (server.log.parent / "secret.key").read_text().strip()}
    for name, value in (SENDER | known).items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    secret_key.cache_clear()
    yield
    settings.cache_clear()
    secret_key.cache_clear()


@pytest.fixture
def post(server: Server) -> Post:
    with server.transaction() as session, session.begin():
        coordinator: Actor = add_user(session, Role.COORDINATOR)
        kvk_number = f"{uuid4().int % 10**8:08}"
        company = make_owner(session, name="Bakkerij <Bloem> & Zn", kvk_number=kvk_number, activity="brood")
        letter = write_letter(session, coordinator, company.id)
        return Post(server, code_of(letter.seed), company.id, kvk_number)


def shown_in(page: httpx.Response) -> str:
    found = re.search(r'name="shown" value="([0-9a-f]+)"', page.text)
    assert found
    return found[1]


def answer(browser: httpx.Client, path: str, given: dict[str, str], **fields: str) -> httpx.Response:
    page = browser.get(path)
    hidden = {"csrf": token_in(page), "shown": shown_in(page), "language": "nl"}
    return browser.post(path, data=hidden | given | fields)


class TestPage:
    def test_shows_who_asks_what_and_no_more_of_the_company_than_name_and_town(self, server, post):
        page = server.browser().get(post.path)
        assert page.status_code == 200
        assert "Bakkerij &lt;Bloem&gt; &amp; Zn, Dordrecht" in page.text
        assert "Servicedesk Kopkoffie mag mij bellen over werk" in page.text
        assert not [
            secret for secret in (post.kvk_number, "Voorstraat", "+3178", "078 ", "brood") if secret in page.text
        ]

    def test_nobody_keeps_a_copy_and_no_other_request_carries_the_code(self, server, post):
        page = server.browser().get(post.path)
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["x-frame-options"] == "DENY"
        assert "noindex" in page.text

    def test_works_however_the_code_is_written(self, server, post):
        bare = post.code.replace("-", "").lower()
        assert "Bloem" in server.browser().get(f"/toestemming/{bare}").text

    @pytest.mark.parametrize(
        ("header", "words"),
        [
            ("en-GB,en;q=0.9,nl;q=0.5", "May we call you?"),
            ("nl-NL,nl;q=0.9,en;q=0.8", "Mogen wij u bellen?"),
            ("fr,de;q=0.7,en;q=0.3", "May we call you?"),
            ("en;q=0.1,nl", "Mogen wij u bellen?"),
            ("xx", "Mogen wij u bellen?"),
            (";;;q=x,,", "Mogen wij u bellen?"),
        ],
    )
    def test_speaks_the_language_of_the_browser(self, server, post, header, words):
        assert words in server.browser().get(post.path, headers={"accept-language": header}).text

    def test_a_link_changes_the_language(self, server, post):
        browser = server.browser()
        (address,) = re.findall(r'href="([^"]+)" lang="en"', browser.get(post.path).text)
        assert '<html lang="en">' in browser.get(address, headers={"accept-language": "nl"}).text

    def test_each_field_has_a_label_and_no_script_is_needed(self, server, post):
        page = server.browser().get(post.path).text
        fields = re.findall(r'<input\s+id="(\w+)"', page)
        assert fields == ["name", "function", "telephone", "best_time"]
        assert all(f'<label for="{field}">' in page for field in fields)
        assert "<script" not in page

    @pytest.mark.parametrize("code", [UNKNOWN, "kort", "x" * 3000, "<script>", "é" * 15])
    def test_an_unknown_code_gets_the_same_friendly_page(self, server, code):
        page = server.browser().get(f"/toestemming/{code}")
        assert page.status_code == 404
        assert "Wij kennen deze code niet" in page.text
        assert "<script>" not in page.text

    def test_a_code_that_is_over_is_as_unknown(self, server, post):
        with server.transaction() as session, session.begin():
            letter = session.exec(select(Letter).where(Letter.company_id == post.company_id)).one()
            letter.expires_at = now() - timedelta(minutes=1)
        expired, unknown = (server.browser().get(path) for path in (post.path, f"/toestemming/{UNKNOWN}"))
        same = [
            re.sub(r'[0-9a-f]{64}|value=""', "", page.text).replace(post.code, UNKNOWN) for page in (expired, unknown)
        ]
        assert expired.status_code == unknown.status_code == 404
        assert same[0] == same[1]

    def test_the_log_holds_no_code(self, server, post):
        browser = server.browser()
        answer(browser, post.path, YES, sure="yes")
        log = server.log.read_text()
        assert post.code not in log
        assert "/toestemming/…" in log or "/toestemming/\\u2026" in log


class TestTyping:
    def test_a_code_typed_by_hand_leads_to_its_page(self, server, post):
        browser = server.browser()
        form = {"csrf": token_in(browser.get("/toestemming")), "code": post.code.replace("-", " ").lower()}
        found = browser.post("/toestemming", data=form)
        assert found.status_code == 303
        assert found.headers["location"].startswith(post.path)

    def test_a_slip_is_told_and_kept(self, server):
        browser = server.browser()
        form = {"csrf": token_in(browser.get("/toestemming")), "code": "K7QWM-3BHDX"}
        page = browser.post("/toestemming", data=form)
        assert page.status_code == 422
        assert "15 letters en cijfers" in page.text
        assert 'value="K7QWM-3BHDX"' in page.text

    def test_a_forged_form_is_refused(self, server):
        assert server.browser().post("/toestemming", data={"code": UNKNOWN}).status_code == 403


class TestAnswer:
    def test_a_yes_is_looked_at_once_more_and_then_opens_the_gate(self, server, post):
        browser = server.browser()
        check = answer(browser, post.path, YES | {"best_time": "na twee uur"})
        assert check.status_code == 200
        assert "Klopt dit?" in check.text
        assert not post.verdict().allowed
        fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', check.text))
        sent = browser.post(post.path, data=fields | {"sure": "yes"})
        assert sent.status_code == 303
        page = browser.get(sent.headers["location"])
        assert "Dank u wel" in page.text
        assert "zei u ja" in page.text
        assert "Ria Bakker" not in page.text
        assert post.verdict().allowed
        assert post.consent().text in check.text

    def test_back_keeps_what_was_typed(self, server, post):
        page = answer(server.browser(), post.path, YES, back="yes")
        assert 'value="Ria Bakker"' in page.text
        assert re.search(r'value="yes" required checked', page.text)

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({}, "Kies ja, nee of nu niet."),
            ({"answer": "yes"}, "Vul uw naam in."),
            ({"answer": "yes", "name": "Ria"}, "Vul uw functie in"),
            (YES | {"telephone": "bel maar"}, "niet één Nederlands telefoonnummer"),
            (YES | {"name": "x" * 200}, "dit is te lang"),
            ({"answer": "misschien"}, "kies er een uit de lijst"),
        ],
    )
    def test_a_mistake_is_told_and_nothing_is_lost(self, server, post, given, words):
        page = answer(server.browser(), post.path, given, sure="yes")
        assert page.status_code == 422
        assert words in page.text
        if name := given.get("name"):
            assert f'value="{name}"' in page.text

    def test_a_no_blocks_at_once_and_the_page_says_so(self, server, post):
        browser = server.browser()
        answer(browser, post.path, {"answer": "no"}, sure="yes")
        assert post.verdict().rule == "suppressed-company"
        assert "Wij bellen u niet." in browser.get(post.path).text

    def test_taking_back_is_as_easy_as_giving(self, server, post):
        browser = server.browser()
        answer(browser, post.path, YES, sure="yes")
        assert "Ik trek mijn toestemming in" in browser.get(post.path).text
        answer(browser, post.path, {"answer": "later"}, sure="yes")
        assert post.consent().withdrawn_at
        assert not post.verdict().allowed

    def test_in_english_the_english_words_are_kept(self, server, post):
        browser = server.browser()
        answer(browser, f"{post.path}?language=en", YES, sure="yes", language="en")
        assert "may call me" in post.consent().text

    def test_the_coordinator_hears_of_it(self, server, post):
        answer(server.browser(), post.path, YES, sure="yes")
        with server.transaction() as session:
            found = session.exec(select(Notice).where(Notice.page == f"companies?company={post.company_id}")).all()
        assert any("mag gebeld worden" in notice.title for notice in found)

    @pytest.mark.parametrize("token", ["", "x", "0" * 64])
    def test_a_forged_form_is_refused(self, server, post, token):
        browser = server.browser()
        page = browser.get(post.path)
        form = {"csrf": token, "shown": shown_in(page), "sure": "yes", "answer": "no"}
        assert browser.post(post.path, data=form).status_code == 403
        assert post.verdict().rule == "natural-person"

    def test_other_words_than_were_shown_are_no_consent(self, server, post):
        page = answer(server.browser(), post.path, YES, sure="yes", shown="0" * 64)
        assert page.status_code == 409
        assert "Lees hem nog eens" in page.text

    @pytest.mark.parametrize("body", [b"x" * 20_000, b"&".join(b"a=1" for _number in range(3_000)), b"\xff\xfe&=&%zz"])
    def test_a_wild_body_is_refused(self, server, post, body):
        kind = {"content-type": "application/x-www-form-urlencoded"}
        assert server.browser().post(post.path, content=body, headers=kind).status_code == 403


class TestSlowDown:
    def test_one_address_cannot_try_code_after_code(self, server):
        browser = server.browser()
        statuses = [browser.get(f"/toestemming/{UNKNOWN[:-2]}{number:02}").status_code for number in range(61)]
        assert set(statuses[:60]) == {404}
        assert statuses[60] == 429

    def test_one_code_cannot_be_asked_for_from_everywhere(self, server, post):
        pages = [server.browser().get(post.path) for _time in range(31)]
        assert [page.status_code for page in pages[:30]] == [200] * 30
        assert pages[30].status_code == 429
        assert int(pages[30].headers["retry-after"]) > 0
        assert "Wacht tien minuten" in pages[30].text

    def test_others_are_not_slowed_down(self, server, post):
        assert server.browser().get(post.path).status_code == 200


def test_the_rest_of_the_product_stays_behind_the_gate(server):
    for path in ("/toestemmingen", "/letters", "/companies?company=1"):
        answer = server.browser().get(path)
        assert (answer.status_code, "/sign-in" in answer.headers.get("location", "")) == (303, True)
