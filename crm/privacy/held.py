"""Which tables hold something about a job seeker, with what the file about them shows and what erasing takes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from crm.candidates.models import (
    CandidateCompetence,
    CandidateConsent,
    CandidateOutcome,
    CompetenceSheet,
    IntakeProgress,
    ServiceStep,
    SuccessMoment,
)
from crm.candidates.talents.models import SelfAnswer, SelfAssessment, SettledSuggestion
from crm.companies.models import Referral
from crm.core.i18n import N_
from crm.core.models import Record
from crm.followups.models import FollowUp
from crm.matching.models import Introduction, Suggestion
from crm.meetings.models import InstrumentUse, Meeting


def _by_candidate(model: Any) -> Callable[[int], ColumnElement[bool]]:
    return lambda candidate_id: col(model.candidate_id) == candidate_id


def _by_introduction(model: Any) -> Callable[[int], ColumnElement[bool]]:
    return lambda candidate_id: col(model.introduction_id).in_(
        select(Introduction.id).where(Introduction.candidate_id == candidate_id)
    )


def _by_assessment(candidate_id: int) -> ColumnElement[bool]:
    return col(SelfAnswer.assessment_id).in_(
        select(SelfAssessment.id).where(SelfAssessment.candidate_id == candidate_id)
    )


def _by_meeting(candidate_id: int) -> ColumnElement[bool]:
    return col(FollowUp.meeting_id).in_(select(Meeting.id).where(_by_introduction(Meeting)(candidate_id)))


@dataclass(frozen=True, slots=True)
class Held:
    """A table about a job seeker: which of its rows, and the columns that the file shows, by heading.

    At erasure the rows go. With `emptied` they stay for the numbers, and get these values.
    """

    model: type[Record]
    file: str
    heading: str
    of: Callable[[int], ColumnElement[bool]]
    shown: Mapping[str, str]
    emptied: Mapping[str, Any] | None = None


# A new table about job seekers is a line here; a test walks all tables and misses it otherwise.
HELD = (
    Held(
        CandidateConsent,
        "toestemmingen",
        N_("Consents"),
        _by_candidate(CandidateConsent),
        {
            "purpose": N_("For what"), "text": N_("Exact words"), "channel": N_("How"), "given_at": N_("Given on"),
            "expires_at": N_("Holds until"), "withdrawn_at": N_("Withdrawn on"),
            "withdrawn_channel": N_("Withdrawn how"),
        },
    ),
    Held(
        CandidateCompetence,
        "competenties",
        N_("Competences"),
        _by_candidate(CandidateCompetence),
        {"code": N_("Competence"), "level": N_("Level (1 to 3)")},
    ),
    Held(
        CompetenceSheet,
        "competentieblad",
        N_("Competence sheet"),
        _by_candidate(CompetenceSheet),
        {"examples": N_("Examples")},
    ),
    Held(
        IntakeProgress,
        "intake",
        N_("Intake"),
        _by_candidate(IntakeProgress),
        {"step": N_("Step"), "saved_at": N_("Saved on")},
    ),
    Held(
        SelfAnswer,
        "antwoorden",
        N_("Answers about competences"),
        _by_assessment,
        {"code": N_("Competence"), "answer": N_("Answer (0 to 3)"), "settled_at": N_("Looked at on")},
    ),
    Held(
        SelfAssessment,
        "zelfbeeld",
        N_("What they filled in themselves"),
        _by_candidate(SelfAssessment),
        {
            "created_at": N_("Link made on"), "expires_at": N_("Holds until"), "ended_at": N_("Ended on"),
            "finished_at": N_("Finished on"), "step": N_("Step"), "work_done": N_("What they did"),
            "proud_of": N_("Proud of"), "words_settled_at": N_("Looked at on"),
        },
    ),
    Held(
        SettledSuggestion,
        "ideeen",
        N_("Ideas from their own words"),
        _by_candidate(SettledSuggestion),
        {"about": N_("What"), "code": N_("Competence or trade"), "why": N_("Why"), "taken": N_("Taken over")},
    ),
    Held(
        Suggestion,
        "suggesties",
        N_("Jobs that were suggested"),
        _by_candidate(Suggestion),
        {
            "created_at": N_("First shown"), "last_shown_at": N_("Last shown"), "job_id": N_("Hidden job"),
            "call_id": N_("In a call with"), "score": N_("Score"), "why": N_("Why it fits"),
            "outcome": N_("Outcome"), "decided_at": N_("Decided on"),
            "reason": N_("Why not"), "words": N_("Note"),
        },
    ),
    Held(
        ServiceStep,
        "stappen",
        N_("Steps"),
        _by_candidate(ServiceStep),
        {"day": N_("Day"), "tile": N_("Step"), "form": N_("Form"), "done": N_("Done"), "note": N_("Note")},
    ),
    Held(
        SuccessMoment,
        "succesmomenten",
        N_("Moments of success"),
        _by_candidate(SuccessMoment),
        {"day": N_("Day"), "words": N_("Words"), "may_share": N_("May be shared")},
    ),
    Held(
        CandidateOutcome,
        "uitkomsten",
        N_("What came of it"),
        _by_candidate(CandidateOutcome),
        {"day": N_("Day"), "kind": N_("Outcome"), "note": N_("Note")},
        {"note": ""},
    ),
    Held(
        Referral,
        "tips",
        N_("Tips"),
        _by_candidate(Referral),
        {
            "created_at": N_("Written down on"), "company_id": N_("Company"), "may_name": N_("May be named"),
            "thanked_on": N_("Thanked on"),
        },
        {"may_name": False},
    ),
    Held(
        InstrumentUse,
        "regelingen",
        N_("Schemes"),
        _by_introduction(InstrumentUse),
        {"code": N_("Scheme"), "state": N_("State"), "asked_by": N_("Asked by"), "asked_on": N_("Asked on")},
        {},
    ),
    Held(
        Meeting,
        "kopkoffies",
        N_("Kopkoffies"),
        _by_introduction(Meeting),
        {
            "starts_at": N_("Start"), "minutes": N_("Minutes"), "place": N_("Place"), "host": N_("Who receives them"),
            "preparation": N_("Preparation"), "status": N_("Status"), "employer_outcome": N_("The employer found"),
            "employer_reason": N_("Why, says the employer"), "candidate_outcome": N_("The job seeker found"),
            "candidate_reason": N_("Why, says the job seeker"),
        },
        {"preparation": "", "employer_reason": "", "candidate_reason": ""},
    ),
    Held(
        FollowUp,
        "vervolgacties",
        N_("Follow-ups"),
        _by_meeting,
        {
            "kind": N_("What"), "due_at": N_("When"), "status": N_("Status"), "note": N_("Note"),
            "outcome": N_("Outcome"),
        },
        {"note": "", "outcome": "", "moved_because": ""},
    ),
    Held(
        Introduction,
        "voordrachten",
        N_("Introductions"),
        _by_candidate(Introduction),
        {
            "created_at": N_("Introduced on"), "job_id": N_("Hidden job"), "status": N_("Status"),
            "score": N_("Score"), "explanation": N_("Why it fits"), "decline_reason": N_("Why not"),
        },
        {"explanation": [], "decline_reason": ""},
    ),
)  # fmt: skip

PERSON = {
    "name": N_("Name"), "email": N_("E-mail"), "e164": N_("Phone"), "postcode": N_("Postcode"), "town": N_("Town"),
    "best_reached": N_("Best reached"), "trades": N_("Worked as"), "strengths": N_("Good at"), "open_to": N_("Open to"),
    "work_done": N_("What they did"), "proud_of": N_("Proud of"), "wishes": N_("Wishes"),
    "not_wanted": N_("Rather not"), "hours_min": N_("Hours, at least"),
    "hours_max": N_("Hours, at most"), "days": N_("Days"), "from_time": N_("From (time)"),
    "until_time": N_("Until (time)"), "travel_km": N_("Travels, km"),
    "travel_by": N_("Travels by"), "barriers": N_("Practical barriers"),
    "meets_programme": N_("Meets the programme"), "status": N_("Status"), "status_since": N_("Status since"),
    "created_at": N_("Written down on"),
}  # fmt: skip
