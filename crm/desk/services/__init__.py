"""The caller's round: who is called, what is written down, how it ends.

Each of these is one transaction: what came of a call is kept as a whole or not at all.
"""

from crm.desk.services.correcting import Corrected, OnlyCoordinator, TooLate, correct
from crm.desk.services.dialling import ask_to_dial
from crm.desk.services.elsewhere import ColleagueIsCalling, LoggedCall, OpenAtDesk, log_call
from crm.desk.services.ending import put_back, refuse, skip_company, wrap_up, wrap_up_and_next
from crm.desk.services.incoming import answer, answer_unknown
from crm.desk.services.leads import name_known, name_new
from crm.desk.services.opening import MayNotBeCalled, call_back, call_company, next_company
from crm.desk.services.writing import write, write_texts

__all__ = [
    "ColleagueIsCalling",
    "Corrected",
    "LoggedCall",
    "MayNotBeCalled",
    "OnlyCoordinator",
    "OpenAtDesk",
    "TooLate",
    "answer",
    "answer_unknown",
    "ask_to_dial",
    "call_back",
    "call_company",
    "correct",
    "log_call",
    "name_known",
    "name_new",
    "next_company",
    "put_back",
    "refuse",
    "skip_company",
    "wrap_up",
    "wrap_up_and_next",
    "write",
    "write_texts",
]
