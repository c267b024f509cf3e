"""What the documents say of settings and commands is so."""

import re

import typer.main

from crm.cli import app
from crm.cli.faults import variable
from crm.core.settings import PROJECT_DIR, Settings
from web.headers import SECRET_FOLDERS

README = (PROJECT_DIR / "README.md").read_text("utf-8")
OPERATIONS = (PROJECT_DIR / "docs" / "operations.md").read_text("utf-8")
SETTINGS = dict(re.findall(r"^\| `(KOPKOFFIE_[A-Z_]+)` \| (.*?) \|", README, re.MULTILINE))
DESCRIBED = ("KOPKOFFIE_DATA_DIR", "KOPKOFFIE_DATABASE_URL", "KOPKOFFIE_SECRET_KEY")  # in words, not as a value
BY_THE_COMMAND = {"KOPKOFFIE_ADMIN_EMAIL"}


def commands(group: typer.main.TyperGroup, prefix: str = "kopkoffie") -> set[str]:
    found = set()
    for name, command in group.commands.items():
        nested = isinstance(command, typer.main.TyperGroup)
        found |= commands(command, f"{prefix} {name}") if nested else {f"{prefix} {name}"}
    return found


def test_the_readme_lists_every_setting() -> None:
    assert SETTINGS.keys() == {variable(name) for name in Settings.model_fields} | BY_THE_COMMAND


def test_the_readme_gives_the_defaults_as_they_are() -> None:
    defaults = {variable(name): field.default for name, field in Settings.model_fields.items()}
    for name, written in SETTINGS.items():
        if name not in DESCRIBED and name in defaults and written != "none":
            assert written == f"`{defaults[name]}`", name
        elif written == "none" and name in defaults:
            assert not str(defaults[name]), name


def test_every_variable_that_the_documents_name_exists() -> None:
    named = set(re.findall(r"KOPKOFFIE_[A-Z_]+", README + OPERATIONS))
    assert named <= SETTINGS.keys()


def test_the_log_of_the_proxy_leaves_out_every_address_that_is_a_secret() -> None:
    [left_out] = re.findall(r"^ +~(\S+) 0;$", OPERATIONS, re.MULTILINE)
    assert [folder for folder in SECRET_FOLDERS if not re.match(left_out, f"{folder}geheim")] == []


def test_every_command_that_the_documents_name_exists_and_the_readme_has_all() -> None:
    known = commands(typer.main.get_command(app))
    written = re.sub(
        r"`(kopkoffie user) add`, `list`, `password`, `deactivate`", r"\1 add \1 list \1 password \1 deactivate", README
    )
    for command in known:
        assert command in written, command
    firsts = {command.split()[1] for command in known}
    assert set(re.findall(r"`kopkoffie ([a-z]+)", README + OPERATIONS)) <= firsts


def test_every_file_that_the_documents_link_to_exists() -> None:
    documents = [PROJECT_DIR / "README.md", *(PROJECT_DIR / "docs").rglob("*.md")]
    links = [(path, target) for path in documents for target in re.findall(r"\]\(([^)#]+)\)", path.read_text("utf-8"))]
    assert links
    missing = [target for path, target in links if "://" not in target and not (path.parent / target).exists()]
    assert not missing


def test_every_folder_of_the_map_exists() -> None:
    tree = README.split("## Map")[1].split("```")[1]
    top = re.findall(r"^(\w+/)", tree, re.MULTILINE)
    rooms = re.findall(r"(\w+)/", "".join(re.findall(r"^  ([\w/ ]+/) ", tree, re.MULTILINE)))
    assert top
    assert rooms
    assert all((PROJECT_DIR / folder).is_dir() for folder in top)
    assert all((PROJECT_DIR / "crm" / room).is_dir() for room in rooms)
