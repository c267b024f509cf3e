"""The manager's lines: read whole whatever the pieces they come in, and written so that no value can end one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.telephony.dialling.manager_protocol import BANNER, LONGEST_LINE, NotTheProtocol, Parser, encode

HELLO = BANNER + b"5.0.5\r\n"
NAMES = st.from_regex(r"[A-Z][A-Za-z-]{0,20}", fullmatch=True)
VALUES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=60)
BLOCKS = st.dictionaries(NAMES, VALUES, min_size=1, max_size=10)


@given(st.lists(BLOCKS, max_size=6), st.lists(st.integers(1, 40), min_size=1, max_size=50))
def test_what_is_written_is_read_whatever_the_pieces(blocks, sizes):
    stream = HELLO + b"".join(encode(block) for block in blocks)
    parser, found, turn = Parser(), [], 0
    while stream:
        size = sizes[turn % len(sizes)]
        found += parser.feed(stream[:size])
        stream, turn = stream[size:], turn + 1
    assert found == blocks


@given(st.lists(st.binary(max_size=2000), max_size=30))
def test_garbage_is_refused_or_read_but_never_kept_without_end(pieces):
    parser = Parser()
    try:
        for piece in pieces:
            for block in parser.feed(piece):
                assert all(isinstance(text, str) for item in block.items() for text in item)
    except NotTheProtocol:
        return
    assert len(parser._rest) <= LONGEST_LINE


@given(st.lists(st.binary(max_size=300), max_size=30))
def test_garbage_after_the_greeting_raises_nothing_else(pieces):
    parser = Parser()
    parser.feed(HELLO)
    for piece in pieces:
        parser.feed(piece)


@pytest.mark.parametrize(
    "nonsense", [b"HTTP/1.1 200 OK\r\n", b"\r\n", HELLO + b"x" * (LONGEST_LINE + 1), HELLO + b"a: b\r\n" * 501]
)
def test_another_protocol_or_a_block_without_end_is_refused(nonsense):
    with pytest.raises(NotTheProtocol):
        Parser().feed(nonsense)


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x00", "\x0b", "\x7f"])
@pytest.mark.parametrize("where", ["name", "value"])
def test_a_value_cannot_smuggle_in_a_line(end, where):
    evil = f"101{end}Action: Command"
    fields = {evil: "x"} if where == "name" else {"Channel": evil}
    with pytest.raises(ValueError, match="control character"):
        encode(fields)


@given(st.text())
def test_one_value_is_one_line_or_nothing(value):
    try:
        written = encode({"Channel": value})
    except ValueError:
        return
    assert written.count(b"\r\n") == 2
    assert written.count(b"\n") == 2
