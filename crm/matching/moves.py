"""What a move of a job asks of the people who were introduced for it."""

from crm.core.errors import CrmError
from crm.core.i18n import _
from crm.pipeline.models import HiddenJob, Stage

NEED_SOMEBODY = frozenset({Stage.INTRODUCED, Stage.KOPKOFFIE_PLANNED, Stage.PLACED})
AFTERWARDS = frozenset({Stage.PLACED, Stage.AFTERCARE})  # going back from here takes the people along


class NobodyIntroduced(CrmError):
    def __init__(self) -> None:
        super().__init__(_("Introduce somebody for this job first."))


class NoKopkoffie(CrmError):
    def __init__(self) -> None:
        super().__init__(_("Plan the kopkoffie first: open the introduction and choose a moment."))


class KopkoffieStands(CrmError):
    def __init__(self) -> None:
        super().__init__(_("A kopkoffie is planned. Call it off first, so that nobody comes for nothing."))


class WhoIsPlaced(CrmError):
    def __init__(self) -> None:
        super().__init__(_("Several people were introduced. Open the job and choose who got it."))


def check_people(job: HiddenJob, target: Stage, *, introduced: int, planned: int) -> None:
    """`introduced` are those whose introduction is open, `planned` those among them with a kopkoffie.

    Raises NobodyIntroduced, NoKopkoffie, KopkoffieStands or WhoIsPlaced.
    """
    if job.stage in AFTERWARDS:
        return
    if target in NEED_SOMEBODY and not introduced:
        raise NobodyIntroduced
    if target is Stage.KOPKOFFIE_PLANNED and not planned:
        raise NoKopkoffie
    if planned and _gives_up_coffee(job, target):
        raise KopkoffieStands
    if target is Stage.PLACED and introduced > 1:
        raise WhoIsPlaced


def _gives_up_coffee(job: HiddenJob, target: Stage) -> bool:
    if job.stage is Stage.KOPKOFFIE_PLANNED:
        return target in {Stage.INTRODUCED, Stage.LOST}
    return job.stage is Stage.INTRODUCED and target in {Stage.PLACED, Stage.LOST}
