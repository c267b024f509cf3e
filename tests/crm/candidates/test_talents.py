from datetime import timedelta

import pytest
import time_machine
from sqlmodel import select

from crm.audit.models import AuditEntry
from crm.candidates.models import CandidateCompetence, Level
from crm.candidates.queries import candidate
from crm.candidates.retention import forget_self_images
from crm.candidates.talents.links import (
    LINK_LASTS,
    FilledStep,
    LinkOver,
    NoMail,
    end_link,
    filling,
    make_link,
    save_step,
)
from crm.candidates.talents.models import About, Frequency, SelfAnswer, SelfAssessment
from crm.candidates.talents.statements import last_step, statements, statements_of
from crm.candidates.talents.suggestions import (
    competences_in,
    fields_in,
    refuse_suggestion,
    suggestions,
    take_competence,
    take_field,
    telling_words,
)
from crm.candidates.talents.taking import leave_answer, self_image, settle_words, take_answer, take_new_answers
from crm.core.clock import now
from crm.core.errors import ChangedMeanwhile, NotAllowed
from crm.core.settings import settings
from crm.matching.call_lists import suggestion
from crm.messaging.models import Notice, OutboxMessage
from crm.reference.queries import competences
from tests.conftest import make_candidate

WORDS = FilledStep(work_done="Stond aan de kassa", proud_of="Nooit te laat")


@pytest.fixture
def person(session, coach):
    return make_candidate(session, coach_id=coach.id, email="ria@voorbeeld.nl", competences=["24118"])


def fill_in(session, actor, token, answer=Frequency.ME):
    save_step(session, actor, token, 1, WORDS)
    for step in range(2, last_step() + 1):
        answers = {statement.code: answer for statement in statements_of(step)}
        save_step(session, actor, token, step, FilledStep(answers=answers))


def answer_to(session, code):
    return session.exec(select(SelfAnswer).where(SelfAnswer.code == code)).one()


class TestReference:
    def test_every_competence_has_one_statement_and_every_step_some(self):
        assert statements().keys() == competences().keys()
        asked = [one.code for step in range(1, last_step() + 1) for one in statements_of(step)]
        assert sorted(asked) == sorted(competences())

    def test_telling_words_tell_of_competences_that_exist(self):
        assert {one.competence for one in telling_words()} <= competences().keys()


class TestLink:
    def test_only_a_hash_of_the_token_is_kept(self, session, coach, person):
        token = make_link(session, coach, person.id)
        kept = session.exec(select(SelfAssessment)).one()
        assert token not in repr(kept)
        assert all(token not in repr(entry) for entry in session.exec(select(AuditEntry)))
        assert filling(session, token).first_name == "Ria"

    def test_another_link_ends_the_one_before(self, session, coach, person):
        first, second = (make_link(session, coach, person.id) for _time in range(2))
        with pytest.raises(LinkOver):
            filling(session, first)
        assert filling(session, second)

    def test_a_link_ends_when_it_is_taken_back_or_its_time_is_over(self, session, coach, person):
        token = make_link(session, coach, person.id)
        with time_machine.travel(now() + LINK_LASTS + timedelta(minutes=1), tick=False), pytest.raises(LinkOver):
            save_step(session, coach, token, 1, WORDS)
        end_link(session, coach, person.id)
        with pytest.raises(LinkOver):
            filling(session, token)
        with pytest.raises(LinkOver):
            filling(session, "geraden")

    def test_goes_by_mail_where_that_is_possible(self, session, coach, person, monkeypatch):
        with pytest.raises(NoMail):
            make_link(session, coach, person.id, by_mail=True)
        monkeypatch.setenv("KOPKOFFIE_SMTP_HOST", "mail.voorbeeld.nl")
        monkeypatch.setenv("KOPKOFFIE_PUBLIC_URL", "https://kopkoffie.voorbeeld.nl")
        settings.cache_clear()
        token = make_link(session, coach, person.id, by_mail=True)
        settings.cache_clear()
        message = session.exec(select(OutboxMessage)).one()
        assert message.to_address == "ria@voorbeeld.nl"
        assert f"https://kopkoffie.voorbeeld.nl/talent/{token}" in message.body

    def test_a_caller_may_not(self, session, caller, person):
        for forbidden in (make_link, end_link, self_image):
            with pytest.raises(NotAllowed):
                forbidden(session, caller, person.id)


class TestFilling:
    def test_is_left_and_resumed_with_what_was_filled_in(self, session, coach, person):
        token = make_link(session, coach, person.id)
        save_step(session, coach, token, 1, WORDS)
        code = statements_of(2)[0].code
        save_step(session, coach, token, 2, FilledStep(answers={code: 1, "24999": 3}))
        save_step(session, coach, token, 2, FilledStep(answers={code: 2}))
        found = filling(session, token)
        assert (found.assessment.step, found.assessment.proud_of) == (2, "Nooit te laat")
        assert found.answers == {code: Frequency.OFTEN}

    def test_the_coach_hears_of_it_once_and_what_was_sent_stays(self, session, coach, person):
        token = make_link(session, coach, person.id)
        fill_in(session, coach, token)
        save_step(session, coach, token, 1, FilledStep(proud_of="Anders"))
        save_step(session, coach, token, last_step(), FilledStep())
        assert filling(session, token).assessment.proud_of == "Nooit te laat"
        (notice,) = session.exec(select(Notice)).all()
        assert (notice.user_id, notice.page) == (coach.id, f"candidates?candidate={person.id}&part=talents")

    def test_going_back_from_the_last_step_sends_nothing(self, session, coach, person):
        token = make_link(session, coach, person.id)
        save_step(session, coach, token, last_step(), FilledStep(), send=False)
        assert filling(session, token).assessment.finished_at is None


class TestTaking:
    @pytest.fixture
    def filled(self, session, coach, person):
        fill_in(session, coach, make_link(session, coach, person.id))
        return self_image(session, coach, person.id)

    def test_nothing_changes_before_the_coach_takes_it_over(self, session, coach, person, filled):
        assert len(filled.answers) == len(competences())
        assert candidate(session, coach, person.id).levels == {"24118": Level.ABLE}

    def test_a_level_is_taken_over_by_itself(self, session, coach, person, filled):
        take_answer(session, coach, answer_to(session, "24118").id, seen=Level.ABLE)
        take_answer(session, coach, answer_to(session, "24120").id, seen=None)
        leave_answer(session, coach, answer_to(session, "24105").id)
        assert candidate(session, coach, person.id).levels == {"24118": Level.STRONG, "24120": Level.STRONG}
        assert len(self_image(session, coach, person.id).answers) == len(competences()) - 3

    def test_nothing_is_overwritten_unseen(self, session, coach, person, filled):
        with pytest.raises(ChangedMeanwhile):
            take_answer(session, coach, answer_to(session, "24118").id, seen=Level.LEARNING)
        take_answer(session, coach, answer_to(session, "24118").id, seen=Level.ABLE)
        with pytest.raises(ChangedMeanwhile):
            take_answer(session, coach, answer_to(session, "24118").id, seen=Level.STRONG)

    def test_all_that_is_new_is_taken_over_at_once_and_what_differs_waits(self, session, coach, person, filled):
        session.add(CandidateCompetence(candidate_id=person.id, code="24105", level=Level.STRONG))
        answer_to(session, "24120").answer = Frequency.NOT_YET
        session.flush()
        take_new_answers(session, coach, filled.assessment.id)
        levels = candidate(session, coach, person.id).levels
        assert levels.pop("24118") is Level.ABLE
        assert set(levels) == set(competences()) - {"24118", "24120"}
        assert set(levels.values()) == {Level.STRONG}
        assert [answer.code for answer in self_image(session, coach, person.id).answers] == ["24118"]
        taken = session.exec(select(AuditEntry).where(AuditEntry.action == "self_assessment.taken")).all()
        assert len(taken) == len(levels) - 1

    def test_a_caller_may_take_nothing_over(self, session, caller, filled):
        with pytest.raises(NotAllowed):
            take_new_answers(session, caller, filled.assessment.id)

    def test_words_come_under_those_that_are_there(self, session, coach, person, filled):
        person.work_done = "Bakte brood"
        session.flush()
        settle_words(session, coach, filled.assessment.id, take=True, version=person.version)
        assert (person.work_done, person.proud_of) == ("Bakte brood\n\nStond aan de kassa", "Nooit te laat")

    def test_is_forgotten_half_a_year_after_the_link_ended(self, session, coach, person, filled):
        assert forget_self_images(session, now() + timedelta(days=200)) == 0
        assert forget_self_images(session, now() + LINK_LASTS + timedelta(days=181)) == 1
        assert session.exec(select(SelfAnswer)).first() is None


class TestSuggestions:
    def test_a_word_points_to_a_competence_and_says_why(self):
        (found,) = competences_in("Ik stond aan de kassa.", set())
        assert found.code == "24119"
        assert "kassa" in found.why
        assert not competences_in("Ik stond aan de kassa.", {"24119"})

    def test_a_word_points_to_another_trade_but_not_to_one_that_is_known(self):
        assert "retail" in {one.code for one in fields_in("Vroeger aan de kassa", ["boekhouder"], set())}
        assert "retail" not in {one.code for one in fields_in("Vroeger aan de kassa", ["verkoper"], set())}

    def test_several_competences_point_to_a_trade(self):
        found = {one.code: one.why for one in fields_in("", [], {"24108", "24119", "24124", "24125"})}
        assert "retail" in found
        assert fields_in("", [], {"24119"}) == []

    def test_what_was_taken_over_counts_and_what_was_refused_does_not_come_back(self, session, coach, person):
        person.work_done = "Ik stond aan de kassa"
        session.flush()
        card = candidate(session, coach, person.id)
        by = {(one.about, one.code): one for one in suggestions(session, coach, card)}
        refuse_suggestion(session, coach, person.id, by[About.COMPETENCE, "24119"])
        take_field(session, coach, person.id, by[About.FIELD, "retail"])
        card = candidate(session, coach, person.id)
        assert (card.competences, card.candidate.open_to) == (["24118"], ["retail"])
        assert not {("24119"), ("retail")} & {one.code for one in suggestions(session, coach, card)}
        assert "47" in suggestion(card.candidate, card.competences).filters.trades

    def test_a_competence_is_taken_over_at_the_level_the_coach_says_first(self, session, coach, person):
        (found,) = competences_in("kassa", set())
        for level in (Level.LEARNING, Level.STRONG):
            take_competence(session, coach, person.id, found, level)
        assert candidate(session, coach, person.id).levels["24119"] is Level.LEARNING
        told = session.exec(select(AuditEntry).where(AuditEntry.action == "suggestion.taken")).one()
        assert told.changes["level"] == [None, 1]

    def test_what_a_colleague_wrote_down_meanwhile_stays(self, session, coach, person):
        (found,) = competences_in("kassa", set())
        session.add(CandidateCompetence(candidate_id=person.id, code="24119", level=Level.STRONG))
        take_competence(session, coach, person.id, found, Level.LEARNING)
        assert candidate(session, coach, person.id).levels["24119"] is Level.STRONG

    def test_a_caller_may_not(self, session, caller, person):
        (found,) = competences_in("kassa", set())
        with pytest.raises(NotAllowed):
            take_competence(session, caller, person.id, found, Level.ABLE)
