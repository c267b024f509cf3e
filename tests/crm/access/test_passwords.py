"""Good passwords, and comparing them."""

from collections.abc import Iterator
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.access import passwords
from crm.access.passwords import (
    MAXIMUM_LENGTH,
    MINIMUM_LENGTH,
    WeakPassword,
    generate_password,
    hash_password,
    matches,
    require_good,
)

EMAIL = "jan.jansen@voorbeeld.nl"
slow_hasher = passwords._hasher


class TestRequireGood:
    @pytest.mark.parametrize("password", ["", "x" * (MINIMUM_LENGTH - 1), "x" * (MAXIMUM_LENGTH + 1)])
    def test_refuses_what_is_too_short_or_too_long(self, password):
        with pytest.raises(WeakPassword):
            require_good(password, EMAIL)

    @pytest.mark.parametrize("email", [EMAIL, "Jan.Jansen.Dordrecht@voorbeeld.nl"])
    def test_refuses_the_email_address_in_any_case(self, email):
        with pytest.raises(WeakPassword):
            require_good(email.upper(), email)

    def test_refuses_the_name_in_front_of_the_at_sign(self):
        with pytest.raises(WeakPassword):
            require_good("jan.jansen.van.dordrecht", "jan.jansen.van.dordrecht@voorbeeld.nl")

    def test_accepts_words_with_spaces(self):
        require_good("koffie om tien uur", EMAIL)


class TestGeneratePassword:
    def test_follows_its_own_rules_and_never_repeats(self):
        made = {generate_password() for _number in range(200)}
        for password in made:
            require_good(password, EMAIL)
        assert len(made) == 200


@pytest.fixture
def as_in_the_product(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Other tests hash quickly."""
    monkeypatch.setattr(passwords, "_hasher", slow_hasher)
    passwords._nobody.cache_clear()
    yield
    passwords._nobody.cache_clear()


class TestMatches:
    @pytest.mark.usefixtures("as_in_the_product")
    def test_recognises_the_password_and_nothing_else(self):
        kept = hash_password("koffie om tien uur")
        assert matches("koffie om tien uur", kept)
        assert not matches("koffie om elf uur", kept)
        assert kept.startswith("$argon2id$v=19$m=65536,")

    def test_the_same_password_is_kept_differently_each_time(self):
        assert hash_password("koffie om tien uur") != hash_password("koffie om tien uur")

    def test_nobody_has_a_password(self):
        assert not matches("wat dan ook", None)

    def test_an_unreadable_hash_matches_nothing(self):
        assert not matches("wat dan ook", "-")

    @settings(max_examples=10, deadline=None)
    @given(st.text(max_size=50))
    def test_takes_any_text(self, password):
        assert matches(password, hash_password(password))

    @pytest.mark.usefixtures("as_in_the_product")
    def test_an_unknown_account_takes_as_long_as_a_known_one(self):
        kept = hash_password("koffie om tien uur")
        matches("warm", None)
        known, unknown = (min(_seconds(hashed) for _time in range(4)) for hashed in (kept, None))
        assert 0.4 < unknown / known < 2.5


def _seconds(hashed: str | None) -> float:
    """Of work, whatever else this machine does."""
    started = process_time()
    matches("fout wachtwoord", hashed)
    return process_time() - started
