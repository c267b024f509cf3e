"""A list from names that somebody pasted. What was pasted and chosen is kept until the list is made."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.models import NamesDraft
from crm.calling.rules import clean
from crm.companies.models import Company
from crm.companies.pasting import LineMatch, find_lines, read_lines
from crm.companies.queries import FoundCompany
from crm.core.clock import now
from crm.core.db import delete_some
from crm.core.text import name_key, squeeze

LONGEST_TEXT = 60_000
DRAFT_IS_KEPT = timedelta(days=30)
NONE_OF_THEM = 0

State = Literal["found", "choose", "unknown", "forbidden", "double", "skipped"]


@dataclass(frozen=True, slots=True)
class NamedLine:
    """A line and what becomes of it; `company` is the one that is meant, once that is clear."""

    match: LineMatch
    state: State
    company: FoundCompany | None = None

    @property
    def text(self) -> str:
        return self.match.line.text


def my_names(session: Session, actor: Actor) -> NamesDraft:
    """What this coordinator pasted before; an empty one for nothing."""
    actor.require(Permission.LIST_MANAGE)
    draft = session.exec(select(NamesDraft).where(NamesDraft.user_id == actor.user_id)).first()
    return draft or NamesDraft(user_id=actor.user_id)


def keep_names(session: Session, actor: Actor, text: str) -> NamesDraft:
    """Keep the lines as they are now. Choices that were made for other lines stay, for when those come back."""
    draft = my_names(session, actor)
    draft.text, draft.changed_at = clean(text, LONGEST_TEXT), now()
    session.add(draft)
    return draft


def choose_name(session: Session, actor: Actor, line: str, company_id: int | None) -> NamesDraft:
    """Say which company a line means: NONE_OF_THEM to leave the line out, None to choose later."""
    draft = my_names(session, actor)
    others = {known: chosen for known, chosen in draft.chosen.items() if known != line}
    draft.chosen, draft.changed_at = others if company_id is None else others | {line: company_id}, now()
    session.add(draft)
    return draft


def forget_names(session: Session, actor: Actor) -> None:
    draft = my_names(session, actor)
    if draft.id is not None:
        session.delete(draft)


def forget_old(session: Session, moment: datetime) -> int:
    """Some of the names of which nobody made a list. Tells how many pieces of text."""
    return delete_some(session, NamesDraft, col(NamesDraft.changed_at) < moment - DRAFT_IS_KEPT)


def forget_lines_about(session: Session, company: Company, e164s: Collection[str]) -> None:
    """Take the lines about a company that is erased out of what anybody pasted; not those that mean another one."""
    # In order, so that two who erase do not wait for each other.
    for draft in session.exec(select(NamesDraft).order_by(col(NamesDraft.user_id)).with_for_update()):
        lines = {line: squeeze(line) for line in draft.text.splitlines()}
        gone = {line for line, chosen in draft.chosen.items() if chosen == company.id}
        unsure = {line: squeezed for line, squeezed in lines.items() if not draft.chosen.get(squeezed)}
        gone |= {squeezed for line, squeezed in unsure.items() if _tells_of(line, company, e164s)}
        if gone:
            draft.text = "\n".join(line for line in draft.text.splitlines() if lines[line] not in gone)
            draft.chosen = {line: chosen for line, chosen in draft.chosen.items() if line not in gone}


def _tells_of(line: str, company: Company, e164s: Collection[str]) -> bool:
    return any(
        name_key(read.name) == company.name_key
        or not {*e164s}.isdisjoint(read.e164s)
        or (company.kvk_number and read.kvk_number == company.kvk_number)
        for read in read_lines(line)
    )


def named_lines(session: Session, actor: Actor, text: str, chosen: Mapping[str, int]) -> list[NamedLine]:
    """What is known about each line, with what was chosen. Raises TooManyLines."""
    actor.require(Permission.LIST_MANAGE)
    taken: set[int] = set()
    lines = []
    for match in find_lines(session, actor, text):
        line = _settled(match, chosen.get(match.line.text), taken)
        if line.state == "found" and line.company:
            taken.add(line.company.company.id)
        lines.append(line)
    return lines


def _settled(match: LineMatch, chosen: int | None, taken: set[int]) -> NamedLine:
    if not match.companies:
        return NamedLine(match, "skipped" if chosen == NONE_OF_THEM else "unknown")
    if chosen == NONE_OF_THEM:
        return NamedLine(match, "skipped")
    meant = next((one for one in match.companies if one.company.id == chosen), None)
    meant = meant or (match.companies[0] if match.is_sure else None)
    if meant is None:
        return NamedLine(match, "choose")
    if not meant.verdict.allowed:
        return NamedLine(match, "forbidden", meant)
    return NamedLine(match, "double" if meant.company.id in taken else "found", meant)
