"""Signing in and out, and slowing guesses down."""

from datetime import timedelta
from threading import Thread

import pytest
import time_machine
from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.access.models import SignInFailure, SignInSession, User
from crm.access.passwords import hash_password
from crm.access.permissions import Role
from crm.access.queries import actor_of
from crm.access.rules import ACCOUNT_TRIES, ADDRESS_TRIES, LONGEST_WAIT
from crm.access.sign_in import (
    SignInRefused,
    TooManyAttempts,
    check_password,
    count_attempt,
    forget_expired,
    open_session,
    sign_out,
)
from crm.audit.models import AuditEntry
from crm.core.clock import now
from crm.core.db import transaction
from crm.core.settings import settings
from tests.conftest import add_user

PASSWORD = "koffie om tien uur"
ADDRESS = "192.0.2.1"
EMAIL = "jan@voorbeeld.nl"


@pytest.fixture(scope="module")
def hashed() -> str:
    """Made once: it takes long on purpose."""
    return hash_password(PASSWORD)


@pytest.fixture
def jan(session: Session, hashed: str) -> Actor:
    return add_user(session, Role.CALLER, email=EMAIL, password_hash=hashed)


def try_often(session: Session, times: int, *, email: str = EMAIL, address: str = ADDRESS) -> None:
    for _time in range(times):
        count_attempt(session, email, address)


class TestCheckPassword:
    def test_knows_the_owner_whatever_the_capitals(self, session, jan):
        assert check_password(session, " JAN@voorbeeld.nl ", PASSWORD) == jan

    @pytest.mark.parametrize(("email", "password"), [(EMAIL, "fout"), ("niemand@voorbeeld.nl", PASSWORD), ("", "")])
    def test_says_the_same_whatever_is_wrong(self, session, jan, email, password):
        with pytest.raises(SignInRefused):
            check_password(session, email, password)

    def test_refuses_a_closed_account(self, session, jan):
        session.get_one(User, jan.id).active = False
        session.flush()
        with pytest.raises(SignInRefused):
            check_password(session, EMAIL, PASSWORD)

    @pytest.mark.parametrize("wild", ["\0", "x" * 100_000, "'; drop table app_user; --", "💥", "%"])
    def test_refuses_wild_input(self, session, jan, wild):
        with pytest.raises(SignInRefused):
            check_password(session, wild, wild)


class TestOpenSession:
    def test_keeps_only_a_hash_of_the_token(self, session, jan):
        token = open_session(session, jan, EMAIL, ADDRESS)
        kept = session.exec(select(SignInSession)).one()
        assert token not in kept.token_hash
        assert actor_of(session, token) == jan

    def test_every_sign_in_has_a_token_of_its_own(self, session, jan):
        assert len({open_session(session, jan, EMAIL, ADDRESS) for _time in range(3)}) == 3

    def test_ends_by_itself(self, session, jan):
        with time_machine.travel("2026-11-24 08:30+01:00", tick=False) as clock:
            token = open_session(session, jan, EMAIL, ADDRESS)
            clock.shift(timedelta(hours=settings().session_hours) - timedelta(seconds=1))
            assert actor_of(session, token)
            clock.shift(timedelta(seconds=2))
            assert actor_of(session, token) is None

    def test_what_has_expired_is_forgotten(self, session, jan):
        with time_machine.travel("2026-11-24 08:30+01:00", tick=False) as clock:
            open_session(session, jan, EMAIL, ADDRESS)
            try_often(session, 2, email="anders@voorbeeld.nl", address="192.0.2.9")
            clock.shift(timedelta(minutes=30))
            assert forget_expired(session) == 0
            assert len(session.exec(select(SignInFailure)).all()) == 2
            clock.shift(timedelta(days=1))
            open_session(session, jan, EMAIL, ADDRESS)
            assert forget_expired(session) == 1
            assert len(session.exec(select(SignInSession)).all()) == 1
            assert session.exec(select(SignInFailure)).all() == []

    def test_refuses_an_account_that_was_closed_a_moment_ago(self, session, jan):
        session.get_one(User, jan.id).active = False
        session.flush()
        with pytest.raises(SignInRefused):
            open_session(session, jan, EMAIL, ADDRESS)

    def test_is_in_the_audit_log(self, session, jan):
        open_session(session, jan, EMAIL, ADDRESS)
        assert session.exec(select(AuditEntry.action)).all() == ["user.signed_in"]


class TestSlowDown:
    @pytest.fixture(autouse=True)
    def _at_one_moment(self):
        """The first wait is two seconds, in which a busy machine may do nothing."""
        with time_machine.travel("2026-11-24 10:00+01:00", tick=False):
            yield

    def test_a_few_mistakes_are_free(self, session):
        try_often(session, ACCOUNT_TRIES)

    def test_then_an_account_waits_from_any_address(self, session):
        try_often(session, ACCOUNT_TRIES)
        with pytest.raises(TooManyAttempts) as refused:
            count_attempt(session, EMAIL, "198.51.100.7")
        assert refused.value.seconds <= 2
        assert "2 seconde" in str(refused.value)

    def test_other_accounts_do_not_wait(self, session):
        try_often(session, ACCOUNT_TRIES)
        count_attempt(session, "piet@voorbeeld.nl", ADDRESS)

    def test_an_address_waits_whatever_account_it_tries(self, session):
        for number in range(ADDRESS_TRIES):
            count_attempt(session, f"gok{number}@voorbeeld.nl", ADDRESS)
        with pytest.raises(TooManyAttempts):
            count_attempt(session, "nieuw@voorbeeld.nl", ADDRESS)
        count_attempt(session, "nieuw@voorbeeld.nl", "198.51.100.7")

    def test_waits_longer_each_time_but_never_for_good(self, session):
        with time_machine.travel("2026-11-24 10:00+01:00", tick=False) as clock:
            try_often(session, ACCOUNT_TRIES)
            waits = []
            for _time in range(12):
                with pytest.raises(TooManyAttempts) as refused:
                    count_attempt(session, EMAIL, ADDRESS)
                waits.append(refused.value.seconds)
                clock.shift(timedelta(seconds=refused.value.seconds))
                count_attempt(session, EMAIL, ADDRESS)
            assert waits[:3] == [2, 4, 8]
            assert max(waits) == LONGEST_WAIT.total_seconds()

    def test_asking_again_does_not_make_the_wait_longer(self, session):
        with time_machine.travel("2026-11-24 10:00+01:00", tick=False) as clock:
            try_often(session, ACCOUNT_TRIES)
            for _time in range(5):
                with pytest.raises(TooManyAttempts):
                    count_attempt(session, EMAIL, ADDRESS)
            clock.shift(timedelta(seconds=2))
            count_attempt(session, EMAIL, ADDRESS)

    def test_a_success_forgives(self, session, jan):
        try_often(session, ACCOUNT_TRIES)
        open_session(session, jan, EMAIL, ADDRESS)
        try_often(session, ACCOUNT_TRIES)

    def test_an_hour_of_rest_forgives(self, session):
        with time_machine.travel("2026-11-24 10:00+01:00", tick=False) as clock:
            try_often(session, ACCOUNT_TRIES)
            clock.shift(timedelta(hours=1, seconds=1))
            try_often(session, ACCOUNT_TRIES)

    def test_keeps_neither_the_account_nor_the_address(self, session):
        count_attempt(session, EMAIL, ADDRESS)
        kept = str([failure.model_dump() for failure in session.exec(select(SignInFailure))])
        assert EMAIL not in kept
        assert ADDRESS not in kept

    def test_a_burst_at_the_same_moment_is_counted_whole(self, database):
        refused: list[TooManyAttempts] = []

        def guess() -> None:
            try:
                with transaction() as session:
                    count_attempt(session, EMAIL, ADDRESS)
            except TooManyAttempts as error:
                refused.append(error)

        threads = [Thread(target=guess) for _number in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(refused) == 12 - ACCOUNT_TRIES


class TestSignOut:
    def test_ends_this_browser_and_no_other(self, session, jan):
        here, there = (open_session(session, jan, EMAIL, ADDRESS) for _browser in range(2))
        sign_out(session, here)
        assert actor_of(session, here) is None
        assert actor_of(session, there) == jan

    def test_a_second_time_does_nothing(self, session, jan):
        token = open_session(session, jan, EMAIL, ADDRESS)
        sign_out(session, token)
        sign_out(session, token)
        sign_out(session, "")
        assert now() > session.exec(select(AuditEntry.created_at)).first()
