"""The lines of Asterisk's manager interface: blocks of `Key: value`, each ended by an empty line.

https://docs.asterisk.org/Configuration/Interfaces/Asterisk-Manager-Interface-AMI/
"""

from collections.abc import Mapping

BANNER = b"Asterisk Call Manager/"
LONGEST_LINE = 8 * 1024
MOST_LINES = 500

Block = Mapping[str, str]


class NotTheProtocol(Exception):
    """What came in is no manager interface, or more of it than makes sense."""


def encode(fields: Block) -> bytes:
    """One action. Raises ValueError for a value that would end its line: it could be an action of somebody else's."""
    for name, value in fields.items():
        if any(character < " " or character == "\x7f" for character in name + value):
            raise ValueError(f"{name} has a control character")
    return "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode() + b"\r\n"


class Parser:
    """Takes bytes as they come in and gives the blocks that are whole. A repeated key keeps its last value."""

    def __init__(self) -> None:
        self._rest = b""
        self._block: dict[str, str] = {}
        self._lines = 0
        self._greeted = False

    def feed(self, data: bytes) -> list[Block]:
        """Raises NotTheProtocol."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        blocks = [block for line in lines if (block := self._take(line.removesuffix(b"\r"))) is not None]
        if len(self._rest) > LONGEST_LINE:
            raise NotTheProtocol
        return blocks

    def _take(self, line: bytes) -> Block | None:
        """The block that this line ends."""
        if len(line) > LONGEST_LINE:
            raise NotTheProtocol
        if not self._greeted:
            if not line.startswith(BANNER):
                raise NotTheProtocol
            self._greeted = True
            return None
        if line:
            self._keep(line)
            return None
        done, self._block, self._lines = self._block, {}, 0
        return done or None

    def _keep(self, line: bytes) -> None:
        self._lines += 1
        if self._lines > MOST_LINES:
            raise NotTheProtocol
        name, colon, value = line.decode("utf-8", "replace").partition(":")
        if colon:
            self._block[name.strip()] = value.strip()
