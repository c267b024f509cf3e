"""What the tests of this screen make and read."""

from typing import Any

from sqlmodel import Session, select

from crm.core.db import transaction
from tests.conftest import make_company


def add(**fields: Any) -> int:
    with transaction() as session:
        return make_company(session, **fields).id


def one(session: Session, model: Any) -> Any:
    return session.exec(select(model)).one()
