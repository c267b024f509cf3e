"""Give companies back that nobody is calling any more."""

from crm.calling.services import release_expired
from crm.core.db import transaction


def release_claims() -> int:
    with transaction() as session:
        return release_expired(session)
