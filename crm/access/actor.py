"""The one who acts: a detached value, safe to keep after the session it came from is closed."""

from dataclasses import dataclass

from crm.access.models import User
from crm.access.permissions import ALLOWED, Permission, Role
from crm.core.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in user, or the system itself (`id` is None) for background jobs and the command line."""

    id: int | None
    name: str
    role: Role
    language: str = "nl"

    @classmethod
    def of(cls, user: User) -> "Actor":
        return cls(user.id, user.name, user.role, user.language)

    @property
    def user_id(self) -> int:
        """Raises NotAllowed for the system, which owns no work."""
        if self.id is None:
            raise NotAllowed
        return self.id

    def may(self, permission: Permission) -> bool:
        return permission in ALLOWED[self.role]

    def require(self, permission: Permission) -> None:
        if not self.may(permission):
            raise NotAllowed


SYSTEM = Actor(None, "Kopkoffie", Role.ADMIN)
