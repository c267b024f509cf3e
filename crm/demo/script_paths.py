"""Ways through the script for the invented calls, so that their answers are real ones."""

from collections import deque
from collections.abc import Iterator

from crm.scripts.graph import Script
from crm.scripts.rules import Position, Step, advance, beginning, propose


def ways_through(script: Script) -> dict[str, tuple[Step, ...]]:
    """For each result the script can propose: a shortest way to the end, without objections where that can be."""
    return _search(script, objections=True) | _search(script, objections=False)


def _search(script: Script, *, objections: bool) -> dict[str, tuple[Step, ...]]:
    found: dict[str, tuple[Step, ...]] = {}
    queue: deque[Position] = deque([beginning(script)])
    seen: set[tuple[str, str | None]] = set()
    while queue:
        position = queue.popleft()
        steps = tuple(passed.step for passed in position.path)
        result = propose(script, steps, {}).disposition
        if (position.node.id, result) in seen:
            continue
        seen.add((position.node.id, result))
        if position.ended and result:
            found.setdefault(result, steps)
        queue.extend(advance(script, position, step) for step in _next_steps(script, position, objections))
    return found


def _next_steps(script: Script, position: Position, objections: bool) -> Iterator[Step]:
    node = position.node
    if position.ended:
        return
    if node.id == script.objections_node:
        yield from (Step(node.id, objection.code) for objection in script.objections)
    else:
        yield from (Step(node.id, answer.key) for answer in (node.answers if objections else node.choices))
