"""What employers say of us, and who hears it."""

import pytest
from pydantic import ValidationError
from sqlmodel import select

from crm.audit.models import AuditEntry
from crm.core.clock import now, today
from crm.core.errors import NotAllowed
from crm.outreach.inputs import RecommendationInput
from crm.outreach.recommendations import quote_for, recommend, recommendations_of, withdraw_recommendation
from crm.privacy.erasing import erase_company
from tests.conftest import make_company


def said(words="Binnen een week zat hier iemand.", **more):
    return RecommendationInput(**({"words": words, "agreed_on": today()} | more))


@pytest.fixture
def baker(session):
    return make_company(session, name="Bakkerij Bloem", town="Dordrecht", sbi_code="10710")


def test_one_who_may_be_named_is_quoted_by_name(session, caller, baker):
    recommend(session, caller, baker.id, said(said_by="mevrouw Bloem", by_name=True))
    other = make_company(session, sbi_code="10720")
    quote = quote_for(session, caller, other.id)
    assert quote
    assert quote.words == "Binnen een week zat hier iemand."
    assert quote.who == "mevrouw Bloem, Bakkerij Bloem, Dordrecht"


def test_of_one_who_may_not_be_named_only_the_trade_is_told(session, caller, baker):
    recommend(session, caller, baker.id, said(said_by="mevrouw Bloem"))
    quote = quote_for(session, caller, make_company(session).id)
    assert quote
    for secret in ("Bloem", "Dordrecht"):
        assert secret not in quote.who


def test_the_same_trade_goes_first_then_the_same_town_then_the_newest(session, caller, baker):
    here = make_company(session, sbi_code="10710", town="Breda")
    neighbour = make_company(session, sbi_code="47110", town="Breda")
    far = make_company(session, sbi_code="43210", town="Assen")
    for company, words in (
        (baker, "Van een bakker."),
        (neighbour, "Van een buurman."),
        (far, "Van ver weg, het nieuwst."),
    ):
        recommend(session, caller, company.id, said(words))
    heard = []
    for gone in (baker, neighbour, far):
        quote = quote_for(session, caller, here.id)
        assert quote
        heard.append(quote.words)
        gone.stopped_at = now()
        session.flush()
    assert heard == ["Van een bakker.", "Van een buurman.", "Van ver weg, het nieuwst."]
    assert quote_for(session, caller, here.id) is None


def test_nobody_hears_their_own_words_or_words_taken_back(session, caller, baker):
    one = recommend(session, caller, baker.id, said())
    assert quote_for(session, caller, baker.id) is None
    other = make_company(session)
    assert quote_for(session, caller, other.id)
    withdraw_recommendation(session, caller, one.id)
    assert quote_for(session, caller, other.id) is None
    assert [kept.withdrawn_at is not None for kept in recommendations_of(session, caller, baker.id)] == [True]


def test_an_erased_company_says_nothing_any_more_and_the_log_keeps_no_words(session, coordinator, baker):
    recommend(session, coordinator, baker.id, said("Mevrouw Bloem is heel blij."))
    session.flush()
    erase_company(session, coordinator, baker.id)
    assert recommendations_of(session, coordinator, baker.id) == []
    kept = [str(entry.changes) for entry in session.exec(select(AuditEntry))]
    assert not any("heel blij" in changes for changes in kept)


def test_words_are_few_and_not_from_the_future():
    for wrong in ({"words": " "}, {"words": "x" * 401}, {"agreed_on": today().replace(year=today().year + 1)}):
        with pytest.raises(ValidationError):
            said(**wrong)


def test_a_viewer_writes_nothing_down(session, viewer, baker):
    with pytest.raises(NotAllowed):
        recommend(session, viewer, baker.id, said())
