"""All that the product loads, for processes.py; what is loaded may not have looked at the settings yet."""

import pkgutil
from importlib import import_module

import crm
from crm.core.settings import settings

for name in ("pandas", "web.server"):  # screens ask for pandas at their first drawing
    import_module(name)
for found in pkgutil.walk_packages(crm.__path__, "crm."):
    if ".migrations." not in found.name:
        import_module(found.name)
assert not settings.cache_info().currsize
