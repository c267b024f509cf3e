"""Telephone systems that are made up, and how long the product waits for them."""

import pytest

from crm.telephony import placing
from crm.telephony.dialling import ami as own_ami
from crm.telephony.dialling import web as own_web

SILENCE = 60.0  # seconds: who waits for a peer that says nothing, waits in vain
SOON = 20.0  # seconds: well before that, also on a slow machine
LIMITS = (
    own_ami.CONNECT_SECONDS,
    own_ami.ANSWER_SECONDS,
    own_web.CONNECT_SECONDS,
    own_web.SECONDS,
    placing.PATIENCE,
)


def have_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """With peers that answer, however slow the machine is."""
    for module in (own_ami, own_web):
        monkeypatch.setattr(module, "CONNECT_SECONDS", SOON)
    _wait(monkeypatch, SOON)


def give_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """On peers from which nothing will come any more; late enough to have asked them on a busy machine."""
    _wait(monkeypatch, 1.5)


def _wait(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    monkeypatch.setattr(own_ami, "ANSWER_SECONDS", seconds)
    monkeypatch.setattr(own_web, "SECONDS", seconds)
    monkeypatch.setattr(placing, "PATIENCE", 2 * seconds)
