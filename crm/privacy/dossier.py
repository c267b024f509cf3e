"""All the evidence about calling one company, in tables that a supervisor can read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.calling.models import Call, CallStatus
from crm.companies.gate import may_call
from crm.companies.law import rule_of
from crm.companies.models import Contact, Suppression, TakenBackBlock
from crm.companies.queries import CompanyCard, company
from crm.core.clock import local
from crm.core.i18n import _, show_amount
from crm.outreach.models import Letter, LetterText
from crm.pipeline.analyses.models import WorkAnalysis, WorkTask
from crm.reference.queries import legal_form

Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of evidence; `name` is the name of its file."""

    name: str
    heading: str
    columns: Cells
    rows: Sequence[Cells]


def dossier(session: Session, actor: Actor, company_id: int) -> list[Table]:
    """Raises NotFound."""
    card = company(session, actor, company_id)
    who = _Names(session, card)
    return [
        _company(session, card),
        _numbers(card),
        _consents(card, who),
        _publications(card, who),
        _relations(card, who),
        _blocks(card, who),
        _letters(session, company_id, who),
        _calls(session, company_id, who),
        _analyses(session, company_id, who),
        _tasks(session, company_id),
    ]


class _Names:
    """Colleagues and contacts by number, each read once."""

    def __init__(self, session: Session, card: CompanyCard) -> None:
        self._session = session
        self._contacts = {contact.id: contact.name for contact in card.contacts}

    def user(self, id_: int | None) -> str:
        user = self._session.get(User, id_) if id_ else None
        return user.name if user else ""

    def contact(self, id_: int | None) -> str:
        if id_ and id_ not in self._contacts:
            contact = self._session.get(Contact, id_)
            self._contacts[id_] = contact.name if contact else ""
        return self._contacts.get(id_ or 0, "")


def _company(session: Session, card: CompanyCard) -> Table:
    found, verdict = card.company, may_call(session, card.company.id)
    rule = rule_of(verdict.rule)
    address = ", ".join(filter(None, (found.street, found.postcode, found.town)))
    rows = [
        (_("Company"), found.name),
        (_("KVK number"), found.kvk_number or ""),
        (_("Branch number"), found.branch_number or ""),
        (_("Legal form"), legal_form(found.legal_form).name),
        (_("Address"), address),
        (_("Source"), found.source),
        (_("May we call now?"), verdict.reason),
        (_("Rule: {code}").format(code=verdict.rule), rule.explanation if rule else ""),
        (_("Source of the rule"), rule.source if rule else ""),
    ]
    return Table("bedrijf", _("Company"), (_("What"), _("Details")), rows)


def _numbers(card: CompanyCard) -> Table:
    columns = (_("Telephone number"), _("Where it comes from"), _("Written down on"), _("Wrong number"))
    rows = [(number.e164, number.source, _moment(number.created_at), _yes(number.is_wrong)) for number in card.numbers]
    return Table("nummers", _("Numbers"), columns, rows)


def _consents(card: CompanyCard, who: _Names) -> Table:
    columns = (
        _("Given by"), _("Contact"), _("How"), _("Exact words"), _("Checked how"), _("Given on"), _("Holds until"),
        _("Withdrawn on"), _("Withdrawn how"), _("Written down by"), _("Written down on"),
    )  # fmt: skip
    rows = [
        (
            consent.given_by,
            who.contact(consent.contact_id),
            consent.channel.label,
            consent.text,
            consent.verified_how,
            _moment(consent.given_at),
            _moment(consent.expires_at),
            _moment(consent.withdrawn_at),
            _joined(consent.withdrawn_channel.label if consent.withdrawn_channel else "", consent.withdrawn_how),
            who.user(consent.recorded_by_id) or _("the owner, on the public page"),
            _moment(consent.created_at),
        )
        for consent in card.consents
    ]
    return Table("toestemmingen", _("Consent to call"), columns, rows)


def _publications(card: CompanyCard, who: _Names) -> Table:
    columns = (_("Address of the page"), _("Exact words"), _("Seen on"), _("No longer there"), _("Written down by"))
    rows = [
        (one.url, one.text, _moment(one.seen_at), _moment(one.ended_at), who.user(one.recorded_by_id))
        for one in card.publications
    ]
    return Table("gepubliceerd", _("Published for offers"), columns, rows)


def _relations(card: CompanyCard, who: _Names) -> Table:
    columns = (
        _("Customer of what?"),
        _("How do we know?"),
        _("Since"),
        _("Until (empty: still)"),
        _("Written down by"),
    )
    rows = [
        (one.what, one.how_known, _day(one.since), _day(one.until), who.user(one.recorded_by_id))
        for one in card.relations
    ]
    return Table("klantrelaties", _("Customer of ours"), columns, rows)


def _blocks(card: CompanyCard, who: _Names) -> Table:
    columns = (
        _("What is blocked"), _("Reason"), _("Note"), _("Since"), _("Written down by"),
        _("Taken back on"), _("Taken back by"), _("Why it was a mistake"),
    )  # fmt: skip
    standing = [(*_block(block, block.created_at, who), "", "", "") for block in card.suppressions]
    gone = [
        (*_block(block, block.blocked_at, who), _moment(block.created_at), who.user(block.taken_back_by_id), block.why)
        for block in card.taken_back
    ]
    return Table("blokkades", _("Blocks"), columns, [*standing, *gone])


def _block(block: Suppression | TakenBackBlock, since: datetime, who: _Names) -> Cells:
    what = block.e164 or who.contact(block.contact_id) or _("The company")
    return what, block.reason.label, block.note, _moment(since), who.user(block.made_by_id)


def _letters(session: Session, company_id: int, who: _Names) -> Table:
    columns = (
        _("Letter"),
        _("Made on"),
        _("Posted on"),
        _("Consent that was asked"),
        _("Answer"),
        _("Answered on"),
        _("Made by"),
    )
    statement = (
        select(Letter, LetterText.consent)
        .join(LetterText, col(LetterText.id) == Letter.text_id)
        .where(Letter.company_id == company_id)
        .order_by(col(Letter.id))
    )
    rows = [
        (
            str(letter.id),
            _moment(letter.created_at),
            _day(letter.sent_on),
            consent,
            letter.answer.label if letter.answer else "",
            _moment(letter.answered_at),
            who.user(letter.made_by_id),
        )
        for letter, consent in session.exec(statement)
    ]
    return Table("brieven", _("Letters"), columns, rows)


def _calls(session: Session, company_id: int, who: _Names) -> Table:
    columns = (_("Call ended"), _("Number"), _("Caller"), _("Contact"), _("Result"), _("Right to object offered"))
    statement = select(Call).where(Call.company_id == company_id, Call.status == CallStatus.DONE).order_by(col(Call.id))
    rows = [
        (
            _moment(call.ended_at),
            call.e164,
            who.user(call.caller_id),
            who.contact(call.contact_id),
            call.result.name if call.result else call.disposition or "",
            call.objection_right.label if call.objection_right else "",
        )
        for call in session.exec(statement)
    ]
    return Table("gesprekken", _("Calls"), columns, rows)


def _analyses(session: Session, company_id: int, who: _Names) -> Table:
    columns = (
        _("Work analysis"), _("Date"), _("How"), _("Spoken with"), _("What is left undone?"),
        _("What is the work like here?"), _("What did we agree?"), _("Written down by"),
    )  # fmt: skip
    statement = select(WorkAnalysis).where(WorkAnalysis.company_id == company_id).order_by(col(WorkAnalysis.id))
    rows = [
        (
            str(one.id),
            _day(one.held_on),
            one.way.label,
            one.spoken_with,
            one.left_undone,
            one.circumstances,
            one.agreements,
            who.user(one.made_by_id),
        )
        for one in session.exec(statement)
    ]
    return Table("werkanalyses", _("Work analyses"), columns, rows)


def _tasks(session: Session, company_id: int) -> Table:
    columns = (
        _("Work analysis"), _("Task"), _("Who does it now"), _("How often"), _("Hours a week"), _("Could be split off"),
        _("Training needed"),
    )  # fmt: skip
    statement = (
        select(WorkTask)
        .join(WorkAnalysis, col(WorkAnalysis.id) == WorkTask.analysis_id)
        .where(WorkAnalysis.company_id == company_id)
        .order_by(col(WorkTask.id))
    )
    rows = [
        (
            str(one.analysis_id),
            one.what,
            one.done_by,
            one.how_often,
            "" if one.hours_per_week is None else show_amount(one.hours_per_week),
            _yes(one.split_off),
            _yes(one.needs_training),
        )
        for one in session.exec(statement)
    ]
    return Table("taken", _("Tasks in work analyses"), columns, rows)


def _moment(moment: datetime | None) -> str:
    return f"{local(moment):%Y-%m-%d %H:%M}" if moment else ""


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _yes(value: bool) -> str:
    return _("Yes") if value else ""


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def texts(tables: Iterable[Table]) -> dict[str, list[dict[str, str]]]:
    """The same for a program: a list of records per table."""
    return {table.name: [dict(zip(table.columns, row, strict=True)) for row in table.rows] for table in tables}
