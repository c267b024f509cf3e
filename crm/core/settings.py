"""What an installation can set, all from the environment and all named KOPKOFFIE_*."""

import json
from functools import cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from crm.core.telephones import SystemName, TelephoneSystem

PROJECT_DIR = Path(__file__).resolve().parents[2]
SHORTEST_KEY = 16


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="KOPKOFFIE_", env_ignore_empty=True, hide_input_in_errors=True)

    data_dir: Path = PROJECT_DIR.parent / "kopkoffie-data"
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = Field(default=8501, ge=1, le=65535)
    public_url: str = ""
    secret_key: SecretStr = SecretStr("")
    language: Literal["nl", "en"] = "nl"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    clock_offset: int = Field(default=0, description="Seconds the product's clock runs ahead of the machine's.")
    session_hours: int = Field(default=10, ge=1, le=168)
    claim_minutes: int = Field(default=45, ge=1, le=480)
    team_callback_after_minutes: int = Field(default=60, ge=1, le=10_080)
    coordinator_callback_after_minutes: int = Field(default=480, ge=1, le=10_080, description="Of the desk's hours.")
    call_from_hour: int = Field(default=9, ge=9, le=21)
    call_until_hour: int = Field(default=17, ge=10, le=22)

    organisation: str = "Servicedesk Kopkoffie"
    organisation_kind: str = "een stichting zonder winst"
    town: str = "Dordrecht"
    region: str = "Rijnmond en Drechtsteden"
    funder: str = "de gemeenten in de regio"
    office_phone: str = "085 000 0000"

    letter_street: str = ""
    letter_postcode: str = ""
    letter_town: str = ""
    letter_signed_by: str = ""
    letter_window: Literal["left", "right"] = "left"
    letter_days: int = Field(default=180, ge=14, le=730, description="How long the code in a letter works.")
    consent_months: int = Field(default=12, ge=1, le=60, description="How long consent given by letter holds.")

    instrument_months: int = Field(default=6, ge=1, le=60, description="After which facts on a scheme count as old.")

    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    mail_from: str = "kopkoffie@localhost"

    telephony: Annotated[dict[SystemName, TelephoneSystem], NoDecode] = {}
    telephony_default: str = ""
    telephony_event_secret: SecretStr = SecretStr("")

    metrics_token: SecretStr = SecretStr("")

    @field_validator("data_dir")
    @classmethod
    def _from_the_root(cls, folder: Path) -> Path:
        return folder.expanduser().absolute()

    @field_validator("database_url")
    @classmethod
    def _with_driver(cls, url: str) -> str:
        """`postgresql://...` is enough: which driver the product has is not the administrator's worry."""
        if not url:
            return url
        try:
            parsed = make_url(url)
        except ArgumentError:
            raise ValueError("not an address") from None
        kind = parsed.drivername.partition("+")[0]
        if kind not in {"sqlite", "postgresql", "postgres"}:
            raise ValueError("another kind of database")
        if kind != "sqlite":
            return parsed.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        if parsed.database in {None, "", ":memory:"}:
            raise ValueError("a database without a file would be gone at once")
        return f"sqlite:///{Path(str(parsed.database)).absolute()}"

    @field_validator("public_url")
    @classmethod
    def _address_of_a_site(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/")):
            raise ValueError("not the address of a site")
        return url.rstrip("/")

    @field_validator("telephony", mode="before")
    @classmethod
    def _from_json(cls, text: object) -> object:
        try:
            return json.loads(text) if isinstance(text, str) else text
        except ValueError:
            raise ValueError("not JSON") from None

    @field_validator("telephony_default")
    @classmethod
    def _one_of_them(cls, name: str, known: ValidationInfo) -> str:
        if name and name not in known.data.get("telephony", {}):
            raise ValueError("there is no such telephone system")
        return name

    @field_validator("secret_key", "telephony_event_secret", "metrics_token")
    @classmethod
    def _hard_to_guess(cls, key: SecretStr) -> SecretStr:
        if 0 < len(key.get_secret_value()) < SHORTEST_KEY:
            raise ValueError("too short")
        return key

    @field_validator("call_until_hour")
    @classmethod
    def _after_opening(cls, hour: int, known: ValidationInfo) -> int:
        if hour <= known.data.get("call_from_hour", 0):
            raise ValueError("the desk closes before it opens")
        return hour

    def address_of(self, page: str) -> str:
        """Where a message leads, such as to `companies?company=5`; empty when nobody knows our address."""
        return f"{self.public_url}/{page}" if self.public_url else ""

    @property
    def url(self) -> str:
        """Database address for SQLAlchemy; an SQLite file in the data folder unless set."""
        return self.database_url or f"sqlite:///{self.data_dir / 'kopkoffie.db'}"


@cache
def settings() -> Settings:
    """The settings of this process, read once.

    Raises pydantic.ValidationError, which the command line turns into one clear line.
    """
    return Settings()
