"""The screen of the audit log."""

import re

from crm.access.models import User
from crm.access.permissions import Role
from crm.access.services import change_role
from crm.audit.services import record
from crm.core.db import transaction
from crm.core.i18n import speaking
from crm.core.settings import PROJECT_DIR
from crm.matching.models import IntroductionStatus
from web.components.audit import VERBS, change_lines


def cells(screen) -> list[str]:
    return [str(cell) for column in screen.table[0].value.to_dict("list").values() for cell in column]


def test_shows_what_was_before_and_after_in_words(visit, add_person):
    admin, caller = add_person(Role.ADMIN), add_person(Role.CALLER)
    with transaction() as session:
        change_role(session, admin, caller.user_id, Role.COACH)
    shown = cells(visit("audit", admin))
    assert f"User {caller.id}" in shown
    assert "Role changed" in shown
    assert "**Role** Caller → Job coach" in shown


def test_has_a_word_for_everything_that_is_recorded():
    recorded = set()
    for source in [*(PROJECT_DIR / "crm").rglob("*.py"), *(PROJECT_DIR / "jobs").rglob("*.py")]:
        recorded |= set(re.findall(r"\brecord\(\s*\w+,\s*[\w.]+,\s*\"\w+\.(\w+)\"", source.read_text()))
    recorded |= {status.value for status in IntroductionStatus}
    assert {"filled", "moved", "signed_in"} <= recorded
    assert not recorded - set(VERBS)


def test_a_language_is_shown_by_its_name():
    with speaking("en"):
        assert change_lines("app_user", {"language": [None, "nl"]}) == ["**Language** Nederlands"]


def test_a_choice_is_shown_by_its_name_and_not_by_its_code():
    with speaking("nl"):
        changes = {
            "status": [None, "done"],
            "disposition": ["TERUGBELAFSPRAAK", "GEEN_INTERESSE"],
            "numbers": [None, ["101"]],
        }
        assert change_lines("call", changes) == [
            "**Status** Klaar",
            "**Uitslag** Terugbelafspraak → Geen interesse",
            "**Nummers** 101",
        ]
        assert change_lines("company", {"reason": [None, "complaint"], "legal_form": ["ONB", "BV"]}) == [
            "**Reden** Klacht",
            "**Rechtsvorm** Onbekend → Besloten vennootschap",
        ]
        assert change_lines("hidden_job", {"reason": [None, "GROEI"]}) == ["**Reden** Groei of nieuwe opdracht"]


def test_walks_to_older_entries_and_back(visit, add_person):
    admin = add_person(Role.ADMIN)
    with transaction() as session:
        for number in range(60):
            record(session, admin, f"user.act{number}", session.get_one(User, admin.id))
    screen = visit("audit", admin)
    assert "Act0" not in cells(screen)
    screen.button(key="older").click().run()
    assert "Act0" in cells(screen)
    assert screen.button(key="older").disabled
    screen.button(key="newest").click().run()
    assert "Act59" in cells(screen)


def test_filters_by_person_and_says_when_there_is_nothing(visit, add_person):
    admin, caller = add_person(Role.ADMIN), add_person(Role.CALLER)
    with transaction() as session:
        change_role(session, admin, caller.user_id, Role.COACH)
    screen = visit("audit", admin)
    screen.selectbox(key="audit-person").select(caller.id).run()
    assert screen.info[0].value.startswith("Nothing")


def test_what_people_typed_is_shown_as_it_is(visit, add_person):
    admin = add_person(Role.ADMIN)
    with transaction() as session:
        user = session.get_one(User, admin.id)
        user.name = "![x](http://evil.example/x.png)"
        record(session, admin, "user.renamed", user)
    assert not any("![" in cell for cell in cells(visit("audit", admin)))


def test_is_for_administrators(visit, add_person):
    assert "Your role does not allow this" in visit("audit", add_person(Role.COORDINATOR)).error[0].value
