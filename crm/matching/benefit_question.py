"""The question to UWV or the municipality before work begins: what the answer says on paper takes a fear away.

Nothing is kept of it, and what only somebody themselves may tell, such as the BSN, is filled in by hand.
"""

from collections.abc import Sequence

from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.candidates.queries import candidate
from crm.core.errors import CrmError
from crm.core.i18n import N_, _, show_amount, speaking
from crm.core.settings import PROJECT_DIR
from crm.core.types import LabelledEnum
from crm.core.typesetting import typeset
from crm.matching.models import IntroductionStatus
from crm.matching.queries import IntroductionLine, introductions_of
from crm.reference.days import Day

TEMPLATE = PROJECT_DIR / "data" / "sheets" / "benefit_question.typ"
TONGUE = "nl"  # of those who answer


class Authority(LabelledEnum):
    UWV = "uwv", N_("UWV")
    MUNICIPALITY = "municipality", N_("the municipality")


class NoWorkToAskAbout(CrmError):
    def __init__(self) -> None:
        super().__init__(_("Choose the work that the question is about."))


def work_to_ask_about(lines: Sequence[IntroductionLine]) -> list[IntroductionLine]:
    """What somebody may still begin with."""
    return [line for line in lines if line.introduction.status is not IntroductionStatus.DECLINED]


def benefit_question(
    session: Session, actor: Actor, candidate_id: int, authority: Authority, job_ids: Sequence[int]
) -> bytes:
    """A PDF of one page, in Dutch, about work that this job seeker was introduced for; no employer is named.

    Raises NotFound or NoWorkToAskAbout.
    """
    actor.require(Permission.CANDIDATE_EDIT)
    person = candidate(session, actor, candidate_id).candidate
    lines = work_to_ask_about(introductions_of(session, actor, candidate_id))
    chosen = [line for line in lines if line.job.id in job_ids]
    if not chosen:
        raise NoWorkToAskAbout
    with speaking(TONGUE):
        return typeset(TEMPLATE, _told(person.name, authority, chosen))


def _told(name: str, authority: Authority, lines: Sequence[IntroductionLine]) -> dict[str, object]:
    employers = len({line.company.id for line in lines})
    return {
        "language": TONGUE,
        "name": name,
        "by_hand": [_("Address"), _("Phone or e-mail"), _("Citizen service number (only you fill this in)")],
        "to": _("To: {authority}").format(authority=authority.label),
        "day": _("Date"),
        "subject": _("What happens to my benefit if I take this work?"),
        "opening": [
            _("Dear reader,"),
            _("I may get the work below. Before I begin, I would like to know what it means for my benefit."),
        ],
        "header": [_("Work"), _("Hours a week"), _("Days")],
        "work": [_row(line) for line in lines],
        "questions": _questions(employers),
        "closing": [
            _("Would you please answer on paper or by e-mail, before I have to decide? Thank you for your trouble."),
            _("Kind regards,"),
        ],
    }


def _row(line: IntroductionLine) -> list[str]:
    job = line.job
    hours = show_amount(job.hours_per_week) if job.hours_per_week else _("not known yet")
    return [job.title, hours, ", ".join(Day(code).label for code in job.days) or _("not known yet")]


def _questions(employers: int) -> list[str]:
    asked = [
        _("May I do this work beside my benefit? Do I have to report it beforehand, and how?"),
        _("What changes in my benefit in the first months, and what after that, if I work these hours?"),
        _("I may earn less than in my last job. What does that mean for a benefit later on?"),
        _("What happens when this work ends? Can I return to my benefit then, and until when?"),
        _("What are the rules if I first look along for a day, or work there on trial?"),
    ]
    if employers > 1:
        several = _("I will work for {n} employers. Does that ask for anything special?")
        asked.append(several.format(n=employers))
    return asked
