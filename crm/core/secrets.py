"""The installation's own key, and what is derived from it."""

import hmac
import os
import secrets
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from crm.core.settings import settings

KEY_FILE = "secret.key"


@cache
def secret_key() -> bytes:
    """`KOPKOFFIE_SECRET_KEY`, or a key made at the first start that only the product's own user can read."""
    chosen = settings().secret_key.get_secret_value()
    return chosen.encode() if chosen else _kept_key(settings().data_dir / KEY_FILE)


def keyed_hash(purpose: str, value: str) -> str:
    """A fingerprint that cannot be guessed back without the key; `purpose` keeps uses apart."""
    return hmac.new(secret_key(), f"{purpose}\0{value}".encode(), sha256).hexdigest()


def _kept_key(path: Path) -> bytes:
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_once(path, secrets.token_hex(32))
    return path.read_text().strip().encode()


def _write_once(path: Path, key: str) -> None:
    # Several may need it first at the same moment: the link appears whole or not at all, and the first one wins.
    with NamedTemporaryFile("w", dir=path.parent, prefix=f"{path.name}.") as draft:
        draft.write(key)
        draft.flush()
        with suppress(FileExistsError):
            os.link(draft.name, path)
