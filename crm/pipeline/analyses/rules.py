"""What a work analysis comes to: the tasks to split off, and the hidden job they make."""

from collections import defaultdict
from collections.abc import Sequence

from crm.core.errors import CrmError
from crm.core.i18n import _, show_amount
from crm.pipeline.analyses.models import WorkAnalysis, WorkTask
from crm.pipeline.inputs import HiddenJobInput

REASON = "DUUR_SIMPEL"  # skilled people do simple work
LONGEST_TITLE = 120
MOST_JOB_HOURS = 60.0  # a week


class NothingToSplitOff(CrmError):
    def __init__(self) -> None:
        super().__init__(_("There is no task left to split off. Mark a task first: it could be done by somebody else."))


class TooManyHours(CrmError):
    def __init__(self, hours: float, most: float) -> None:
        words = _("Together these tasks are {hours} hours a week, and a job has {most} at most. Make two jobs of them.")
        super().__init__(words.format(hours=show_amount(hours), most=show_amount(most)))


def to_split_off(tasks: Sequence[WorkTask]) -> list[WorkTask]:
    """What could be done by somebody else and is in no hidden job yet."""
    return [task for task in tasks if task.split_off and task.job_id is None]


def hours_of(tasks: Sequence[WorkTask]) -> float:
    return sum(task.hours_per_week or 0 for task in tasks)


def hours_by_person(tasks: Sequence[WorkTask]) -> dict[str, float]:
    """Who does these tasks now, and for how many hours; the most hours first."""
    found: dict[str, float] = defaultdict(float)
    for task in tasks:
        found[task.done_by] += task.hours_per_week or 0
    return dict(sorted(found.items(), key=lambda one: -one[1]))


def job_of(analysis: WorkAnalysis, tasks: Sequence[WorkTask], title: str) -> HiddenJobInput:
    """Raises NothingToSplitOff, TooManyHours or ValidationError."""
    if not tasks:
        raise NothingToSplitOff
    hours = hours_of(tasks)
    if hours > MOST_JOB_HOURS:
        raise TooManyHours(hours, MOST_JOB_HOURS)
    return HiddenJobInput(
        title=title,
        reason=REASON,
        tasks="\n".join(task_line(task) for task in tasks),
        hours_per_week=hours or None,
        learnable="\n".join(task.what for task in tasks if task.needs_training),
        conditions=analysis.circumstances[:1000],
    )


def usual_title(tasks: Sequence[WorkTask]) -> str:
    """The task that takes most time names the job, until somebody finds a better name."""
    largest = max(tasks, key=lambda task: task.hours_per_week or 0, default=None)
    return largest.what[:LONGEST_TITLE] if largest else ""


def task_line(task: WorkTask) -> str:
    details = [task.how_often]
    if task.hours_per_week:
        details.append(_("{n} hours a week").format(n=show_amount(task.hours_per_week)))
    told = ", ".join(detail for detail in details if detail)
    return f"{task.what} ({told})" if told else task.what
