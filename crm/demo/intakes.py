"""How far the intakes and self-assessments of the demo are: most finished, some left half-way, a few not begun."""

import secrets
from datetime import time

from sqlmodel import Session, col, select

from crm.access.models import User
from crm.access.queries import token_hash
from crm.candidates.models import Candidate, CandidateCompetence, IntakeProgress, IntakeStep, Level
from crm.candidates.talents.links import LINK_LASTS
from crm.candidates.talents.models import Frequency, SelfAnswer, SelfAssessment
from crm.candidates.talents.statements import last_step, statements_of
from crm.core.clock import now
from crm.demo.people import rows

TOLD = ("work_done", "proud_of", "wishes", "not_wanted")


def add_intakes(session: Session, candidates: list[Candidate], coach: User) -> None:
    by_first_name = {person.name.split()[0]: person for person in candidates}
    for row in rows("intakes.csv"):
        person = by_first_name[row["name"]]
        for name in TOLD:
            setattr(person, name, row[name])
        person.travel_by = row["travel_by"].split()
        person.from_time, person.until_time = (_clock(row[name]) for name in ("from", "until"))
        strong = col(CandidateCompetence.code).in_(row["strong"].split())
        for having in session.exec(
            select(CandidateCompetence).where(CandidateCompetence.candidate_id == person.id, strong)
        ):
            having.level = Level.STRONG
        steps = map(IntakeStep, row["steps"].split())
        session.add_all(IntakeProgress(candidate_id=person.id, step=step, saved_by_id=coach.id) for step in steps)


def add_self_assessments(session: Session, candidates: list[Candidate], coach: User) -> None:
    """One that waits for the coach, and one that was left half-way."""
    by_first_name = {person.name.split()[0]: person for person in candidates}
    for name, step in (("Joke", last_step()), ("Rachid", 3)):
        made = SelfAssessment(
            candidate_id=by_first_name[name].id,
            token_hash=token_hash(secrets.token_urlsafe(24)),
            made_by_id=coach.id,
            expires_at=now() + LINK_LASTS,
            finished_at=now() if step == last_step() else None,
            step=step,
            work_done="Twintig jaar balie en telefoon. Ook de planning van de artsen.",
            proud_of="Bij klachten bleef ik rustig. Mensen gingen vriendelijk weg.",
        )
        session.add(made)
        session.flush()
        asked = [statement.code for one in range(2, step + 1) for statement in statements_of(one)]
        session.add_all(
            SelfAnswer(assessment_id=made.id, code=code, answer=place * 7 % len(Frequency))
            for place, code in enumerate(asked)
        )


def _clock(text: str) -> time | None:
    return time.fromisoformat(text) if text else None
