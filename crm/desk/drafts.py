"""The wrap-up as it stands during a call: what the caller chose, else what the script proposes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from crm.calling.models import ObjectionRight
from crm.core.clock import AMSTERDAM, local
from crm.core.i18n import show_moment
from crm.desk.inputs import NextStep, WrapUpInput
from crm.desk.rules import PEAK, Needs, before_peak, needs, proposed_moment
from crm.followups.models import FollowUpKind
from crm.followups.spoken import read_clock
from crm.pipeline.inputs import HiddenJobInput
from crm.reference.models import Disposition
from crm.reference.queries import dispositions
from crm.scripts.rules import Proposal, usual_days

NO_STEP = "none"
TITLE_FROM = ("chore", "leaving_function", "stand_in_work", "missed_work")

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class JobDraft:
    title: str
    reason: str | None
    tasks: str
    hours_per_week: float | None
    days: list[str]
    start: str
    must_have: str
    learnable: str
    importance: int | None
    competences: list[str]


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form shows; `given` is what it means."""

    result: Disposition | None
    needs: Needs | None
    objection_right: ObjectionRight | None
    summary: str
    contact_name: str
    contact_function: str
    step: FollowUpKind | None
    due_on: date
    due_time: time
    step_note: str
    for_team: bool
    has_job: bool
    known_job_id: int | None
    job: JobDraft
    legal_form: str | None

    @property
    def due_at(self) -> datetime:
        return datetime.combine(self.due_on, self.due_time, AMSTERDAM)

    def next_step(self, owner_id: int | None) -> NextStep | None:
        if self.step is None:
            return None
        owner = None if self.for_team else owner_id
        return NextStep(kind=self.step, due_at=self.due_at, owner_id=owner, note=self.step_note)

    def given(self, owner_id: int | None) -> WrapUpInput:
        """Raises ValidationError for a field that cannot be kept as it is."""
        return WrapUpInput(
            disposition=self.result.code if self.result else "",
            objection_right=self.objection_right,
            summary=self.summary,
            contact_name=self.contact_name,
            contact_function=self.contact_function,
            next_step=self.next_step(owner_id),
            job=self._job(),
            known_job_id=self.known_job_id if self.has_job else None,
            legal_form=self.legal_form if self.needs and self.needs.legal_form else None,
        )

    def _job(self) -> HiddenJobInput | None:
        if not self.has_job or self.known_job_id is not None or not self.job.title:
            return None
        job = self.job
        return HiddenJobInput(
            title=job.title,
            reason=job.reason or "",
            tasks=job.tasks,
            hours_per_week=job.hours_per_week,
            days=job.days,
            start=job.start,
            must_have=job.must_have,
            learnable=job.learnable,
            importance=job.importance,
            competences=job.competences,
        )


def draft(fields: Fields, proposal: Proposal, moment: datetime) -> Draft:
    result = dispositions().get(_text(fields, "disposition") or proposal.disposition or "")
    wanted = needs(result) if result else None
    step, due = _step(fields, proposal, result, moment)
    return Draft(
        result=result,
        needs=wanted,
        objection_right=_objection_right(fields, proposal, wanted),
        summary=_text(fields, "summary"),
        contact_name=_text(fields, "spoken_with"),
        contact_function=_text(fields, "contact_function"),
        step=step,
        due_on=due.date(),
        due_time=due.time(),
        step_note=_note(fields),
        for_team=bool(fields.get("follow_up_team", _is_complaint(result))),
        has_job=_has_job(fields, proposal, wanted),
        known_job_id=int(known) if (known := fields.get("known_job")) is not None else None,
        job=_job_draft(fields, proposal),
        legal_form=_text(fields, "new_legal_form") or None,
    )


def _is_complaint(result: Disposition | None) -> bool:
    return result is not None and result.kind == "complaint"


def _objection_right(fields: Fields, proposal: Proposal, wanted: Needs | None) -> ObjectionRight | None:
    choices = wanted.objection_right if wanted else ()
    chosen = fields.get("objection_right")
    if fields.get("nobody_spoken") or choices == (ObjectionRight.NO_CONTACT,):
        found = ObjectionRight.NO_CONTACT
    elif isinstance(chosen, bool):
        found = ObjectionRight.OFFERED if chosen else ObjectionRight.NOT_OFFERED
    elif proposal.objection_offered:
        found = ObjectionRight.OFFERED
    else:
        return None
    return found if found in choices else None


def _step(
    fields: Fields, proposal: Proposal, result: Disposition | None, moment: datetime
) -> tuple[FollowUpKind | None, datetime]:
    kind, working_days = _proposed_step(proposal, result)
    chosen = fields.get("follow_up")
    if result is None or chosen == NO_STEP:
        kind = None
    else:
        steps = needs(result).steps
        kind = FollowUpKind(chosen) if chosen in steps else kind if kind in steps else None
        if kind is None and needs(result).next_step:
            kind = steps[0]
    before = kind is FollowUpKind.RECALL and _before_peak(fields, proposal, moment)
    due = before or proposed_moment(moment, working_days or 1)
    return kind, _moment_given(fields, kind, local(due))


def _before_peak(fields: Fields, proposal: Proposal, moment: datetime) -> datetime | None:
    """When to call again somebody who named the busy months, unless another term was agreed."""
    months = [int(month) for month in fields.get("peak_months") or []]
    return before_peak(months, moment) if months and PEAK in proposal.reasons and not fields.get("term") else None


def _proposed_step(proposal: Proposal, result: Disposition | None) -> tuple[FollowUpKind | None, int | None]:
    if result is None or result.code == proposal.disposition:
        return proposal.follow_up, proposal.working_days
    return FollowUpKind(result.follow_up) if result.follow_up else None, usual_days(result, proposal.reasons)


def _moment_given(fields: Fields, kind: FollowUpKind | None, proposed: datetime) -> datetime:
    agreed = ("callback_on", "callback_time") if kind is FollowUpKind.CALLBACK else ("", "")
    day = _date(fields.get("follow_up_on")) or _date(fields.get(agreed[0])) or proposed.date()
    clock = _time(fields.get("follow_up_time")) or _time(fields.get(agreed[1])) or proposed.time()
    return datetime.combine(day, clock, AMSTERDAM)


def _has_job(fields: Fields, proposal: Proposal, wanted: Needs | None) -> bool:
    if wanted is None or not wanted.job_allowed:
        return False
    return wanted.job or bool(fields.get("hidden_job", proposal.hidden_job))


def _job_draft(fields: Fields, proposal: Proposal) -> JobDraft:
    importance = fields.get("importance")
    return JobDraft(
        title=_text(fields, "job_title") or next((_text(fields, name) for name in TITLE_FROM if fields.get(name)), ""),
        reason=_text(fields, "job_reason") or next(iter(proposal.reasons), None),
        tasks=_lines(fields.get("tasks")) or _lines(fields.get("tasks_to_hand_over")),
        hours_per_week=fields.get("hours_per_week"),
        days=list(fields.get("days") or []),
        start=_text(fields, "start"),
        must_have=_text(fields, "must_have"),
        learnable=_text(fields, "learnable"),
        importance=int(importance) if importance is not None else None,
        competences=list(fields.get("competences") or []),
    )


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    return value.strip() if isinstance(value, str) else ""


def _lines(value: Any) -> str:
    return (
        "\n".join(str(line) for line in value) if isinstance(value, list) else value if isinstance(value, str) else ""
    )


def agreed_meeting(fields: Fields) -> tuple[date, time] | None:
    """Day and time of a kopkoffie, as far as they were written down together."""
    day, clock = _date(fields.get("meeting_on")), _time(fields.get("meeting_time"))
    return (day, clock) if day and clock else None


def _note(fields: Fields) -> str:
    """What was typed, else where and when the kopkoffie will be."""
    if "follow_up_note" in fields or not (meeting := agreed_meeting(fields)):
        return _text(fields, "follow_up_note")
    moment = show_moment(datetime.combine(*meeting, AMSTERDAM))
    return ", ".join(part for part in (moment, _text(fields, "meeting_place"), _text(fields, "preparation")) if part)


def _date(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _time(value: Any) -> time | None:
    """`10`, `10.30`, `10u30` or `half 3`."""
    return read_clock(f"om {value}") if isinstance(value, str) else None
