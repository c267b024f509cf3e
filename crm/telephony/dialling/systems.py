"""The telephone systems of this installation, each with its adapter."""

from crm.core.settings import settings
from crm.core.telephones import ManagerSystem, RestSystem, TelephoneSystem, ThreeCxSystem, VoipgridSystem
from crm.telephony.dialling import loop
from crm.telephony.dialling.ami import AsteriskManager
from crm.telephony.dialling.ari import AsteriskRest
from crm.telephony.dialling.port import Telephone
from crm.telephony.dialling.threecx import ThreeCx
from crm.telephony.dialling.voipgrid import Voipgrid

CLOSING_SECONDS = 2


def system_names() -> dict[str, str]:
    """What the settings call each system, and what people call it."""
    return {name: system.label or name for name, system in settings().telephony.items()}


_kept: dict[str, Telephone] = {}


def telephone(name: str) -> Telephone:
    """The adapter of a system, kept with its connections. Raises KeyError when the settings no longer have it."""
    if name not in _kept:
        _kept[name] = adapter(settings().telephony[name])
    return _kept[name]


def close_telephones() -> None:
    """For when the program ends."""
    while _kept:
        loop.run(_kept.popitem()[1].close(), seconds=CLOSING_SECONDS)


def adapter(system: TelephoneSystem) -> Telephone:
    match system:
        case ManagerSystem():
            return AsteriskManager(system)
        case RestSystem():
            return AsteriskRest(system)
        case VoipgridSystem():
            return Voipgrid(system)
        case ThreeCxSystem():
            return ThreeCx(system)
