import pkgutil
from collections import Counter
from importlib import import_module
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field, ValidationError

import crm
from crm.core.errors import explain
from crm.core.i18n import speaking


class Form(BaseModel):
    name: str = Field(default="", min_length=1, max_length=3)
    hours: float = Field(default=0, ge=0, le=60, allow_inf_nan=False)
    language: Literal["nl", "en"] = "nl"
    trades: list[str] = Field(default=[], max_length=1)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"name": ""}, "Name: fill this in"),
        ({"name": None}, "Name: fill this in"),
        ({"name": "long"}, "Name: this is too long"),
        ({"hours": 61}, "Hours: this number is too high"),
        ({"hours": "x"}, "Hours: use a number"),
        ({"hours": float("nan")}, "Hours: use a number"),
        ({"language": "fr"}, "Language: choose one from the list"),
        ({"trades": ["a", "b"]}, "Trades: this is too long"),
        ({"name": "", "hours": -1}, "Name: fill this in · Hours: this number is too low"),
    ],
)
def test_what_is_wrong_is_told_in_words_of_our_own(given: dict[str, object], says: str) -> None:
    with pytest.raises(ValidationError) as caught, speaking("en"):
        Form.model_validate(given)
    with speaking("en"):
        assert explain(caught.value) == says


class Question(BaseModel):
    given_by: Annotated[str, Field(min_length=1, title="Who gave consent?")]
    name: Annotated[str, Field(min_length=1)]


def test_a_field_is_called_what_the_screen_asks() -> None:
    with pytest.raises(ValidationError) as caught, speaking("en"):
        Question.model_validate({"given_by": "", "name": ""})
    with speaking("en"):
        assert explain(caught.value) == "Who gave consent: fill this in · Name: fill this in"
    with speaking("nl"):
        assert explain(caught.value).startswith("Wie gaf toestemming: vul dit in")


def inputs(kind: type[BaseModel]) -> set[type[BaseModel]]:
    return {kind}.union(*(inputs(derived) for derived in kind.__subclasses__()))


def test_no_two_inputs_have_one_name_as_their_fields_are_looked_up_by_it() -> None:
    for module in pkgutil.walk_packages(crm.__path__, "crm."):
        if "migrations" not in module.name:
            import_module(module.name)
    named = Counter(kind.__name__ for kind in inputs(BaseModel) if kind.__module__.startswith("crm."))
    assert [name for name, times in named.items() if times > 1 and not name.startswith("_")] == []
