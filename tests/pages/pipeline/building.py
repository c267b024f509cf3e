"""What the tests of this screen make and read."""

import json

from crm.core.db import reading, transaction
from crm.pipeline.models import HiddenJob


def save(build):
    with transaction() as session:
        return build(session)


def read(job_id) -> HiddenJob:
    with reading() as session:
        return session.get_one(HiddenJob, job_id)


def drawn(screen, name):
    """What the browser is given to draw."""
    (component,) = (one for one in screen.get("bidi_component") if one.proto.component_name.endswith(name))
    return json.loads(component.proto.json)


def board_of(screen):
    return drawn(screen, "job_board")


def column_of(screen, stage):
    return next(column for column in board_of(screen)["columns"] if column["stage"] == stage)
