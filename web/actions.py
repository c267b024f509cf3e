"""How a page changes something: one service, one transaction, one drawing of the screen."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

import structlog
from pydantic import ValidationError
from sqlmodel import Session

from crm.access.actor import Actor
from crm.core.db import transaction
from crm.core.errors import CrmError, explain
from web import state
from web.session import current_actor

Given = ParamSpec("Given")
Result = TypeVar("Result")

log = structlog.get_logger()


def perform(
    done: str, service: Callable[Concatenate[Session, Actor, Given], Result], *args: Given.args, **kwargs: Given.kwargs
) -> Result | None:
    """Run a service as the one who is signed in and say `done`, or say what was wrong and return None.

    Meant for the callback of a widget (`on_click=`), which runs before the page is drawn: the screen then
    shows the new state in the same run. What was typed stays in its widgets after an error.
    """
    actor = current_actor()
    try:
        with transaction() as session:
            result = service(session, actor, *args, **kwargs)
    except CrmError as error:
        state.tell("error", str(error), error.page)
    except ValidationError as error:
        state.tell("error", explain(error))
    else:
        if done:
            state.tell("success", done)
        return result
    return None
