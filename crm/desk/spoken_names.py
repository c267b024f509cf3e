"""The names that a script fills in: who calls for whom, who is called, and what was agreed."""

from collections.abc import Mapping, Sequence
from typing import Any

from babel.dates import format_date

from crm.access.actor import Actor
from crm.companies.models import Company, CompanyNumber, Contact
from crm.core.clock import now
from crm.core.i18n import _, speaking
from crm.core.settings import settings
from crm.desk.drafts import Draft, agreed_meeting
from crm.scripts.graph import Script
from crm.scripts.rules import greeting

_DAY_PATTERNS = {"day": "EEEE d MMMM", "month": "LLLL"}


def general(actor: Actor, script: Script) -> dict[str, str]:
    known = settings()
    return {
        "greeting": greeting(script, now()),
        "first_name": actor.name.split()[0],
        "organisation": known.organisation,
        "organisation_kind": known.organisation_kind,
        "town": known.town,
        "region": known.region,
        "funder": known.funder,
        "office_phone": known.office_phone,
    }


def of_company(
    script: Script, company: Company, contacts: Sequence[Contact], numbers: Sequence[CompanyNumber]
) -> dict[str, str]:
    with speaking(script.language):
        owner = _("the owner")
    return {
        "company": company.name,
        "contact": contacts[0].name if contacts else owner,
        "source": next((number.source for number in numbers if number.source), company.source),
    }


def of_draft(script: Script, form: Draft, fields: Mapping[str, Any]) -> dict[str, str]:
    """Who is spoken, and the day and time that were agreed: of the meeting, else of the next step."""
    on, at = agreed_meeting(fields) or (form.due_on, form.due_time)
    days = {name: format_date(on, pattern, script.language) for name, pattern in _DAY_PATTERNS.items()}
    named = {"contact": form.contact_name} if form.contact_name else {}
    return days | {"time": f"{at:%H:%M}"} | named
