"""A job heard at the desk gets a work profile on a visit, three people are introduced, and one hears why not."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import col, select

from crm.access.permissions import Role
from crm.demo.build import build_demo
from crm.matching.models import Introduction, IntroductionStatus
from crm.pipeline.analyses.models import WorkAnalysis, WorkTask
from crm.pipeline.models import HiddenJob, HiddenJobCompetence, Pipeline, Stage, Weight
from tests.browser.conftest import PATIENCE, Server, SignIn, screenshot, settled
from tests.stories.test_main_journey import key

# What is told does not depend on the kind of database.
pytestmark = [pytest.mark.browser, pytest.mark.parametrize("server", ["sqlite"], indirect=True)]

COACH, REASON = "theo@voorbeeld.nl", "Zoekt iemand die op zaterdag kan"


@pytest.fixture
def telephone(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="nl-NL", has_touch=True)
    context.set_default_timeout(PATIENCE * 1000)
    yield context.new_page()
    context.close()


def heard_at_the_desk(server: Server) -> HiddenJob:
    """A job of which the tasks and hours are known, and little else."""
    with server.transaction() as session:
        statement = select(HiddenJob).where(HiddenJob.stage == Stage.EXPLORED, HiddenJob.pipeline == Pipeline.WORK)
        job = session.exec(statement.where(col(HiddenJob.call_id).is_not(None)).order_by(col(HiddenJob.id))).first()
    assert job is not None
    return job


def analyse_the_work(phone: Page, server: Server, job: HiddenJob) -> None:
    phone.goto(f"{server.url}/work_analysis?company={job.company_id}")
    phone.get_by_label("Gesproken met").fill("Ria Bakker")
    phone.locator(f"{key('begin-analysis')} button").click()
    for what, hours in (("Dozen uitpakken", "6"), ("Bestellingen nabellen", "3")):
        new = phone.locator(key("new-task"))
        new.get_by_label("Welke taak?").fill(what)
        new.get_by_label("Wie doet het nu?").fill("de eigenaar")
        new.get_by_label("Uren per week").fill(hours)
        new.get_by_text("Dit kan een ander doen").click()
        new.get_by_role("button", name="Taak toevoegen").click()
        expect(phone.get_by_text(what, exact=True).first).to_be_visible()
        settled(phone)
    expect(phone.locator(key("split-off"))).to_contain_text("9 uur per week. Nu bij: de eigenaar 9.")
    phone.get_by_label("Wat is er afgesproken?").fill("Eerst het werkprofiel, dan drie mensen.")
    phone.get_by_label("Wat is er afgesproken?").blur()
    settled(phone)
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    screenshot(phone, "story-visit-1-analysis")


def fill_in_the_profile(phone: Page, server: Server, job: HiddenJob) -> None:
    phone.goto(f"{server.url}/pipeline?job={job.id}")
    phone.locator(f"{key('job-next')} button").click()
    expect(phone.get_by_text("kan nog niet naar ‘Werkprofiel klaar’")).to_contain_text("wat iemand op dag één moet")
    phone.get_by_role("button", name="Dit invullen").click()
    phone.get_by_label("Moet kunnen op dag één").fill("Representatief")
    phone.get_by_label("Moet kunnen op dag één").blur()
    expect(phone.get_by_text("staat klanten vriendelijk te woord")).to_be_visible()
    phone.get_by_label("Moet kunnen op dag één").fill("Klanten vriendelijk te woord staan")
    phone.locator("[class*='-asked-']").first.get_by_role("radio", name="Doorslaggevend").click()
    phone.get_by_role("button", name="Met de fiets").click()
    phone.get_by_label("Contract").fill("Een half jaar, daarna vast")
    phone.get_by_label("Contract").blur()
    settled(phone)
    screenshot(phone, "story-visit-2-profile")
    phone.locator(f"{key('save-job')} button").click()
    expect(phone.get_by_text("Wat de werkgever vraagt")).to_be_visible()


def introduce_three_and_end_one(page: Page, server: Server, job: HiddenJob) -> None:
    page.goto(f"{server.url}/pipeline?job={job.id}")
    page.locator(f"{key('job-next')} button").click()
    expect(page.locator(f"{key('job-next')} button")).to_contain_text("Voorgedragen")
    ended = page.get_by_role("button", name="Gaat niet door")
    for already in range(3):
        expect(ended).to_have_count(already)
        page.get_by_role("button", name="Voordragen").first.click()
    expect(ended).to_have_count(3)
    settled(page)
    ended.first.click()
    page.get_by_label("Waarom? De werkzoekende krijgt deze reden te horen.").fill(REASON)
    page.get_by_role("button", name="Deze voordracht afsluiten").click()
    expect(page.get_by_text(f"Reden: {REASON}")).to_be_visible()
    screenshot(page, "story-visit-3-introduced")


def test_a_job_of_the_desk_gets_a_profile_on_a_visit_and_three_people(
    server: Server, browser_page: Page, telephone: Page, sign_in: SignIn
) -> None:
    build_demo()
    server.add_person(Role.COACH, COACH, "Theo Coach")
    job = heard_at_the_desk(server)
    sign_in(telephone, COACH)
    analyse_the_work(telephone, server, job)
    fill_in_the_profile(telephone, server, job)
    sign_in(browser_page, COACH)
    introduce_three_and_end_one(browser_page, server, job)

    with server.transaction() as session:
        known = session.get_one(HiddenJob, job.id)
        analysis = session.exec(select(WorkAnalysis).where(WorkAnalysis.spoken_with == "Ria Bakker")).one()
        tasks = session.exec(select(WorkTask.hours_per_week).where(WorkTask.analysis_id == analysis.id)).all()
        weights = session.exec(select(HiddenJobCompetence.weight).where(HiddenJobCompetence.job_id == job.id)).all()
        introduced = session.exec(select(Introduction).where(Introduction.job_id == job.id)).all()
    assert (known.stage, known.travel, known.contract) == (Stage.INTRODUCED, ["bike"], "Een half jaar, daarna vast")
    assert analysis.agreements == "Eerst het werkprofiel, dan drie mensen."
    assert (sorted(tasks), max(weights)) == ([3, 6], Weight.DECISIVE)
    statuses = sorted(one.status for one in introduced)
    assert statuses == [IntroductionStatus.DECLINED, IntroductionStatus.PROPOSED, IntroductionStatus.PROPOSED]
    assert [one.decline_reason for one in introduced if one.decline_reason] == [REASON]
