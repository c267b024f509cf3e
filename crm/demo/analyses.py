"""Work analyses of invented visits: of one a hidden job was made, in others tasks can still be split off."""

from collections.abc import Sequence
from datetime import timedelta

from crm.access.models import User
from crm.core.clock import local, today
from crm.demo.conversations import Desk
from crm.pipeline.analyses.models import AnalysisWay, WorkAnalysis, WorkTask
from crm.pipeline.models import HiddenJob, Pipeline, Stage

Row = tuple[str, str, str, float, bool, bool]  # what, who, how often, hours, could be split off, needs training

AT_THE_COUNTER: Sequence[Row] = (
    ("Bestellingen klaarzetten", "de eigenaar", "elke ochtend, een uur", 5, True, False),
    ("Administratie inboeken", "de eigenaar", "zondagavond", 4, True, True),
    ("Etalage en vloer schoonmaken", "de vakman", "na sluitingstijd", 4, True, False),
    ("Klanten adviseren", "de vakman", "de hele dag", 30, False, True),
)
IN_THE_WORKSHOP: Sequence[Row] = (
    ("Materiaal halen bij de groothandel", "de monteur", "twee keer per week", 5, True, False),
    ("Bus opruimen en aanvullen", "de monteur", "vrijdagmiddag", 3, True, False),
    ("Installeren", "de monteur", "de hele week", 32, False, True),
)


def analyse_work(desk: Desk, coach: User) -> None:
    """At the companies of the first jobs that got past a signal; of an older one the job was made."""
    explored = [job for job in desk.jobs if job.pipeline is Pipeline.WORK and job.stage is Stage.EXPLORED]
    further = [job for job in desk.jobs if job.pipeline is Pipeline.WORK and job.stage is Stage.PROFILED]
    for job in explored[:2]:
        _write_down(desk, coach, job, AT_THE_COUNTER, made=False)
    for job in further[:1]:
        _write_down(desk, coach, job, IN_THE_WORKSHOP, made=True)


def _write_down(desk: Desk, coach: User, job: HiddenJob, rows: Sequence[Row], *, made: bool) -> None:
    held_on = min(local(job.created_at).date() + timedelta(days=2), today())
    analysis = WorkAnalysis(
        company_id=job.company_id,
        way=AnalysisWay.VISIT,
        held_on=held_on,
        spoken_with="de eigenaar",
        left_undone="De voorraad is al maanden niet geteld.",
        circumstances="Veel staan. Af en toe een doos tillen. Een klein team dat samen luncht.",
        agreements="Wij sturen binnen een week een voorstel voor een werkprofiel.",
        made_by_id=coach.id,
    )
    desk.session.add(analysis)
    desk.session.flush()
    for what, done_by, how_often, hours, split_off, training in rows:
        desk.session.add(
            WorkTask(
                analysis_id=analysis.id,
                what=what,
                done_by=done_by,
                how_often=how_often,
                hours_per_week=hours,
                split_off=split_off,
                needs_training=training,
                job_id=job.id if made and split_off else None,
            )
        )
    desk.session.flush()
