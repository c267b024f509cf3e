"""Claiming companies and making calls.

Who holds several rows takes them in this order, so that no two wait for each other: the calls, the claims, the entries
on lists, the company, its follow-ups. Only who gets the next company of a list has its entry before its claim; that
entry is one that nobody held.
"""

from crm.calling.services.abandoned import end_abandoned
from crm.calling.services.calls import (
    CallEnded,
    CallParked,
    CallTakenOver,
    NoScript,
    NotYourCall,
    OwnCall,
    give_answer,
    go_back,
    mark_dialled,
    open_call,
    own_open_call,
    resume,
    save_field,
    save_notes,
    take_up,
)
from crm.calling.services.claims import CallStillOpen, CompanyTaken, claim_company, claim_next, free, release_expired
from crm.calling.services.endings import (
    FinishedCall,
    add_finished_call,
    block,
    change_result,
    finish_call,
    lock_lists,
    release,
)
from crm.calling.services.parking import park, return_to_parked, swap
from crm.calling.services.skipping import CallBegun, SkipRow, skip, skips_of_list
from crm.calling.services.takeover import NobodyHolds, take_over

__all__ = [
    "CallBegun",
    "CallEnded",
    "CallParked",
    "CallStillOpen",
    "CallTakenOver",
    "CompanyTaken",
    "FinishedCall",
    "NoScript",
    "NobodyHolds",
    "NotYourCall",
    "OwnCall",
    "SkipRow",
    "add_finished_call",
    "block",
    "change_result",
    "claim_company",
    "claim_next",
    "end_abandoned",
    "finish_call",
    "free",
    "give_answer",
    "go_back",
    "lock_lists",
    "mark_dialled",
    "open_call",
    "own_open_call",
    "park",
    "release",
    "release_expired",
    "resume",
    "return_to_parked",
    "save_field",
    "save_notes",
    "skip",
    "skips_of_list",
    "swap",
    "take_over",
    "take_up",
]
