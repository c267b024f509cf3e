"""Planning follow-ups and seeing them through."""

from crm.followups.services.bulk import Action, Finish, HandOver, Postpone, Refused, bulk, obstacle
from crm.followups.services.clearing import Division, NobodyChosen, division, pass_on
from crm.followups.services.closing import CannotReopen, CompanyErased, PlannedAnew, complete, drop, reopen, withdraw
from crm.followups.services.passing import NoRoom, assign, hand_over
from crm.followups.services.planning import CallPlanned, edit, move, plan
from crm.followups.services.shared import AlreadyClosed, NoSuchOwner, planned_call
from crm.followups.services.successors import Coming, Occasion, call_off, coming_after, happened

__all__ = [
    "Action",
    "AlreadyClosed",
    "CallPlanned",
    "CannotReopen",
    "Coming",
    "CompanyErased",
    "Division",
    "Finish",
    "HandOver",
    "NoRoom",
    "NoSuchOwner",
    "NobodyChosen",
    "Occasion",
    "PlannedAnew",
    "Postpone",
    "Refused",
    "assign",
    "bulk",
    "call_off",
    "coming_after",
    "complete",
    "division",
    "drop",
    "edit",
    "hand_over",
    "happened",
    "move",
    "obstacle",
    "pass_on",
    "plan",
    "planned_call",
    "reopen",
    "withdraw",
]
