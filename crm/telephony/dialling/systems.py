"""The telephone systems of this installation, each with its adapter."""

from functools import cache

from crm.core.settings import settings
from crm.core.telephones import ManagerSystem, RestSystem, TelephoneSystem, ThreeCxSystem, VoipgridSystem
from crm.telephony.dialling.ami import AsteriskManager
from crm.telephony.dialling.ari import AsteriskRest
from crm.telephony.dialling.port import Telephone
from crm.telephony.dialling.threecx import ThreeCx
from crm.telephony.dialling.voipgrid import Voipgrid


def system_names() -> dict[str, str]:
    """What the settings call each system, and what people call it."""
    return {name: system.label or name for name, system in settings().telephony.items()}


@cache
def telephone(name: str) -> Telephone:
    """The adapter of a system, kept with its connections. Raises KeyError when the settings no longer have it."""
    return adapter(settings().telephony[name])


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
