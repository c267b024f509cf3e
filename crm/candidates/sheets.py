"""Examples of what somebody did, for their competence sheet: picked and put right by the coach."""

import re
from collections.abc import Sequence

from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.candidates.log_inputs import ExamplesInput
from crm.candidates.models import Candidate, CompetenceSheet, SuccessMoment
from crm.core.db import locked

MOST_SUGGESTED = 6
SHORTEST = 20  # signs; less is no example


def sheet_of(session: Session, actor: Actor, candidate_id: int) -> CompetenceSheet | None:
    actor.require(Permission.CANDIDATE_VIEW)
    return session.exec(select(CompetenceSheet).where(CompetenceSheet.candidate_id == candidate_id)).one_or_none()


def save_examples(
    session: Session, actor: Actor, candidate_id: int, given: ExamplesInput, *, version: int | None
) -> CompetenceSheet:
    """`version` is None for the first time. Raises ChangedMeanwhile."""
    actor.require(Permission.CANDIDATE_EDIT)
    locked(session, Candidate, candidate_id)
    sheet = sheet_of(session, actor, candidate_id)
    if sheet is None:
        sheet = CompetenceSheet(candidate_id=candidate_id)
        session.add(sheet)
    else:
        locked(session, CompetenceSheet, sheet.id, version=version or 0)
    sheet.examples = given.examples
    record(session, actor, "sheet.edited", sheet)
    return sheet


def suggested(person: Candidate, moments: Sequence[SuccessMoment]) -> list[str]:
    """Sentences of their own that could be an example."""
    told = (person.proud_of, person.work_done, person.strengths, *(moment.words for moment in moments))
    sentences = [part.strip() for text in told for part in re.split(r"\n+|(?<=[.!?])\s+", text)]
    return list(dict.fromkeys(one for one in sentences if len(one) >= SHORTEST))[:MOST_SUGGESTED]
