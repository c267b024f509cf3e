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
from crm.core.clock import now
from crm.core.errors import CrmError, NotAllowed
from crm.core.i18n import _, ngettext, show_moment, speaking
from crm.followups.calendar import appointment_file
from crm.followups.inputs import LONGEST_NOTE, clean_note
from crm.followups.models import FollowUp
from crm.followups.rules import may_assign
from crm.followups.services.shared import check_owner, open_one, require_change
from crm.followups.wording import called
from crm.messaging.models import NoticeKind
from crm.messaging.services import notify


class NoRoom(CrmError):
    def __init__(self, too_many: int) -> None:
        words = ngettext(
            "The note has no room for this word: it is {n} character too long. Shorten either of them.",
            "The note has no room for this word: it is {n} characters too long. Shorten either of them.",
            too_many,
        )
        super().__init__(words.format(n=too_many))


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
    """To a colleague or the team, with a word that stays with it. Who gets it has a notice, and no reminder on top.

    Raises NoRoom.
    """
    follow_up, word = open_one(session, follow_up_id, version), clean_note(word)
    if give(session, actor, follow_up, owner_id, word):
        tell_of(session, actor, owner_id, [follow_up], word)
    return follow_up


def give(session: Session, actor: Actor, follow_up: FollowUp, owner_id: int | None, word: str = "") -> bool:
    """Tells whether it is somebody else's now; who that is has still to be told, by `tell_of`."""
    require_change(actor, follow_up)
    check_owner(session, owner_id)
    if owner_id == follow_up.owner_id:
        return False
    follow_up.note = with_word(follow_up, actor, word)
    follow_up.owner_id = owner_id
    record(session, actor, "follow_up.handed_over", follow_up)
    return True


def with_word(follow_up: FollowUp, actor: Actor, word: str) -> str:
    """The note with a word of who hands it over. Raises NoRoom."""
    if not word:
        return follow_up.note
    note = "\n".join(filter(None, (follow_up.note, f"{actor.name}: {word}")))
    if len(note) > LONGEST_NOTE:
        raise NoRoom(len(note) - LONGEST_NOTE)
    return note


def tell_of(session: Session, actor: Actor, owner_id: int | None, given: Sequence[FollowUp], word: str = "") -> None:
    """What was given together is one message: of one with what it is about, of many with how many."""
    session.flush()
    for reader in _receivers_of(session, actor, owner_id):
        with speaking(reader.language):
            if len(given) == 1:
                _tell_of_one(session, actor, reader, given[0], word)
            else:
                _tell_of_many(session, actor, reader, given, word)


def _receivers_of(session: Session, actor: Actor, owner_id: int | None) -> Sequence[User]:
    """The new owner; for the team, those who divide its work."""
    if owner_id is not None:
        return [session.get_one(User, owner_id)] if owner_id != actor.id else []
    return [user for user in people_who_may(session, Permission.FOLLOWUP_TEAM) if user.id != actor.id]


def _tell_of_one(session: Session, actor: Actor, reader: User, follow_up: FollowUp, word: str) -> None:
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


def _tell_of_many(session: Session, actor: Actor, reader: User, given: Sequence[FollowUp], word: str) -> None:
    theirs = given[0].owner_id is not None
    if theirs:
        words = ngettext(
            "{name} handed over {n} follow-up to you", "{name} handed over {n} follow-ups to you", len(given)
        )
    else:
        words = ngettext(
            "{name} handed over {n} follow-up to the team", "{name} handed over {n} follow-ups to the team", len(given)
        )
    first = _("The first was agreed for {moment}.").format(moment=show_moment(min(one.due_at for one in given)))
    notify(
        session,
        reader.id,
        kind=NoticeKind.HANDED_OVER if theirs else NoticeKind.UNASSIGNED,
        once_key=f"handed:{actor.id}:{now().isoformat()}:{reader.id}",
        title=words.format(name=actor.name, n=len(given)),
        body="\n".join(filter(None, (first, word))),
        page="followups",
        mail=first,
    )
