"""A desk that can write letters, and companies that have to be asked first."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import Session

from crm.companies.models import Company
from crm.core.settings import settings
from tests.conftest import make_company

SENDER = {
    "KOPKOFFIE_LETTER_STREET": "Spuiboulevard 100",
    "KOPKOFFIE_LETTER_POSTCODE": "3311 GR",
    "KOPKOFFIE_LETTER_TOWN": "Dordrecht",
    "KOPKOFFIE_LETTER_SIGNED_BY": "Ria de Vries, coördinator",
    "KOPKOFFIE_PUBLIC_URL": "https://kopkoffie.voorbeeld.nl",
}


@pytest.fixture
def sender(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in SENDER.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    yield
    settings.cache_clear()


def make_owner(session: Session, **overrides: Any) -> Company:
    """A sole proprietorship with an address, that may not be called without consent."""
    fields = {"legal_form": "EMZ", "street": "Voorstraat 12", "source": "Bedrijvengids"}
    return make_company(session, **(fields | overrides))
