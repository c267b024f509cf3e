"""Choices from the reference data that people fill in."""

from typing import Annotated

from pydantic import AfterValidator

from crm.core.i18n import _
from crm.reference.days import in_week_order
from crm.reference.queries import competences


def _known_competences(codes: list[str]) -> list[str]:
    if not set(codes) <= competences().keys():
        raise ValueError(_("choose competences from the list"))
    return sorted(set(codes))


CompetenceCodes = Annotated[list[str], AfterValidator(_known_competences)]
Days = Annotated[list[str], AfterValidator(in_week_order)]
