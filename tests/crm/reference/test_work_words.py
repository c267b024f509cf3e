"""Words by which people and jobs are compared: never by one that shuts people out."""

from hypothesis import given
from hypothesis import strategies as st

from crm.reference.work_words import as_kept, shared_words, stems

SHUTTING_OUT = (
    "jong", "jonge", "jeugdig", "schoolverlater", "niet ouder dan 40 jaar", "vrouw", "dames", "man", "mannelijke",
    "Nederlander", "autochtoon", "burn-out", "handicap", "wajong", "zwanger", "25-jarige",
)  # fmt: skip

words_that_shut_out = st.lists(st.sampled_from(SHUTTING_OUT), min_size=1, max_size=3)


class TestSharedWords:
    def test_finds_the_beginning_of_a_longer_word(self) -> None:
        assert shared_words("orders picken in het magazijn", as_kept("magazijnmedewerker")) == ["magazijn"]

    def test_takes_no_notice_of_accents_and_short_words(self) -> None:
        assert shared_words("de FINANCIELE kant", as_kept("financiële administratie")) == ["financiele"]
        assert shared_words("in de bouw", as_kept("in de zorg")) == []

    def test_counts_a_beginning_once(self) -> None:
        assert shared_words("Facturen en factuurtjes", as_kept("facturist")) == ["facturen"]


class TestWordsThatShutOut:
    @given(st.text(max_size=60), words_that_shut_out, st.text(max_size=60))
    def test_are_kept_nowhere(self, before: str, words: list[str], after: str) -> None:
        kept = as_kept(before, *words, after).split()
        assert not {stem for word in SHUTTING_OUT for stem in (word[:5].lower(), word.lower())} & set(kept)

    def test_do_not_count_as_the_beginning_of_a_longer_word_either(self) -> None:
        assert shared_words("Verkoop van vrouwenkleding en herenschoenen", as_kept("vrouw, heren")) == []

    def test_do_not_count_in_a_passage_that_means_no_harm(self) -> None:
        assert "jonge" not in stems("Opvang van jonge kinderen")
