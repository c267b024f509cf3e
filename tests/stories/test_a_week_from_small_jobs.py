"""Three jobs too small to live on make a week: from the page of a job seeker to three introductions."""

from datetime import time

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from crm.access.permissions import Role
from crm.matching.models import Introduction, Suggestion, SuggestionOutcome
from crm.pipeline.models import Stage
from tests.browser.conftest import Server, SignIn, screenshot
from tests.browser.test_accessibility import faults, settled
from tests.conftest import make_candidate, make_company, make_job

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("server", ["sqlite"], indirect=True)]

COACH = "theo@voorbeeld.nl"
SMALL_JOBS = {
    "Brood inpakken": (6.0, ["ma", "wo"], time(9), time(12)),
    "Facturen inboeken": (6.0, ["ma", "wo"], time(13), time(16)),
    "Voorraad tellen": (4.0, ["do"], None, None),
}


def small_job(server: Server, title: str) -> int:
    hours, days, start, end = SMALL_JOBS[title]
    times = {"from_time": start, "until_time": end}
    with server.transaction() as session:
        company = make_company(session, name=f"Bedrijf {title}", latitude=51.81, longitude=4.67, sbi_code="10710")
        job = make_job(
            session, company_id=company.id, title=title, stage=Stage.PROFILED, hours_per_week=hours, days=days, **times
        )
        return job.id


def test_a_stacked_week_becomes_three_introductions(server: Server, browser_page: Page, sign_in: SignIn) -> None:
    server.add_person(Role.COACH, COACH, "Theo Coach")
    jobs = {small_job(server, title) for title in SMALL_JOBS}
    free = {"days": ["ma", "wo", "do"], "from_time": time(8, 30)}
    with server.transaction() as session:
        ria = make_candidate(session, hours_min=16, hours_max=20, trades=["boekhouder"], **free)
    page = browser_page
    sign_in(page, COACH, "/candidates")
    page.goto(f"{server.url}/candidates?candidate={ria.id}&part=work")
    expect(page.get_by_role("heading", name="Welk werk past?")).to_be_visible()
    expect(page.get_by_text("alle 6 uur passen").first).to_be_visible()
    screenshot(page, "work-that-fits")
    page.get_by_role("button", name="Kleine banen combineren").click()

    week = page.locator(".st-key-week-1")
    expect(week).to_contain_text("16 uur bij 3 werkgevers")
    expect(week).to_contain_text("Brood inpakken 9:00-12:00")
    expect(week).to_contain_text("Facturen inboeken 13:00-16:00")
    expect(week).to_contain_text("Voorraad tellen 4 uur")
    settled(page)
    found = faults(page)
    screenshot(page, "stacked-week")
    assert not found, "\n".join(found)

    page.locator(".st-key-introduce-week-1 button").click()
    expect(page.get_by_text("Ria Jansen is voorgedragen.").first).to_be_visible()
    with server.transaction() as session:
        assert set(session.exec(select(Introduction.job_id))) == jobs
        taken = select(Suggestion.job_id).where(Suggestion.outcome == SuggestionOutcome.TAKEN)
        assert set(session.exec(taken)) == jobs
