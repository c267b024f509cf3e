"""Companies not called yet that could have work for one job seeker, and asking the coordinators to have them called.

Who knows the person sees how many there are and of what kind; who may make call lists gets the choice ready to make.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.access.queries import people_who_may
from crm.audit.models import AuditEntry
from crm.audit.services import record
from crm.calling.lists.choosing import to_put_on
from crm.candidates.models import Candidate
from crm.candidates.queries import CandidateCard, candidate
from crm.companies.gate import callable_now
from crm.companies.models import Company
from crm.core.clock import today
from crm.core.errors import CrmError
from crm.core.i18n import _, speaking
from crm.matching.call_lists import home_of, suggestion
from crm.matching.facts import Position, kilometres
from crm.matching.queries import nearness, position_of
from crm.messaging.models import NoticeKind
from crm.messaging.services import notify
from crm.reference.queries import sbi

MOST_KINDS, MOST_NEAR = 5, 5
ASKED, MADE = "candidate.list_asked", "candidate.list_made"


@dataclass(frozen=True, slots=True)
class NearCompany:
    """Kilometres as the crow flies; None where a place is not known."""

    company: Company
    km: int | None


@dataclass(frozen=True, slots=True)
class ListStep:
    """The last that was done about a call list for somebody: it was asked for, or made."""

    entry_id: int
    person_id: int
    person: str
    made: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Uncalled:
    """The companies that may be called and are on no open list: how many, of which trades, and some near by."""

    number: int
    trades: list[tuple[str, int]]
    nearest: list[NearCompany]
    reasons: tuple[str, ...]
    last: ListStep | None


class AskedToday(CrmError):
    def __init__(self) -> None:
        super().__init__(_("This list was asked for today already. The coordinators have a message about it."))


def uncalled_for(session: Session, actor: Actor, candidate_id: int) -> Uncalled:
    """Raises NotFound."""
    actor.require(Permission.COMPANY_VIEW)
    card = candidate(session, actor, candidate_id)
    wanted = suggestion(card.candidate, card.competences)
    which = [*to_put_on(wanted.filters), callable_now()]
    trades = _by_trade(session, which)
    return Uncalled(
        number=sum(n for _code, n in trades),
        trades=[(_trade(code), n) for code, n in trades[:MOST_KINDS]],
        nearest=_nearest(session, which, home_of(card.candidate)) if trades else [],
        reasons=wanted.reasons,
        last=_last_step(session, candidate_id),
    )


def _by_trade(session: Session, which: Sequence[ColumnElement[bool]]) -> Sequence[tuple[str, int]]:
    """The divisions of trade, those with the most companies first."""
    division, number = func.substr(col(Company.sbi_code), 1, 2), func.count()
    counted = select(division, number).where(*which).group_by(division)
    return session.exec(counted.order_by(number.desc(), division)).all()


def _trade(code: str) -> str:
    trade = sbi(code)
    return trade.name if trade else _("Trade not known")


def _nearest(session: Session, which: Sequence[ColumnElement[bool]], home: Position | None) -> list[NearCompany]:
    ordered = select(Company).where(*which).order_by(nearness(Company, home), col(Company.id)).limit(MOST_NEAR)
    return [NearCompany(company, _whole_km(home, position_of(company))) for company in session.exec(ordered)]


def _whole_km(here: Position | None, there: Position | None) -> int | None:
    return max(1, round(kilometres(here, there))) if here and there else None


def ask_for_list(session: Session, actor: Actor, candidate_id: int) -> None:
    """Ask who may make call lists for one with these companies, once a day. Raises NotFound or AskedToday."""
    actor.require(Permission.CANDIDATE_EDIT)
    card = candidate(session, actor, candidate_id)
    asked = [_ask(session, actor, reader, card) for reader in people_who_may(session, Permission.LIST_MANAGE)]
    if not any(asked):
        raise AskedToday
    record(session, actor, ASKED, card.candidate)


def _ask(session: Session, actor: Actor, reader: User, card: CandidateCard) -> bool:
    """Names nobody: a message stays longer than what is known of a job seeker."""
    person = card.candidate
    with speaking(reader.language):
        title = _("{name} asks for a call list for one job seeker").format(name=actor.name)
        words = _("{name}. The choice is ready: change what you like and make the list.")
        body = words.format(name=suggestion(person, card.competences).name)
    return notify(
        session,
        reader.id,
        kind=NoticeKind.LIST_ASKED,
        once_key=f"list-asked:{person.id}:{reader.id}:{today()}",
        title=title,
        body=body,
        mail=body,
        page=f"call_lists?new=1&candidate={person.id}",
    )


def tell_list_is_made(session: Session, actor: Actor, candidate_id: int) -> None:
    """The call list for this job seeker is there: who asked for it hears so. Raises NotFound."""
    actor.require(Permission.LIST_MANAGE)
    person = candidate(session, actor, candidate_id).candidate
    asked = _last_step(session, candidate_id)
    if asked and not asked.made:
        _tell_who_asked(session, actor, person, asked)
    record(session, actor, MADE, person)


def _tell_who_asked(session: Session, actor: Actor, person: Candidate, asked: ListStep) -> None:
    reader = session.get_one(User, asked.person_id)
    with speaking(reader.language):
        title = _("{name} made the call list you asked for").format(name=actor.name)
    once_key = f"list-made:{asked.entry_id}"
    page = f"candidates?candidate={person.id}&part=work"
    notify(session, reader.id, kind=NoticeKind.LIST_MADE, once_key=once_key, title=title, mail=title, page=page)


def _last_step(session: Session, candidate_id: int) -> ListStep | None:
    statement = (
        select(AuditEntry, User)
        .join(User, col(AuditEntry.actor_id) == User.id)
        .where(
            AuditEntry.subject_type == Candidate.__tablename__,
            AuditEntry.subject_id == candidate_id,
            col(AuditEntry.action).in_([ASKED, MADE]),
        )
        .order_by(col(AuditEntry.id).desc())
        .limit(1)
    )
    row = session.exec(statement).first()
    if row is None:
        return None
    entry, person = row
    return ListStep(entry.id, person.id, person.name, entry.action == MADE, entry.created_at)
