"""Consent of job seekers, and words that do not belong in what we write about them."""

from datetime import date, datetime, timedelta

from crm.candidates.models import Candidate
from crm.core.i18n import _
from crm.core.settings import settings
from crm.reference.wording import AGE, HEALTH, bsn_warnings, word_warnings

CONSENT_LASTS = timedelta(days=365)


def has_consent(candidate: Candidate, moment: datetime) -> bool:
    given, until = candidate.consent_at, candidate.consent_until
    return given is not None and given <= moment and (until is None or moment < until)


def usual_consent_until(day: date) -> date:
    return day + CONSENT_LASTS


def usual_consent_text() -> str:
    """What we ask, in the reader's language."""
    return _(
        "{organisation} may keep my details for one year, to look for work with me. "
        "{organisation} tells an employer about me only after we have spoken about it. I can always change my mind."
    ).format(organisation=settings().organisation)


def doubtful_words(text: str) -> list[str]:
    """Warnings about health, age or a BSN in a text about somebody, in plain language."""
    return [*bsn_warnings(text), *word_warnings(text, HEALTH, AGE)]
