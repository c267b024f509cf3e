"""A script that is not fit is refused, with the place and what is wrong in plain words."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from crm.core.i18n import speaking
from crm.scripts.graph import Script
from crm.scripts.reading import ScriptNotFit, parse

Read = Callable[[dict[str, Any]], Script]
Change = Callable[[dict[str, Any]], object]


def test_a_script_that_is_fit_is_read(small: dict[str, Any], read: Read) -> None:
    script = read(small)
    assert script.node("A").choices == (script.node("A").answer("done"),)
    assert script.node("A").objection.to == "T"


def test_the_script_that_is_delivered_is_fit_and_whole(delivered: Script) -> None:
    assert {node.id for node in delivered.nodes} == {
        *(f"S{n:02}" for n in range(1, 27)), *(f"I{n:02}" for n in range(1, 5)), "T01",
    }  # fmt: skip
    assert len(delivered.objections) == 13
    assert len(delivered.rules) == 7
    assert len(delivered.closings) == 3
    silent = {node.id for node in delivered.nodes if not node.say}
    assert silent == {"S01", "S24", "S25", "T01"}


def test_every_conversation_that_is_spoken_can_mention_the_right_to_object(delivered: Script) -> None:
    assert {node.id for node in delivered.nodes if node.objection_offered} == {"S05", "S06", "S22"}


WRONG: list[tuple[str, Change, str]] = [
    (
        "an answer that leads nowhere",
        lambda s: s["nodes"][0]["answers"][0].update(to="S99"),
        "A, answer “done”: goes to S99, which does not exist",
    ),
    (
        "an objection that leads nowhere",
        lambda s: s["objections"][0].update(to="X"),
        "GEEN_TIJD: goes to X, which does",
    ),
    ("a start that does not exist", lambda s: s.update(start="Q"), "start: goes to Q, which does not exist"),
    (
        "a start for who rings us that does not exist",
        lambda s: s.update(incoming_start="Q"),
        "incoming_start: goes to Q, which does not exist",
    ),
    ("a node nobody reaches", lambda s: s["nodes"].append(_node("B", to="Z")), "B: no answer leads here"),
    ("a node without a way out", lambda s: _lead_to(s, _node("B", to="B")), "B: from here the call can never end"),
    ("a node without answers", lambda s: _lead_to(s, _node("B")), "B: from here the call can never end"),
    ("an end that goes on", lambda s: s["nodes"][2].update(answers=[_answer("on", "A")]), "Z: this is the end"),
    ("a node twice", lambda s: s["nodes"].append(_node("A", to="Z")), "nodes: “A” occurs twice"),
    ("an answer twice", lambda s: s["nodes"][0]["answers"].append(_answer("done", "Z")), "A: “done” occurs twice"),
    (
        "more answers than number keys",
        lambda s: s["nodes"][0]["answers"].extend(_answer(f"extra{n}", "Z") for n in range(9)),
        "A: at most 9 answers fit under the number keys",
    ),
    ("an unknown variable", lambda s: s["nodes"][0].update(say="Dag {naam}"), "A: nobody knows what {naam} stands for"),
    ("an open brace", lambda s: s["objections"][0].update(reply="Dag {contact"), "GEEN_TIJD: a brace is not closed"),
    ("an unknown result", lambda s: s["nodes"][0].update(disposition="HOERA"), "A: there is no result HOERA"),
    ("an unknown reason", lambda s: s["nodes"][0].update(reasons=["ZIN"]), "A: there is no reason ZIN"),
    ("an unknown field", lambda s: s["nodes"][0].update(fields=["bsn"]), "A: there is no field bsn"),
    ("an unknown follow-up", lambda s: s["nodes"][0].update(follow_up="party"), "A, follow_up: Input should be"),
    ("a term without a step", lambda s: s["nodes"][0].update(working_days=3), "A: working_days says when"),
    ("a choice of nothing", lambda s: s["fields"][0].update(kind="choice"), "summary: there is nothing to choose from"),
    ("an empty scale", lambda s: s["fields"][0].update(minimum=5, maximum=5), "summary: the lowest number must be"),
    (
        "an objection key that goes elsewhere",
        lambda s: s["nodes"][0]["answers"][1].update(to="Z"),
        "A, answer “objection”: must go to T",
    ),
    ("a misspelt part", lambda s: s["nodes"][0].update(tipp="Luister"), "A, tipp: Extra inputs"),
    ("a missing part", lambda s: s["nodes"][0]["answers"][0].pop("to"), "A, done, to: Field required"),
]


def _answer(key: str, to: str) -> dict[str, Any]:
    return {"key": key, "label": key, "to": to}


def _node(node_id: str, *, to: str = "") -> dict[str, Any]:
    answers = [_answer("on", to)] if to else []
    return {"id": node_id, "title": "Titel", "goal": "Doel", "answers": answers}


def _lead_to(parts: dict[str, Any], node: dict[str, Any]) -> None:
    parts["nodes"].append(node)
    parts["nodes"][0]["answers"].append(_answer("on", node["id"]))


@pytest.mark.parametrize(("change", "message"), [wrong[1:] for wrong in WRONG], ids=[wrong[0] for wrong in WRONG])
def test_says_where_a_script_is_wrong(small: dict[str, Any], read: Read, change: Change, message: str) -> None:
    change(small)
    with speaking("en"), pytest.raises(ScriptNotFit) as refusal:
        read(small)
    assert any(message in problem for problem in refusal.value.problems), refusal.value.problems


@pytest.mark.parametrize(
    "source",
    [
        "",
        "- een lijst",
        "key: [open",
        "key: x\n\ttab",
        "a: &a [x]\nb: *a",
        "\x00",
        "2026-99-99",
        "!!python/name:os.system",
    ],
)
def test_refuses_what_is_no_script_at_all(source: str) -> None:
    with pytest.raises(ScriptNotFit):
        parse(source)


def test_refuses_a_text_without_end() -> None:
    with pytest.raises(ScriptNotFit):
        parse("# " + "x" * 600_000)


@given(st.text())
def test_any_text_is_a_script_or_is_refused(source: str) -> None:
    with pytest.raises(ScriptNotFit):
        parse(source)


def test_a_script_cannot_be_changed_by_who_reads_it(delivered: Script) -> None:
    with pytest.raises(ValidationError):
        delivered.node("S01").title = "Anders"
