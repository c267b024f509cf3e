"""Is a script fit to call with? Every problem says where it is and what is wrong."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from crm.core.i18n import _
from crm.reference.queries import dispositions, reasons
from crm.scripts.graph import MOST_CHOICES, OBJECTION, VARIABLES, FieldKind, Node, Proposes, Script

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def problems(script: Script) -> list[str]:
    """In plain words, for whoever writes the script. Empty when it is fit."""
    broken = [*_doubles(script), *_targets(script)]
    if broken:  # the way through a graph with holes in it says nothing
        return broken
    return [*_way(script), *_choices(script), *_texts(script), *_proposals(script), *_fields(script)]


def _at(node: Node, answer: str = "") -> str:
    if answer:
        return _("{node}, answer “{answer}”").format(node=node.id, answer=answer)
    return node.id


def _repeats(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _doubles(script: Script) -> Iterator[str]:
    groups = {
        "nodes": [node.id for node in script.nodes],
        "objections": [objection.code for objection in script.objections],
        "fields": [field.name for field in script.fields],
    } | {node.id: [answer.key for answer in node.answers] for node in script.nodes}
    for place, names in groups.items():
        for name in _repeats(names):
            yield _("{place}: “{name}” occurs twice").format(place=place, name=name)


def _targets(script: Script) -> Iterator[str]:
    for place, target in _leads(script):
        if script.node(target) is None:
            yield _("{place}: goes to {target}, which does not exist").format(place=place, target=target)


def _leads(script: Script) -> Iterator[tuple[str, str]]:
    yield "start", script.start
    if script.incoming_start:
        yield "incoming_start", script.incoming_start
    yield "end", script.end
    yield "objections_node", script.objections_node
    yield "repeated_objection", script.repeated_objection.to
    for node in script.nodes:
        for answer in node.answers:
            yield _at(node, answer.key), answer.to
    for objection in script.objections:
        yield objection.code, objection.to


def _way(script: Script) -> Iterator[str]:
    onward = _onward(script)
    seen = _reached(script.start, onward) | _reached(script.incoming_start or script.start, onward)
    back: dict[str, set[str]] = {node.id: set() for node in script.nodes}
    for source, targets in onward.items():
        for target in targets:
            back[target].add(source)
    can_end = _reached(script.end, back)
    for node in script.nodes:
        if node.id not in seen:
            yield _("{node}: no answer leads here").format(node=node.id)
        if node.id not in can_end:
            yield _("{node}: from here the call can never end").format(node=node.id)
    if onward[script.end]:
        yield _("{node}: this is the end, so it has no answers").format(node=script.end)


def _onward(script: Script) -> dict[str, set[str]]:
    ways = {node.id: {answer.to for answer in node.answers} for node in script.nodes}
    if script.objections:
        ways[script.objections_node] |= {o.to for o in script.objections} | {script.repeated_objection.to}
    return ways


def _reached(start: str, ways: dict[str, set[str]]) -> set[str]:
    seen, waiting = {start}, [start]
    while waiting:
        new = ways[waiting.pop()] - seen
        seen |= new
        waiting += new
    return seen


def _choices(script: Script) -> Iterator[str]:
    for node in script.nodes:
        if len(node.choices) > MOST_CHOICES:
            yield _("{node}: at most {n} answers fit under the number keys").format(node=node.id, n=MOST_CHOICES)
        if node.objection and node.objection.to != script.objections_node:
            yield _("{place}: must go to {target}").format(place=_at(node, OBJECTION), target=script.objections_node)


def _texts(script: Script) -> Iterator[str]:
    spoken = [(node.id, node.say) for node in script.nodes]
    spoken += [(objection.code, objection.reply) for objection in script.objections]
    spoken += [(closing.name, closing.text) for closing in script.closings]
    for place, text in spoken:
        for name in _PLACEHOLDER.findall(text):
            if name not in VARIABLES:
                yield _("{place}: nobody knows what {name} stands for").format(place=place, name=f"{{{name}}}")
        if set("{}") & set(_PLACEHOLDER.sub("", text)):
            yield _("{place}: a brace is not closed").format(place=place)


def _proposals(script: Script) -> Iterator[str]:
    for place, part in _proposing(script):
        if part.disposition and part.disposition not in dispositions():
            yield _("{place}: there is no result {code}").format(place=place, code=part.disposition)
        for code in part.reasons:
            if code not in reasons():
                yield _("{place}: there is no reason {code}").format(place=place, code=code)
        if part.working_days is not None and part.follow_up is None:
            yield _("{place}: working_days says when, but there is no follow_up").format(place=place)


def _proposing(script: Script) -> Iterator[tuple[str, Proposes]]:
    yield "repeated_objection", script.repeated_objection
    yield "work_found", script.work_found
    for node in script.nodes:
        yield _at(node), node
        for answer in node.answers:
            yield _at(node, answer.key), answer
    for objection in script.objections:
        yield objection.code, objection


def _fields(script: Script) -> Iterator[str]:
    places = [(node.id, node.fields) for node in script.nodes]
    places += [("required.always", script.required.always), ("required.with_work", script.required.with_work)]
    for place, names in places:
        for name in names:
            if script.field(name) is None:
                yield _("{place}: there is no field {name}").format(place=place, name=name)
    for field in script.fields:
        if field.kind is FieldKind.CHOICE and not field.options:
            yield _("{place}: there is nothing to choose from").format(place=field.name)
        for value in _repeats(option.value for option in field.options):
            yield _("{place}: “{name}” occurs twice").format(place=field.name, name=value)
        if field.minimum >= field.maximum:
            yield _("{place}: the lowest number must be below the highest").format(place=field.name)
