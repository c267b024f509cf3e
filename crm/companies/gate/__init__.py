"""The gate every call passes: one query collects the facts, crm.companies.rules decides."""

from crm.companies.gate.asking import (
    callable_now,
    consent_would_help,
    may_call,
    may_call_many,
    nobody_objected,
    verdict_columns,
    verdict_counts,
    verdict_of,
)
from crm.companies.gate.facts import contact_objected, number_works, reach

__all__ = [
    "callable_now",
    "consent_would_help",
    "contact_objected",
    "may_call",
    "may_call_many",
    "nobody_objected",
    "number_works",
    "reach",
    "verdict_columns",
    "verdict_counts",
    "verdict_of",
]
