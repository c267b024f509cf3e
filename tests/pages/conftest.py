"""Screens drawn by AppTest, as somebody who is signed in."""

import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import Engine
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest, app_test, local_script_runner

from crm.access.actor import Actor
from crm.access.models import SignInSession
from crm.access.permissions import Role
from crm.access.queries import token_hash
from crm.core.clock import now
from crm.core.db import transaction
from crm.core.i18n import speaking
from tests.conftest import add_user
from web import session as web_session

Visit = Callable[..., AppTest]


def _one_page(page: str) -> None:
    """Stands in for web/app.py: one page without the frame around it, with the others there to link to."""
    import streamlit as st

    from crm.core.settings import PROJECT_DIR

    files = sorted((PROJECT_DIR / "pages").glob("[a-z]*.py"))
    st.navigation([st.Page(file, url_path=file.stem, default=file.stem == page) for file in files]).run()


@pytest.fixture(scope="session", autouse=True)
def _as_in_a_server() -> Iterator[None]:
    """A server looks once for components in the installed packages, and compiles a page once; so do the tests here."""
    components, compiled = cache(manifest_scanner.scan_component_manifests), ScriptCache()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", components)
        for module in (app_test, local_script_runner):
            patch.setattr(module, "ScriptCache", lambda: compiled)
        yield


@pytest.fixture(autouse=True)
def _leaves_the_main_module(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page runs as the main module; a process that a later test starts would run that again, and die of it."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture
def visit(sqlite_database: Engine, monkeypatch: pytest.MonkeyPatch) -> Visit:
    """`visit("pipeline", actor)`: the page as this actor sees it, on a database of its own."""

    def open_page(page: str, actor: Actor, /, **query: str) -> AppTest:
        token = uuid4().hex
        with transaction() as session:
            session.add(
                SignInSession(
                    token_hash=token_hash(token), user_id=actor.user_id, expires_at=now() + timedelta(hours=1)
                )
            )
        monkeypatch.setattr(web_session, "session_token", lambda: token)
        screen = AppTest.from_function(_one_page, default_timeout=60, kwargs={"page": page})
        for name, value in query.items():
            screen.query_params[name] = value
        return screen.run()

    return open_page


@pytest.fixture
def add_person(sqlite_database: Engine) -> Callable[[Role], Actor]:
    def add(role: Role, language: str = "en") -> Actor:
        with transaction() as session:
            return add_user(session, role, language=language)

    return add


@pytest.fixture
def tuesday() -> Iterator[None]:
    """A working day at ten. AppTest names the options of a widget outside the page, so in the language of the test."""
    with time_machine.travel("2026-11-24 10:00+01:00", tick=True), speaking("en"):
        yield


@pytest.fixture
def coach(add_person: Callable[..., Actor]) -> Actor:
    return add_person(Role.COACH)


@pytest.fixture
def dutch_coach(add_person: Callable[..., Actor]) -> Actor:
    """For forms with a choice: AppTest formats the options in the language of the test itself."""
    return add_person(Role.COACH, language="nl")


def field_name(widget: Any) -> str:
    """Of a field of the desk, whose key has the number of the call behind it."""
    return str(widget.key or "").rpartition("-")[0]


def kept(widgets: Iterable[Any], name: str) -> Any:
    """The field of the desk with this name, whatever call is open."""
    return next(widget for widget in widgets if field_name(widget) == name)
