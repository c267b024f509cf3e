"""Follow-ups as they usually are, and what comes after which: read, and set by a coordinator."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col, delete, select

from crm.access.actor import SYSTEM, Actor
from crm.access.permissions import Permission
from crm.audit.services import Change, record
from crm.core.db import locked
from crm.core.errors import CrmError
from crm.core.i18n import _
from crm.followups.inputs import SuccessorInput, TemplateInput
from crm.followups.models import FollowUpKind, FollowUpSuccessor, FollowUpTemplate, TemplateEvent, TemplateOwner
from crm.reference.queries import rows

MOST = 200


class StandardStays(CrmError):
    def __init__(self) -> None:
        super().__init__(_("Each kind keeps one template, and this is it. Change its name, text or days instead."))


@dataclass(frozen=True, slots=True)
class TemplateCard:
    template: FollowUpTemplate
    successors: list[SuccessorInput]


def load_templates(session: Session) -> None:
    """Take in the templates of the reference data that were never here. What a coordinator made of them stays."""
    known = {code: id_ for code, id_ in session.exec(select(FollowUpTemplate.code, FollowUpTemplate.id)) if code}
    added = [_template(row) for row in rows("follow_up_templates.csv") if row["code"] not in known]
    session.add_all(added)
    session.flush()
    ids = known | {template.code: template.id for template in added if template.code}
    new = {template.code for template in added}
    for row in rows("follow_up_successors.csv"):
        if row["after"] in new:
            after, then = ids[row["after"]], ids[row["next"]]
            session.add(FollowUpSuccessor(template_id=after, outcome=row["outcome"] or None, next_id=then))
    for template in added:
        record(session, SYSTEM, "follow_up_template.added", template)


def _template(row: dict[str, str]) -> FollowUpTemplate:
    return FollowUpTemplate(
        code=row["code"],
        name=row["name_nl"],
        kind=FollowUpKind(row["kind"]),
        working_days=int(row["working_days"]),
        who=TemplateOwner(row["who"]),
        event=TemplateEvent(row["event"]) if row["event"] else None,
        note=row["note_nl"],
        standard=row["standard"] == "yes",
    )


def templates(session: Session, actor: Actor) -> list[TemplateCard]:
    """Those in use, by kind and then by how soon they are."""
    actor.require(Permission.FOLLOWUP_OWN)
    wanted = select(FollowUpTemplate).where(col(FollowUpTemplate.active)).limit(MOST)
    successors: dict[int, list[SuccessorInput]] = {}
    for row in session.exec(select(FollowUpSuccessor).order_by(col(FollowUpSuccessor.id))):
        after = SuccessorInput(outcome=row.outcome, next_id=row.next_id)
        successors.setdefault(row.template_id, []).append(after)
    kinds = list(FollowUpKind)
    found = sorted(session.exec(wanted), key=lambda one: (kinds.index(one.kind), one.working_days, one.id))
    return [TemplateCard(template, successors.get(template.id, [])) for template in found]


def add_template(session: Session, actor: Actor, given: TemplateInput) -> FollowUpTemplate:
    actor.require(Permission.FOLLOWUP_TEAM)
    template = FollowUpTemplate(**given.model_dump(exclude={"successors"}))
    session.add(template)
    session.flush()
    successors = _set_successors(session, template, given.successors)
    record(session, actor, "follow_up_template.added", template, successors=successors)
    return template


def edit_template(
    session: Session, actor: Actor, template_id: int, given: TemplateInput, *, version: int
) -> FollowUpTemplate:
    """Counts for follow-ups that are made from now on. Raises ChangedMeanwhile or StandardStays."""
    actor.require(Permission.FOLLOWUP_TEAM)
    template = locked(session, FollowUpTemplate, template_id, version=version)
    if template.standard and given.kind is not template.kind:
        raise StandardStays
    for name, value in given.model_dump(exclude={"successors"}).items():
        setattr(template, name, value)
    flag_modified(template, "version")  # successors are rows of their own, but a change of them is one of the template
    successors = _set_successors(session, template, given.successors)
    record(session, actor, "follow_up_template.edited", template, successors=successors)
    return template


def retire_template(session: Session, actor: Actor, template_id: int, *, version: int) -> FollowUpTemplate:
    """Not used any more; follow-ups that were made of it stay. Raises StandardStays."""
    actor.require(Permission.FOLLOWUP_TEAM)
    template = locked(session, FollowUpTemplate, template_id, version=version)
    if template.standard:
        raise StandardStays
    template.active = False
    record(session, actor, "follow_up_template.retired", template)
    return template


def _set_successors(session: Session, template: FollowUpTemplate, wanted: Sequence[SuccessorInput]) -> Change:
    mine = col(FollowUpSuccessor.template_id) == template.id
    before = session.exec(select(FollowUpSuccessor).where(mine).order_by(col(FollowUpSuccessor.id))).all()
    told = [SuccessorInput(outcome=row.outcome, next_id=row.next_id) for row in before]
    session.exec(delete(FollowUpSuccessor).where(mine))
    for one in dict.fromkeys(wanted):
        locked(session, FollowUpTemplate, one.next_id)
        session.add(FollowUpSuccessor(template_id=template.id, outcome=one.outcome, next_id=one.next_id))
    return Change(_plain(session, told), _plain(session, wanted))


def _plain(session: Session, successors: Sequence[SuccessorInput]) -> list[str]:
    names = dict(session.exec(select(FollowUpTemplate.id, FollowUpTemplate.name)).all())
    return [f"{one.outcome or '*'}: {names[one.next_id]}" for one in successors]
