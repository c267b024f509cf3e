"""All evidence about calling a company, as a file a coordinator takes away."""

from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page

from crm.access.permissions import Role
from tests.browser.conftest import Server, SignIn
from tests.conftest import make_company

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("server", ["sqlite"], indirect=True)]

EMAIL = "coordinator@voorbeeld.nl"


def test_it_can_be_downloaded(server: Server, browser_page: Page, sign_in: SignIn) -> None:
    server.add_person(Role.COORDINATOR, EMAIL)
    with server.transaction() as session:
        company_id = make_company(session).id
    sign_in(browser_page, EMAIL, f"/companies?company={company_id}")
    with browser_page.expect_download() as download:
        browser_page.locator(".st-key-download-evidence button").click()
    with ZipFile(Path(download.value.path())) as evidence:
        assert evidence.namelist()
        assert evidence.testzip() is None
