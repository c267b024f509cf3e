"""The personal code in a letter: made again from its seed and the secret key, never kept."""

import re

from crm.core.secrets import keyed_hash

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that looks like something else: no 0 O, no 1 I L, no U
GROUPS, GROUP = 3, 5
LENGTH = GROUPS * GROUP  # 30 ** 15 is more than 73 bits


def code_of(seed: str) -> str:
    """`K7QWM-3BHDX-9TRZP`"""
    number = int(keyed_hash("letter code", seed), 16)
    signs = []
    for _place in range(LENGTH):
        number, sign = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[sign])
    return shown("".join(signs))


def read_code(typed: str) -> str:
    """The code as `code_of` writes it, however it was typed; empty when it cannot be one."""
    bare = re.sub(r"[\s.\-–_]", "", typed).upper()
    return shown(bare) if len(bare) == LENGTH and set(bare) <= set(ALPHABET) else ""


def shown(bare: str) -> str:
    return "-".join(bare[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def fingerprint(code: str) -> str:
    """What a code is found by."""
    return keyed_hash("letter code looked up", code)
