"""What is forgotten by itself: a line for each kind of data. How long it is kept, its own room says."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from crm.access.absences import forget_old as forget_absences
from crm.audit.services import forget_old as forget_log
from crm.calling.retention import forget_promises, forget_words
from crm.core.i18n import N_, _
from crm.messaging.services import forget_old as forget_messages
from crm.telephony.services import forget_old as forget_who_rang


@dataclass(frozen=True, slots=True)
class Term:
    """`forget` takes away some of what is past its term at this moment and tells how much; 0 when nothing is left."""

    name: str
    title: str
    forget: Callable[[Session, datetime], int]

    @property
    def label(self) -> str:
        return _(self.title)


TERMS = (
    Term("telephony", N_("Who rang"), forget_who_rang),
    Term("messages", N_("Messages and e-mails"), forget_messages),
    Term("calls", N_("Words of conversations"), forget_words),
    Term("follow_ups", N_("Words of follow-ups"), forget_promises),
    Term("absences", N_("Days of absence"), forget_absences),
    Term("audit", N_("Audit log"), forget_log),
)
