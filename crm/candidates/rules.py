"""Consent of job seekers, and words that do not belong in what we write about them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from crm.candidates.models import Candidate, CandidateConsent, Purpose
from crm.core.i18n import N_, _
from crm.core.settings import settings
from crm.reference.wording import AGE, HEALTH, TREATMENT, bsn_warnings, doubts

CONSENT_LASTS = timedelta(days=365)
FOR_INTRODUCTION = (Purpose.DETAILS, Purpose.INTRODUCE)
USUAL_TEXTS = {
    Purpose.DETAILS: N_(
        "{organisation} may keep my details for one year, to look for work with me. I can always change my mind."
    ),
    Purpose.INTRODUCE: N_(
        "{organisation} may tell an employer my name and what I can do, after we have spoken about that employer. "
        "I can always change my mind."
    ),
    Purpose.STORY: N_(
        "{organisation} may show my picture or tell my story to other people. I see it first and I can say no. "
        "If I change my mind, it is not used again."
    ),
    Purpose.SHARE: N_(
        "{organisation} may share my details with this organisation: …, so that they can help me too. "
        "I can always change my mind."
    ),
}


def has_consent(candidate: Candidate, moment: datetime) -> bool:
    given, until = candidate.consent_at, candidate.consent_until
    return given is not None and given <= moment and (until is None or moment < until)


def usual_consent_until(day: date) -> date:
    return day + CONSENT_LASTS


def usual_consent_text(purpose: Purpose) -> str:
    """What we ask, in the reader's language."""
    return _(USUAL_TEXTS[purpose]).format(organisation=settings().organisation)


def introducible(consents: Iterable[CandidateConsent], moment: datetime) -> tuple[datetime | None, datetime | None]:
    """From when until when somebody may be introduced: all that is needed for it holds. None and None when not."""
    standing = [_longest(consents, purpose, moment) for purpose in FOR_INTRODUCTION]
    held = [one for one in standing if one]
    if len(held) < len(standing):
        return None, None
    return max(one.given_at for one in held), min((one.ends_at for one in held if one.ends_at), default=None)


def _longest(consents: Iterable[CandidateConsent], purpose: Purpose, moment: datetime) -> CandidateConsent | None:
    holding = [one for one in consents if one.purpose is purpose and one.holds_at(moment)]
    return max(holding, key=lambda one: one.ends_at or datetime.max.replace(tzinfo=UTC), default=None)


def texts_about(candidate: Candidate) -> str:
    """All that was written about somebody in free words."""
    told = (candidate.work_done, candidate.proud_of, candidate.strengths, candidate.wishes, candidate.not_wanted)
    return "\n".join((*told, candidate.best_reached, *candidate.trades, candidate.name))


def doubtful_words(text: str) -> list[str]:
    """Warnings about health, age or a BSN in a text about somebody. Such words go, so nothing is proposed instead."""
    return [*bsn_warnings(text), *(doubt.advice for doubt in doubts(text, HEALTH, TREATMENT, AGE))]
