"""How an e-mail looks: one text, twice. Without pictures, and without anything that tells us who reads it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from crm.core.i18n import _, language
from crm.core.settings import settings

TEMPLATES = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Section:
    """A piece of the e-mail; without a heading it is the beginning."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MailText:
    """To somebody who works here, in the language that is spoken now. `page` is where it leads: `followups`."""

    name: str
    subject: str
    sections: tuple[Section, ...]
    page: str = ""

    def as_text(self) -> str:
        return self._filled("mail.txt")

    def as_html(self) -> str:
        return self._filled("mail.html")

    def _filled(self, template: str) -> str:
        return (
            _templates()
            .get_template(template)
            .render(
                language=language(),
                subject=self.subject,
                hello=_("Hello {name},").format(name=self.name),
                sections=self.sections,
                address=settings().address_of(self.page),
                open_words=_("Open it in Kopkoffie"),
                find_words=_("You find it in Kopkoffie."),
                choose_words=_("What you get by e-mail, you choose in Kopkoffie under My account."),
                organisation=settings().organisation,
            )
        )


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
