"""The work profiles of the invented jobs: what the employer asks and offers."""

from datetime import time
from random import Random

from sqlmodel import Session

from crm.pipeline.models import Circumstance, HiddenJob, HiddenJobCompetence, Travel, Weight

MUST_HAVE = (
    "Op tijd komen\nNetjes werken",
    "Rekenen tot honderd\nKlanten vriendelijk te woord staan",
    "Zelfstandig werken na de uitleg",
    "Een bestelling lezen en controleren",
)
LEARNABLE = ("Werken met de kassa", "De machine bedienen", "Ons bestelprogramma", "De producten kennen")
TRAVEL = (
    [Travel.PUBLIC_TRANSPORT, Travel.BIKE],
    [Travel.BIKE],
    [Travel.PUBLIC_TRANSPORT, Travel.BIKE, Travel.ON_FOOT],
    [Travel.OWN_CAR],
)
CONTRACT = ("Half jaar, daarna vast als het bevalt", "Een jaar", "Zeven maanden met uitzicht op langer", "Vast")
PAY_SCALE = ("Volgens de cao, schaal 2", "Volgens de cao, schaal 3", "")
CIRCUMSTANCES = (
    [Circumstance.STANDING, Circumstance.LIFTING_LIGHT],
    [Circumstance.STANDING, Circumstance.CUSTOMERS],
    [Circumstance.SITTING, Circumstance.SCREEN, Circumstance.QUIET],
    [Circumstance.OUTDOORS, Circumstance.TOGETHER],
)
TIMES = ((time(8), time(12, 30)), (time(9), time(15)), (time(13), time(17)))


def describe_work(session: Session, job: HiddenJob, codes: list[str]) -> None:
    """A whole profile; the same for the same job, whatever else the demo invents."""
    random = Random(job.id)  # noqa: S311  an invented world needs to be the same, not unpredictable
    job.must_have, job.learnable = random.choice(MUST_HAVE), random.choice(LEARNABLE)
    job.travel, job.circumstances = list(random.choice(TRAVEL)), list(random.choice(CIRCUMSTANCES))
    job.contract, job.pay_scale = random.choice(CONTRACT), random.choice(PAY_SCALE)
    job.from_time, job.until_time = random.choice(TIMES)
    job.start, job.look_along = "Over een paar weken", random.random() < 0.7
    for place, code in enumerate(codes):
        weight = Weight.DECISIVE if place == 0 else random.choice(list(Weight))
        learnable = place > 0 and random.random() < 0.4
        session.add(HiddenJobCompetence(job_id=job.id, code=code, weight=weight, learnable=learnable))
