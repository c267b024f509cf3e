"""The form follows the script until the caller decides otherwise."""

from datetime import date, time
from typing import Any

import pytest
from hypothesis import given as any_case
from hypothesis import strategies as st

from crm.calling.models import ObjectionRight
from crm.core.clock import now
from crm.desk.drafts import NO_STEP, Draft, draft
from crm.desk.rules import CannotWrapUp, check
from crm.followups.models import FollowUpKind
from crm.reference.queries import dispositions
from crm.scripts.rules import Proposal

NOTHING = Proposal()
LATENT = Proposal(
    disposition="GESPREK_LATENT",
    follow_up=FollowUpKind.OTHER,
    working_days=2,
    hidden_job=True,
    reasons=("PENSIOEN",),
    objection_offered=True,
)


def form(proposal: Proposal = NOTHING, **fields: Any) -> Draft:
    return draft(fields, proposal, now())


def test_without_a_script_or_choice_there_is_nothing_yet() -> None:
    empty = form()
    assert (empty.result, empty.step, empty.objection_right, empty.has_job) == (None, None, None, False)


def test_takes_over_what_the_script_proposes() -> None:
    proposed = form(LATENT)
    assert proposed.result is dispositions()["GESPREK_LATENT"]
    assert proposed.objection_right is ObjectionRight.OFFERED
    assert (proposed.step, proposed.due_on) == (FollowUpKind.OTHER, date(2026, 11, 26))
    assert (proposed.has_job, proposed.job.reason) == (True, "PENSIOEN")


def test_another_result_brings_its_own_next_step() -> None:
    chosen = form(LATENT, disposition="INFO_MAILEN")
    assert (chosen.step, chosen.due_on) == (FollowUpKind.SEND_INFO, date(2026, 11, 25))


def test_a_next_step_that_does_not_go_with_the_result_is_not_proposed() -> None:
    assert form(LATENT, disposition="VERZET").step is None


def test_what_the_caller_chose_counts() -> None:
    chosen = form(
        LATENT, follow_up="handover", follow_up_on="2026-12-01", follow_up_time="14:15", objection_right=False
    )
    assert (chosen.step, chosen.due_on, chosen.due_time) == (FollowUpKind.HANDOVER, date(2026, 12, 1), time(14, 15))
    assert chosen.objection_right is ObjectionRight.NOT_OFFERED


def test_no_next_step_is_a_choice_too_where_it_is_free() -> None:
    assert form(disposition="GESPREK_GEEN_WERK", follow_up=NO_STEP).step is None


def test_who_spoke_to_nobody_need_not_say_so() -> None:
    assert form(disposition="GEEN_GEHOOR").objection_right is ObjectionRight.NO_CONTACT


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("10:30", time(10, 30)),
        ("10.30", time(10, 30)),
        ("om 14 uur", time(14)),
        ("9u15", time(9, 15)),
        ("10", time(10)),
        ("half 3", time(14, 30)),
    ],
)
def test_the_agreed_moment_of_the_script_is_the_moment_of_the_callback(typed: str, meant: time) -> None:
    agreed = form(disposition="TERUGBELAFSPRAAK", callback_on="2026-12-03", callback_time=typed)
    assert (agreed.due_on, agreed.due_time) == (date(2026, 12, 3), meant)


FAR_AWAY = Proposal(disposition="GESPREK_GEEN_WERK", follow_up=FollowUpKind.RECALL, working_days=65, reasons=("PIEK",))


@pytest.mark.parametrize(
    ("months", "meant"),
    [
        (["6"], date(2027, 3, 1)),
        (["12", "6", "7"], date(2026, 12, 8)),  # too near for three months before: two weeks from now
        (["11"], date(2027, 8, 2)),  # this month is next year's; the first is a Sunday
        (["4"], date(2027, 1, 4)),  # New Year and a weekend
    ],
)
def test_who_has_a_busy_season_is_called_again_three_months_before_it(months: list[str], meant: date) -> None:
    assert form(FAR_AWAY, peak_months=months).due_on == meant


def test_who_has_no_work_now_is_asked_again_when_it_fits_the_reason() -> None:
    talked = Proposal(disposition="GESPREK_LATENT", reasons=("PENSIOEN", "BLIJFT_LIGGEN"))
    assert form(talked, disposition="GESPREK_GEEN_WERK").due_on == date(2026, 12, 23)  # 21 working days
    assert form(disposition="GESPREK_GEEN_WERK").due_on > date(2027, 5, 1)  # no reason: half a year


def test_an_agreed_term_or_day_goes_before_the_busy_season() -> None:
    assert form(FAR_AWAY, peak_months=["6"], term="two_weeks").due_on == form(FAR_AWAY).due_on
    assert form(FAR_AWAY, peak_months=["6"], follow_up_on="2027-02-02").due_on == date(2027, 2, 2)


def test_a_time_that_cannot_be_read_leaves_the_proposal() -> None:
    assert form(disposition="TERUGBELAFSPRAAK", callback_time="na de lunch").due_time == time(9, 30)


def test_the_meeting_that_was_agreed_goes_into_the_note() -> None:
    agreed = form(disposition="KOPKOFFIE", meeting_on="2026-12-03", meeting_time="10:00", meeting_place="In de zaak")
    assert "3 dec 10:00" in agreed.step_note
    assert "In de zaak" in agreed.step_note


def test_the_job_is_called_after_the_chore_until_it_has_a_name() -> None:
    assert form(LATENT, chore="Archief opruimen").job.title == "Archief opruimen"
    assert form(LATENT, chore="Archief opruimen", job_title="Archivaris").job.title == "Archivaris"


def test_a_job_without_a_name_is_missed_by_the_check() -> None:
    unnamed = form(LATENT, summary="Gaat met pensioen.")
    with pytest.raises(CannotWrapUp, match="verborgen baan"):
        check(unnamed.given(1), now())


def test_a_complete_form_passes_the_check() -> None:
    complete = form(LATENT, summary="Gaat met pensioen.", job_title="Boekhouding", tasks=["Facturen", "Btw"])
    given = complete.given(7)
    check(given, now())
    assert given.next_step is not None
    assert given.next_step.owner_id == 7
    assert given.job is not None
    assert given.job.tasks == "Facturen\nBtw"


_wild = st.one_of(st.none(), st.booleans(), st.text(max_size=20), st.lists(st.text(max_size=5), max_size=3))
_TEXTS = (
    "disposition", "objection_right", "follow_up", "follow_up_on", "follow_up_time", "callback_on", "callback_time",
    "meeting_on", "meeting_time", "summary", "job_title", "tasks", "follow_up_note",
)  # fmt: skip


@any_case(st.dictionaries(st.sampled_from(_TEXTS), _wild), st.sampled_from([*dispositions(), None]))
def test_whatever_was_written_down_gives_a_form(fields: dict[str, Any], proposed: str | None) -> None:
    assert draft(fields, Proposal(disposition=proposed), now())
