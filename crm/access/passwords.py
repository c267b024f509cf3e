"""Passwords: what is good enough, how they are kept, and how one is made up."""

import secrets
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from crm.core.errors import CrmError
from crm.core.i18n import _

MINIMUM_LENGTH = 12
MAXIMUM_LENGTH = 200

_hasher = PasswordHasher()
# Each check takes 64 MB: a burst of sign-ins has to queue instead of filling the memory.
_turns = BoundedSemaphore(4)

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without the ones that look alike


class WeakPassword(CrmError):
    """A new password that does not follow the rules."""


def require_good(password: str, email: str) -> None:
    """Raises WeakPassword, saying what to change."""
    if len(password) < MINIMUM_LENGTH:
        raise WeakPassword(
            _("Use at least {n} characters. Three or four words in a row work well.").format(n=MINIMUM_LENGTH)
        )
    if len(password) > MAXIMUM_LENGTH:
        raise WeakPassword(_("Use at most {n} characters.").format(n=MAXIMUM_LENGTH))
    if password.casefold() in {email.casefold(), email.casefold().partition("@")[0]}:
        raise WeakPassword(_("Do not use your e-mail address as password."))


def hash_password(password: str) -> str:
    with _turns:
        return _hasher.hash(password)


def matches(password: str, password_hash: str | None) -> bool:
    """Whether the password belongs to the hash. Without a hash it takes as long, and is never true."""
    try:
        with _turns:
            return _hasher.verify(password_hash or _nobody(), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def generate_password() -> str:
    """Four groups of four that can be read out over the telephone (about 79 bits)."""
    return "-".join("".join(secrets.choice(_LETTERS) for _letter in range(4)) for _group in range(4))


@cache
def _nobody() -> str:
    return _hasher.hash(secrets.token_hex(16))
