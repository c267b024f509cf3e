"""The page of the self-assessment as a browser uses it, without signing in."""

from dataclasses import dataclass

import httpx
import pytest
from sqlmodel import select

from crm.access.permissions import Role
from crm.candidates.talents.links import end_link, make_link
from crm.candidates.talents.models import SelfAssessment
from crm.candidates.talents.statements import last_step
from tests.conftest import add_user, make_candidate
from tests.web.conftest import Server, token_in


@dataclass
class Link:
    server: Server
    path: str
    candidate_id: int

    def assessment(self) -> SelfAssessment:
        with self.server.transaction() as session:
            mine = select(SelfAssessment).where(SelfAssessment.candidate_id == self.candidate_id)
            return session.exec(mine).one()


@pytest.fixture
def link(server: Server) -> Link:
    with server.transaction() as session, session.begin():
        coach = add_user(session, Role.COACH)
        person = make_candidate(session, name="Ria <Jansen>", coach_id=coach.id)
        return Link(server, f"/talent/{make_link(session, coach, person.id)}", person.id)


def fill_in(browser: httpx.Client, path: str, step: int, **fields: str) -> httpx.Response:
    page = browser.get(path)
    return browser.post(path, data={"csrf": token_in(page), "language": "nl", "step": str(step)} | fields)


def test_is_read_without_an_account_and_kept_by_nobody_on_the_way(link: Link) -> None:
    page = link.server.browser().get(link.path)
    assert page.status_code == 200
    assert "Ria" in page.text
    assert "Jansen" not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "<script" not in page.text
    assert link.path.rpartition("/")[2] not in link.server.log.read_text()


def test_a_step_is_kept_and_the_next_one_comes(link: Link) -> None:
    browser = link.server.browser()
    answered = fill_in(browser, link.path, 1, proud_of="Nooit te laat", work_done="")
    assert (answered.status_code, answered.headers["location"]) == (303, f"{link.path}?language=nl&step=2")
    assert link.assessment().proud_of == "Nooit te laat"
    assert "Does this fit you?" in browser.get(f"{link.path}?language=en").text


def test_what_is_too_long_is_told_and_stays(link: Link) -> None:
    answered = fill_in(link.server.browser(), link.path, 1, proud_of="x" * 2001, work_done="Bakker")
    assert answered.status_code == 422
    assert "Bakker" in answered.text
    assert link.assessment().step == 0


def test_an_answer_that_is_no_answer_is_refused(link: Link) -> None:
    assert fill_in(link.server.browser(), link.path, 2, **{"answer-24118": "9"}).status_code == 422


def test_a_forged_form_changes_nothing(link: Link) -> None:
    assert link.server.browser().post(link.path, data={"step": "1", "proud_of": "x"}).status_code == 403
    assert link.assessment().step == 0


def test_nobody_sends_what_was_not_filled_in(link: Link) -> None:
    """The last step sends; a step further than the first that is open cannot be asked for."""
    page = link.server.browser().get(f"{link.path}?step={last_step()}")
    assert 'name="step" value="1"' in page.text


def test_a_link_that_ended_gives_a_kind_page(link: Link) -> None:
    with link.server.transaction() as session, session.begin():
        end_link(session, add_user(session, Role.COACH), link.candidate_id)
    for path in (link.path, "/talent/onbekend"):
        page = link.server.browser().get(path, headers={"accept-language": "en"})
        assert page.status_code == 404
        assert "you get a new link" in page.text


def test_whoever_asks_too_often_waits(link: Link) -> None:
    browser = link.server.browser()
    answers = [browser.get("/talent/raden") for _time in range(91)]
    assert [answer.status_code for answer in answers[-2:]] == [404, 429]
    assert int(answers[-1].headers["retry-after"]) > 0


def test_an_empty_second_tab_does_not_wipe_what_the_first_one_sent(link: Link) -> None:
    first, second = link.server.browser(), link.server.browser()
    stale = second.get(link.path).text
    fill_in(first, link.path, 1, work_done="Aan de kassa", proud_of="Nooit te laat")
    names = [name for name in ("work_done-was-empty", "proud_of-was-empty") if f'name="{name}"' in stale]
    assert len(names) == 2
    fill_in(second, link.path, 1, work_done="", proud_of="Altijd op tijd", **dict.fromkeys(names, "1"))
    assert (link.assessment().work_done, link.assessment().proud_of) == ("Aan de kassa", "Altijd op tijd")
    fill_in(first, link.path, 1, work_done="", proud_of="")
    assert link.assessment().work_done == ""


def test_as_much_as_fits_is_kept_in_any_script(link: Link) -> None:
    told = "Я працювала на кухні. 😀" * 70
    assert fill_in(link.server.browser(), link.path, 1, work_done=told, proud_of=told).status_code == 303
    assert link.assessment().proud_of == told


def test_who_loses_the_connection_goes_back_to_what_was_typed(link: Link) -> None:
    """A browser replaces the page by its error when both have one address."""
    assert f'action="{link.path}?save=1"' in link.server.browser().get(link.path).text
