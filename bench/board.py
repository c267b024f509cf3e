"""How fast the board of hidden jobs is with thousands of them: what is asked of the database, and a move by hand.

    python -m bench.board [--jobs 5000] [--moves 40]

On SQLite. The floor of a question is the same asked of the driver in bare SQL; that of a move, which runs from the
click until the browser has painted the board without the card, is a click on an empty Streamlit page beside it.
"""

import argparse
import random
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any
from uuid import uuid4

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import Engine, bindparam, insert, update
from sqlmodel import Session

from bench.desk import CHROMIUM, LAUNCH, WARM_UP, click, open_page
from bench.matching import fill
from bench.servers import TUESDAY_AT_TEN, empty_page, product
from crm.access.actor import SYSTEM
from crm.access.models import SignInSession, User
from crm.access.permissions import Role
from crm.access.queries import token_hash
from crm.audit.models import AuditEntry
from crm.core.db import make_engine, table_of
from crm.matching.board import job_board, look
from crm.matching.job_list import Column, Sort, job_page
from crm.matching.models import Introduction
from crm.migrations.runner import upgrade
from crm.pipeline.board import CARDS_PER_STAGE, NO_FILTERS
from crm.pipeline.models import HiddenJob, Stage

OPEN = list(Stage)[: list(Stage).index(Stage.PLACED)]
ENTRIES = 100_000  # in the audit log
PEOPLE = 200
COUNTS = "SELECT stage, count(*) FROM hidden_job WHERE pipeline = 'work' GROUP BY stage"
CARDS = (
    "SELECT * FROM hidden_job JOIN company ON company.id = company_id WHERE pipeline = 'work' AND stage = ?"
    f" ORDER BY stage_since LIMIT {CARDS_PER_STAGE}"
)
PAGE = (
    "SELECT *, (SELECT min(due_at) FROM follow_up WHERE follow_up.company_id = hidden_job.company_id"
    " AND status = 'open') AS next FROM hidden_job JOIN company ON company.id = hidden_job.company_id"
    " WHERE pipeline = 'work' ORDER BY next NULLS LAST, hidden_job.id LIMIT 25"
)
NEWEST = "SELECT max(id) FROM audit_entry"

# Moves the first card by its menu; the time until it is gone from its column and that is painted.
MOVE = """
() => new Promise((resolve) => {
  const root = [...document.querySelectorAll(".st-key-job-board *")].find((element) => element.shadowRoot).shadowRoot;
  const card = root.querySelector(".column .item");
  const id = card.querySelector(".card").dataset.job;
  card.querySelector(".dots").click();
  const start = performance.now();
  const watcher = new MutationObserver(() => {
    if (root.querySelector(`.column .card[data-job="${id}"]`)) return;
    watcher.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)));
  });
  watcher.observe(root, { subtree: true, childList: true });
  root.querySelectorAll(".menu .entry")[1].click();
})
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=5_000)
    parser.add_argument("--moves", type=int, default=40)
    wanted = parser.parse_args()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "kopkoffie.db"
        engine = make_engine(f"sqlite:///{path}")
        upgrade(engine)
        token = prepare(engine, wanted.jobs)
        print(f"{wanted.jobs:,} open jobs, {ENTRIES:,} entries in the audit log, SQLite")
        with sqlite3.connect(path) as bare:
            ask(engine, bare, wanted.moves)
        engine.dispose()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=LAUNCH)
            move(browser, Path(folder), token, wanted.moves)
            browser.close()


def ask(engine: Engine, bare: sqlite3.Connection, times: int) -> None:
    with Session(engine) as session:
        mark = look(session)
        questions: list[tuple[str, Callable[[], Any], Callable[[], Any]]] = [
            ("the board", lambda: job_board(session, SYSTEM), lambda: bare_board(bare)),
            ("has it changed?", lambda: look(session, mark.since), lambda: bare.execute(NEWEST).fetchall()),
            ("a page of the list by next step", lambda: by_step(session), lambda: bare.execute(PAGE).fetchall()),
        ]
        for name, question, floor in questions:
            took: list[list[float]] = [[], []]
            for _turn in range(times):
                session.expunge_all()
                for figures, one in zip(took, (question, floor), strict=True):
                    figures.append(_milliseconds(one))
            line(name, *took)


def bare_board(bare: sqlite3.Connection) -> None:
    bare.execute(COUNTS).fetchall()
    for stage in OPEN:
        bare.execute(CARDS, [stage.value]).fetchall()


def by_step(session: Session) -> None:
    job_page(session, SYSTEM, NO_FILTERS, Sort(Column.STEP))


def move(browser: Browser, folder: Path, token: str, moves: int) -> None:
    with empty_page(folder) as floor_url, product(folder) as url:
        floor, board = open_page(browser, floor_url), open_page(browser, f"{url}/pipeline", token)
        floor.wait_for_selector(".st-key-next button")
        board.wait_for_selector("button.card")
        took, empty = [], []
        for _turn in range(WARM_UP + moves):
            settled(board)
            took.append(board.evaluate(MOVE))
            empty.append(click(floor, ".st-key-next button", ".clicks")[0])
        line("a card moved, painted", took[WARM_UP:], empty[WARM_UP:])


def settled(page: Page) -> None:
    page.wait_for_selector(".stApp[data-test-script-state=notRunning]")


def line(name: str, took: list[float], floor: list[float]) -> None:
    p95, ratio = quantiles(took, n=20)[-1], median(took) / median(floor)
    print(f"  {name:34} {median(took):7.2f} ms (p95 {p95:7.2f})   floor {median(floor):6.2f} ms {ratio:5.1f} x")


def _milliseconds(work: Callable[[], Any]) -> float:
    start = perf_counter()
    work()
    return 1000 * (perf_counter() - start)


def prepare(engine: Engine, jobs: int) -> str:
    """Open jobs in all stages, every third with somebody introduced; gives the token of a coach."""
    dice, token = random.Random(3), uuid4().hex
    fill(engine, PEOPLE, jobs)
    with Session(engine.execution_options(writing=True)) as session, session.begin():
        coach = User(email="coach@voorbeeld.nl", name="Theo Mol", role=Role.COACH, password_hash="-")
        session.add(coach)
        session.flush()
        until = TUESDAY_AT_TEN + timedelta(days=1)
        session.add(SignInSession(token_hash=token_hash(token), user_id=coach.id, expires_at=until))
        spread(session, dice, coach.id, jobs)
    return token


def spread(session: Session, dice: random.Random, coach_id: int, jobs: int) -> None:
    places = [
        {"b_id": n, "stage": dice.choice(OPEN), "stage_since": TUESDAY_AT_TEN - timedelta(hours=dice.randint(1, 900))}
        for n in range(1, jobs + 1)
    ]
    job = table_of(HiddenJob)
    session.connection().execute(update(job).where(job.c.id == bindparam("b_id")).values(owner_id=coach_id), places)
    people = [
        {"job_id": n, "candidate_id": dice.randint(1, PEOPLE), "made_by_id": coach_id, "created_at": TUESDAY_AT_TEN}
        for n in range(1, jobs + 1, 3)
    ]
    session.connection().execute(insert(table_of(Introduction)), people)
    entry = {"action": "call.logged", "subject_type": "call", "subject_id": 1, "created_at": TUESDAY_AT_TEN}
    session.connection().execute(insert(table_of(AuditEntry)), [entry] * ENTRIES)


if __name__ == "__main__":
    main()
