"""What colleagues promised and are late with."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from sqlalchemy import Engine
from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.access.models import Absence
from crm.access.permissions import Role
from crm.audit.models import AuditEntry
from crm.calling.models import ObjectionRight
from crm.calling.services import claim_company
from crm.companies.models import SuppressionReason
from crm.companies.services import suppress
from crm.core.clock import now, today
from crm.core.db import transaction
from crm.core.settings import settings
from crm.desk.callbacks import calls_to_make
from crm.desk.inputs import WrapUpInput
from crm.desk.queries import desk_view
from crm.desk.services import next_company, put_back, wrap_up
from crm.followups.escalation import late_owners, tell_coordinators
from crm.followups.models import FollowUpKind, FollowUpStatus
from crm.messaging.models import Notice
from tests.conftest import add_user
from tests.crm.calling.building import make_list
from tests.crm.desk.test_next_company import EVENING, make_callback

SPOKE = WrapUpInput(
    disposition="GEEN_INTERESSE", objection_right=ObjectionRight.OFFERED, summary="Heeft niemand nodig."
)
NOBODY = WrapUpInput(disposition="GEEN_GEHOOR", objection_right=ObjectionRight.NO_CONTACT)


@pytest.fixture
def colleague(session: Session) -> Actor:
    return add_user(session, Role.CALLER, name="Ria de Wit")


class TestOrder:
    def test_comes_after_own_promises_and_before_the_lists(
        self, session: Session, caller: Actor, colleague: Actor
    ) -> None:
        make_list(session, [caller], 1)
        theirs = make_callback(session, colleague, due_at=now() - timedelta(hours=5))
        mine = make_callback(session, caller, due_at=now() - timedelta(minutes=1))
        expected = [mine.company_id, theirs.company_id]
        for company_id in expected:
            call = next_company(session, caller)
            assert call is not None
            assert call.company_id == company_id
            wrap_up(session, caller, call.id, SPOKE)
        call = next_company(session, caller)
        assert call is not None
        assert call.list_id is not None

    def test_what_is_due_of_a_colleague_who_is_not_here_is_made_at_once(
        self, session: Session, caller: Actor, colleague: Actor
    ) -> None:
        promised = make_callback(session, colleague, due_at=now() - timedelta(minutes=1))
        assert next_company(session, caller) is None
        session.add(Absence(user_id=colleague.user_id, first_day=today(), last_day=today()))
        call = next_company(session, caller)
        assert call is not None
        assert call.company_id == promised.company_id

    def test_what_was_promised_for_the_team_is_made_as_soon_as_it_is_due(self, session: Session, caller: Actor) -> None:
        promised = make_callback(session, caller, owner_id=None, due_at=now() - timedelta(minutes=1))
        call = next_company(session, caller)
        assert call is not None
        assert call.company_id == promised.company_id
        wrap_up(session, caller, call.id, NOBODY)
        assert (promised.status, promised.owner_id) == (FollowUpStatus.OPEN, None)

    def test_how_late_is_a_setting(
        self, session: Session, caller: Actor, colleague: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_callback(session, colleague, due_at=now() - timedelta(minutes=29))
        monkeypatch.setattr(settings(), "team_callback_after_minutes", 30)
        assert next_company(session, caller) is None
        with time_machine.travel(now() + timedelta(minutes=1), tick=False):
            assert next_company(session, caller) is not None

    def test_only_the_hours_of_the_desk_count_as_for_who_is_told_of_it(
        self, session: Session, caller: Actor, colleague: Actor
    ) -> None:
        with time_machine.travel("2026-11-23 16:30+01:00", tick=False):  # the desk closes at five and opens at nine
            promised = make_callback(session, colleague, due_at=now())
        for moment, is_for_team in (
            ("2026-11-23 18:00+01:00", False),
            ("2026-11-24 09:29+01:00", False),
            ("2026-11-24 09:30+01:00", True),
        ):
            with time_machine.travel(moment, tick=False):
                assert ([one.id for one in calls_to_make(session, caller)] == [promised.id]) is is_for_team
                assert (late_owners(session, now()) == [colleague.id]) is is_for_team

    def test_only_what_was_agreed_and_not_a_recall(self, session: Session, caller: Actor, colleague: Actor) -> None:
        make_callback(session, colleague, kind=FollowUpKind.RECALL, due_at=now() - timedelta(days=9))
        assert next_company(session, caller) is None
        assert late_owners(session, now()) == []
        assert tell_coordinators(session, now()) == 0

    def test_a_company_that_anybody_holds_is_left_alone(
        self, session: Session, caller: Actor, colleague: Actor
    ) -> None:
        promised = make_callback(session, colleague, due_at=now() - timedelta(hours=2))
        assert promised.company_id
        claim = claim_company(session, colleague, promised.company_id)
        assert next_company(session, caller) is None
        with time_machine.travel(claim.expires_at, tick=False):
            call = next_company(session, caller)
        assert call is not None
        assert call.company_id == promised.company_id

    def test_who_may_not_be_called_is_not(self, session: Session, caller: Actor, colleague: Actor) -> None:
        promised = make_callback(session, colleague, due_at=now() - timedelta(hours=2))
        assert promised.company_id
        suppress(session, caller, promised.company_id, reason=SuppressionReason.OBJECTION)
        assert next_company(session, caller) is None
        assert promised.status is FollowUpStatus.OPEN

    def test_an_agreed_evening_is_kept_by_a_colleague_too(
        self, session: Session, caller: Actor, colleague: Actor
    ) -> None:
        with time_machine.travel(EVENING, tick=False):
            promised = make_callback(session, colleague, due_at=now() - timedelta(minutes=1))
            session.add(Absence(user_id=colleague.user_id, first_day=today(), last_day=today()))
            call = next_company(session, caller)
        assert call is not None
        assert call.company_id == promised.company_id


class TestWhoDidIt:
    def test_the_desk_says_whose_promise_it_is(self, session: Session, caller: Actor, colleague: Actor) -> None:
        make_callback(session, colleague)
        next_company(session, caller)
        view = desk_view(session, caller)
        assert view is not None
        assert view.promised_by == "Ria de Wit"

    def test_it_stays_the_promise_of_the_colleague_and_the_log_says_who_made_the_call(
        self, session: Session, caller: Actor, colleague: Actor
    ) -> None:
        promised = make_callback(session, colleague)
        call = next_company(session, caller)
        assert call is not None
        wrap_up(session, caller, call.id, SPOKE)
        assert (promised.status, promised.owner_id) == (FollowUpStatus.DONE, colleague.id)
        assert promised.done_in_call_id == call.id
        done = select(AuditEntry.actor_id).where(
            AuditEntry.action == "follow_up.done", AuditEntry.subject_id == promised.id
        )
        assert session.exec(done).all() == [caller.id]

    def test_the_colleague_is_told(self, session: Session, caller: Actor, colleague: Actor) -> None:
        make_callback(session, colleague)
        call = next_company(session, caller)
        assert call is not None
        wrap_up(session, caller, call.id, SPOKE)
        [notice] = session.exec(select(Notice).where(Notice.user_id == colleague.id)).all()
        assert caller.name in notice.title
        assert "Geen interesse" in notice.body

    def test_nobody_answering_plans_another_moment_for_the_colleague(
        self, session: Session, caller: Actor, colleague: Actor
    ) -> None:
        promised = make_callback(session, colleague)
        call = next_company(session, caller)
        assert call is not None
        wrap_up(session, caller, call.id, NOBODY)
        assert (promised.status, promised.owner_id) == (FollowUpStatus.OPEN, colleague.id)
        assert promised.due_at > now()

    def test_an_objection_ends_the_promise(self, session: Session, caller: Actor, colleague: Actor) -> None:
        promised = make_callback(session, colleague)
        call = next_company(session, caller)
        assert call is not None
        given = WrapUpInput(disposition="VERZET", objection_right=ObjectionRight.OFFERED, summary="Niet meer bellen.")
        wrap_up(session, caller, call.id, given)
        assert promised.status is FollowUpStatus.DROPPED


@pytest.mark.parametrize("own", [True, False])
def test_a_promise_that_is_put_back_is_not_the_very_next_call(
    session: Session, caller: Actor, colleague: Actor, own: bool
) -> None:
    promised = make_callback(session, caller if own else colleague, due_at=now() - timedelta(hours=2))
    call = next_company(session, caller)
    assert call is not None
    assert put_back(session, caller, call.id) is None
    assert (promised.status, promised.due_at) == (FollowUpStatus.OPEN, now() + timedelta(minutes=30))


def test_colleagues_who_ask_at_the_same_moment_never_get_the_same_promise(database: Engine) -> None:
    with transaction() as session:
        callers = [add_user(session, Role.CALLER) for _each in range(4)]
        late = add_user(session, Role.CALLER)
        promised = [make_callback(session, late, due_at=now() - timedelta(hours=2)) for _each in range(6)]
        companies = {follow_up.company_id for follow_up in promised}
    start = Barrier(len(callers))

    def call_back(caller: Actor) -> int | None:
        start.wait(timeout=120)
        with transaction() as session:
            call = next_company(session, caller)
            return call.company_id if call else None

    with ThreadPoolExecutor(len(callers)) as crowd:
        called = list(crowd.map(call_back, callers))
    assert len(set(called)) == len(callers)
    assert set(called) <= companies
