"""Versions of scripts."""

from pathlib import Path

import pytest
from sqlmodel import Session, select

from crm.access.actor import SYSTEM, Actor
from crm.core.errors import NotAllowed, NotFound
from crm.scripts.models import ScriptVersion
from crm.scripts.queries import latest_versions, script
from crm.scripts.reading import ScriptNotFit
from crm.scripts.services import SCRIPTS_DIR, add_version, load_scripts

SOURCE = (SCRIPTS_DIR / "latent_werk.yaml").read_text(encoding="utf-8")
CHANGED = SOURCE.replace("title: Opening", "title: De opening")


class TestLoading:
    def test_takes_in_what_is_new_and_only_that(self, session: Session) -> None:
        assert [version.key for version in load_scripts(session)] == ["latent_werk"]
        assert load_scripts(session) == []

    def test_a_changed_script_is_a_new_version_and_the_old_one_stays_as_it_was(self, session: Session) -> None:
        [first] = load_scripts(session)
        second = add_version(session, SYSTEM, CHANGED)
        assert (first.number, second.number) == (1, 2)
        assert script(session, first.id).node("S02").title == "Opening"
        assert script(session, second.id).node("S02").title == "De opening"
        assert [version.id for version in latest_versions(session)] == [second.id]

    def test_a_script_that_is_not_fit_is_not_taken_in(self, session: Session, tmp_path: Path) -> None:
        (tmp_path / "stuk.yaml").write_text(SOURCE.replace("to: S26", "to: S99"), encoding="utf-8")
        with pytest.raises(ScriptNotFit):
            load_scripts(session, tmp_path)
        assert session.exec(select(ScriptVersion)).all() == []

    def test_a_caller_cannot_bring_in_a_script(self, session: Session, caller: Actor) -> None:
        with pytest.raises(NotAllowed):
            add_version(session, caller, SOURCE)


class TestReadingAVersion:
    def test_a_version_is_parsed_once(self, session: Session) -> None:
        [version] = load_scripts(session)
        assert script(session, version.id) is script(session, version.id)

    def test_a_version_that_does_not_exist_is_not_found(self, session: Session) -> None:
        with pytest.raises(NotFound):
            script(session, 999_999)
