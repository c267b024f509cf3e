"""The numbers that matching reckons with; in `data/reference/matching.csv` a coordinator reads and changes them.

What was introduced or refused keeps the explanation it had: a change counts for what is shown from then on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from crm.candidates.models import TravelBy
from crm.core.errors import CrmError, explain
from crm.core.i18n import N_, _, show_amount
from crm.reference.models import Named
from crm.reference.queries import rows

FILE = "matching.csv"
TOPICS = {
    "points": N_("What counts, 100 points together"),
    "unknown": N_("What is not known"),
    "competences": N_("Competences"),
    "work": N_("Work somebody did before"),
    "distance": N_("Distance"),
    "desk": N_("At the call desk"),
    "days": N_("Small jobs on one day"),
    "weeks": N_("Which week of small jobs is best"),
}

Points = Annotated[int, Field(ge=0, le=100)]
OfHundred = Annotated[int, Field(ge=0, le=100)]
Speed = Annotated[float, Field(ge=1, le=130)]  # kilometres an hour, as the crow flies
Price = Annotated[float, Field(ge=0, le=100)]


class RulesWrong(CrmError):
    def __init__(self, faults: str) -> None:
        super().__init__(_("data/reference/{file} cannot be used. {faults}").format(file=FILE, faults=faults))


class Weights(BaseModel):
    """The parts are points, the prices are those of a week; what is `OfHundred` is a share."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    part_competences: Points
    part_work: Points
    part_hours: Points
    part_times: Points
    part_distance: Points
    unknown: OfHundred
    weight_helpful: Annotated[float, Field(gt=0, le=10)]
    weight_important: Annotated[float, Field(gt=0, le=10)]
    weight_decisive: Annotated[float, Field(gt=0, le=10)]
    level_learning: OfHundred
    level_can: OfHundred
    level_strong: OfHundred
    learnable_gap: OfHundred
    decisive_missing: OfHundred
    other_work: OfHundred
    first_word: OfHundred
    next_word: OfHundred
    too_far: OfHundred
    good_fit: Points
    day_hours: Annotated[float, Field(ge=1, le=12)]
    travel_minutes: Annotated[float, Field(ge=0, le=120)]
    speed_foot: Speed
    speed_bike: Speed
    speed_moped: Speed
    speed_transit: Speed
    speed_car: Speed
    hour_too_few: Price
    employer: Price
    misfit: Price

    @model_validator(mode="after")
    def _go_together(self) -> Self:
        if self.parts != 100:
            raise ValueError(_("The five parts make {n} points together: that has to be 100.").format(n=self.parts))
        if not self.weight_helpful <= self.weight_important <= self.weight_decisive:
            raise ValueError(_("Important has to count as much as helpful or more, and decisive more still."))
        if not self.level_learning <= self.level_can <= self.level_strong:
            raise ValueError(
                _("Who can do it has to get as much as who is learning it or more, and who is strong more.")
            )
        return self

    @property
    def parts(self) -> int:
        return self.part_competences + self.part_work + self.part_hours + self.part_times + self.part_distance

    def of_weight(self, weight: int) -> float:
        """How many times a competence counts that a job gives this weight, 1 to 3."""
        return (self.weight_helpful, self.weight_important, self.weight_decisive)[weight - 1]

    def of_level(self, level: int) -> float:
        """The share for somebody with this level in a competence, 1 to 3."""
        return (self.level_learning, self.level_can, self.level_strong)[level - 1] / 100

    def speed_by(self, ways: Iterable[str]) -> float:
        """Of the fastest of these ways to travel; of a bicycle when none is known."""
        speeds: dict[str, float] = {
            TravelBy.FOOT: self.speed_foot,
            TravelBy.BIKE: self.speed_bike,
            TravelBy.MOPED: self.speed_moped,
            TravelBy.TRANSIT: self.speed_transit,
            TravelBy.CAR: self.speed_car,
        }
        return max((speeds[way] for way in ways), default=self.speed_bike)


@dataclass(frozen=True, slots=True)
class Rule(Named):
    """A rule with its sentence, in which the value stands as `{value}`."""

    value: float

    @property
    def sentence(self) -> str:
        return self.name.replace("{value}", show_amount(self.value))


@cache
def weights() -> Weights:
    """Raises RulesWrong."""
    return read_weights(rows(FILE))


def read_weights(written: Iterable[dict[str, str]]) -> Weights:
    """Raises RulesWrong for a rule that is missing, unknown, there twice or out of its limits."""
    values: dict[str, str] = {}
    for row in written:
        name = (row.get("rule") or "").strip()
        if name in values:
            raise RulesWrong(_("The rule {name} is there twice.").format(name=name))
        values[name] = (row.get("value") or "").strip()
    if unknown := values.keys() - Weights.model_fields.keys():
        raise RulesWrong(_("There is no rule {name}.").format(name=", ".join(sorted(unknown))))
    try:
        return Weights.model_validate(values)
    except ValidationError as error:
        raise RulesWrong(explain(error)) from error


def rules_in_words() -> dict[str, list[str]]:
    """A sentence for each rule, under the heading of its topic."""
    known = weights().model_dump()
    told: dict[str, list[str]] = {_(heading): [] for heading in TOPICS.values()}
    for row in rows(FILE):
        rule = Rule(row["rule"], row["name_nl"], row["name_en"], known[row["rule"]])
        told[_(TOPICS[row["topic"]])].append(rule.sentence)
    return told
