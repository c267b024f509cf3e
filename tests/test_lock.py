"""The locked packages are the ones the project asks for, each with its hashes, and from no particular place."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from crm.core.settings import PROJECT_DIR

LOCK = (PROJECT_DIR / "requirements.lock").read_text("utf-8")
LOCKED = dict(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ \\]+)", LOCK, re.MULTILINE))
PROJECT = tomllib.loads((PROJECT_DIR / "pyproject.toml").read_text("utf-8"))["project"]
WANTED = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]


@pytest.mark.parametrize("line", WANTED)
def test_what_the_project_asks_for_is_locked(line: str) -> None:
    wanted = Requirement(line)
    assert LOCKED[canonicalize_name(wanted.name)] in wanted.specifier, "run `make lock`"


def test_every_package_has_hashes() -> None:
    packages = re.split(r"^(?=[a-z0-9])", LOCK, flags=re.MULTILINE)[1:]
    assert len(packages) >= len(WANTED)
    assert [package.split()[0] for package in packages if "--hash=sha256:" not in package] == []


def test_no_address_is_in_it() -> None:
    assert not re.search(r"://|--index|--find-links|--trusted-host", LOCK)
