"""What an installation can set, all from the environment and all named KOPKOFFIE_*."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_DIR = Path(__file__).resolve().parents[2]


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="KOPKOFFIE_", env_ignore_empty=True)

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
    call_from_hour: int = Field(default=9, ge=9, le=21)
    call_until_hour: int = Field(default=17, ge=10, le=22)

    organisation: str = "Servicedesk Kopkoffie"
    organisation_kind: str = "een stichting zonder winst"
    town: str = "Dordrecht"
    region: str = "Rijnmond en Drechtsteden"
    funder: str = "de gemeenten in de regio"
    office_phone: str = "085 000 0000"

    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    mail_from: str = "kopkoffie@localhost"

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
