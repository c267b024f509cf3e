"""Several people at once: nobody waits for somebody who waits for them, and nothing is planned twice."""

from datetime import date, timedelta
from functools import partial
from threading import Barrier, Thread

import time_machine
from sqlmodel import select

from crm.access.permissions import Role
from crm.companies.models import Company
from crm.core.clock import now, today
from crm.core.db import reading, transaction
from crm.followups.models import FollowUp, FollowUpKind, FollowUpTemplate, TemplateEvent
from crm.followups.services import Finish, Occasion, Postpone, bulk, division, happened, pass_on, plan
from crm.followups.templates import load_templates
from tests.conftest import add_user, make_job
from tests.crm.followups.test_services import make_wish


def at_once(*works):
    """The names of what went wrong."""
    start, went_wrong = Barrier(len(works)), []

    def work(do):
        start.wait()
        try:
            with transaction() as session:
                do(session)
        except Exception as error:
            went_wrong.append(type(error).__name__)

    threads = [Thread(target=work, args=(do,)) for do in works]
    [thread.start() for thread in threads]
    [thread.join(120) for thread in threads]
    return went_wrong


def test_what_comes_by_itself_and_a_call_that_is_planned_at_once_do_not_collide(database):
    with time_machine.travel("2026-11-24 10:00+01:00", tick=True):
        with transaction() as session:
            load_templates(session)
            for template in session.exec(
                select(FollowUpTemplate).where(FollowUpTemplate.event == TemplateEvent.PLACED)
            ):
                template.kind, template.standard = FollowUpKind.RECALL, False
            person = add_user(session, Role.COORDINATOR)
            job = make_job(session)
            occasion = Occasion(TemplateEvent.PLACED, today(), None, job.company_id, job.id)
            callback = {
                "kind": FollowUpKind.CALLBACK,
                "due_at": now() + timedelta(hours=1),
                "company_id": job.company_id,
            }
        wish = make_wish(**callback)
        works = [lambda session: plan(session, person, wish), lambda session: happened(session, person, occasion)]
        assert at_once(*works * 3) == []


def test_who_does_much_at_once_does_not_wait_for_who_does_the_same(database):
    with time_machine.travel("2026-11-24 10:00+01:00", tick=True):
        with transaction() as session:
            coordinator, colleague, other = (
                add_user(session, role) for role in (Role.COORDINATOR, Role.CALLER, Role.CALLER)
            )
            companies = [Company(name=str(n), name_key=str(n)) for n in range(40)]
            session.add_all(companies)
            session.flush()
            for number in (*range(40), *reversed(range(40))):  # by moment, by id and by company: each another order
                due_at = now() + timedelta(days=1, minutes=-number)
                step = FollowUp(
                    kind=FollowUpKind.OTHER, due_at=due_at, owner_id=other.id, company_id=companies[number].id
                )
                session.add(step)
                session.flush()
            seen = division(session, coordinator, other.id, [colleague.id]).versions
            ids = sorted(seen)
        moves = [
            lambda session: bulk(session, coordinator, seen, Postpone(date(2026, 12, 1), "")),
            lambda session: pass_on(session, coordinator, other.id, [colleague.id], seen=seen),
        ]
        assert set(at_once(*moves)) <= {"ChangedMeanwhile"}
        with reading() as session:
            versions = dict(session.exec(select(FollowUp.id, FollowUp.version)).all())
        halves = [{one: versions[one] for one in half} for half in (ids[:40], ids[40:])]
        assert (
            at_once(*(partial(bulk, actor=coordinator, chosen=half, action=Finish("Klaar")) for half in halves)) == []
        )
