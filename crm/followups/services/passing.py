"""Giving follow-ups to somebody else."""

from collections.abc import Sequence
from functools import partial

from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.access.queries import people_who_may
from crm.audit.services import record
from crm.companies.models import Company
from crm.core.errors import NotAllowed
from crm.core.i18n import _, show_moment, speaking
from crm.followups.calendar import appointment_file
from crm.followups.inputs import clean_note
from crm.followups.models import FollowUp
from crm.followups.rules import may_assign
from crm.followups.services.shared import check_owner, open_one, require_change
from crm.followups.wording import called
from crm.messaging.models import NoticeKind
from crm.messaging.services import notify


def assign(session: Session, actor: Actor, follow_up_id: int, *, version: int | None, owner_id: int | None) -> FollowUp:
    """To somebody else, or to the team (None). A new owner of something that is due is reminded too."""
    actor.require(Permission.FOLLOWUP_OWN)
    follow_up = open_one(session, follow_up_id, version)
    if not may_assign(actor, follow_up.owner_id, owner_id):
        raise NotAllowed
    check_owner(session, owner_id)
    if owner_id != follow_up.owner_id:
        follow_up.owner_id, follow_up.reminded_at = owner_id, None
        record(session, actor, "follow_up.assigned", follow_up)
    return follow_up


def hand_over(
    session: Session, actor: Actor, follow_up_id: int, *, version: int, owner_id: int | None, word: str
) -> FollowUp:
    """To a colleague or the team, with a word that stays with it. Who gets it has a notice, and no reminder on top."""
    follow_up = open_one(session, follow_up_id, version)
    require_change(actor, follow_up)
    check_owner(session, owner_id)
    if owner_id == follow_up.owner_id:
        return follow_up
    follow_up.owner_id = owner_id
    if word := clean_note(word):
        follow_up.note = clean_note("\n".join(filter(None, (follow_up.note, f"{actor.name}: {word}"))))
    record(session, actor, "follow_up.handed_over", follow_up)
    for reader in receivers_of(session, actor, owner_id):
        with speaking(reader.language):
            _tell(session, actor, reader, follow_up, word)
    return follow_up


def receivers_of(session: Session, actor: Actor, owner_id: int | None) -> Sequence[User]:
    """The new owner; for the team, those who divide its work."""
    if owner_id is not None:
        return [session.get_one(User, owner_id)] if owner_id != actor.id else []
    return [user for user in people_who_may(session, Permission.FOLLOWUP_TEAM) if user.id != actor.id]


def _tell(session: Session, actor: Actor, reader: User, follow_up: FollowUp, word: str) -> None:
    company = session.get(Company, follow_up.company_id) if follow_up.company_id else None
    words = (
        _("{name} handed over to you: {what}") if follow_up.owner_id else _("{name} handed over to the team: {what}")
    )
    what = called(follow_up, company.name if company else "")
    agreed = _("Agreed for {moment}.").format(moment=show_moment(follow_up.due_at))
    notify(
        session,
        reader.id,
        kind=NoticeKind.HANDED_OVER if follow_up.owner_id else NoticeKind.UNASSIGNED,
        once_key=f"follow_up:{follow_up.id}:handed:{follow_up.version}:{reader.id}",
        title=words.format(name=actor.name, what=what),
        body="\n".join(filter(None, (agreed, word))),
        page="followups",
        mail=agreed,
        calendar=partial(appointment_file, follow_up, company.name if company else "") if follow_up.owner_id else None,
    )
