"""A list from pasted names: what becomes of each line, what is kept, and what comes on the list."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError
from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.audit.models import AuditEntry
from crm.calling import lists
from crm.calling.inputs import ListSettings, NamedListInput
from crm.calling.lists.names import NONE_OF_THEM
from crm.calling.models import NamesDraft
from crm.core.errors import NotAllowed
from tests.conftest import add_user, make_company
from tests.crm.calling.test_lists import companies_on, make_input, make_script


def states(session: Session, actor: Actor, text: str, **chosen: int) -> list[str]:
    return [line.state for line in lists.named_lines(session, actor, text, chosen)]


def named(session: Session, *company_ids: int, **overrides: Any) -> NamedListInput:
    fields = {"name": "Van de braderie", "script_version_id": make_script(session), "company_ids": company_ids}
    return NamedListInput(**(fields | overrides))


class TestLines:
    def test_each_says_what_becomes_of_it(self, session: Session, coordinator: Actor) -> None:
        make_company(session, name="Alfa", number="+31786123456")
        make_company(session, name="Bravo", town="Breda")
        make_company(session, name="Bravo", town="Zwolle")
        make_company(session, name="Charlie", legal_form="EMZ")
        text = "Alfa\nBravo\nCharlie\nDelta\nAlfa 0786123456"
        found = ["found", "choose", "forbidden", "unknown", "double"]
        assert states(session, coordinator, text) == found

    def test_a_choice_counts_for_its_line(self, session: Session, coordinator: Actor) -> None:
        first = make_company(session, name="Bravo", town="Breda")
        second = make_company(session, name="Bravo", town="Zwolle", legal_form="EMZ")
        assert states(session, coordinator, "Bravo", Bravo=first.id) == ["found"]
        assert states(session, coordinator, "Bravo", Bravo=second.id) == ["forbidden"]
        assert states(session, coordinator, "Bravo", Bravo=NONE_OF_THEM) == ["skipped"]

    def test_what_was_never_offered_cannot_be_chosen(self, session: Session, coordinator: Actor) -> None:
        make_company(session, name="Bravo")
        other = make_company(session, name="Zulu")
        [line] = lists.named_lines(session, coordinator, "Bravo", {"Bravo": other.id})
        assert line.company.company.name == "Bravo"


class TestDraft:
    def test_text_and_choices_are_kept_for_the_one_who_pasted(self, session: Session, coordinator: Actor) -> None:
        lists.keep_names(session, coordinator, "Alfa\t1\nBravo")
        lists.choose_name(session, coordinator, "Alfa 1", 5)
        lists.choose_name(session, coordinator, "Bravo", NONE_OF_THEM)
        lists.choose_name(session, coordinator, "Alfa 1", None)
        session.flush()
        session.expire_all()
        draft = lists.my_names(session, coordinator)
        assert (draft.text, draft.chosen) == ("Alfa\t1\nBravo", {"Bravo": 0})
        assert lists.my_names(session, add_user(session, Role.COORDINATOR)).text == ""

    def test_signs_that_no_database_holds_are_left_out(self, session: Session, coordinator: Actor) -> None:
        lists.keep_names(session, coordinator, "Al\x00fa\ud800")
        session.flush()
        session.expire_all()
        assert lists.my_names(session, coordinator).text == "Alfa"

    def test_a_line_that_means_another_company_stays_when_its_namesake_is_erased(
        self, session: Session, coordinator: Actor
    ) -> None:
        erased, other = (make_company(session, name="Bravo", town=town) for town in ("Breda", "Zwolle"))
        lists.keep_names(session, coordinator, "Bravo, Breda\nBravo\nBravo, Zwolle")
        lists.choose_name(session, coordinator, "Bravo, Zwolle", other.id)
        lists.forget_lines_about(session, erased, ())
        assert lists.my_names(session, coordinator).text == "Bravo, Zwolle"

    def test_it_can_be_forgotten_also_when_there_is_none(self, session: Session, coordinator: Actor) -> None:
        lists.forget_names(session, coordinator)
        lists.keep_names(session, coordinator, "Alfa")
        lists.forget_names(session, coordinator)
        session.flush()
        assert session.exec(select(NamesDraft)).all() == []


class TestMaking:
    def test_only_what_may_be_called_comes_on_and_the_list_stays_as_it_is(
        self, session: Session, coordinator: Actor
    ) -> None:
        good, bad = make_company(session).id, make_company(session, legal_form="EMZ").id
        made = lists.make_named_list(session, coordinator, named(session, good, bad))
        assert companies_on(session, made) == [good]
        [entry] = session.exec(select(AuditEntry).where(AuditEntry.action == "list.made"))
        assert entry.changes["companies"] == [None, 1]
        with pytest.raises(lists.ListFrozen):
            lists.change_list(session, coordinator, made.id, ListSettings(is_live=True), version=made.version)

    def test_those_of_another_open_list_come_along_only_when_asked_for(
        self, session: Session, coordinator: Actor
    ) -> None:
        company = make_company(session).id
        lists.make_list(session, coordinator, make_input(session))
        with pytest.raises(lists.NoNameToCall):
            lists.make_named_list(session, coordinator, named(session, company))
        wanted = named(session, company, name="Toch", skip_listed=False)
        assert companies_on(session, lists.make_named_list(session, coordinator, wanted)) == [company]

    def test_a_name_in_use_is_refused(self, session: Session, coordinator: Actor) -> None:
        company = make_company(session).id
        lists.make_named_list(session, coordinator, named(session, company))
        with pytest.raises(lists.ListNameTaken):
            lists.make_named_list(session, coordinator, named(session, company))

    def test_without_a_company_there_is_no_list(self, session: Session) -> None:
        with pytest.raises(ValidationError):
            named(session)


@pytest.mark.parametrize(
    "attempt",
    [
        lambda session, actor: lists.my_names(session, actor),
        lambda session, actor: lists.keep_names(session, actor, "Alfa"),
        lambda session, actor: lists.choose_name(session, actor, "Alfa", 1),
        lambda session, actor: lists.forget_names(session, actor),
        lambda session, actor: lists.named_lines(session, actor, "Alfa", {}),
        lambda session, actor: lists.make_named_list(session, actor, named(session, 1)),
    ],
)
def test_a_caller_makes_no_lists(session: Session, caller: Actor, attempt: Callable[[Session, Actor], Any]) -> None:
    with pytest.raises(NotAllowed):
        attempt(session, caller)
