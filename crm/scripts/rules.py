"""Walking through a script: where the caller is, what to say there, and what the way so far tells about the result."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import reduce
from typing import Any

from crm.core.clock import local
from crm.core.errors import CrmError
from crm.core.i18n import _
from crm.followups.models import FollowUpKind
from crm.reference.models import Disposition, DispositionKind
from crm.reference.queries import dispositions, reasons
from crm.scripts.graph import FieldKind, Node, Objection, Proposes, Script

BLANK = "…"
NO_WORK_NOW = "GESPREK_GEEN_WERK"

# What was found stays found: a result of lower rank does not replace one of higher rank.
RANK = {
    DispositionKind.ATTEMPT: 0,
    DispositionKind.CONTACT: 1,
    DispositionKind.CONVERSATION: 1,
    DispositionKind.SUCCESS: 2,
    DispositionKind.DATA: 3,
    DispositionKind.COMPLAINT: 4,
    DispositionKind.STOP: 5,
}
_FOUND, _OVER = RANK[DispositionKind.SUCCESS], RANK[DispositionKind.DATA]


class StepDoesNotFit(CrmError):
    def __init__(self) -> None:
        super().__init__(
            _("This answer does not belong to the question on screen. Look at the question and try again.")
        )


@dataclass(frozen=True, slots=True)
class Step:
    """An answer given at a node. `objection` is the code of an objection that was chosen with it.

    At the node of the objections the answer itself is the code.
    """

    node: str
    answer: str
    objection: str | None = None


@dataclass(frozen=True, slots=True)
class Passed:
    """A point on the way: what was asked, and what was said to it."""

    node: Node
    label: str
    step: Step
    said: tuple[Proposes, ...]


@dataclass(frozen=True, slots=True)
class Position:
    """Where the call is. The reply to `objection` is said first, then the text of `node`."""

    node: Node
    path: tuple[Passed, ...] = ()
    objection: Objection | None = None
    repeated: bool = False
    ended: bool = False

    def times(self, code: str) -> int:
        """How often this objection was raised on the way here."""
        return sum(passed.step.objection == code for passed in self.path)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the way through the script says about the result; the caller confirms."""

    disposition: str | None = None
    follow_up: FollowUpKind | None = None
    working_days: int | None = None
    hidden_job: bool = False
    reasons: tuple[str, ...] = ()
    objection_offered: bool = False
    no_contact: bool = False


def walk(script: Script, steps: Iterable[Step], *, incoming: bool = False) -> Position:
    """Where these steps lead. Raises StepDoesNotFit when one cannot follow on the one before.

    `incoming`: they rang us. A call of ours that had begun before they rang goes on from where it began.
    """
    taken = tuple(steps)
    ours = bool(taken) and taken[0].node == script.start
    start = beginning(script, incoming=incoming and not ours)
    return reduce(lambda position, step: advance(script, position, step), taken, start)


def beginning(script: Script, *, incoming: bool = False) -> Position:
    return _arrive(script, (incoming and script.incoming_start) or script.start, ())


def advance(script: Script, position: Position, step: Step) -> Position:
    """One step further. Raises StepDoesNotFit."""
    if step.node != position.node.id:
        raise StepDoesNotFit
    if step.node == script.objections_node:
        return _object(script, position, replace(step, objection=step.answer))
    answer = position.node.answer(step.answer)
    if answer is None:
        raise StepDoesNotFit
    if step.objection is not None:
        if answer.to != script.objections_node:
            raise StepDoesNotFit
        return _object(script, position, step, answer)
    return _arrive(script, answer.to, (*position.path, Passed(position.node, answer.label, step, (answer,))))


def _object(script: Script, position: Position, step: Step, *said: Proposes) -> Position:
    objection = script.objection(step.objection)
    if objection is None:
        raise StepDoesNotFit
    if position.times(objection.code):
        passed = Passed(position.node, objection.says, step, (*said, script.repeated_objection))
        return _arrive(script, script.repeated_objection.to, (*position.path, passed), repeated=True)
    passed = Passed(position.node, objection.says, step, (*said, objection))
    return _arrive(script, objection.to, (*position.path, passed), objection=objection)


def _arrive(
    script: Script,
    node_id: str,
    path: tuple[Passed, ...],
    *,
    objection: Objection | None = None,
    repeated: bool = False,
) -> Position:
    node = script.node(node_id)
    if node is None:
        raise StepDoesNotFit
    return Position(node, path, objection, repeated, ended=node_id == script.end)


def propose(script: Script, steps: Iterable[Step], fields: Mapping[str, Any], *, incoming: bool = False) -> Proposal:
    """What to fill in for the caller at the wrap-up. `fields` is what was written down, by name."""
    position = walk(script, steps, incoming=incoming)
    proposal = reduce(_learn, _points(position), Proposal())
    proposal = _settle(script, replace(proposal, reasons=_reasons(proposal.reasons, fields)))
    return replace(proposal, working_days=_chosen_term(script, proposal, fields))


def _points(position: Position) -> Iterator[Proposes]:
    for passed in position.path:
        yield passed.node
        yield from passed.said
    yield position.node


def _rank(code: str | None) -> int:
    known = dispositions().get(code or "")
    return RANK[known.kind] if known else -1


def _learn(known: Proposal, point: Proposes) -> Proposal:
    stronger = point.disposition is not None and _rank(point.disposition) >= _rank(known.disposition)
    return Proposal(
        disposition=point.disposition if stronger else known.disposition,
        follow_up=point.follow_up or known.follow_up,
        working_days=point.working_days if point.follow_up else known.working_days,
        hidden_job=known.hidden_job or point.hidden_job,
        reasons=known.reasons + tuple(code for code in point.reasons if code not in known.reasons),
        objection_offered=known.objection_offered or point.objection_offered,
        no_contact=known.no_contact or point.no_contact,
    )


def _settle(script: Script, proposal: Proposal) -> Proposal:
    """Found work counts over a lesser result; who may not be called any more has neither work nor a next step."""
    rank = _rank(proposal.disposition)
    if rank == RANK[DispositionKind.STOP]:
        return replace(proposal, hidden_job=False, follow_up=None, working_days=None)
    if rank >= _OVER:
        proposal = replace(proposal, hidden_job=False)
    if proposal.hidden_job and rank < _FOUND:
        proposal = replace(proposal, disposition=script.work_found.disposition or proposal.disposition)
    if proposal.follow_up is None and proposal.hidden_job and script.work_found.follow_up:
        found = script.work_found
        return replace(proposal, follow_up=found.follow_up, working_days=found.working_days)
    return _with_default(proposal)


def _with_default(proposal: Proposal) -> Proposal:
    """What the script leaves open follows from the result."""
    result = dispositions().get(proposal.disposition or "")
    if proposal.follow_up is not None or result is None or result.follow_up is None:
        return proposal
    kind = FollowUpKind(result.follow_up)
    return replace(proposal, follow_up=kind, working_days=usual_days(result, proposal.reasons))


def usual_days(result: Disposition, given: Collection[str]) -> int | None:
    """After how many working days the next step of a result is."""
    return recall_days(given) if result.follow_up == FollowUpKind.RECALL else result.working_days


def recall_days(given: Collection[str]) -> int | None:
    """After how many working days to ask again: the soonest of the reasons that were given."""
    usual = dispositions()[NO_WORK_NOW].working_days
    return min((reasons()[code].recall_days for code in given), default=usual)


def _reasons(known: tuple[str, ...], fields: Mapping[str, Any]) -> tuple[str, ...]:
    given = fields.get("reasons")
    ticked = [code for code in given if isinstance(code, str)] if isinstance(given, list) else []
    return known + tuple(code for code in dict.fromkeys(ticked) if code in reasons() and code not in known)


def _chosen_term(script: Script, proposal: Proposal, fields: Mapping[str, Any]) -> int | None:
    if proposal.follow_up is FollowUpKind.RECALL:
        for field in script.fields:
            for option in field.options:
                if option.working_days is not None and fields.get(field.name) == option.value:
                    return option.working_days
        if proposal.working_days is None:
            return recall_days(proposal.reasons)
    return proposal.working_days


_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def fill(text: str, variables: Mapping[str, str]) -> str:
    """The text as it is said; what is not known shows as a blank."""
    return _PLACEHOLDER.sub(lambda found: variables.get(found[1]) or BLANK, text)


def greeting(script: Script, moment: datetime) -> str:
    """`Goedemiddag`, by the Dutch clock."""
    hour = local(moment).hour
    fitting = [greeting for greeting in script.greetings if greeting.from_hour <= hour]
    return max(fitting, key=lambda greeting: greeting.from_hour).text if fitting else ""


def spoken(script: Script, fields: Mapping[str, Any]) -> dict[str, str]:
    """The variables that follow from what was written down: summary, score, term, day and time."""
    found = {
        "summary": _text(fields.get("summary") or fields.get("situation")),
        "day": _day(fields.get("callback_on") or fields.get("meeting_on")),
        "time": _text(fields.get("callback_time") or fields.get("meeting_time")),
        "term": _label(script, "term", fields.get("term")),
    }
    score = fields.get("importance")
    if isinstance(score, int) and not isinstance(score, bool):
        found |= {"score": str(score), "score_minus_two": str(max(score - 2, 0))}
    return {name: text for name, text in found.items() if text}


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _day(value: Any) -> str:
    try:
        return f"{date.fromisoformat(value):%d-%m}" if isinstance(value, str) else ""
    except ValueError:
        return ""


def _label(script: Script, name: str, value: Any) -> str:
    field = script.field(name)
    options = field.options if field and field.kind is FieldKind.CHOICE else ()
    return next((option.label for option in options if option.value == value), "")
