"""Stories are told in the same Chromium and against the same servers as the other browser tests."""

from tests.browser.conftest import browser_page, server, sign_in

__all__ = ["browser_page", "server", "sign_in"]
