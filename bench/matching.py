"""How fast it is known who fits a job, which jobs fit somebody, and which small jobs make a week.

    python -m bench.matching [--candidates 10000] [--jobs 5000] [--times 50]

On SQLite. The floor of the first two is one statement through the driver that picks as many of the likeliest; of a week
it is finding the jobs that it is chosen from. All take turns in one process.
"""

import argparse
import gc
import random
import sqlite3
from collections.abc import Callable
from datetime import time
from math import ceil
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

from sqlalchemy import Engine, insert
from sqlmodel import Session

from crm.access.actor import SYSTEM
from crm.candidates.models import Candidate, CandidateCompetence
from crm.companies.models import Company
from crm.core.clock import now
from crm.core.db import make_engine, table_of
from crm.matching.queries import PRESELECTED, suggestions
from crm.matching.work import jobs_for, weeks_for
from crm.migrations.runner import upgrade
from crm.pipeline.models import HiddenJob, HiddenJobCompetence
from crm.reference.queries import competences
from crm.reference.work_words import as_kept

SHOWN = 20
PEOPLE_FOR_JOB = (
    "SELECT candidate.* FROM candidate JOIN (SELECT candidate_id, count(*) AS n FROM candidate_competence WHERE code IN"
    " (SELECT code FROM hidden_job_competence WHERE job_id = ?) GROUP BY candidate_id) ON candidate_id = candidate.id"
    f" ORDER BY n DESC, candidate.id LIMIT {PRESELECTED}"
)
JOBS_FOR_PERSON = (
    "SELECT hidden_job.*, company.* FROM hidden_job JOIN company ON company.id = company_id, candidate"
    " WHERE candidate.id = ? ORDER BY (company.latitude - candidate.latitude) * (company.latitude - candidate.latitude)"
    f" + (company.longitude - candidate.longitude) * (company.longitude - candidate.longitude) LIMIT {PRESELECTED}"
)
WORK = (
    "Administratie bijwerken",
    "Vakken vullen",
    "Onderhoud van de tuin",
    "Hulp in de keuken",
    "Planning en telefoon",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--candidates", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=5_000)
    parser.add_argument("--times", type=int, default=50)
    wanted = parser.parse_args()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "matching.db"
        engine = make_engine(f"sqlite:///{path}")
        upgrade(engine)
        fill(engine, wanted.candidates, wanted.jobs)
        gc.freeze()  # as the web server does
        with sqlite3.connect(path) as bare:
            measure(engine, bare, wanted)
        engine.dispose()


def measure(engine: Engine, bare: sqlite3.Connection, wanted: argparse.Namespace) -> None:
    dice, took = random.Random(7), [[], [], [], [], []]
    with Session(engine) as session:
        for _each in range(wanted.times):
            job, person = dice.randint(1, wanted.jobs), dice.randint(1, wanted.candidates)
            work: list[Callable[[], Any]] = [
                lambda job=job: bare.execute(PEOPLE_FOR_JOB, [job]).fetchall(),
                lambda job=job: suggestions(session, SYSTEM, job, SHOWN),
                lambda person=person: bare.execute(JOBS_FOR_PERSON, [person]).fetchall(),
                lambda person=person: jobs_for(session, SYSTEM, person, SHOWN),
                lambda person=person: weeks_for(session, SYSTEM, person),
            ]
            for times, one in zip(took, work, strict=True):
                session.expunge_all()
                times.append(_milliseconds(one))
    print(f"{wanted.candidates:,} job seekers, {wanted.jobs:,} open jobs, SQLite")
    line(f"the {SHOWN} who fit a job best", took[1], took[0])
    line(f"the {SHOWN} jobs that fit somebody best", took[3], took[2])
    line(f"the best weeks of {PRESELECTED} jobs", took[4], took[3])


def line(name: str, took: list[float], floor: list[float]) -> None:
    p95, ratio = quantiles(took, n=20)[-1], median(took) / median(floor)
    print(f"  {name:36} {median(took):7.1f} ms (p95 {p95:7.1f})   floor {median(floor):6.1f} ms {ratio:5.1f} x")


def _milliseconds(work: Callable[[], Any]) -> float:
    """Of the processor, so that what else this machine does hardly counts."""
    start = process_time()
    work()
    return 1000 * (process_time() - start)


def fill(engine: Engine, candidates: int, jobs: int) -> None:
    """People and jobs in and around one region, with four competences each; small jobs on one to three days."""
    dice, codes = random.Random(1), list(competences())
    several = [(Company, jobs, company), (HiddenJob, jobs, job), (Candidate, candidates, candidate)]
    having = [(HiddenJobCompetence, "job_id", jobs, asked), (CandidateCompetence, "candidate_id", candidates, had)]
    with engine.execution_options(writing=True).begin() as connection:
        for model, number, made in several:
            rows = [{"id": n, "created_at": now(), "version": 1} | made(dice, n) for n in range(1, number + 1)]
            connection.execute(insert(table_of(model)), rows)
        for model, of, number, how in having:
            rows = [{of: n, "code": code} | how(dice) for n in range(1, number + 1) for code in dice.sample(codes, 4)]
            connection.execute(insert(table_of(model)), [{"created_at": now()} | row for row in rows])


def company(dice: random.Random, n: int) -> dict[str, Any]:
    return {"name": f"Bedrijf {n}", "name_key": f"bedrijf {n}", "legal_form": "BV", "town": "Dordrecht"} | place(dice)


def job(dice: random.Random, n: int) -> dict[str, Any]:
    days = dice.sample(["ma", "di", "wo", "do", "vr"], dice.randint(0, 3))
    hours = dice.choice([4.0, 6.0, 8.0, 12.0, 16.0])
    known = {"company_id": n, "title": dice.choice(WORK), "reason": "OVERWERK", "hours_per_week": hours, "days": days}
    return known | times(dice, hours / (len(days) or -(-hours // 8)))


def times(dice: random.Random, hours_a_day: float) -> dict[str, Any]:
    """Of most jobs they are known; some of these leave a choice."""
    start = dice.choice([8, 9, 10, 12, 13])
    if dice.random() < 0.2:
        return {"from_time": None, "until_time": None}
    return {
        "from_time": time(start),
        "until_time": time(min(23, ceil(start + hours_a_day + dice.choice([0, 0, 0, 2])))),
    }


def candidate(dice: random.Random, n: int) -> dict[str, Any]:
    hours = {"hours_min": dice.choice([12, 16, 24]), "hours_max": 32, "travel_km": 15}
    trade = dice.choice(WORK)
    known = {"name": f"Persoon {n}", "trades": [trade], "work_words": as_kept(trade)}
    known |= {"days": ["ma", "di", "wo", "do", "vr"], "from_time": dice.choice([None, time(8), time(9)])}
    return known | hours | {"consent_at": now()} | place(dice)


def asked(dice: random.Random) -> dict[str, Any]:
    return {"weight": dice.randint(1, 3), "learnable": dice.random() < 0.3}


def had(dice: random.Random) -> dict[str, Any]:
    return {"level": dice.randint(1, 3)}


def place(dice: random.Random) -> dict[str, Any]:
    return {"latitude": 51.8 + dice.uniform(-0.2, 0.2), "longitude": 4.7 + dice.uniform(-0.3, 0.3)}


if __name__ == "__main__":
    main()
