from datetime import timedelta

import pytest

from crm.candidates.models import Candidate, Purpose
from crm.candidates.rules import doubtful_words, has_consent, usual_consent_text
from crm.core.clock import now
from crm.core.i18n import speaking
from crm.core.settings import settings


class TestConsent:
    def test_lasts_from_the_moment_it_was_given_until_its_end(self):
        given, until = now(), now() + timedelta(days=365)
        candidate = Candidate(name="Ria", consent_at=given, consent_until=until)
        assert has_consent(candidate, given)
        assert not has_consent(candidate, until)
        assert not has_consent(candidate, given - timedelta(seconds=1))

    def test_nobody_has_agreed_before_being_asked(self):
        assert not has_consent(Candidate(name="Ria"), now())

    def test_what_we_ask_names_the_organisation(self):
        assert all(settings().organisation in usual_consent_text(purpose) for purpose in Purpose)


@pytest.mark.parametrize("text", ["heeft een burn-out gehad", "BSN 123456782", "58-jarige", "WIA-uitkering"])
def test_warns_about_what_we_may_not_keep(text):
    assert doubtful_words(text)


def test_nothing_is_proposed_instead_of_an_age() -> None:
    with speaking("en"):
        (warning,) = doubtful_words("een 58-jarige")
    assert "Better" not in warning


@pytest.mark.parametrize("text", ["goed met klanten", "20 jaar ervaring in de bouw", "rijbewijs B", "ziet wat er moet"])
def test_leaves_ordinary_words_alone(text):
    assert doubtful_words(text) == []
