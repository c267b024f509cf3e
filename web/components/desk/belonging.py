"""Keys of widgets that belong to one call, or to one question of it.

Who presses a key before the browser has drawn what follows means what was on screen: a press for what has gone is not
taken for a press for what came instead.
"""

from crm.desk.queries import Talk


def of_call(name: str, call_id: int) -> str:
    return f"{name}-{call_id}"


def of_step(name: str, talk: Talk) -> str:
    return f"{of_call(name, talk.call.id)}.{len(talk.position.path)}"
