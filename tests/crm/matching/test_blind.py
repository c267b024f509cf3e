"""Who fits, for somebody who may not know who it is."""

from dataclasses import asdict
from datetime import timedelta

import pytest

from crm.candidates.models import CandidateStatus
from crm.core.clock import now
from crm.core.errors import NotAllowed
from crm.matching.blind import MOST_CARDS, unsaid, who_fits
from crm.matching.facts import Asked, JobFacts
from crm.matching.services import introduce
from crm.pipeline.models import Stage
from crm.reference.work_words import work_text
from tests.conftest import make_candidate, make_job, statements_of

HERE = (51.81, 4.67)
OFFICE_WORK = JobFacts(
    competences=dict.fromkeys(("24118", "24120"), Asked()),
    hours=16,
    days=frozenset({"ma", "di"}),
    position=HERE,
    text="Administratie bijwerken",
)


class TestWhoFits:
    def test_tells_why_and_not_who(self, session, caller):
        make_candidate(
            session,
            name="Ria Jansen",
            strengths="Vrouw van 58, administratie is haar lust en haar leven",
            town="Zwijndrecht",
        )
        (card,) = who_fits(session, caller, OFFICE_WORK)
        told = str(asdict(card)).lower()
        assert "1 van de 2 gevraagde competenties" in told
        assert "administratie" in told
        assert (card.hours, card.days, card.km) == ((12, 24), ["ma", "di", "wo"], 1)
        for secret in ("ria", "jansen", "vrouw", "58", "lust", "zwijndrecht"):
            assert secret not in told

    def test_is_not_for_viewers(self, session, viewer):
        with pytest.raises(NotAllowed):
            who_fits(session, viewer, OFFICE_WORK)

    def test_gives_the_best_ones(self, session, caller):
        for _each in range(MOST_CARDS + 2):
            make_candidate(session)
        make_candidate(session, competences=["24118", "24120"])
        cards = who_fits(session, caller, OFFICE_WORK)
        assert len(cards) == MOST_CARDS
        assert len(cards[0].good_at) == 2

    @pytest.mark.parametrize(
        "overrides",
        [
            {"consent_at": None},
            {"consent_until": now() - timedelta(days=1)},
            {"status": CandidateStatus.PAUSED},
            {"status": CandidateStatus.PLACED},
        ],
        ids=["without consent", "consent is over", "paused", "placed"],
    )
    def test_leaves_out_who_may_not_be_introduced(self, session, caller, overrides):
        make_candidate(session, **overrides)
        assert who_fits(session, caller, OFFICE_WORK) == []

    def test_leaves_out_who_was_introduced_for_this_job(self, session, caller, coach):
        job, person = make_job(session, stage=Stage.PROFILED), make_candidate(session)
        introduce(session, coach, job.id, person.id)
        assert who_fits(session, caller, OFFICE_WORK, job.id) == []

    def test_nearness_and_free_days_alone_do_not_make_somebody_fit(self, session, caller):
        make_candidate(session, competences=["24119"], trades=["lasser"])
        assert who_fits(session, caller, OFFICE_WORK) == []

    def test_somebody_far_away_who_can_do_it_all_the_same_does_not_fit(self, session, caller):
        make_candidate(session, latitude=53.2, longitude=6.5, hours_min=36, hours_max=40, days=["za"])
        assert who_fits(session, caller, OFFICE_WORK) == []

    def test_finds_somebody_by_the_work_alone_among_many_who_live_nearer(self, session, caller):
        for _each in range(210):
            make_candidate(session, trades=["lasser"], competences=[])
        make_candidate(session, trades=["magazijn"], competences=[], latitude=51.9, hours_min=8)
        (card,) = who_fits(session, caller, JobFacts(position=HERE, text="Magazijn opruimen"))
        assert card.hours == (8, 24)
        assert "Deed dit eerder of is er goed in: magazijn." in card.why

    @pytest.mark.parametrize(
        "job", [JobFacts(), JobFacts(hours=16, days=frozenset({"ma"}), position=HERE, text="werk")]
    )
    def test_nobody_is_looked_for_while_too_little_is_said(self, session, caller, job):
        make_candidate(session, competences=[])
        with statements_of(session) as seen:
            assert who_fits(session, caller, job) == []
        assert seen == []


class TestWords:
    def test_about_age_sex_and_health_do_not_count(self, session, caller):
        make_candidate(session, competences=[], trades=["jonge vrouw, wajong"])
        job = JobFacts(position=HERE, text=work_text("Jonge vrouw gezocht", "Wajong mag"))
        assert who_fits(session, caller, job) == []

    def test_of_a_job_say_what_is_still_unsaid(self):
        assert unsaid(JobFacts(text="Kassa", hours=8)) == ["de competenties", "de dagen"]
        assert unsaid(OFFICE_WORK) == []
