"""Three weeks of invented calls: who called whom, what came of it, and what was promised."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlmodel import Session, select

from crm.access.models import User
from crm.calling.models import (
    RETRY,
    Call,
    CallAnswer,
    CallField,
    CallListEntry,
    CallStatus,
    EntryState,
    ObjectionRight,
)
from crm.calling.rules import next_try
from crm.calling.services.measuring import count_call
from crm.companies.models import Company, CompanyNumber, Suppression, SuppressionReason
from crm.core.clock import at, local, now, today
from crm.demo.businesses import Trade
from crm.followups.models import FollowUp, FollowUpKind, FollowUpStatus
from crm.pipeline.models import HiddenJob, Pipeline
from crm.pipeline.rules import suggested_pipeline
from crm.reference.calendar import add_working_days, is_working_day
from crm.reference.models import DispositionKind
from crm.reference.queries import dispositions
from crm.scripts.rules import Step

WORKING_DAYS = 15
CALLS_PER_DAY = (1, 2, 2, 3)

OUTCOMES = {
    "GEEN_GEHOOR": 26,
    "IN_GESPREK": 5,
    "VOICEMAIL": 12,
    "POORTWACHTER": 6,
    "TERUGBELAFSPRAAK": 9,
    "GESPREK_GEEN_WERK": 12,
    "GESPREK_LATENT": 9,
    "VACATURE": 2,
    "KOPKOFFIE": 3,
    "INFO_MAILEN": 5,
    "GEEN_INTERESSE": 7,
    "VERZET": 2,
    "VERKEERD_NUMMER": 1,
}
SAME_WAY = {"IN_GESPREK": "GEEN_GEHOOR", "VOICEMAIL": "GEEN_GEHOOR", "POORTWACHTER": "TERUGBELAFSPRAAK"}
LEARNING = "INLEER"  # time to teach somebody
FINDS_WORK = frozenset({"GESPREK_LATENT", "VACATURE", "KOPKOFFIE"})

NOTES = {
    "POORTWACHTER": ("Balie zegt: na tien uur bellen.", "Gevraagd naar de baas, die is op een klus."),
    "TERUGBELAFSPRAAK": ("Had klanten in de zaak, vroeg zelf om terug te bellen.", "Vriendelijk, nu even geen tijd."),
    "GESPREK_GEEN_WERK": ("Loopt goed, in het voorjaar wordt het druk.", "Werkt met vaste ploeg, nu geen ruimte."),
    "GESPREK_LATENT": (
        "Doet zelf ’s avonds de boekhouding en wil dat niet meer.",
        "Klus ligt al een half jaar, niemand komt eraan toe.",
        "Over twee jaar gaat de vakman met pensioen.",
    ),
    "VACATURE": ("Zoekt eigenlijk al maanden iemand, staat nergens.",),
    "KOPKOFFIE": ("Wil graag kennismaken, koffie bij hem in de zaak.", "Enthousiast over een ervaren kracht."),
    "INFO_MAILEN": ("Wil eerst iets lezen, mag nagebeld worden.",),
    "GEEN_INTERESSE": ("Wil alles zelf regelen.", "Heeft slechte ervaring, niet boos."),
    "VERZET": ("Wil niet meer gebeld worden. Meteen van de lijst.",),
    "VERKEERD_NUMMER": ("Particulier nummer, netjes afgesloten.",),
}


@dataclass
class Desk:
    """What the makers of the invented work share."""

    session: Session
    random: Random
    script_version_id: int
    ways: dict[str, tuple[Step, ...]]
    callers: list[User]
    businesses: dict[int, tuple[Company, Trade]]
    numbers: dict[int, CompanyNumber]
    entries: dict[int, CallListEntry] = field(default_factory=dict)
    jobs: list[HiddenJob] = field(default_factory=list)


def call_for_three_weeks(desk: Desk) -> None:
    """Every working day each caller makes a few calls; today's calls stop at this moment."""
    days = _past_working_days()
    for day in days:
        for caller in desk.callers:
            for moment in _moments(desk.random, day):
                entry = _pick(desk, moment)
                if entry and moment < now():
                    _call(desk, caller, entry, moment)
    desk.session.flush()
    _promise_something_today(desk)


def _promise_something_today(desk: Desk) -> None:
    """Everybody has a callback and another follow-up on the first working day from now."""
    day = add_working_days(today(), 0)
    open_ones = desk.session.exec(select(FollowUp).where(FollowUp.status == FollowUpStatus.OPEN)).all()
    for caller in desk.callers:
        mine = sorted((one for one in open_ones if one.owner_id == caller.id), key=lambda one: one.due_at)
        for follow_up, hour in zip(mine[:2], (10, 14), strict=False):
            follow_up.due_at = at(day, hour)
        if mine:
            mine[0].kind = FollowUpKind.CALLBACK


def _past_working_days() -> list[date]:
    days = [today() - timedelta(days=back) for back in range(WORKING_DAYS * 2) if back]
    return sorted([day for day in days if is_working_day(day)][:WORKING_DAYS])


def _moments(random: Random, day: date) -> Iterator[datetime]:
    count = random.choice(CALLS_PER_DAY)
    minutes = sorted(random.sample(range(10, 7 * 60 + 40, 10), count))
    for minute in minutes:
        yield at(day, 9) + timedelta(minutes=minute)


def _pick(desk: Desk, moment: datetime) -> CallListEntry | None:
    waiting = [e for e in desk.entries.values() if e.state is EntryState.WAITING and e.due_at <= moment]
    retries = [entry for entry in waiting if entry.attempts]
    return desk.random.choice(retries or waiting) if waiting else None


def _call(desk: Desk, caller: User, entry: CallListEntry, moment: datetime) -> None:
    code = desk.random.choices(list(OUTCOMES), list(OUTCOMES.values()))[0]
    spoken = dispositions()[code].kind is not DispositionKind.ATTEMPT
    seconds = desk.random.randint(240, 720) if spoken else desk.random.randint(20, 60)
    notes = desk.random.choice(NOTES.get(code, ("",)))
    call = Call(
        company_id=entry.company_id,
        caller_id=caller.id,
        list_id=entry.list_id,
        entry_id=entry.id,
        e164=desk.numbers[entry.company_id].e164,
        script_version_id=desk.script_version_id,
        status=CallStatus.DONE,
        created_at=moment,
        dialled_at=moment,
        ended_at=moment + timedelta(seconds=seconds),
        objection_right=ObjectionRight.OFFERED if spoken else ObjectionRight.NO_CONTACT,
        notes=notes,
        notes_saved_at=moment if notes else None,
    )
    call.result = dispositions()[code]
    desk.session.add(call)
    desk.session.flush()
    count_call(desk.session, call)
    _write_answers(desk, call, code)
    _settle_entry(entry, code, moment)
    desk.businesses[entry.company_id][0].last_called_at = moment
    _consequences(desk, caller, call, code)


def _write_answers(desk: Desk, call: Call, code: str) -> None:
    for place, step in enumerate(desk.ways.get(SAME_WAY.get(code, code), ())):
        given_at = call.created_at + timedelta(seconds=15 * (place + 1))
        desk.session.add(CallAnswer(call_id=call.id, node=step.node, answer=step.answer, created_at=given_at))
    if call.notes:
        desk.session.add(CallField(call_id=call.id, name="summary", value=call.notes, saved_at=call.created_at))


def _settle_entry(entry: CallListEntry, code: str, moment: datetime) -> None:
    entry.attempts, entry.lane = entry.attempts + 1, RETRY
    after = next_try(dispositions()[code].retry, entry.attempts, moment)
    entry.state, entry.due_at = after.state, after.due_at or entry.due_at


def _consequences(desk: Desk, caller: User, call: Call, code: str) -> None:
    if code == "VERZET":
        desk.session.add_all(_objection(call, caller))
    elif code == "VERKEERD_NUMMER":
        desk.numbers[call.company_id].is_wrong = True
        desk.session.add(_block(call, caller, SuppressionReason.WRONG_NUMBER, e164=call.e164))
    elif code in FINDS_WORK:
        desk.jobs.append(_hidden_job(desk, call))
    kind = dispositions()[code].follow_up
    if kind and code != "KOPKOFFIE":
        desk.session.add(_follow_up(desk, caller, call, FollowUpKind(kind), code))


def _objection(call: Call, caller: User) -> Iterator[Suppression]:
    """As the product does it: the company and its number."""
    for what in ({"company_id": call.company_id}, {"e164": call.e164}):
        yield _block(call, caller, SuppressionReason.OBJECTION, note="Gezegd in het gesprek.", **what)


def _block(call: Call, caller: User, reason: SuppressionReason, **what: Any) -> Suppression:
    return Suppression(reason=reason, made_by_id=caller.id, created_at=call.created_at, **what)


def _hidden_job(desk: Desk, call: Call) -> HiddenJob:
    _company, trade = desk.businesses[call.company_id]
    reasons = (
        "OVERWERK",
        "BLIJFT_LIGGEN",
        "DUUR_SIMPEL",
        "PIEK",
        "PENSIOEN",
        "GROEI",
        "KLUS",
        "KLUS",
        "OPVOLGING",
        "OPVOLGING",
        LEARNING,
    )
    reason = desk.random.choice(reasons)
    job = HiddenJob(
        company_id=call.company_id,
        call_id=call.id,
        title=trade["job"],
        reason=reason,
        pipeline=Pipeline.LOOK_ALONG if reason == LEARNING else suggested_pipeline(reason),
        tasks=trade["tasks"],
        hours_per_week=float(trade["hours"]) + desk.random.choice((-4, 0, 0, 4)),
        days=sorted(desk.random.sample(["ma", "di", "wo", "do", "vr"], 3), key="madiwodovr".index),
        importance=desk.random.randint(5, 9),
        stage_since=call.created_at,
        created_at=call.created_at,
        owner_id=None,
    )
    desk.session.add(job)
    desk.session.flush()
    return job


def _follow_up(desk: Desk, caller: User, call: Call, kind: FollowUpKind, code: str) -> FollowUp:
    working_days = dispositions()[code].working_days or 1
    if kind is FollowUpKind.CALLBACK:
        working_days += desk.random.randint(0, 4)
    day = add_working_days(local(call.created_at).date(), working_days)
    due_at = at(day, desk.random.choice((9, 10, 11, 13, 14, 15)), desk.random.choice((0, 30)))
    done = due_at < now() - timedelta(days=1)
    return FollowUp(
        kind=kind,
        note=call.notes,
        due_at=due_at,
        status=FollowUpStatus.DONE if done else FollowUpStatus.OPEN,
        outcome="Gedaan." if done else "",
        done_at=due_at if done else None,
        reminded_at=due_at if done else None,
        owner_id=caller.id,
        company_id=call.company_id,
        made_in_call_id=call.id,
        created_at=call.created_at,
    )
