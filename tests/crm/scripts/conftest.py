"""The script that is delivered, and a small one to break."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
import yaml

from crm.scripts.graph import Script
from crm.scripts.reading import parse
from crm.scripts.services import SCRIPTS_DIR

SMALL: dict[str, Any] = {
    "key": "klein",
    "title": "Klein script",
    "start": "A",
    "end": "Z",
    "objections_node": "T",
    "repeated_objection": {"to": "Z"},
    "fields": [{"name": "summary", "label": "Samenvatting"}],
    "nodes": [
        {
            "id": "A",
            "title": "Begin",
            "goal": "Beginnen",
            "say": "Dag {contact}.",
            "fields": ["summary"],
            "answers": [
                {"key": "done", "label": "Klaar", "to": "Z"},
                {"key": "objection", "label": "Bezwaar", "to": "T"},
            ],
        },
        {"id": "T", "title": "Tegenwerpingen", "goal": "Meebewegen"},
        {"id": "Z", "title": "Einde", "goal": "Ophangen"},
    ],
    "objections": [{"code": "GEEN_TIJD", "says": "Geen tijd.", "reply": "Wanneer wel?", "to": "A"}],
}


@pytest.fixture
def small() -> dict[str, Any]:
    """The parts of a script that is fit, free to change."""
    return deepcopy(SMALL)


@pytest.fixture
def read() -> Callable[[dict[str, Any]], Script]:
    return lambda parts: parse(yaml.safe_dump(parts, allow_unicode=True))


@pytest.fixture
def delivered() -> Script:
    """The Dutch script for finding latent work."""
    return parse((SCRIPTS_DIR / "latent_werk.yaml").read_text(encoding="utf-8"))
