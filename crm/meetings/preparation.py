"""What both sides read before a kopkoffie: who is prepared is at ease."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.candidates.models import CandidateCompetence
from crm.candidates.rules import has_consent
from crm.core.clock import now
from crm.core.i18n import _, language, show_whole_moment, speaking
from crm.core.settings import PROJECT_DIR, settings
from crm.core.typesetting import typeset
from crm.matching.services import ConsentMissing
from crm.meetings.queries import MeetingLine, meeting
from crm.meetings.rules import Side
from crm.reference.queries import competences

TEMPLATE = PROJECT_DIR / "data" / "sheets" / "preparation.typ"
MOST_NAMED = 3

Part = dict[str, object]


def preparation_sheet(session: Session, actor: Actor, meeting_id: int, side: Side, *, blind: bool = False) -> bytes:
    """A PDF of one page in the language of the organisation. `blind` leaves the name out for the employer.

    Raises NotFound, or ConsentMissing for an employer who would read a name that may not be told.
    """
    actor.require(Permission.MEETING_PLAN)
    line = meeting(session, actor, meeting_id)
    named = side is Side.EMPLOYER and not blind
    if named and not has_consent(line.candidate, now()):
        raise ConsentMissing(line.candidate)
    record(session, actor, "meeting.sheet_made", line.meeting, side=side.value, blind=blind)
    good_at = _good_at(session, line.candidate.id)
    with speaking(settings().language):
        told = _for_employer(line, good_at, named=named) if side is Side.EMPLOYER else _for_candidate(line)
        return typeset(TEMPLATE, _frame(line) | told)


def _good_at(session: Session, candidate_id: int) -> Sequence[str]:
    strongest = select(CandidateCompetence.code).where(CandidateCompetence.candidate_id == candidate_id)
    order = col(CandidateCompetence.level).desc(), col(CandidateCompetence.code)
    return session.exec(strongest.order_by(*order).limit(MOST_NAMED)).all()


def _frame(line: MeetingLine) -> dict[str, object]:
    chosen = settings()
    return {
        "language": language(),
        "title": _("Prepare for the kopkoffie"),
        "author": chosen.organisation,
        "above": show_whole_moment(line.meeting.starts_at),
        "heading": _("A cup of coffee, half an hour") if line.meeting.minutes == 30 else _("A cup of coffee together"),
        "footer": [
            f"{chosen.organisation} · {chosen.office_phone}",
            _("Something in the way, or a question? Call us: we move it without trouble."),
        ],
    }


def _part(title: str, *lines: str) -> Part:
    return {"title": title, "lines": [line for line in lines if line]}


def _for_employer(line: MeetingLine, codes: Sequence[str], *, named: bool) -> dict[str, object]:
    good_at = ", ".join(competences()[code].name.lower() for code in codes if code in competences())
    name = line.candidate.name.split()[0]
    comes = _("{name} comes to you.").format(name=name) if named else _("You hear the name when you meet.")
    strong = _("Is good at: {things}.").format(things=good_at) if good_at else ""
    return {
        "lead": _("You meet somebody who could do work at your company. No CV, no interview, no obligation."),
        "parts": [
            _part(_("Who comes"), comes, strong, _("It is about: {title}.").format(title=line.job.title)),
            _part(
                _("What you could do"),
                _("Show where the work is. That tells more than a description."),
                _("Tell what is left undone now, and what a good day looks like."),
                _("Say honestly what is hard about the work."),
            ),
            _part(
                _("What you could ask"),
                _("What do you like doing, and when does a day fly by?"),
                _("What are you proud of?"),
                _("What do you see here that you could do?"),
                _("What do you need to work well here?"),
            ),
            _part(
                _("What you do not ask"),
                _("Age, and how long somebody still wants to work."),
                _("Health, absence because of illness, medicine."),
                _("Family, pregnancy, wish for children, religion, origin."),
                _("Benefits and debts. The law forbids to choose by these, and they say nothing about the work."),
            ),
            _part(_("Practical"), *_practical(line), _("The day after we call you: what did you think?")),
        ],
    }


def _for_candidate(line: MeetingLine) -> dict[str, object]:
    host = _("You talk with {host}.").format(host=line.meeting.host) if line.meeting.host else ""
    return {
        "lead": _("You drink coffee with somebody who has work. You need not ask for a job, and need no CV."),
        "parts": [
            _part(
                _("Where you go"),
                line.company.name,
                host,
                _("It is about: {title}.").format(title=line.job.title),
            ),
            _part(
                _("What you could tell"),
                _("What you like doing, and one thing you are proud of. A small story is enough."),
                _("When you can work, and what you still want to learn."),
                _("What you see there that you could do."),
            ),
            _part(
                _("What you could ask"),
                _("What is left undone here?"),
                _("What does a good day look like? What is hard?"),
                _("With whom would I work? May I come and look along for a day?"),
            ),
            _part(
                _("What you need not tell"),
                _("Your age, your health, your family plans, your religion and your benefit are your own."),
                _("Does somebody ask? Say: I would rather talk about the work."),
            ),
            _part(
                _("Practical"),
                *_practical(line),
                _("Wear what you would wear to that work. Be there five minutes early."),
                _("The day after we call you: what did you think?"),
            ),
        ],
    }


def _practical(line: MeetingLine) -> list[str]:
    minutes = _("It takes {n} minutes.").format(n=line.meeting.minutes)
    return [_("Where: {place}").format(place=line.meeting.place) if line.meeting.place else "", minutes]
