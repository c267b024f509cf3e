"""What the tests of this screen make and read."""

from datetime import timedelta

from sqlmodel import select

from crm.companies.models import Company
from crm.core.clock import now
from crm.core.db import reading, transaction
from crm.followups.models import FollowUp, FollowUpKind


def make(owner=None, **overrides):
    with transaction() as session:
        fields = {"kind": FollowUpKind.OTHER, "due_at": now() + timedelta(hours=1), "owner_id": owner and owner.id}
        follow_up = FollowUp(**(fields | overrides))
        session.add(follow_up)
    return follow_up


def make_company(**overrides):
    with transaction() as session:
        company = Company(**({"name": "Bakkerij Zon", "name_key": "bakkerij zon", "town": "Dordrecht"} | overrides))
        session.add(company)
    return company


def stored(follow_up):
    with reading() as session:
        return session.get_one(FollowUp, follow_up.id)


def everything():
    with reading() as session:
        return list(session.exec(select(FollowUp).order_by(FollowUp.id)))


def errors(screen):
    """Those in a dialog are drawn; others wait for the frame around the page."""
    told = screen.session_state["messages"] if "messages" in screen.session_state else []  # noqa: SIM401
    shown = [*(box.value for box in screen.error), *(message.text for message in told)]
    return " ".join(shown).replace("\\", "")
