"""All that the product loads, for processes.py; what is loaded may not have looked at the settings yet."""

import pkgutil
from importlib import import_module

import pandas  # noqa: F401  screens ask for it at their first drawing

import crm
import web.server  # noqa: F401
from crm.core.settings import settings

for found in pkgutil.walk_packages(crm.__path__, "crm."):
    if ".migrations." not in found.name:
        import_module(found.name)
assert not settings.cache_info().currsize
