"""The rules of matching stand in a file that a coordinator reads and changes."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session

from crm.access.actor import Actor
from crm.core.i18n import speaking
from crm.matching import rules, weights
from crm.matching.services import introduce
from crm.matching.weights import FILE, RulesWrong, Weights, read_weights, rules_in_words
from crm.pipeline.models import Stage
from crm.reference.queries import rows
from tests.conftest import make_candidate, make_job


def written(**changes: str | None) -> list[dict[str, str]]:
    """The file with other values; None leaves a rule out."""
    kept = {row["rule"]: row["value"] for row in rows(FILE)} | changes
    return [{"rule": rule, "value": value} for rule, value in kept.items() if value is not None]


class TestFile:
    def test_has_a_sentence_for_every_rule_in_both_languages(self) -> None:
        assert {row["rule"] for row in rows(FILE)} == Weights.model_fields.keys()
        for language, sentence in (
            ("nl", "Competenties: hoogstens 35 van de 100 punten."),
            ("en", "Competences: 35 of the 100 points at most."),
        ):
            with speaking(language):
                told = [words for under in rules_in_words().values() for words in under]
            assert sentence in told
            assert not [words for words in told if "{" in words or not words.endswith(".")]

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"part_distance": "19"}, "zijn samen 99 punten: dat moet 100 zijn"),
            ({"weight_decisive": "1"}, "doorslaggevend minstens zo zwaar"),
            ({"level_can": "40"}, "Wie het kan, moet minstens zo veel krijgen"),
            ({"speed_foot": "0"}, "Speed foot: dit getal is te laag"),
            ({"unknown": "101"}, "Unknown: dit getal is te hoog"),
            ({"unknown": "veel"}, "Unknown: gebruik een heel getal"),
            ({"unknown": ""}, "Unknown: "),
            ({"unknown": None}, "Unknown: vul dit in"),
            ({"leeftijd": "10"}, "Er is geen regel leeftijd."),
        ],
    )
    def test_says_what_is_wrong_in_it(self, changes: dict[str, str | None], said: str) -> None:
        with pytest.raises(RulesWrong) as refusal:
            read_weights(written(**changes))
        assert str(refusal.value).startswith("data/reference/matching.csv is niet te gebruiken.")
        assert said in str(refusal.value)

    def test_says_that_a_rule_is_there_twice(self) -> None:
        with pytest.raises(RulesWrong, match="De regel unknown staat er twee keer"):
            read_weights([*written(), {"rule": "unknown", "value": "50"}])


@pytest.fixture
def other_rules(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As if a coordinator made competences count for all."""
    changed = dict.fromkeys(("part_work", "part_hours", "part_times", "part_distance"), "0")
    read = read_weights(written(part_competences="100", **changed))
    monkeypatch.setattr(rules, "weights", lambda: read)
    yield
    weights.weights.cache_clear()


def test_a_change_counts_from_then_on_and_what_was_introduced_keeps_its_reasons(
    session: Session, coach: Actor, request: pytest.FixtureRequest
) -> None:
    job = make_job(session, stage=Stage.PROFILED)
    before = introduce(session, coach, job.id, make_candidate(session).id)
    kept = list(before.explanation)
    request.getfixturevalue("other_rules")
    after = introduce(session, coach, job.id, make_candidate(session).id)
    session.refresh(before)
    assert (before.explanation, before.explanation[0]["maximum"]) == (kept, 35)
    assert after.explanation[0]["maximum"] == 100
