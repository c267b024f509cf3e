"""How somebody wants to hear of things, checked."""

from datetime import time

from pydantic import BaseModel, ConfigDict, field_validator

from crm.core.i18n import _
from crm.messaging.models import Channel, NoticeKind
from crm.messaging.rules import EARLIEST, LATEST


class ChoiceInput(BaseModel):
    model_config = ConfigDict(frozen=True)

    kind: NoticeKind
    channels: frozenset[Channel]


class DigestInput(BaseModel):
    """`at` is a time on the Dutch clock."""

    wanted: bool
    at: time

    @field_validator("at")
    @classmethod
    def _in_the_morning(cls, at: time) -> time:
        if not EARLIEST <= at <= LATEST:
            words = _("choose a time between {first} and {last}")
            raise ValueError(words.format(first=f"{EARLIEST:%H:%M}", last=f"{LATEST:%H:%M}"))
        return at
