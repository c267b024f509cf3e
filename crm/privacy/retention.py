"""What is forgotten by itself: a line for each kind of data. How long it is kept, its own room says."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from crm.access.absences import forget_old as forget_absences
from crm.audit.services import forget_old as forget_log
from crm.calling.lists.names import forget_old as forget_names
from crm.calling.retention import forget_promises, forget_words
from crm.candidates.retention import forget_log as forget_guidance
from crm.candidates.retention import forget_self_images
from crm.companies.importing.uploads import clear_away
from crm.core.i18n import N_, _
from crm.matching.suggesting import forget_old as forget_suggestions
from crm.messaging.services import forget_old as forget_messages
from crm.privacy.candidates import forget_candidates
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


def _forget_uploads(_session: Session, _moment: datetime) -> int:
    """Files, so by the clock of the machine that wrote them."""
    return clear_away()


TERMS = (
    Term("telephony", N_("Who rang"), forget_who_rang),
    Term("uploads", N_("Uploaded lists of companies"), _forget_uploads),
    Term("names", N_("Pasted names without a list"), forget_names),
    Term("messages", N_("Messages and e-mails"), forget_messages),
    Term("calls", N_("Words of conversations"), forget_words),
    Term("follow_ups", N_("Words of follow-ups"), forget_promises),
    Term("candidates", N_("Job seekers who left"), forget_candidates),
    Term("guidance", N_("Log of job seekers"), forget_guidance),
    Term("self_assessments", N_("Self-assessments"), forget_self_images),
    Term("absences", N_("Days of absence"), forget_absences),
    Term("suggestions", N_("Who was suggested for which work"), forget_suggestions),
    Term("audit", N_("Audit log"), forget_log),
)
