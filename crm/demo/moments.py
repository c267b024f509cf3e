"""What a desk lives through besides plain calls: a recommendation, a skipped company, a visit, a result put right."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import col, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.calling.models import Call, CallListEntry, CallWay, EntryState, ObjectionRight, SkippedCompany, SkipReason
from crm.companies.models import Company, Referral
from crm.core.clock import at, now, today
from crm.demo.conversations import Desk
from crm.desk.inputs import CorrectionInput, LoggedCallInput
from crm.desk.services import correct, log_call
from crm.reference.calendar import add_working_days, is_working_day

LEADS = 6
SKIPS = (
    (SkipReason.KNOWN, "Mijn zwager werkt er."),
    (SkipReason.CLOSED, "Op de deur staat: gesloten tot volgende week."),
    (SkipReason.MOMENT, ""),
)
VISITED = "Langsgelopen met een folder. Redt het met de eigen ploeg, vertelt graag wie er wel iemand zoekt."
MISTAKEN = "Riep alleen dat het druk was en hing op."


def live_through_more(desk: Desk, coordinator: User) -> None:
    waiting = [entry for entry in desk.entries.values() if entry.state is EntryState.WAITING and not entry.attempts]
    chosen = desk.random.sample(waiting, LEADS + len(SKIPS) + 2)
    visited, mistaken, *others = [desk.businesses[entry.company_id][0] for entry in chosen]
    _recommend(desk, others[:LEADS])
    _skip(desk, chosen[-len(SKIPS) :])
    _visit(desk, visited)
    _put_right(desk, mistaken, coordinator)


def _recommend(desk: Desk, leads: Sequence[Company]) -> None:
    """Owners who were spoken to name a neighbour; most agree to be named."""
    spoken = desk.session.exec(
        select(Call).where(col(Call.disposition).in_(("GESPREK_LATENT", "GESPREK_GEEN_WERK"))).order_by(col(Call.id))
    ).all()
    for place, (call, lead) in enumerate(zip(desk.random.sample(spoken, len(leads)), leads, strict=True)):
        desk.session.add(
            Referral(
                company_id=lead.id,
                introducer_company_id=call.company_id,
                call_id=call.id,
                may_name=place % 3 != 2,
                made_by_id=call.caller_id,
                created_at=call.created_at,
            )
        )


def _skip(desk: Desk, entries: Sequence[CallListEntry]) -> None:
    until = at(add_working_days(today(), 5), 9)
    for entry, (reason, note) in zip(entries, SKIPS, strict=True):
        entry.due_at = until
        desk.session.add(
            SkippedCompany(
                company_id=entry.company_id,
                list_id=entry.list_id,
                user_id=desk.random.choice(desk.callers).id,
                reason=reason,
                note=note,
                until=until,
                created_at=_yesterday(16),
            )
        )


def _visit(desk: Desk, company: Company) -> None:
    given = LoggedCallInput(
        disposition="GEEN_INTERESSE",
        way=CallWay.VISIT,
        at=_yesterday(15),
        objection_right=ObjectionRight.OFFERED,
        summary=VISITED,
        notes=VISITED,
    )
    _write_down(desk, company, given)


def _put_right(desk: Desk, company: Company, coordinator: User) -> None:
    """Somebody rang us a short while ago. The caller took the wrong line for the result, and the coordinator saw it."""
    told = {"objection_right": ObjectionRight.OFFERED, "summary": MISTAKEN, "notes": MISTAKEN}
    given = LoggedCallInput(disposition="VERZET", way=CallWay.INCOMING, at=now() - timedelta(minutes=20), **told)
    call = _write_down(desk, company, given)
    right = CorrectionInput(
        disposition="GEEN_INTERESSE", reason="Verkeerde regel gekozen: hij had alleen haast.", **told
    )
    correct(desk.session, Actor.of(coordinator), call.id, right, version=call.version)


def _write_down(desk: Desk, company: Company, given: LoggedCallInput) -> Call:
    call = log_call(desk.session, Actor.of(desk.callers[0]), company.id, given).call
    call.created_at = given.at - timedelta(minutes=6)
    desk.session.flush()
    return call


def _yesterday(hour: int) -> datetime:
    """On the last working day before this one."""
    day = today() - timedelta(days=1)
    while not is_working_day(day):
        day -= timedelta(days=1)
    return at(day, hour)
