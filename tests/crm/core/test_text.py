import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.core.text import name_key, squeeze


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Bakkerij De Korenaar B.V.", "bakkerij de korenaar"),
        ("BAKKERIJ DE KORENAAR BV", "bakkerij de korenaar"),
        ("Café Zus & Zo v.o.f.", "cafe zus en zo"),
        ("B.V.", "b.v."),
    ],
)
def test_the_same_business_has_the_same_key(written, key):
    assert name_key(written) == key


@given(st.text())
def test_squeezing_twice_changes_nothing_more(text):
    assert squeeze(squeeze(text)) == squeeze(text)


@given(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1))
def test_a_real_name_never_loses_its_key(name):
    assert name_key(name)
