"""Both catalogues hold every text of the code, and nothing else."""

from pathlib import Path

import pytest
from babel.messages import Catalog

from crm.core.i18n import LANGUAGES
from tools.translations import Used, catalogue, faults, marked_texts, used_texts


@pytest.fixture(scope="module")
def used() -> Used:
    return used_texts()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_is_complete(language: str, used: Used) -> None:
    found = faults(language, used.texts, catalogue(language))
    assert not found, "\n".join(["Run `make translations` and write what is missing:", *found])


def test_every_text_can_be_read_by_a_tool(used: Used) -> None:
    assert not used.unreadable, f"Mark a plain text, and fill it in with .format(): {used.unreadable}"


def test_names_that_are_shown_as_labels_count_as_texts(used: Used) -> None:
    assert {"Hours per week", "Owner", "Due at"} <= used.texts.keys()
    assert not {"Id", "Version", "Created at"} & used.texts.keys()


def test_texts_are_found_wherever_they_are_marked(tmp_path: Path) -> None:
    for folder in ("crm", "pages", "web/templates", "jobs"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "crm" / "a.py").write_text(
        'LABEL = N_("Later")\nx = f"{_(\'Inside\')}: {n}"\ny = ngettext("{n} call", "{n} calls", n)\n'
        'z = _("In two " "parts")\nw = _(variable)\nv = _(f"wrong {n}")\n'
    )
    (tmp_path / "web" / "templates" / "page.html").write_text(
        "<h1>{{ _('On a page') }}</h1>{{ ngettext('{n} try', '{n} tries', n) }}"
    )
    used = marked_texts(tmp_path)
    assert used.texts == {
        "Later": None,
        "Inside": None,
        "{n} call": "{n} calls",
        "In two parts": None,
        "On a page": None,
        "{n} try": "{n} tries",
    }
    assert used.unreadable == ["crm/a.py:6"]


@pytest.mark.parametrize(
    ("text", "plural", "translated", "fault"),
    [
        ("Move", None, "", "not translated"),
        ("Hello {name}", None, "Dag {naam}", "other named fields"),
        ("Hello {name}", None, "Dag", "other named fields"),
        ("{n} call", "{n} calls", ("{n} gesprek", "gesprekken"), "other named fields"),
        ("{n} call", "{n} calls", ("{n} gesprek", ""), "not translated"),
    ],
)
def test_a_bad_translation_is_found(
    text: str, plural: str | None, translated: str | tuple[str, str], fault: str
) -> None:
    known = Catalog(locale="nl")
    known.add((text, plural) if plural else text, translated)
    found = faults("nl", {text: plural}, known)
    assert any(fault in line for line in found), found


def test_a_singular_may_say_one_in_words() -> None:
    known = Catalog(locale="nl")
    known.add(("one call", "{n} calls"), ("een gesprek", "{n} gesprekken"))
    assert faults("nl", {"one call": "{n} calls"}, known) == []


def test_missing_unused_fuzzy_and_obsolete_entries_are_found() -> None:
    known = Catalog(locale="nl")
    known.add("Unused", "Ongebruikt")
    known.add("Guessed", "Gegokt", flags=["fuzzy"])
    known.obsolete["Old"] = known.add("Old", "Oud")
    known.delete("Old")
    found = "\n".join(faults("nl", {"Guessed": None, "New": None}, known))
    assert "unused: 'Unused'" in found
    assert "fuzzy: 'Guessed'" in found
    assert "obsolete: 'Old'" in found
    assert "not in the catalogue: 'New'" in found
