"""The evidence of one company in a file: complete, harmless, and only for who may."""

import csv
import json
from datetime import date
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import pytest
from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.audit.models import AuditEntry
from crm.calling.models import Call, CallStatus, ObjectionRight
from crm.companies.inputs import ConsentInput, PublicationInput, RelationInput, WithdrawalInput
from crm.companies.models import Company, ConsentChannel, SuppressionReason
from crm.companies.services import (
    record_consent,
    record_publication,
    record_relation,
    suppress,
    withdraw_consent,
)
from crm.core.clock import now
from crm.core.errors import NotAllowed, NotFound
from crm.core.i18n import speaking
from crm.pipeline.analyses.inputs import AnalysisInput, TaskInput
from crm.pipeline.analyses.services import add_task, begin_analysis
from crm.privacy.services import export_evidence
from crm.reference.models import Reached
from crm.scripts.models import ScriptVersion
from crm.scripts.services import load_scripts
from tests.conftest import make_company

NASTY = '=HYPERLINK("http://x")'
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def company(session: Session, caller: Actor) -> Company:
    """With evidence of every kind."""
    company = make_company(session, legal_form="EMZ", name="Bakkerij De Wit", number="+31786130001")
    given = ConsentInput(given_by=NASTY, channel=ConsentChannel.EMAIL, text=SCRIPT, verified_how="teruggebeld")
    consent = record_consent(session, caller, company.id, given)
    withdraw_consent(session, caller, consent.id, WithdrawalInput(channel=ConsentChannel.TELEPHONE, how="zei het"))
    seen = PublicationInput(url="www.dewit.nl/aanbod", text="Bel voor een aanbod")
    record_publication(session, caller, company.id, seen)
    known = RelationInput(what="Scholing", how_known="factuur 12", since=date(2024, 3, 1))
    record_relation(session, caller, company.id, known)
    suppress(session, caller, company.id, reason=SuppressionReason.OBJECTION, note="per brief")
    load_scripts(session)
    script = session.exec(select(ScriptVersion)).first()
    assert script is not None
    done: dict[str, Any] = {"status": CallStatus.DONE, "ended_at": now(), "reached": Reached.ANSWERED}
    done |= {
        "disposition": "GEEN_INTERESSE",
        "objection_right": ObjectionRight.OFFERED,
        "e164": "+31786130001",
        "notes": "iets persoonlijks",
    }
    analysis = begin_analysis(session, caller, company.id, AnalysisInput(held_on=now().date(), spoken_with="Jan"))
    add_task(session, caller, analysis.id, TaskInput(what="Brood inpakken", hours_per_week=4))
    session.add(Call(company_id=company.id, caller_id=caller.user_id, script_version_id=script.id, **done))
    session.flush()
    return company


def opened(content: bytes) -> ZipFile:
    return ZipFile(BytesIO(content))


def table(content: bytes, name: str) -> list[list[str]]:
    text = opened(content).read(f"{name}.csv").decode("utf-8-sig")
    return list(csv.reader(StringIO(text), delimiter=";"))


def test_holds_every_kind_of_evidence(session: Session, coordinator: Actor, caller: Actor, company: Company) -> None:
    content = export_evidence(session, coordinator, company.id)
    kept = json.loads(opened(content).read("bewijs.json"))
    for name, expected in {
        "toestemmingen": {SCRIPT, "teruggebeld", "zei het"}, "gepubliceerd": {"https://www.dewit.nl/aanbod"},
        "klantrelaties": {"Scholing", "2024-03-01"}, "blokkades": {"per brief", "+31786130001"},
        "gesprekken": {"+31786130001", caller.name}, "nummers": {"+31786130001"}, "bedrijf": {"Bakkerij De Wit"},
        "werkanalyses": {"Jan", caller.name}, "taken": {"Brood inpakken", "4"},
    }.items():  # fmt: skip
        cells = " | ".join(cell for row in kept[name] for cell in row.values())
        assert all(text in cells for text in expected), name
    assert "iets persoonlijks" not in json.dumps(kept)


def test_tells_whether_the_right_to_object_was_offered(session: Session, coordinator: Actor, company: Company) -> None:
    with speaking("nl"):
        heads, call = table(export_evidence(session, coordinator, company.id), "gesprekken")
    assert call[heads.index("Recht van verzet genoemd")] == "Ja, genoemd"


def test_nothing_in_it_runs(session: Session, coordinator: Actor, company: Company) -> None:
    content = export_evidence(session, coordinator, company.id)
    assert table(content, "toestemmingen")[1][0] == "'" + NASTY
    page = opened(content).read("bewijs.html").decode()
    assert SCRIPT not in page
    assert "&lt;script&gt;" in page


def test_is_for_coordinators_and_noted(session: Session, coordinator: Actor, caller: Actor, company: Company) -> None:
    with pytest.raises(NotAllowed):
        export_evidence(session, caller, company.id)
    with pytest.raises(NotFound):
        export_evidence(session, coordinator, 987_654)
    export_evidence(session, coordinator, company.id)
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "consent.exported")).one()
    assert (entry.actor_id, entry.subject_type, entry.subject_id) == (coordinator.id, "company", company.id)
