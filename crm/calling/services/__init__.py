"""Claiming companies and making calls."""

from crm.calling.services.calls import (
    CallEnded,
    NoScript,
    NotYourCall,
    give_answer,
    go_back,
    mark_dialled,
    open_call,
    resume,
    save_field,
    save_notes,
)
from crm.calling.services.claims import CallStillOpen, CompanyTaken, claim_company, claim_next, release_expired
from crm.calling.services.endings import block, finish_call, release

__all__ = [
    "CallEnded",
    "CallStillOpen",
    "CompanyTaken",
    "NoScript",
    "NotYourCall",
    "block",
    "claim_company",
    "claim_next",
    "finish_call",
    "give_answer",
    "go_back",
    "mark_dialled",
    "open_call",
    "release",
    "release_expired",
    "resume",
    "save_field",
    "save_notes",
]
