"""What the tests of this screen make and read."""

from streamlit.testing.v1 import AppTest

from crm.access.actor import Actor
from crm.calling.models import Call
from crm.core.db import transaction
from tests.crm.calling.building import answer

WORK_FOUND = ("allowed", "right_person", "listens", "go_ahead", "busy", "retirement", "work")


def give(caller: Actor, call: Call, *answers: str) -> None:
    with transaction() as session:
        answer(session, caller, call, *answers)


def text_of(screen: AppTest) -> str:
    return " ".join(element.proto.body for element in screen.get("html"))


def keys(screen: AppTest) -> set[str]:
    return {button.key for button in screen.button}
