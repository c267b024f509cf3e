"""What each result of a call asks for, and what it rules out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, auto

from crm.calling.models import CallWay, ObjectionRight
from crm.calling.retries import NoMessage
from crm.core.clock import AMSTERDAM, local
from crm.core.errors import CrmError
from crm.core.i18n import _, show_moment
from crm.desk.inputs import NextStep, WrapUpInput
from crm.followups.models import CALLING_KINDS, FollowUp, FollowUpKind
from crm.followups.rules import next_month, recall_day
from crm.reference.calendar import (
    DAY_PARTS,
    add_working_days,
    building_holiday,
    call_window,
    desk_window,
    holiday_name,
    is_working_day,
    school_holiday,
)
from crm.reference.models import SPOKEN, Disposition, DispositionKind
from crm.reference.queries import dispositions, legal_forms, recall_reasons
from crm.telephony.dialling.port import Cause

CONVERSATIONS = frozenset({DispositionKind.CONVERSATION, DispositionKind.SUCCESS})
_AROUND_A_KOPKOFFIE = {
    FollowUpKind.PREPARE_KOPKOFFIE,
    FollowUpKind.ASK_EMPLOYER,
    FollowUpKind.ASK_CANDIDATE,
    FollowUpKind.AFTERCARE,
}
AFTER_A_CALL = tuple(kind for kind in FollowUpKind if kind not in _AROUND_A_KOPKOFFIE)
TIME_RULES = frozenset({"sunday", "holiday", "desk-hours", "legal-hours"})

CALLBACK_AGREED = "TERUGBELAFSPRAAK"
KOPKOFFIE = "KOPKOFFIE"
REFERRED = "DOORVERWEZEN"
OBJECTS = "VERZET"
COMPLAINT = "KLACHT"
WRONG_NUMBER = "VERKEERD_NUMMER"
OUT_OF_SERVICE = "BUITEN_GEBRUIK"
DEAD_NUMBERS = frozenset({WRONG_NUMBER, OUT_OF_SERVICE})
STOPPED = "BEDRIJF_GESTOPT"
LEGAL_FORM_WRONG = "RECHTSVORM_FOUT"
BLOCKING = frozenset({OBJECTS, COMPLAINT})
NO_MORE_CALLS = BLOCKING | {STOPPED}
# The results that a telephone can tell; what else it was, the caller says.
TOLD_BY_TELEPHONE = {
    Cause.BUSY: "IN_GESPREK",
    Cause.NO_ANSWER: "GEEN_GEHOOR",
    Cause.NO_SUCH_NUMBER: "BUITEN_GEBRUIK",
}
KOPKOFFIE_WITHIN = 10  # working days
PEAK = "PIEK"
LONGEST_AGO = timedelta(days=366)


class WhyNow(Enum):
    """Why the desk shows this company and no other."""

    AGREED = auto()
    FOR_COLLEAGUE = auto()
    FOR_TEAM = auto()
    PLANNED = auto()
    RETRY = auto()
    FRESH = auto()
    CHOSEN = auto()


def why_now(callback: FollowUp | None, *, caller_id: int, on_list: bool, attempts: int) -> WhyNow:
    """A promise comes before the list; `attempts` are those before this call."""
    if callback and callback.owner_id != caller_id:
        return WhyNow.FOR_COLLEAGUE if callback.owner_id else WhyNow.FOR_TEAM
    if callback:
        return WhyNow.AGREED if callback.made_in_call_id else WhyNow.PLANNED
    if on_list:
        return WhyNow.RETRY if attempts else WhyNow.FRESH
    return WhyNow.CHOSEN


class CannotWrapUp(CrmError):
    """Something is missing or does not go together. What was filled in is kept."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What the wrap-up asks for with one result; drives the form as well as the checks."""

    objection_right: tuple[ObjectionRight, ...]
    summary: bool
    next_step: bool
    steps: tuple[FollowUpKind, ...]
    job: bool
    job_allowed: bool
    legal_form: bool


def disposition(code: str) -> Disposition:
    """Raises CannotWrapUp for a result that does not exist."""
    found = dispositions().get(code)
    if found is None:
        raise CannotWrapUp(_("Choose the result of the call."))
    return found


def needs(result: Disposition) -> Needs:
    spoken = result.kind in SPOKEN
    success = result.kind is DispositionKind.SUCCESS
    return Needs(
        objection_right=_objection_rights(result),
        summary=result.kind in CONVERSATIONS,
        next_step=success or result.code in {CALLBACK_AGREED, COMPLAINT},
        steps=_steps(result),
        job=success,
        job_allowed=result.kind in CONVERSATIONS or (spoken and result.kind is DispositionKind.CONTACT),
        legal_form=result.code == LEGAL_FORM_WRONG,
    )


def _objection_rights(result: Disposition) -> tuple[ObjectionRight, ...]:
    if result.is_system:
        return (ObjectionRight.NO_CONTACT,)
    if result.kind is DispositionKind.DATA:
        return tuple(ObjectionRight)
    return (ObjectionRight.OFFERED, ObjectionRight.NOT_OFFERED)


def _steps(result: Disposition) -> tuple[FollowUpKind, ...]:
    """The kinds of next step that can follow on a result."""
    if result.is_system or result.kind is DispositionKind.STOP or result.code in {STOPPED, WRONG_NUMBER}:
        return ()
    if result.code == CALLBACK_AGREED:
        return (FollowUpKind.CALLBACK,)
    if result.code == KOPKOFFIE:
        return (FollowUpKind.PLAN_KOPKOFFIE,)
    without_calls = result.kind is DispositionKind.COMPLAINT or result.code == LEGAL_FORM_WRONG
    return tuple(kind for kind in AFTER_A_CALL if not (without_calls and kind in CALLING_KINDS))


def possible_results(way: CallWay) -> list[Disposition]:
    """Who rings us, is there: nobody answering is no result of that."""
    return [result for result in dispositions().values() if way is not CallWay.INCOMING or not result.is_system]


def check(given: WrapUpInput, moment: datetime, way: CallWay = CallWay.DESK) -> None:
    """Raises CannotWrapUp with one clear sentence."""
    result = disposition(given.disposition)
    if result not in possible_results(way):
        raise CannotWrapUp(_("“{result}” does not go with a call of theirs to us.").format(result=result.name))
    wanted = needs(result)
    _check_objection_right(given, result, wanted, way)
    if wanted.summary and not given.summary:
        raise CannotWrapUp(_("Write down in one sentence what was said."))
    _check_job(given, result, wanted)
    _check_next_step(given, result, wanted, moment)
    if wanted.legal_form and not _is_natural_person(given.legal_form):
        raise CannotWrapUp(_("Choose the legal form that the company turns out to have."))


def check_message(refused: NoMessage | None) -> None:
    """For a voicemail message that was left. Raises CannotWrapUp when it may not be."""
    if refused:
        raise CannotWrapUp(no_message_text(refused))


def no_message_text(refused: NoMessage) -> str:
    if refused.left_at is None:
        return _("Leave no message on the voicemail: on this list nobody does.")
    words = _("Leave no message on the voicemail: there is one of {moment}, and one in {n} attempts is enough.")
    return words.format(moment=show_moment(refused.left_at), n=refused.once_in)


def correctable_on(written_at: datetime, moment: datetime) -> bool:
    """A wrong result is put right on the Dutch day on which it was written down; later others have built on it."""
    return local(written_at).date() == local(moment).date()


def check_moment(at: datetime, moment: datetime) -> None:
    """Whether a call that is written down afterwards can have been at that moment."""
    if at > moment:
        raise CannotWrapUp(_("This moment has yet to come. Choose when the call was."))
    if at < moment - LONGEST_AGO:
        raise CannotWrapUp(_("This is more than a year ago. Check the date."))


def _check_objection_right(given: WrapUpInput, result: Disposition, wanted: Needs, way: CallWay) -> None:
    offered = given.objection_right
    if offered is None and not way.is_ours:
        return
    if result.is_system and offered not in {None, ObjectionRight.NO_CONTACT}:
        raise CannotWrapUp(_("With “{result}” nobody was spoken.").format(result=result.name))
    if not result.is_system and offered not in wanted.objection_right:
        raise CannotWrapUp(_("Say whether you mentioned that people can ask not to be called again."))


def _check_job(given: WrapUpInput, result: Disposition, wanted: Needs) -> None:
    found = given.job is not None or given.known_job_id is not None
    if wanted.job and not found:
        raise CannotWrapUp(_("Write down the hidden job: what is the work called?"))
    if found and not wanted.job_allowed:
        raise CannotWrapUp(_("A hidden job does not go with “{result}”.").format(result=result.name))


def _check_next_step(given: WrapUpInput, result: Disposition, wanted: Needs, moment: datetime) -> None:
    step = given.next_step
    if step is None:
        if wanted.next_step:
            raise CannotWrapUp(_("Choose the next step, with a date and a time."))
        return
    if step.kind not in wanted.steps:
        raise CannotWrapUp(_("“{step}” does not go with “{result}”.").format(step=step.kind.label, result=result.name))
    _check_due(step, moment)
    if result.code == KOPKOFFIE and local(step.due_at).date() > kopkoffie_deadline(moment):
        raise CannotWrapUp(_("Plan the kopkoffie within ten working days."))


def _check_due(step: NextStep, moment: datetime) -> None:
    if step.due_at <= moment:
        raise CannotWrapUp(_("The next step is in the past. Choose a later date or time."))
    if step.kind in CALLING_KINDS and not _may_be_called_at(step.due_at):
        raise CannotWrapUp(
            _("Nobody may be called on {moment}. Choose another date or time.").format(moment=show_moment(step.due_at))
        )


def _may_be_called_at(moment: datetime) -> bool:
    there = local(moment)
    window = call_window(there.date())
    return window is not None and window[0] <= there.time() < window[1]


def kopkoffie_deadline(moment: datetime) -> date:
    return add_working_days(local(moment).date(), KOPKOFFIE_WITHIN)


def _is_natural_person(code: str | None) -> bool:
    form = legal_forms().get(code or "")
    return form is not None and form.group in {"natural_person", "partnership"}


def cautions(step: NextStep) -> list[str]:
    """What to think of before choosing this moment; none of it forbids."""
    there = local(step.due_at)
    day = there.date()
    if name := holiday_name(day):
        return [_("{day} is a public holiday.").format(day=name)]
    if not is_working_day(day):
        return [_("This is in the weekend.")]
    window = desk_window(day)
    found = []
    if step.kind in CALLING_KINDS and window and not window[0] <= there.time() < window[1]:
        found.append(_("This is outside our usual hours."))
    for period in (school_holiday(day), building_holiday(day)):
        if period:
            found.append(_("Then it is {period}: many companies are closed.").format(period=period.name))
    return found


def before_peak(months: Collection[int], moment: datetime) -> datetime:
    """A morning some months before the nearest of these months (1 to 12), and at least two weeks from now."""
    today = local(moment).date()
    nearest = min(next_month(month, today) for month in months)
    return datetime.combine(recall_day(recall_reasons()[PEAK], today, nearest), DAY_PARTS[0], AMSTERDAM)


def proposed_moment(moment: datetime, working_days: int) -> datetime:
    """The morning of a working day that many working days ahead."""
    day = add_working_days(local(moment).date() + timedelta(days=1), max(working_days - 1, 0))
    return datetime.combine(day, DAY_PARTS[0], AMSTERDAM)
