"""The statements by which people recognise what they are good at, in steps of a few."""

from dataclasses import dataclass
from functools import cache

from crm.core.i18n import language
from crm.reference.queries import rows

A_STEP = 5


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody with this competence would say."""

    code: str
    text_nl: str
    text_en: str

    @property
    def text(self) -> str:
        return self.text_en if language() == "en" else self.text_nl


@cache
def statements() -> dict[str, Statement]:
    return {
        row["competence"]: Statement(row["competence"], row["statement_nl"], row["statement_en"])
        for row in rows("self_assessment.csv")
    }


def last_step() -> int:
    """The first step asks for words, the others for answers."""
    return 1 + -(-len(statements()) // A_STEP)


def statements_of(step: int) -> list[Statement]:
    """Empty for the first step."""
    start = (step - 2) * A_STEP
    return list(statements().values())[start : start + A_STEP] if step > 1 else []
