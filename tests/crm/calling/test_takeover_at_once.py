"""Taking over at the same moment as somebody else does something, on each kind of database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.calling.models import Call, CallAnswer, Claim
from crm.calling.services import (
    CallTakenOver,
    CompanyTaken,
    NobodyHolds,
    claim_company,
    give_answer,
    open_call,
    take_over,
)
from crm.core.db import reading, transaction
from crm.core.errors import CrmError
from tests.conftest import add_user, make_company
from tests.crm.calling.building import make_list

Work = Callable[[Session], object]


def at_once(*works: Work) -> list[CrmError | None]:
    """What each of these came up against; anything but a clear refusal fails the test."""
    start = Barrier(len(works))

    def run(work: Work) -> CrmError | None:
        start.wait(timeout=120)
        try:
            with transaction() as session:
                work(session)
        except CrmError as refusal:
            return refusal
        return None

    with ThreadPoolExecutor(len(works)) as crowd:
        return list(crowd.map(run, works))


@pytest.fixture
def people(database: Engine) -> tuple[Actor, Actor, Actor]:
    """A caller and two coordinators."""
    with transaction() as session:
        make_list(session, [])
        first, second = (add_user(session, Role.COORDINATOR) for _each in range(2))
        return add_user(session, Role.CALLER), first, second


def taking(actor: Actor, company_id: int, holder: Actor) -> Work:
    return lambda session: take_over(session, actor, company_id, holder_id=holder.user_id)


def hold(actor: Actor) -> int:
    with transaction() as session:
        return claim_company(session, actor, make_company(session).id).company_id


@pytest.mark.parametrize("_again", range(3))
def test_of_two_coordinators_one_gets_it(people: tuple[Actor, Actor, Actor], _again: int) -> None:
    caller, first, second = people
    company_id = hold(caller)
    refusals = at_once(taking(first, company_id, caller), taking(second, company_id, caller))
    assert sorted(type(refusal).__name__ for refusal in refusals) == ["CompanyTaken", "NoneType"]
    assert any(isinstance(refusal, CompanyTaken) for refusal in refusals)
    with reading() as session:
        winner = first if refusals[0] is None else second
        assert session.exec(select(Claim.user_id)).all() == [winner.id]


@pytest.mark.parametrize("_again", range(3))
def test_two_who_take_from_each_other_do_not_wait_for_ever(people: tuple[Actor, Actor, Actor], _again: int) -> None:
    _caller, first, second = people
    one, other = hold(first), hold(second)
    refusals = at_once(taking(first, other, second), taking(second, one, first))
    assert sorted(isinstance(refusal, NobodyHolds) for refusal in refusals) == [False, True]


@pytest.mark.parametrize("_again", range(3))
def test_an_answer_at_that_moment_is_kept_or_refused(people: tuple[Actor, Actor, Actor], _again: int) -> None:
    caller, first, _second = people
    company_id = hold(caller)
    with transaction() as session:
        call = open_call(session, caller, session.exec(select(Claim)).one())

    def answering(session: Session) -> None:
        give_answer(session, caller, call.id, "S01", "allowed")

    taken, answered = at_once(taking(first, company_id, caller), answering)
    assert taken is None
    assert answered is None or isinstance(answered, CallTakenOver)
    with reading() as session:
        assert session.exec(select(Claim.user_id)).all() == [first.id]
        assert session.get_one(Call, call.id).ended_at is not None
        assert len(session.exec(select(CallAnswer)).all()) == (answered is None)
