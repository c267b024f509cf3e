"""Rules for new attempts of a list: its own beside the default, and what they do to the next attempt."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from pydantic import ValidationError
from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.audit.models import AuditEntry
from crm.calling.inputs import RetryInput
from crm.calling.models import CallList, CallListEntry, EntryState, RetryRule
from crm.calling.retries import (
    ListRetry,
    MessageRuleMissing,
    list_retries,
    no_message,
    reset_retry,
    retry_on,
    set_retry,
)
from crm.calling.services import claim_company, open_call
from crm.core.clock import AMSTERDAM, now
from crm.core.errors import ChangedMeanwhile, NotAllowed, NotFound
from crm.reference.models import Retry
from crm.reference.queries import dispositions
from tests.crm.calling.building import entries_of, finish_call, make_list, start_call

TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=AMSTERDAM)
BUSY = RetryInput(hours=3, most_attempts=5)


@pytest.fixture
def calls(session: Session, caller: Actor) -> CallList:
    """A list with one company."""
    return make_list(session, [caller])


def rule_of(session: Session, actor: Actor, calls: CallList, code: str) -> ListRetry:
    return next(item for item in list_retries(session, actor, calls.id) if item.result.code == code)


def only_entry(session: Session, calls: CallList) -> CallListEntry:
    (entry,) = entries_of(session, calls)
    return entry


def attempt(session: Session, caller: Actor, entry: CallListEntry, code: str) -> None:
    call = open_call(session, caller, claim_company(session, caller, entry.company_id, entry_id=entry.id))
    finish_call(session, caller, call.id, disposition=code, objection_right=None)


class TestRules:
    def test_without_a_rule_of_its_own_the_default_counts(
        self, session: Session, coordinator: Actor, calls: CallList
    ) -> None:
        found = {item.result.code: item.retry for item in list_retries(session, coordinator, calls.id)}
        assert found == {
            "GEEN_GEHOOR": Retry(None, 1, 3),
            "IN_GESPREK": Retry(1, None, 3),
            "VOICEMAIL": Retry(None, 2, 3),
            "VOICEMAIL_INGESPROKEN": Retry(None, 2, 3, 3),
            "MISLUKT": Retry(1, None, 3),
        }

    def test_a_list_keeps_only_what_differs(
        self, session: Session, coordinator: Actor, caller: Actor, calls: CallList
    ) -> None:
        set_retry(session, coordinator, calls.id, "IN_GESPREK", BUSY, version=0)
        assert rule_of(session, coordinator, calls, "IN_GESPREK").own == Retry(3, None, 5)
        assert [rule.disposition for rule in session.exec(select(RetryRule))] == ["IN_GESPREK"]
        other = make_list(session, [caller], name="Andere lijst")
        assert rule_of(session, coordinator, other, "IN_GESPREK").own is None

    def test_back_to_the_default_and_filling_in_the_default_are_the_same(
        self, session: Session, coordinator: Actor, calls: CallList
    ) -> None:
        set_retry(session, coordinator, calls.id, "IN_GESPREK", BUSY, version=0)
        reset_retry(session, coordinator, calls.id, "IN_GESPREK", version=1)
        set_retry(session, coordinator, calls.id, "IN_GESPREK", BUSY, version=0)
        set_retry(session, coordinator, calls.id, "IN_GESPREK", RetryInput(hours=1, most_attempts=3), version=1)
        assert session.exec(select(RetryRule)).all() == []

    def test_is_in_the_audit_log_with_what_it_was(self, session: Session, coordinator: Actor, calls: CallList) -> None:
        set_retry(session, coordinator, calls.id, "IN_GESPREK", BUSY, version=0)
        later = RetryInput(working_days=2, most_attempts=5)
        set_retry(session, coordinator, calls.id, "IN_GESPREK", later, version=1)
        reset_retry(session, coordinator, calls.id, "IN_GESPREK", version=2)
        log = session.exec(select(AuditEntry).where(AuditEntry.subject_type == "retry_rule").order_by(AuditEntry.id))
        made, changed, reset = log.all()
        assert (made.actor_id, made.changes["disposition"]) == (coordinator.id, [None, "IN_GESPREK"])
        assert changed.changes == {"hours": [3, None], "working_days": [None, 2]}
        assert (reset.action, reset.changes["list_id"]) == ("retry_rule.reset", [None, calls.id])

    def test_nobody_overwrites_a_colleague(self, session: Session, coordinator: Actor, calls: CallList) -> None:
        set_retry(session, coordinator, calls.id, "IN_GESPREK", BUSY, version=0)
        with pytest.raises(ChangedMeanwhile):
            set_retry(session, coordinator, calls.id, "IN_GESPREK", BUSY, version=0)
        with pytest.raises(ChangedMeanwhile):
            reset_retry(session, coordinator, calls.id, "IN_GESPREK", version=7)

    def test_is_for_those_who_manage_lists(self, session: Session, caller: Actor, calls: CallList) -> None:
        for change in (
            lambda: set_retry(session, caller, calls.id, "IN_GESPREK", BUSY, version=0),
            lambda: reset_retry(session, caller, calls.id, "IN_GESPREK", version=0),
            lambda: list_retries(session, caller, calls.id),
        ):
            with pytest.raises(NotAllowed):
                change()

    @pytest.mark.parametrize("code", ["GEEN_INTERESSE", "VERKEERD_NUMMER", "HOERA"])
    def test_who_was_reached_is_not_tried_again(
        self, session: Session, coordinator: Actor, calls: CallList, code: str
    ) -> None:
        with pytest.raises(NotFound):
            set_retry(session, coordinator, calls.id, code, BUSY, version=0)

    def test_a_message_rule_belongs_to_a_message_that_was_left(
        self, session: Session, coordinator: Actor, calls: CallList
    ) -> None:
        with pytest.raises(MessageRuleMissing):
            set_retry(session, coordinator, calls.id, "VOICEMAIL_INGESPROKEN", BUSY, version=0)
        with_message = RetryInput(hours=3, most_attempts=5, message_once_in=2)
        set_retry(session, coordinator, calls.id, "IN_GESPREK", with_message, version=0)
        assert rule_of(session, coordinator, calls, "IN_GESPREK").own == Retry(3, None, 5)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"most_attempts": 3},
            {"hours": 1, "working_days": 1, "most_attempts": 3},
            {"hours": 0, "most_attempts": 3},
            {"hours": 73, "most_attempts": 3},
            {"working_days": 61, "most_attempts": 3},
            {"hours": 1, "most_attempts": 0},
            {"hours": 1, "most_attempts": None},
            {"hours": 1, "most_attempts": 3, "message_once_in": -1},
        ],
    )
    def test_what_cannot_be_is_refused(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(ValidationError):
            RetryInput(**wrong)


class TestNextAttempt:
    @pytest.fixture(autouse=True)
    def _tuesday(self) -> Any:
        with time_machine.travel(TUESDAY, tick=False):
            yield

    def test_follows_the_rule_of_its_list(
        self, session: Session, caller: Actor, coordinator: Actor, calls: CallList
    ) -> None:
        set_retry(session, coordinator, calls.id, "IN_GESPREK", BUSY, version=0)
        attempt(session, caller, only_entry(session, calls), "IN_GESPREK")
        assert only_entry(session, calls).due_at == TUESDAY + timedelta(hours=3)

    def test_every_list_with_the_company_follows_its_own(
        self, session: Session, caller: Actor, coordinator: Actor, calls: CallList
    ) -> None:
        entry = only_entry(session, calls)
        other = make_list(session, [caller], [], name="Andere lijst")
        there = CallListEntry(list_id=other.id, company_id=entry.company_id)
        session.add(there)
        set_retry(session, coordinator, other.id, "IN_GESPREK", BUSY, version=0)
        attempt(session, caller, entry, "IN_GESPREK")
        assert (entry.due_at, there.due_at) == (TUESDAY + timedelta(hours=1), TUESDAY + timedelta(hours=3))

    def test_a_changed_rule_leaves_what_is_scheduled(
        self, session: Session, caller: Actor, coordinator: Actor, calls: CallList
    ) -> None:
        entry = only_entry(session, calls)
        attempt(session, caller, entry, "IN_GESPREK")
        set_retry(session, coordinator, calls.id, "IN_GESPREK", RetryInput(hours=4, most_attempts=1), version=0)
        session.refresh(entry)
        assert (entry.state, entry.due_at) == (EntryState.WAITING, TUESDAY + timedelta(hours=1))

    def test_a_list_can_ask_for_more_attempts_or_fewer(
        self, session: Session, caller: Actor, coordinator: Actor, calls: CallList
    ) -> None:
        entry = only_entry(session, calls)
        set_retry(session, coordinator, calls.id, "GEEN_GEHOOR", RetryInput(hours=1, most_attempts=4), version=0)
        states = []
        for _each in range(4):
            attempt(session, caller, entry, "GEEN_GEHOOR")
            states.append(entry.state)
        assert states == [EntryState.WAITING] * 3 + [EntryState.DONE]


class TestMessage:
    def test_one_is_enough_in_three_attempts(self, session: Session, caller: Actor, calls: CallList) -> None:
        entry = only_entry(session, calls)
        attempt(session, caller, entry, "VOICEMAIL_INGESPROKEN")
        left_at = now()
        entry.due_at = now()
        attempt(session, caller, entry, "GEEN_GEHOOR")
        call = open_call(session, caller, claim_company(session, caller, entry.company_id, entry_id=entry.id))
        refused = no_message(session, call)
        assert refused is not None
        assert (refused.once_in, abs(refused.left_at - left_at) < timedelta(seconds=10)) == (3, True)
        finish_call(session, caller, call.id, disposition="VOICEMAIL", objection_right=None)
        call = open_call(session, caller, claim_company(session, caller, entry.company_id))
        assert no_message(session, call) is None

    def test_a_list_can_ask_for_none_at_all(
        self, session: Session, caller: Actor, coordinator: Actor, calls: CallList
    ) -> None:
        never = RetryInput(working_days=2, most_attempts=3, message_once_in=0)
        set_retry(session, coordinator, calls.id, "VOICEMAIL_INGESPROKEN", never, version=0)
        refused = no_message(session, start_call(session, caller))
        assert refused is not None
        assert (refused.left_at, refused.once_in) == (None, 0)

    def test_a_call_from_no_list_follows_the_default(self, session: Session) -> None:
        busy = dispositions()["IN_GESPREK"]
        assert retry_on(session, None, busy) == busy.retry
