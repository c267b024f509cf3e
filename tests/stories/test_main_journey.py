"""From a messy file to a cup of coffee: the whole journey, by the people who make it, in Dutch."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlmodel import col, select

from crm.access.permissions import Role
from crm.calling.models import Call
from crm.companies.models import Company
from crm.followups.models import FollowUp, FollowUpKind
from crm.followups.templates import load_templates
from crm.matching.models import Introduction
from crm.meetings.models import Meeting
from crm.pipeline.models import HiddenJob, Stage
from crm.scripts.services import load_scripts
from tests.browser.conftest import Server, SignIn, choose, press, screenshot

pytestmark = pytest.mark.browser

COORDINATOR, CALLER, COACH = "carla@voorbeeld.nl", "ans@voorbeeld.nl", "theo@voorbeeld.nl"

MESSY_FILE = """\
Bedrijfsnaam;Tel. nr;Postcode;Rechtsvorm;SBI-code;Werkzame personen;KvK
Bakkerij Kruimel B.V.;078-012 34 56 (na 9u);3311 AB;B.V.;10.71;2-9;1234567
"Slagerij Spek";+31 (0)78 0123457 / 06 12345678;3312ab;eenmanszaak;10.13;3;90000002
Zonder Nummer BV;;3311AC;BV;10.71;4;90000003
Excel Heeft Gegeten BV;3,11E+10;3311AD;BV;10.71;4;90000004
"""


def key(name: str) -> str:
    return f".st-key-{name}"


def box(page: Page, widget: str) -> Locator:
    """Where one types in a select or multiselect."""
    return page.locator(f"{key(widget)} input").first


def import_the_file(page: Page, folder: Path) -> None:
    file = folder / "bedrijven uit de gids.csv"
    file.write_bytes(MESSY_FILE.encode("cp1252"))
    page.get_by_role("link", name="Bedrijven inlezen").click()
    page.locator(f"{key('import-source')} input").fill("Bedrijvengids Drechtsteden")
    page.locator(f"{key('import-file')} input[type=file]").set_input_files(file)
    expect(page.get_by_role("button", name=f"Remove {file.name}")).to_be_visible()
    page.locator(f"{key('import-next')} button").click()
    page.locator(f"{key('import-check')} button").click()
    expect(page.locator(f"{key('import-start-button')} button")).to_be_visible()
    screenshot(page, "story-1-import")
    page.locator(f"{key('import-start-button')} button").click()
    expect(page.get_by_role("button", name="Nog een bestand inlezen")).to_be_visible()


def make_a_list(page: Page) -> None:
    page.get_by_role("link", name="Bellijsten").click()
    page.locator(f"{key('new-list')} button").click()
    choose(page, box(page, "list-towns"), "Dordrecht")
    expect(page.locator(key("list-preview"))).to_contain_text("Eenmanszaak zonder toestemming")
    page.locator(f"{key('list-name')} input").fill("Bakkers in Dordrecht")
    choose(page, box(page, "list-callers"), "Ans Bakker")
    screenshot(page, "story-2-list")
    page.locator(f"{key('make-list')} button").click()
    expect(page.get_by_text("Bakkers in Dordrecht").first).to_be_visible()


def make_the_call(page: Page) -> None:
    page.get_by_role("button", name="Start met bellen").click()
    expect(page.get_by_role("heading", name="Bakkerij Kruimel B.V.")).to_be_visible()
    expect(page.get_by_text("Besloten vennootschap").first).to_be_visible()
    expect(page.get_by_role("button", name="Bewaar en volgende")).to_be_visible()
    for question in (
        "Opening",
        "Wie bent u en waarom belt u",
        "Mag ik iets vragen? (toestemming en recht van verzet)",
        "Open beginvraag",
        "Herkent u dit?",
        "Doorvragen: pensioen",
        "Het werk uitvragen",
    ):
        press(page, "1")
        expect(page.locator(".kk-say h3")).to_have_text(question)
    note(page, "notes", "De bakker stopt over twee jaar, de inpak blijft liggen.")
    note(page, "summary", "Er is hulp nodig bij het inpakken.")
    note(page, "job_title", "Hulp bij het inpakken")
    screenshot(page, "story-3-desk")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Er is niemand meer om te bellen.")).to_be_visible()


def note(page: Page, name: str, text: str) -> None:
    page.locator(f"{key('desk')} [name={name}]").first.fill(text)


def profile_the_job(page: Page) -> None:
    page.get_by_role("link", name="Verborgen banen").click()
    page.get_by_role("button", name="Hulp bij het inpakken").first.click()
    page.locator(f"{key('edit-job')} button").click()
    page.get_by_label("Taken").fill("Brood inpakken, bestellingen klaarzetten")
    page.get_by_label("Moet kunnen op dag één").fill("Netjes werken")
    choose(page, page.get_by_label("Competenties"), "Instructies en procedures opvolgen")
    expect(page.get_by_role("radio", name="Belangrijk")).to_be_checked()
    page.get_by_label("Uren per week").fill("16")
    page.get_by_role("button", name="ma", exact=True).click()
    page.get_by_role("button", name="Met de fiets").click()
    page.get_by_label("Contract").fill("Een half jaar, daarna vast")
    page.locator(f"{key('save-job')} button").click()
    for stage in ("Verkend", "Werkprofiel klaar"):
        page.locator(f"{key('job-next')} button").click()
        expect(page.locator(f"{key('job-next')} button")).not_to_contain_text(stage)
    screenshot(page, "story-4-job")


def add_a_job_seeker(page: Page) -> None:
    page.get_by_role("link", name="Werkzoekenden").click()
    page.locator(f"{key('new-candidate')} button").click()
    page.get_by_label("Naam", exact=True).fill("Wim de Wit")
    page.get_by_label("Postcode", exact=True).fill("3313 AB")
    page.locator(f"{key('save-candidate')} button").click()
    page.get_by_label("Wat hebt u gedaan?").fill("Inpakken en klaarzetten in een magazijn")
    page.locator(f"{key('save-step')} button").click()
    page.get_by_label("Goed in").fill("Inpakken en klaarzetten, altijd op tijd")
    page.locator(f"{key('save-step')} button").click()
    expect(page.get_by_text("3 van de 7 stappen klaar")).to_be_visible()
    page.get_by_role("radio", name="Toestemming").click()
    for purpose in ("details", "introduce"):
        page.locator(f"{key(f'agree-{purpose}')} label").click()
    page.locator(f"{key('give-consent')} button").click()
    expect(page.locator(f"{key('withdrawal-introduce')} button")).to_be_visible()
    screenshot(page, "story-5-job-seeker")


def introduce_and_plan(page: Page) -> None:
    page.get_by_role("link", name="Verborgen banen").click()
    page.get_by_role("button", name="Hulp bij het inpakken").first.click()
    page.get_by_role("button", name="Voordragen").click()
    page.get_by_role("link", name="Kopkoffie plannen").or_(page.get_by_role("button", name="Kopkoffie plannen")).click()
    page.get_by_label("Waar", exact=True).fill("Voorstraat 1, Dordrecht")
    page.locator(f"{key('plan-kopkoffie')} button").click()
    expect(page.get_by_text("Gepland").first).to_be_visible()
    screenshot(page, "story-6-kopkoffie")


def calendar_files(page: Page) -> list[bytes]:
    files = []
    buttons = page.locator("[class*=st-key-ics-] button")
    expect(buttons).to_have_count(2)
    for button in buttons.all():
        with page.expect_download() as download:
            button.click()
        files.append(Path(download.value.path()).read_bytes())
    return files


def test_from_a_messy_file_to_a_cup_of_coffee(
    server: Server, browser_page: Page, sign_in: SignIn, tmp_path: Path
) -> None:
    page = browser_page
    server.add_person(Role.COORDINATOR, COORDINATOR, "Carla Smit")
    server.add_person(Role.CALLER, CALLER, "Ans Bakker")
    server.add_person(Role.COACH, COACH, "Theo Coach")
    with server.transaction() as session:
        load_scripts(session)
        load_templates(session)

    sign_in(page, COORDINATOR)
    import_the_file(page, tmp_path)
    make_a_list(page)
    with server.transaction() as session:
        imported = {company.name: company for company in session.exec(select(Company))}
    assert set(imported) == {"Bakkerij Kruimel B.V.", "Slagerij Spek"}
    assert imported["Bakkerij Kruimel B.V."].kvk_number == "01234567"

    page.context.clear_cookies()
    sign_in(page, CALLER)
    make_the_call(page)
    with server.transaction() as session:
        call, job = session.exec(select(Call)).one(), session.exec(select(HiddenJob)).one()
        follow_up = session.exec(select(FollowUp)).one()
    assert (call.disposition, job.call_id, follow_up.hidden_job_id) == ("GESPREK_LATENT", call.id, job.id)

    page.context.clear_cookies()
    sign_in(page, COACH)
    profile_the_job(page)
    add_a_job_seeker(page)
    introduce_and_plan(page)
    invitations = calendar_files(page)

    with server.transaction() as session:
        assert session.exec(select(HiddenJob)).one().stage is Stage.KOPKOFFIE_PLANNED
        assert session.exec(select(Introduction)).one().score > 0
        assert session.exec(select(Meeting)).one().place == "Voorstraat 1, Dordrecht"
        asked = {one.kind for one in session.exec(select(FollowUp).where(col(FollowUp.meeting_id).is_not(None)))}
    assert asked == {FollowUpKind.PREPARE_KOPKOFFIE, FollowUpKind.ASK_EMPLOYER, FollowUpKind.ASK_CANDIDATE}
    assert len(invitations) == 2
    assert all(b"BEGIN:VEVENT" in file for file in invitations)
