"""Who writes the letters, from the settings, and where they are answered."""

from crm.core.errors import CrmError
from crm.core.i18n import _
from crm.core.settings import settings

ANSWER_PATH = "/toestemming"
_NEEDED = ("letter_street", "letter_postcode", "letter_town", "public_url")


class SenderUnknown(CrmError):
    def __init__(self) -> None:
        super().__init__(
            _("No letter can be made yet. Ask your administrator to set {names}.").format(names=", ".join(missing()))
        )


def missing() -> list[str]:
    """The settings without which no letter can go out, as they are called in the environment."""
    return [f"KOPKOFFIE_{name.upper()}" for name in _NEEDED if not getattr(settings(), name)]


def require_sender() -> None:
    """Raises SenderUnknown."""
    if missing():
        raise SenderUnknown


def sender_lines() -> list[str]:
    chosen = settings()
    place = "  ".join(filter(None, (chosen.letter_postcode, chosen.letter_town)))
    return [line for line in (chosen.organisation, chosen.letter_street, place, chosen.office_phone) if line]


def answer_address(code: str = "") -> str:
    """Where somebody answers; with a code the page of that letter, as in its QR code."""
    site = settings().public_url or "https://kopkoffie.example.nl"
    return f"{site}{ANSWER_PATH}/{code}" if code else f"{site}{ANSWER_PATH}"
