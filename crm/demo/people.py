"""The invented staff and job seekers of the demo."""

import csv
from collections.abc import Iterator
from datetime import timedelta
from random import Random

from argon2 import PasswordHasher
from sqlmodel import Session

from crm.access.demo import DEMO_DOMAIN, DEMO_PASSWORD
from crm.access.models import User
from crm.access.permissions import Role
from crm.candidates.models import Candidate, CandidateCompetence, CandidateConsent, Purpose
from crm.candidates.rules import CONSENT_LASTS, FOR_INTRODUCTION, usual_consent_text
from crm.companies.models import ConsentChannel
from crm.core.clock import now
from crm.core.i18n import speaking
from crm.core.settings import PROJECT_DIR
from crm.reference.queries import postcode_area

DEMO_DIR = PROJECT_DIR / "data" / "demo"

STAFF = (
    ("beller", "Anja Molenwiek", Role.CALLER),
    ("henk", "Henk Dijkzang", Role.CALLER),
    ("fatima", "Fatima Havenlicht", Role.CALLER),
    ("kees", "Kees Polderhart", Role.CALLER),
    ("ingrid", "Ingrid Zomerduin", Role.CALLER),
    ("rachid", "Rachid Waterlinde", Role.CALLER),
    ("joke", "Joke Lindekade", Role.CALLER),
    ("peter", "Peter Rietvoorn", Role.CALLER),
    ("coordinator", "Carla Sluisdam", Role.COORDINATOR),
    ("coach", "Theo Merwezicht", Role.COACH),
    ("kijker", "Els Noorderkaap", Role.VIEWER),
    ("beheer", "Ravi Ankerveld", Role.ADMIN),
)


def rows(name: str) -> Iterator[dict[str, str]]:
    with (DEMO_DIR / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def column(name: str) -> list[str]:
    """The only column of a list of words."""
    return [next(iter(row.values())) for row in rows(name)]


def add_staff(session: Session) -> list[User]:
    password_hash = PasswordHasher().hash(DEMO_PASSWORD)
    staff = [
        User(email=f"{account}@{DEMO_DOMAIN}", name=name, role=role, password_hash=password_hash)
        for account, name, role in STAFF
    ]
    session.add_all(staff)
    session.flush()
    return staff


def add_candidates(session: Session, random: Random, coach: User) -> list[Candidate]:
    surnames = column("surnames.csv")
    random.shuffle(surnames)
    made: list[Candidate] = []
    for row, surname in zip(rows("candidates.csv"), surnames, strict=False):
        candidate = _candidate(row, surname, random, coach)
        session.add(candidate)
        session.flush()
        session.add_all(
            CandidateCompetence(candidate_id=candidate.id, code=code) for code in row["competences"].split()
        )
        session.add_all(_consents(candidate, coach, story=len(made) % 3 == 0))
        made.append(candidate)
    return made


def _consents(candidate: Candidate, coach: User, *, story: bool) -> Iterator[CandidateConsent]:
    for purpose in (*FOR_INTRODUCTION, Purpose.STORY) if story else FOR_INTRODUCTION:
        with speaking("nl"):
            text = usual_consent_text(purpose)
        yield CandidateConsent(
            candidate_id=candidate.id,
            purpose=purpose,
            channel=ConsentChannel.CONVERSATION,
            text=text,
            given_at=candidate.consent_at or now(),
            expires_at=candidate.consent_until,
            recorded_by_id=coach.id,
        )


def _candidate(row: dict[str, str], surname: str, random: Random, coach: User) -> Candidate:
    area = postcode_area(row["town_postcode"])
    consent = now() - timedelta(days=random.randint(3, 200))
    return Candidate(
        name=f"{row['name']} {surname}",
        email=f"{row['name'].lower()}.{surname.split('-')[0].lower()}@post.example",
        postcode=row["town_postcode"] + "".join(random.choices("ABCDEFGHJKLM", k=2)),
        town=area.town if area else "",
        latitude=area.latitude if area else None,
        longitude=area.longitude if area else None,
        trades=[trade.strip() for trade in row["trades"].split("|")],
        strengths=row["strengths"],
        hours_min=int(row["hours_min"]),
        hours_max=int(row["hours_max"]),
        days=row["days"].split(),
        travel_km=int(row["travel_km"]),
        barriers=row["barriers"].split(),
        meets_programme=True,
        coach_id=coach.id,
        consent_at=consent,
        consent_until=consent + CONSENT_LASTS,
    )
