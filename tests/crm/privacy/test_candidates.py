"""All that is held of a job seeker comes in one file, and nothing of it is left when they are erased."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import Table, text
from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.audit.models import AuditEntry
from crm.calling.models import Call
from crm.candidates.models import Candidate, CandidateConsent, CandidateStatus, Purpose, ServiceStep, Tile
from crm.candidates.queries import candidate, candidates
from crm.candidates.services import set_status
from crm.core.clock import now, today
from crm.core.errors import NotAllowed, NotFound
from crm.core.models import Record
from crm.followups.models import FollowUp
from crm.matching.models import Introduction, Suggestion
from crm.meetings.models import Meeting, MeetingStatus
from crm.migrations.tables import METADATA
from crm.privacy.candidates import KopkoffiePlanned, erase_candidate, forget_candidates
from crm.privacy.held import HELD, PERSON
from crm.privacy.services import export_candidate
from crm.scripts.models import ScriptVersion
from crm.scripts.services import load_scripts
from tests.conftest import make_candidate, make_company, make_job

MARK = "Zeldz"
OURS = {"id", "version", "sequence", "created_at", "erased_at", "token_hash", "basis"}
REPEATED = {"consent_at", "consent_until", "latitude", "longitude", "work_words"}  # in others
EMPLOYERS = {"place", "host"}  # where the kopkoffie was, and with whom


def tables_about_job_seekers() -> set[str]:
    """The table of candidates, and all that refer to it, or to a table that does.

    What refers to a follow-up is of the company that it is about.
    """
    found = {"candidate"}
    while more := {
        table.name
        for table in METADATA.tables.values()
        for key in table.foreign_keys
        if key.column.table.name in found - {"follow_up"} and table.name not in found
    }:
        found |= more
    return found - {"candidate"}


def test_no_table_about_job_seekers_is_forgotten() -> None:
    assert {held.model.__tablename__ for held in HELD} == tables_about_job_seekers()


@pytest.mark.parametrize(
    "model",
    [Candidate, *(held.model for held in HELD if held.model is not FollowUp)],
    ids=lambda model: model.__tablename__,
)
def test_no_column_is_missing_in_the_file(model: type[Record]) -> None:
    shown = PERSON if model is Candidate else next(held.shown for held in HELD if held.model is model)
    table = METADATA.tables[model.__tablename__]
    own = {column.name for column in table.columns if not column.foreign_keys}
    assert own - OURS - REPEATED - set(shown) == set()


@pytest.fixture
def person(session: Session, coach: Actor) -> Candidate:
    """With a row in every table about job seekers, and the mark in all its words."""
    words = dict(_marked(METADATA.tables["candidate"], {"app_user": coach.id}))
    ours = {"status", "hours_min", "hours_max", "from_time", "until_time", "consent_at", "consent_until", "erased_at"}
    person = make_candidate(session, competences=[], **{name: words[name] for name in words.keys() - ours - OURS})
    refers = {"candidate": person.id, "app_user": coach.id}
    refers["company"] = make_company(session).id
    refers["hidden_job"] = make_job(session, company_id=refers["company"]).id
    for table in METADATA.sorted_tables:
        if table.name in tables_about_job_seekers():
            row = dict(_marked(table, refers))
            refers[table.name] = session.execute(table.insert().values(row)).inserted_primary_key[0]
            session.add(
                AuditEntry(
                    action="x.y", subject_type=table.name, subject_id=refers[table.name], changes={"x": [None, MARK]}
                )
            )
    set_status(session, coach, person.id, CandidateStatus.LEFT, version=None)
    session.flush()
    return person


def _marked(table: Table, refers: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    given: dict[str, Any] = {"code": "24118", "level": 2, "outcome_code": "x", "recall_reason": "x"}
    if table.name == "meeting":
        given["status"] = "held"
    for column in table.columns:
        key = next(iter(column.foreign_keys), None)
        if column.name == "introducer_company_id":
            continue  # a tip comes from a job seeker or from a company
        if key is not None:
            yield column.name, refers.get(key.column.table.name)
        elif column.name in EMPLOYERS:
            yield column.name, "Kade 1"
        elif column.name != "id" and (value := given.get(column.name) or _filler(column)) is not None:
            yield column.name, value


def _filler(column: Any) -> Any:
    kind = column.type
    if values := getattr(kind, "enums", None):
        return values[0]
    if column.name == "created_at":
        return now()
    python = getattr(kind, "impl", kind).python_type
    fillers = {str: MARK, bool: True, int: 1, datetime: now(), date: today(), object: [MARK]}
    return fillers.get(python)


def everywhere(session: Session) -> set[str]:
    """The tables that hold the mark."""
    found = set()
    for table in METADATA.sorted_tables:
        if any(MARK.lower() in str(value).lower() for row in session.execute(table.select()) for value in row):
            found.add(table.name)
    return found


def test_nothing_of_somebody_who_is_erased_is_left(session: Session, coordinator: Actor, person: Candidate) -> None:
    wordless = {"candidate_competence", "intake_progress", "instrument_use", "self_answer", "referral"}
    assert everywhere(session) >= {held.model.__tablename__ for held in HELD} - wordless
    erase_candidate(session, coordinator, person.id)
    session.flush()
    assert everywhere(session) == set()
    row = session.execute(text("SELECT * FROM candidate WHERE id = :id"), {"id": person.id}).mappings().one()
    assert not {row[name] for name in ("email", "e164", "postcode", "town", "latitude", "coach_id", "consent_at")} - {
        "",
        None,
    }


def test_that_there_was_somebody_stays_for_the_numbers(session: Session, coordinator: Actor, person: Candidate) -> None:
    erase_candidate(session, coordinator, person.id)
    assert session.exec(select(Introduction).where(Introduction.candidate_id == person.id)).one()
    (entry,) = session.exec(select(AuditEntry).where(AuditEntry.action == "candidate.erased")).all()
    assert entry.subject_id == person.id


def test_who_is_erased_is_not_found_again(session: Session, coordinator: Actor, person: Candidate) -> None:
    erase_candidate(session, coordinator, person.id)
    assert candidates(session, coordinator).total == 0
    with pytest.raises(NotFound):
        candidate(session, coordinator, person.id)
    with pytest.raises(NotFound):
        erase_candidate(session, coordinator, person.id)


def test_not_while_a_kopkoffie_is_planned(session: Session, coordinator: Actor, person: Candidate) -> None:
    (meeting,) = session.exec(select(Meeting)).all()
    meeting.status = MeetingStatus.PLANNED
    with pytest.raises(KopkoffiePlanned):
        erase_candidate(session, coordinator, person.id)


def test_the_file_has_a_table_of_each_kind(session: Session, coordinator: Actor, person: Candidate) -> None:
    archive = ZipFile(BytesIO(export_candidate(session, coordinator, person.id)))
    assert set(archive.namelist()) == {
        "inzage.html",
        "inzage.json",
        "persoon.csv",
        *(f"{held.file}.csv" for held in HELD),
    }
    page = archive.read("inzage.html").decode()
    assert MARK in page
    assert "Administratie bijwerken" in page


def test_the_file_names_the_company_of_a_call_that_led_to_no_job(
    session: Session, coordinator: Actor, caller: Actor
) -> None:
    person, company = make_candidate(session), make_company(session, name="Bakkerij De Halm")
    load_scripts(session)
    script = session.exec(select(ScriptVersion.id)).first()
    call = Call(company_id=company.id, caller_id=caller.user_id, script_version_id=script)
    session.add(call)
    session.flush()
    shown = {"call_id": call.id, "candidate_id": person.id, "shown_to_id": caller.user_id}
    session.add(Suggestion(**shown, score=60, why="bekend met kassa"))
    archive = ZipFile(BytesIO(export_candidate(session, coordinator, person.id)))
    assert "Bakkerij De Halm" in archive.read("suggesties.csv").decode()


def test_is_for_who_looks_after_privacy(session: Session, coach: Actor, person: Candidate) -> None:
    for service in (erase_candidate, export_candidate):
        with pytest.raises(NotAllowed):
            service(session, coach, person.id)


class TestTerm:
    def gone(self, session: Session) -> int:
        session.flush()
        return forget_candidates(session, now())

    @pytest.mark.parametrize("status", [CandidateStatus.PLACED, CandidateStatus.LEFT])
    def test_who_was_placed_or_left_a_year_ago_is_erased(self, session: Session, status: CandidateStatus) -> None:
        old = make_candidate(session, status=status, status_since=now() - timedelta(days=366))
        young = make_candidate(session, status=status, status_since=now() - timedelta(days=364))
        assert self.gone(session) == 1
        session.refresh(old)
        assert (old.erased_at is not None, young.erased_at) == (True, None)
        assert self.gone(session) == 0

    def test_so_is_who_looks_for_work_without_consent_for_a_year(self, session: Session) -> None:
        lapsed, holds, never = (make_candidate(session) for _each in range(3))
        for person, end in ((lapsed, -366), (holds, -366), (holds, 1)):
            session.add(
                CandidateConsent(
                    candidate_id=person.id,
                    purpose=Purpose.DETAILS,
                    text="Ja",
                    expires_at=now() + timedelta(days=end),
                )
            )
        assert self.gone(session) == 1
        assert [session.get_one(Candidate, one.id, populate_existing=True).erased_at is None for one in (
            lapsed, holds, never)] == [False, True, True]  # fmt: skip

    def test_the_term_counts_from_the_last_that_was_done_together(self, session: Session, coach: Actor) -> None:
        long_ago = now() - timedelta(days=400)
        helped, introduced = (
            make_candidate(session, status=CandidateStatus.LEFT, status_since=long_ago) for _each in range(2)
        )
        session.add(ServiceStep(candidate_id=helped.id, tile=Tile.AFTERCARE, day=today(), made_by_id=coach.user_id))
        session.add(Introduction(job_id=make_job(session).id, candidate_id=introduced.id, made_by_id=coach.user_id))
        assert self.gone(session) == 0

    def test_looking_for_work_again_begins_it_anew(self, session: Session, coach: Actor) -> None:
        person = make_candidate(session, status=CandidateStatus.LEFT, status_since=now() - timedelta(days=400))
        for status in (CandidateStatus.ACTIVE, CandidateStatus.LEFT):
            set_status(session, coach, person.id, status, version=None)
        assert self.gone(session) == 0
