"""Letters to many companies: chosen in one go, made a few at a time; a crash loses nothing and doubles nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, case, func, insert, literal, select, update
from sqlmodel import Session, col

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.calling.inputs import ListFilters
from crm.calling.lists.choosing import matching
from crm.companies.models import Company
from crm.core.clock import now
from crm.core.db import changed, locked, table_of
from crm.core.errors import CrmError
from crm.core.i18n import _
from crm.outreach.inputs import MailingInput
from crm.outreach.letters import may_be_written_to, new_letter, obstacle, require_past
from crm.outreach.models import Answer, Letter, Mailing, MailingCompany, Obstacle
from crm.outreach.sender import require_sender
from crm.outreach.texts import kept_text
from crm.outreach.touches import touch_by_letters

CHUNK = 50


class NobodyToWrite(CrmError):
    def __init__(self) -> None:
        super().__init__(_("No company of this choice can get a letter now. Choose more widely."))


@dataclass(frozen=True, slots=True)
class MailingPreview:
    """Of `total` companies `ready` can get a letter now; the others are counted by the reason why not."""

    total: int
    ready: int
    left_out: list[tuple[Obstacle, int]]


@dataclass(frozen=True, slots=True)
class MailingRow:
    """A mailing and how far it is."""

    mailing: Mailing
    chosen: int
    made: int
    left_out: int
    answers: dict[Answer, int]

    @property
    def waiting(self) -> int:
        return self.chosen - self.made - self.left_out


def preview(session: Session, actor: Actor, filters: ListFilters, quiet_days: int) -> MailingPreview:
    """Count who would get a letter, and why others would not."""
    actor.require(Permission.LETTER_SEND)
    reason = obstacle(now(), quiet_days).label("reason")
    judged = select(reason).where(*matching(filters)).subquery()
    counts = dict(session.execute(select(judged.c.reason, func.count()).group_by(judged.c.reason)).all())
    ready, total = counts.pop(None, 0), sum(counts.values())
    left_out = [(why, counts[why]) for why in Obstacle if why in counts]
    return MailingPreview(total + ready, ready, left_out)


def start_mailing(session: Session, actor: Actor, new: MailingInput) -> Mailing:
    """Choose the companies; their letters are made by `make_letters`. Raises NobodyToWrite or SenderUnknown."""
    actor.require(Permission.LETTER_SEND)
    require_sender()
    mailing = Mailing(
        name=new.name,
        filters=new.filters.model_dump(mode="json"),
        text_id=kept_text(session, new.language).id,
        quiet_days=new.quiet_days,
        made_by_id=actor.user_id,
    )
    session.add(mailing)
    session.flush()
    companies = _choose(session, mailing, new)
    record(session, actor, "mailing.made", mailing, companies=companies)
    return mailing


def make_letters(session: Session, actor: Actor, mailing_id: int, *, size: int = CHUNK) -> int:
    """Make the next letters, at most `size`. Tells how many companies still wait.

    Each company is asked once more: somebody may have objected, or got a letter, since it was chosen.
    """
    actor.require(Permission.LETTER_SEND)
    require_sender()
    mailing = locked(session, Mailing, mailing_id)
    waiting = session.scalars(_waiting(mailing_id).order_by(col(MailingCompany.id)).limit(size)).all()
    _hold(session, [row.company_id for row in waiting])
    reasons = _reasons(session, [row.company_id for row in waiting], mailing.quiet_days)
    for row in waiting:
        row.obstacle = reasons[row.company_id]
    letters = {row.id: new_letter(row.company_id, mailing.text_id, actor) for row in waiting if row.obstacle is None}
    session.add_all(letters.values())
    session.flush()
    for row in waiting:
        row.letter_id = letters[row.id].id if row.id in letters else None
    if waiting:
        record(session, actor, "mailing.letters", mailing, letters=len(letters))
    return session.scalar(select(func.count()).select_from(_waiting(mailing_id).subquery())) or 0


def mark_mailing_sent(session: Session, actor: Actor, mailing_id: int, day: date) -> Mailing:
    """Say on which day the letters went out; not those that could not be printed any more. Raises SentInFuture."""
    actor.require(Permission.LETTER_SEND)
    require_past(day)
    mailing = locked(session, Mailing, mailing_id)
    session.execute(
        update(Letter)
        .where(col(Letter.id).in_(_letters_of(mailing_id)), col(Letter.company_id).in_(_still_welcome(mailing_id)))
        .values(sent_on=day, version=Letter.version + 1)
        .execution_options(synchronize_session=False)
    )
    touch_by_letters(session, actor, _letters_of(mailing_id))
    mailing.sent_on = day
    record(session, actor, "mailing.sent", mailing)
    return mailing


def letter_ids(session: Session, actor: Actor, mailing_id: int) -> list[int]:
    actor.require(Permission.LETTER_SEND)
    return list(session.scalars(_letters_of(mailing_id)))


def mailings(session: Session, actor: Actor, page: int = 1, page_size: int = 10) -> tuple[list[MailingRow], int]:
    """The newest first, and how many there are."""
    actor.require(Permission.LETTER_SEND)
    newest = select(Mailing).order_by(col(Mailing.id).desc()).offset((page - 1) * page_size).limit(page_size)
    rows = session.scalars(newest).all()
    counts = _counts(session, [row.id for row in rows])
    total = session.scalar(select(func.count(col(Mailing.id)))) or 0
    return [MailingRow(row, *counts.get(row.id, (0, 0, 0, {}))) for row in rows], total


def _choose(session: Session, mailing: Mailing, new: MailingInput) -> int:
    ready = obstacle(now(), new.quiet_days).is_(None)
    values = {
        "mailing_id": literal(mailing.id),
        "company_id": col(Company.id),
        "created_at": literal(now(), table_of(MailingCompany).c.created_at.type),
    }
    chosen = select(*values.values()).where(*matching(new.filters), ready).order_by(col(Company.id)).limit(new.most)
    companies = changed(session, insert(MailingCompany).from_select(list(values), chosen))
    if not companies:
        raise NobodyToWrite
    return companies


def _waiting(mailing_id: int) -> Select[MailingCompany]:
    return select(MailingCompany).where(
        col(MailingCompany.mailing_id) == mailing_id,
        col(MailingCompany.letter_id).is_(None),
        col(MailingCompany.obstacle).is_(None),
    )


def _hold(session: Session, company_ids: list[int]) -> None:
    # Two mailings that chose the same company wait for each other here; the second then sees the letter of the first.
    held = select(col(Company.id)).where(col(Company.id).in_(company_ids)).order_by(col(Company.id))
    session.execute(held.with_for_update())


def _reasons(session: Session, company_ids: list[int], quiet_days: int) -> dict[int, Obstacle | None]:
    reason = obstacle(now(), quiet_days)
    found = session.execute(select(col(Company.id), reason).where(col(Company.id).in_(company_ids)))
    return {company_id: Obstacle(why) if why else None for company_id, why in found}


def _letters_of(mailing_id: int) -> Select[int]:
    chosen = select(col(MailingCompany.letter_id)).where(col(MailingCompany.mailing_id) == mailing_id)
    return select(col(Letter.id)).where(col(Letter.id).in_(chosen))


def _still_welcome(mailing_id: int) -> Select[int]:
    chosen = select(col(MailingCompany.company_id)).where(col(MailingCompany.mailing_id) == mailing_id)
    return select(col(Company.id)).where(col(Company.id).in_(chosen), may_be_written_to())


def _counts(session: Session, ids: Iterable[int]) -> dict[int, tuple[int, int, int, dict[Answer, int]]]:
    answered = [func.count(case((col(Letter.answer) == answer, 1))) for answer in Answer]
    statement = (
        select(
            col(MailingCompany.mailing_id),
            func.count(),
            func.count(col(MailingCompany.letter_id)),
            func.count(col(MailingCompany.obstacle)),
            *answered,
        )
        .outerjoin(Letter, col(Letter.id) == MailingCompany.letter_id)
        .where(col(MailingCompany.mailing_id).in_(list(ids)))
        .group_by(col(MailingCompany.mailing_id))
    )
    return {
        row[0]: (row[1], row[2], row[3], {answer: n for answer, n in zip(Answer, row[4:], strict=True) if n})
        for row in session.execute(statement)
    }
