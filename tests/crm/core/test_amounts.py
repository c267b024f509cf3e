import pytest

from crm.core.i18n import show_amount, speaking


@pytest.mark.parametrize(
    ("language", "number", "shown"),
    [("nl", 2.5, "2,5"), ("en", 2.5, "2.5"), ("nl", 16.0, "16"), ("nl", 8 / 3, "2,67")],
)
def test_an_amount_is_written_as_its_reader_does(language, number, shown):
    with speaking(language):
        assert show_amount(number) == shown
