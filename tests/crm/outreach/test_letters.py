"""Who gets a letter, and making one."""

from datetime import timedelta

import pytest
from sqlmodel import select

from crm.audit.models import AuditEntry
from crm.companies.inputs import ConsentInput, NumberBlockInput
from crm.companies.models import CompanyNumber, ConsentChannel, SuppressionReason
from crm.companies.services import mark_stopped, record_consent, suppress, suppress_number
from crm.core.clock import local, now, today
from crm.core.errors import NotAllowed
from crm.core.settings import settings
from crm.outreach.codes import code_of
from crm.outreach.letters import (
    NoLetter,
    NothingToPrint,
    SentInFuture,
    mark_sent,
    obstacle_of,
    print_letters,
    write_letter,
)
from crm.outreach.models import LetterText, Obstacle, Tongue
from crm.outreach.printing import LetterTooLong
from crm.outreach.queries import figures, letters, letters_of
from crm.outreach.sender import SenderUnknown
from crm.outreach.texts import LetterTextInput, current_text, save_text, standard_text, versions
from tests.crm.outreach.conftest import make_owner

YES = ConsentInput(
    given_by="Ria", channel=ConsentChannel.PAPER, text="Ja.", verified_how="kaart", expires_at=now() + timedelta(days=9)
)


class TestObstacle:
    def test_an_owner_without_consent_gets_a_letter(self, session):
        assert obstacle_of(session, make_owner(session).id) is None

    @pytest.mark.parametrize(
        ("fields", "why"),
        [
            ({"legal_form": "BV"}, Obstacle.CALLABLE),
            ({"legal_form": "ONB"}, Obstacle.FORM),
            ({"non_mailing": True}, Obstacle.NON_MAILING),
            ({"street": ""}, Obstacle.NO_ADDRESS),
            ({"postcode": None}, Obstacle.NO_ADDRESS),
            ({"town": ""}, Obstacle.NO_ADDRESS),
        ],
    )
    def test_what_is_known_may_forbid_it(self, session, fields, why):
        assert obstacle_of(session, make_owner(session, **fields).id) is why

    def test_who_gave_consent_may_be_called_already(self, session, coordinator):
        company = make_owner(session)
        record_consent(session, coordinator, company.id, YES)
        assert obstacle_of(session, company.id) is Obstacle.CALLABLE

    def test_who_objected_is_left_alone(self, session, coordinator):
        company = make_owner(session)
        suppress(session, coordinator, company.id, reason=SuppressionReason.OBJECTION)
        assert obstacle_of(session, company.id) is Obstacle.BLOCKED

    def test_another_branch_of_who_objected_too(self, session, coordinator):
        company, branch = (make_owner(session, kvk_number="12345678") for _time in range(2))
        suppress(session, coordinator, branch.id, reason=SuppressionReason.OBJECTION)
        assert obstacle_of(session, company.id) is Obstacle.BLOCKED

    @pytest.mark.parametrize(
        ("reason", "why"), [(SuppressionReason.OBJECTION, Obstacle.BLOCKED), (SuppressionReason.WRONG_NUMBER, None)]
    )
    def test_who_objected_with_only_a_number_too_but_a_wrong_number_says_nothing(
        self, session, coordinator, reason, why
    ):
        company = make_owner(session)
        number = session.exec(select(CompanyNumber.e164).where(CompanyNumber.company_id == company.id)).one()
        suppress_number(session, coordinator, NumberBlockInput(number=number, reason=reason))
        assert obstacle_of(session, company.id) is why

    def test_who_stopped_gets_none(self, session, coordinator):
        company = make_owner(session)
        mark_stopped(session, coordinator, company.id)
        assert obstacle_of(session, company.id) is Obstacle.STOPPED


@pytest.mark.usefixtures("sender")
class TestWriteLetter:
    def test_makes_a_code_that_only_the_key_can_make_again(self, session, coordinator):
        letter = write_letter(session, coordinator, make_owner(session).id)
        code = code_of(letter.seed)
        kept = " ".join(str(value) for value in letter.model_dump().values())
        assert code not in kept
        assert code.replace("-", "") not in kept
        assert local(letter.expires_at).date() > today() + timedelta(days=settings().letter_days)

    def test_the_audit_log_tells_no_seed(self, session, coordinator):
        letter = write_letter(session, coordinator, make_owner(session).id)
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "letter.made")).one()
        assert entry.subject_id == letter.id
        assert letter.seed not in str(entry.changes)
        assert letter.code_hash not in str(entry.changes)

    def test_a_second_one_has_to_wait(self, session, coordinator):
        company = make_owner(session)
        write_letter(session, coordinator, company.id)
        with pytest.raises(NoLetter):
            write_letter(session, coordinator, company.id)

    def test_after_a_while_another_may_go(self, session, coordinator):
        company = make_owner(session)
        letter = write_letter(session, coordinator, company.id)
        letter.created_at -= timedelta(days=32)  # a day more, for a clock that went back in between
        session.flush()
        assert write_letter(session, coordinator, company.id).id != letter.id

    def test_is_for_coordinators(self, session, caller):
        with pytest.raises(NotAllowed):
            write_letter(session, caller, make_owner(session).id)

    def test_can_be_printed_again_and_again(self, session, coordinator):
        letter = write_letter(session, coordinator, make_owner(session).id)
        printed = [print_letters(session, coordinator, [letter.id], "Brief") for _time in range(2)]
        assert all(item.pdf.startswith(b"%PDF") and not item.left_out for item in printed)

    def test_who_objects_in_between_is_left_out_of_the_print(self, session, coordinator):
        kept, objects = (write_letter(session, coordinator, make_owner(session).id) for _time in range(2))
        suppress(session, coordinator, objects.company_id, reason=SuppressionReason.OBJECTION)
        assert print_letters(session, coordinator, [kept.id, objects.id], "Brief").left_out == 1
        with pytest.raises(NothingToPrint):
            print_letters(session, coordinator, [objects.id], "Brief")

    def test_is_in_the_post_on_a_day_that_was(self, session, coordinator):
        letter = write_letter(session, coordinator, make_owner(session).id)
        assert mark_sent(session, coordinator, letter.id, today()).sent_on == today()
        with pytest.raises(SentInFuture):
            mark_sent(session, coordinator, letter.id, today() + timedelta(days=1))

    def test_is_told_about(self, session, coordinator):
        company = make_owner(session, name="Bakkerij Bloem")
        letter = write_letter(session, coordinator, company.id)
        assert letters_of(session, coordinator, company.id) == [letter]
        assert letters(session, coordinator)[0].company == "Bakkerij Bloem"
        assert letters(session, coordinator, answered=True) == []
        assert figures(session, coordinator).made == 1


def test_without_a_sender_it_says_what_to_set(session, coordinator):
    with pytest.raises(SenderUnknown, match=r"KOPKOFFIE_LETTER_STREET.*KOPKOFFIE_PUBLIC_URL"):
        write_letter(session, coordinator, make_owner(session).id)


@pytest.mark.usefixtures("sender")
class TestText:
    def words(self, **overrides: str) -> LetterTextInput:
        return LetterTextInput(**(standard_text(Tongue.NL).model_dump() | overrides))

    def test_a_new_wording_is_for_new_letters(self, session, coordinator):
        old = write_letter(session, coordinator, make_owner(session).id)
        save_text(session, coordinator, self.words(subject="Een vraag"))
        new = write_letter(session, coordinator, make_owner(session).id)
        subjects = [session.get_one(LetterText, letter.text_id).subject for letter in (old, new)]
        assert subjects == [standard_text(Tongue.NL).subject, "Een vraag"]
        assert current_text(session, Tongue.NL).subject == "Een vraag"
        assert [version.writer for version in versions(session, coordinator, Tongue.NL)] == [coordinator.name, None]

    def test_languages_are_kept_apart(self, session, coordinator):
        save_text(session, coordinator, self.words(subject="Een vraag"))
        assert current_text(session, Tongue.EN).subject == standard_text(Tongue.EN).subject

    def test_a_text_that_does_not_fit_is_refused(self, session, coordinator):
        with pytest.raises(LetterTooLong):
            save_text(session, coordinator, self.words(body="Een regel.\n" * 120))
        assert session.exec(select(LetterText)).all() == []

    def test_is_for_coordinators(self, session, caller):
        with pytest.raises(NotAllowed):
            save_text(session, caller, self.words())
