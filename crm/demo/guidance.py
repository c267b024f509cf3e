"""What coaches of the invented desk write down about people and their placements."""

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import Session, col, select

from crm.access.models import User
from crm.candidates.models import (
    Candidate,
    CandidateOutcome,
    CandidateStatus,
    CoachingForm,
    CompetenceSheet,
    OutcomeKind,
    ServiceStep,
    SuccessMoment,
    Tile,
)
from crm.companies.models import Company, Referral
from crm.core.clock import local, now, today
from crm.matching.models import Introduction, IntroductionStatus
from crm.matching.services import OUTCOME_OF
from crm.meetings.models import Asker, InstrumentUse, UseState
from crm.pipeline.models import HiddenJob
from crm.reference.calendar import add_working_days

SCHEMES = (
    ("PROEF", UseState.GRANTED, Asker.CANDIDATE),
    ("JOBCARVING", UseState.ASKED, Asker.EMPLOYER),
    ("PRAKTIJKLEREN", UseState.TO_ASK, None),
)
STEPS = (  # the tile, the form, how many days ago (below zero: to come), and the note
    (Tile.REPORT, None, 40, "Belde zelf. Heeft er zin in."),
    (Tile.DIAGNOSE, CoachingForm.ONE_ON_ONE, 36, "Eerste gesprek: wat ging goed in het vorige werk?"),
    (Tile.ORIENTATION, CoachingForm.GROUP, 29, ""),
    (Tile.DIAGNOSE, CoachingForm.ONE_ON_ONE, 22, "Tweede gesprek, met de lijst van competenties."),
    (Tile.WORK_FIT, CoachingForm.NETWORK_CAFE, 12, "Sprak met twee ondernemers uit de buurt."),
    (Tile.TRAINING, None, -5, "Proefles heftruck"),
    (Tile.MEDIATION, CoachingForm.PEER, -9, ""),
)
MOMENTS = (
    (13, "Ik heb op het netwerkcafé zelf iemand aangesproken. Dat durfde ik een maand geleden niet.", True),
    (24, "Voor het eerst in een jaar zei iemand: u bent precies wie we zoeken.", False),
)
OUTCOMES = (
    (OutcomeKind.FOUND_WORK, CandidateStatus.LEFT, "Bij een oude klant, drie dagen in de week"),
    (OutcomeKind.OWN_BUSINESS, CandidateStatus.LEFT, "Klussenbedrijf"),
    (OutcomeKind.VOLUNTEERING, CandidateStatus.PAUSED, "Repaircafé, en blijft zoeken"),
)
FOLLOWED = 6  # people with a log


EXAMPLES = (
    "In mijn vorige werk maakte ik het rooster voor twaalf mensen. Er bleef nooit een dienst open.",
    "Ik ruimde een magazijn op waar niemand meer iets vond. Nu pakt iedereen zonder zoeken wat nodig is.",
    "Een boze klant belde drie keer. Ik ging langs, luisterde, en die klant kwam terug.",
)


def guide_people(session: Session, coach: User) -> None:
    _ask_for_schemes(session, coach)
    people = session.exec(select(Candidate).order_by(col(Candidate.id))).all()
    for place, person in enumerate(people[:FOLLOWED]):
        _keep_log(session, coach, person, len(STEPS) - place)
        session.add(CompetenceSheet(candidate_id=person.id, examples=list(EXAMPLES[: len(STEPS) - place])))
    _go_their_own_way(session, coach, people)
    _give_tips(session, coach, people)


def _give_tips(session: Session, coach: User, people: Sequence[Candidate]) -> None:
    """On companies that came furthest and on some that nobody called yet; the first has been thanked."""
    worked = select(HiddenJob.company_id).distinct()
    furthest = session.exec(worked.order_by(col(HiddenJob.company_id)).limit(2)).all()
    waiting = select(Company.id).where(col(Company.last_called_at).is_(None), col(Company.id).not_in(worked))
    fresh = session.exec(waiting.order_by(col(Company.id)).limit(3)).all()
    before = now() - timedelta(days=30)
    for place, (person, company_id) in enumerate(zip(people, [*furthest, *fresh], strict=False)):
        tip = Referral(company_id=company_id, candidate_id=person.id, may_name=place % 2 == 0, made_by_id=coach.id)
        tip.created_at = before
        tip.thanked_on = today() if place == 0 else None
        session.add(tip)


def _keep_log(session: Session, coach: User, person: Candidate, steps: int) -> None:
    for tile, form, ago, note in STEPS[:steps]:
        day = add_working_days(today() - timedelta(days=ago), 0)
        step = ServiceStep(candidate_id=person.id, tile=tile, form=form, day=day, note=note, made_by_id=coach.id)
        step.done = ago > 0
        session.add(step)
    for ago, words, may_share in MOMENTS if steps > len(MOMENTS) else ():
        day = today() - timedelta(days=ago)
        moment = SuccessMoment(candidate_id=person.id, day=day, words=words, made_by_id=coach.id)
        moment.may_share = may_share
        session.add(moment)


def _go_their_own_way(session: Session, coach: User, people: Sequence[Candidate]) -> None:
    """Who was placed has an outcome, and some who were never introduced found something by themselves."""
    jobs = select(Introduction.candidate_id, HiddenJob)
    placed = jobs.join(HiddenJob, col(HiddenJob.id) == Introduction.job_id).where(
        Introduction.status == IntroductionStatus.SUCCEEDED
    )
    for candidate_id, job in session.exec(placed).all():
        day, kind = local(job.stage_since).date(), OUTCOME_OF[job.pipeline]
        outcome = CandidateOutcome(candidate_id=candidate_id, kind=kind, day=day, note=job.title, made_by_id=coach.id)
        session.add(outcome)
    introduced = set(session.exec(select(Introduction.candidate_id)))
    free = [person for person in people[FOLLOWED:] if person.id not in introduced]
    for (kind, status, note), person in zip(OUTCOMES, reversed(free), strict=False):
        person.status = status
        day = today() - timedelta(days=6)
        outcome = CandidateOutcome(candidate_id=person.id, kind=kind, day=day, note=note, made_by_id=coach.id)
        session.add(outcome)


def _ask_for_schemes(session: Session, coach: User) -> None:
    placed = select(Introduction.id).where(Introduction.status == IntroductionStatus.SUCCEEDED)
    for introduction_id in session.exec(placed.order_by(col(Introduction.id).desc()).limit(2)).all():
        for code, state, asker in SCHEMES:
            session.add(
                InstrumentUse(
                    introduction_id=introduction_id,
                    code=code,
                    state=state,
                    asked_by=asker,
                    asked_on=today() - timedelta(days=4) if asker else None,
                    made_by_id=coach.id,
                )
            )
