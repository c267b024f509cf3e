"""What the audit log keeps of a change."""

from sqlmodel import select

from crm.access.models import User
from crm.audit.models import AuditEntry
from crm.audit.services import Change, record
from tests.conftest import make_job


def last(session):
    return session.exec(select(AuditEntry).order_by(AuditEntry.id.desc())).first()


def test_a_field_is_kept_as_it_was_and_as_it_is(session, coordinator):
    job = make_job(session, title="Boekhouden")
    record(session, coordinator, "job.created", job)
    job.title = "Administratie"
    session.flush()
    job.title, job.hours_per_week = "Facturen", 12.0
    record(session, coordinator, "job.edited", job)
    entry = last(session)
    assert (entry.actor_id, entry.action, entry.subject_type, entry.subject_id) == (
        coordinator.id,
        "job.edited",
        "hidden_job",
        job.id,
    )
    assert entry.changes == {"title": ["Boekhouden", "Facturen"], "hours_per_week": [16.0, 12.0]}


def test_a_password_is_never_in_it(session, coordinator):
    user = session.get_one(User, coordinator.id)
    user.password_hash = "another"
    record(session, coordinator, "user.password_changed", user)
    assert last(session).changes == {"password_hash": ["…", "…"]}


def test_a_detail_tells_what_it_was_unless_it_stayed_the_same(session, coordinator):
    job = make_job(session)
    record(session, coordinator, "job.created", job)
    details = {"reason": "gevraagd", "moved": Change(["a"], ["b"]), "same": Change(["a"], ["a"])}
    record(session, coordinator, "job.edited", job, **details)
    assert last(session).changes == {"reason": [None, "gevraagd"], "moved": [["a"], ["b"]]}
