"""The telephone systems of an installation, as its environment describes them."""

import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, StringConstraints, model_validator

LINE = "{line}"
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


def e164(number: str) -> str:
    """The number itself. Raises ValueError for what is no number in the international form."""
    if not _E164.fullmatch(number):
        raise ValueError("not a number like +31101234567")
    return number


def _with_place_for_line(channel: str) -> str:
    if channel.count(LINE) != 1:
        raise ValueError("say with {line} where the caller's own line goes")
    return channel


def _site(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError("not an address like https://telephone.example.nl")
    return url.rstrip("/")


# One line of plain characters: what is written here ends up in a protocol where the end of a line means something.
Word = Annotated[str, StringConstraints(pattern=r"^[!-~]+$", max_length=120)]
Channel = Annotated[Word, AfterValidator(_with_place_for_line)]
Secret = Annotated[SecretStr, Field(min_length=1, max_length=500)]
SystemName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=30)]
Site = Annotated[Word, AfterValidator(_site)]


class _System(BaseModel):
    """`caller_id` is the number the other sees; `prefix` is dialled before the country code."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    label: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    caller_id: Annotated[str, AfterValidator(e164)] | None = None
    prefix: Annotated[str, StringConstraints(pattern=r"^\+?[0-9*#]{0,6}$")] = "+"
    encrypted: bool = True

    def to_dial(self, number: str) -> str:
        """Raises ValueError for what is no number in the international form."""
        return self.prefix + e164(number).removeprefix("+")


class _AtSite(_System):
    url: Site

    @model_validator(mode="after")
    def _secrets_travel_encrypted(self) -> "_AtSite":
        if self.encrypted and not self.url.startswith("https:"):
            raise ValueError('use https, or add "encrypted": false')
        return self


class ManagerSystem(_System):
    """Asterisk by its manager interface (AMI)."""

    kind: Literal["ami"]
    host: Word
    port: Annotated[int, Field(ge=1, le=65535)] = 5039
    user: Word
    secret: Secret
    channel: Channel = "PJSIP/{line}"
    context: Word = "default"


class RestSystem(_AtSite):
    """Asterisk by its REST interface (ARI)."""

    kind: Literal["ari"]
    user: Word
    secret: Secret
    channel: Channel = "PJSIP/{line}"
    context: Word = "default"


class VoipgridSystem(_AtSite):
    """Voys and others on the VoIPGRID platform."""

    kind: Literal["voipgrid"]
    url: Site = "https://api.voipgrid.nl"
    email: Word
    token: Secret


class ThreeCxSystem(_AtSite):
    """3CX, version 20 or newer, by its call control interface."""

    kind: Literal["3cx"]
    client_id: Word
    client_secret: Secret


TelephoneSystem = Annotated[ManagerSystem | RestSystem | VoipgridSystem | ThreeCxSystem, Field(discriminator="kind")]
