"""Forget what is past its term, every night."""

from crm.core.clock import now
from crm.core.db import transaction
from crm.core.stopping import stop_here
from crm.privacy.retention import TERMS, Term
from jobs.units import do_each


def forget_old() -> dict[str, int]:
    """How much of each kind was forgotten. In short transactions, so that nobody waits for it."""
    forgotten: dict[str, int] = {}

    def forget(term: Term) -> int:
        forgotten[term.name] = 0
        while some := _forget_some(term):
            forgotten[term.name] += some
            stop_here(forgotten[term.name])
        return forgotten[term.name]

    do_each(TERMS, forget)
    return forgotten


def _forget_some(term: Term) -> int:
    with transaction() as session:
        return term.forget(session, now())
