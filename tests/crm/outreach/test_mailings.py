"""Letters to many companies."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from crm.calling.inputs import ListFilters
from crm.companies.models import SuppressionReason
from crm.companies.services import suppress
from crm.core.clock import today
from crm.core.errors import NotAllowed
from crm.outreach.inputs import MailingInput
from crm.outreach.letters import SentInFuture, print_letters, write_letter
from crm.outreach.mailings import (
    NobodyToWrite,
    letter_ids,
    mailings,
    make_letters,
    mark_mailing_sent,
    preview,
    start_mailing,
)
from crm.outreach.models import Letter, Mailing, Obstacle
from crm.outreach.sender import SenderUnknown
from tests.crm.outreach.conftest import make_owner

BAKERS = ListFilters(trades=("10",))
HALF_A_YEAR = 180


def plan(**overrides: object) -> MailingInput:
    return MailingInput.model_validate({"name": "Bakkers", "filters": BAKERS} | overrides)


def bakers(session, number: int = 1) -> list[int]:
    return [make_owner(session, sbi_code="10710").id for _time in range(number)]


class TestPreview:
    def test_counts_who_gets_a_letter_and_why_others_do_not(self, session, coordinator):
        bakers(session, 2)
        for fields in ({"legal_form": "BV"}, {"non_mailing": True}, {"non_mailing": True}, {"street": ""}):
            make_owner(session, sbi_code="10710", **fields)
        make_owner(session, sbi_code="56110")
        objector = bakers(session)[0]
        suppress(session, coordinator, objector, reason=SuppressionReason.OBJECTION)
        seen = preview(session, coordinator, BAKERS, HALF_A_YEAR)
        assert (seen.total, seen.ready) == (7, 2)
        assert dict(seen.left_out) == {
            Obstacle.BLOCKED: 1,
            Obstacle.CALLABLE: 1,
            Obstacle.NON_MAILING: 2,
            Obstacle.NO_ADDRESS: 1,
        }

    @pytest.mark.usefixtures("sender")
    def test_how_long_somebody_is_left_alone_is_a_choice(self, session, coordinator):
        letter = write_letter(session, coordinator, bakers(session)[0])
        letter.created_at -= timedelta(days=100)
        session.flush()
        assert preview(session, coordinator, BAKERS, HALF_A_YEAR).left_out == [(Obstacle.RECENT, 1)]
        assert preview(session, coordinator, BAKERS, 90).ready == 1

    def test_of_nothing_is_empty(self, session, coordinator):
        assert preview(session, coordinator, BAKERS, HALF_A_YEAR).total == 0

    def test_is_for_coordinators(self, session, caller):
        with pytest.raises(NotAllowed):
            preview(session, caller, BAKERS, HALF_A_YEAR)


@pytest.mark.usefixtures("sender")
class TestMaking:
    def test_goes_on_where_it_stopped_and_doubles_nothing(self, session, coordinator):
        companies = bakers(session, 5)
        mailing = start_mailing(session, coordinator, plan())
        left = [make_letters(session, coordinator, mailing.id, size=2) for _time in range(4)]
        assert left == [3, 1, 0, 0]
        made = session.exec(select(Letter.company_id).order_by(col(Letter.company_id))).all()
        assert made == companies
        assert len({letter.code_hash for letter in session.exec(select(Letter))}) == 5

    def test_takes_no_more_than_asked(self, session, coordinator):
        bakers(session, 5)
        mailing = start_mailing(session, coordinator, plan(most=3))
        make_letters(session, coordinator, mailing.id)
        assert len(letter_ids(session, coordinator, mailing.id)) == 3

    def test_who_objects_before_the_letter_is_made_gets_none(self, session, coordinator):
        first, second = bakers(session, 2)
        mailing = start_mailing(session, coordinator, plan())
        suppress(session, coordinator, first, reason=SuppressionReason.OBJECTION)
        assert make_letters(session, coordinator, mailing.id) == 0
        assert session.exec(select(Letter.company_id)).all() == [second]
        (row,), total = mailings(session, coordinator)
        assert (row.chosen, row.made, row.left_out, row.waiting, total) == (2, 1, 1, 0, 1)

    def test_two_mailings_that_chose_the_same_company_write_once(self, session, coordinator):
        bakers(session, 3)
        plans = [start_mailing(session, coordinator, plan()) for _time in range(2)]
        for mailing in plans:
            make_letters(session, coordinator, mailing.id)
        assert [len(letter_ids(session, coordinator, mailing.id)) for mailing in plans] == [3, 0]

    def test_a_next_mailing_goes_to_others(self, session, coordinator):
        bakers(session, 3)
        for expected in (2, 1):
            mailing = start_mailing(session, coordinator, plan(most=2))
            make_letters(session, coordinator, mailing.id)
            assert len(letter_ids(session, coordinator, mailing.id)) == expected
        with pytest.raises(NobodyToWrite):
            start_mailing(session, coordinator, plan())

    def test_is_one_print(self, session, coordinator):
        bakers(session, 3)
        mailing = start_mailing(session, coordinator, plan())
        make_letters(session, coordinator, mailing.id)
        printed = print_letters(session, coordinator, letter_ids(session, coordinator, mailing.id), "Brieven")
        assert printed.pdf.startswith(b"%PDF")
        assert printed.left_out == 0

    def test_is_for_coordinators(self, session, caller):
        with pytest.raises(NotAllowed):
            start_mailing(session, caller, plan())


@pytest.mark.usefixtures("sender")
class TestSent:
    def test_all_letters_have_the_day_but_not_those_that_were_not_printed(self, session, coordinator):
        kept, objects = bakers(session, 2)
        mailing = start_mailing(session, coordinator, plan())
        make_letters(session, coordinator, mailing.id)
        suppress(session, coordinator, objects, reason=SuppressionReason.OBJECTION)
        mark_mailing_sent(session, coordinator, mailing.id, today())
        session.expire_all()
        sent = {letter.company_id: letter.sent_on for letter in session.exec(select(Letter))}
        assert sent == {kept: today(), objects: None}
        assert session.get_one(Mailing, mailing.id).sent_on == today()

    def test_not_in_the_future(self, session, coordinator):
        bakers(session)
        mailing = start_mailing(session, coordinator, plan())
        with pytest.raises(SentInFuture):
            mark_mailing_sent(session, coordinator, mailing.id, today() + timedelta(days=1))


def test_without_a_sender_nothing_is_begun(session, coordinator):
    bakers(session)
    with pytest.raises(SenderUnknown):
        start_mailing(session, coordinator, plan())
