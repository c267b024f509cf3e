"""What the result of a call asks, in the forms beside the desk: a call made elsewhere, a result put right."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Any

import streamlit as st

from crm.calling.models import CallWay, ObjectionRight
from crm.companies.models import Company
from crm.core.clock import at, now
from crm.core.i18n import _
from crm.desk.drafts import NO_STEP
from crm.desk.rules import Needs, proposed_moment
from crm.followups.models import FollowUpKind
from crm.pipeline.models import HiddenJob
from crm.reference.queries import legal_forms, reasons
from crm.reference.trades import trade_group
from web.components.moment import ask_moment

NEW_JOB = 0

Given = dict[str, Any]
Key = Callable[[str], str]


def ask_by_result(
    key: Key, wanted: Needs, way: CallWay, *, owner_id: int, company: Company, jobs: Sequence[HiddenJob]
) -> Given:
    """The fields of a WrapUpInput that a result asks, except the sentence of what was said.

    `key` makes the key of a widget; what stands under it already is shown. `owner_id` is who does the next step.
    """
    given: Given = {}
    if len(wanted.objection_right) > 1 and way.is_ours:
        given |= _ask_objection_right(key, wanted.objection_right)
    if wanted.legal_form:
        given |= _ask_legal_form(key)
    if wanted.job_allowed:
        given |= _ask_job(key, wanted, jobs)
    if wanted.steps:
        given |= _ask_next_step(key, owner_id, company, wanted)
    return given


def moment_chosen(given: Given) -> bool:
    """Whether the next step, if there is one, has a date and a time."""
    step = given.get("next_step")
    return step is None or step["due_at"] is not None


def moment(day: date | None, clock: time | None) -> datetime | None:
    return at(day, clock.hour, clock.minute) if day and clock else None


def _ask_objection_right(key: Key, choices: Sequence[ObjectionRight]) -> Given:
    words = {
        ObjectionRight.OFFERED: _("Yes"),
        ObjectionRight.NOT_OFFERED: _("No"),
        ObjectionRight.NO_CONTACT: _("Nobody spoken"),
    }
    chosen = st.segmented_control(
        _("Did you say: “you can ask us not to call again”?"),
        choices,
        format_func=words.__getitem__,
        key=key("objection-right"),
        persist_state="page",
    )
    return {"objection_right": chosen}


def _ask_legal_form(key: Key) -> Given:
    names = {code: form.name for code, form in legal_forms().items() if form.group in {"natural_person", "partnership"}}
    chosen = st.pills(
        _("What is it then?"),
        list(names),
        format_func=names.__getitem__,
        key=key("legal-form"),
        persist_state="page",
    )
    return {"legal_form": chosen}


def _ask_job(key: Key, wanted: Needs, jobs: Sequence[HiddenJob]) -> Given:
    found = wanted.job or st.toggle(_("Hidden job found"), key=key("has-job"), persist_state="page")
    if not found:
        return {}
    names = {NEW_JOB: _("A new one")} | {job.id: job.title for job in jobs}
    chosen = NEW_JOB
    if jobs:
        chosen = st.selectbox(
            _("Hidden job"),
            list(names),
            format_func=names.__getitem__,
            key=key("known-job"),
            persist_state="page",
        )
    return {"known_job_id": chosen} if chosen != NEW_JOB else _ask_new_job(key, needed=wanted.job)


def _ask_new_job(key: Key, *, needed: bool) -> Given:
    left, right = st.columns(2)
    names = {code: reason.name for code, reason in reasons().items()}
    title = left.text_input(_("What is the work called?"), max_chars=120, key=key("job-title"), persist_state="page")
    reason = right.selectbox(
        _("Why is there work?"),
        list(names),
        index=None,
        format_func=names.__getitem__,
        placeholder="",
        key=key("job-reason"),
        persist_state="page",
    )
    if needed and not title.strip() and not reason:
        return {}  # that it is missing is said in better words by what needs it
    return {"job": {"title": title, "reason": reason or ""}}


def _ask_next_step(key: Key, owner_id: int, company: Company, wanted: Needs) -> Given:
    kinds: dict[str, str] = {kind.value: kind.label for kind in wanted.steps}
    if not wanted.next_step:
        kinds = {NO_STEP: _("No next step")} | kinds
    kind = st.selectbox(
        _("Next step"),
        list(kinds),
        format_func=kinds.__getitem__,
        key=key(step_name(wanted)),
        persist_state="page",
    )
    if kind == NO_STEP:
        return {}
    note = st.text_input(_("Note with this step"), max_chars=1000, key=key("due-note"), persist_state="page")
    for_team = st.checkbox(_("For the team"), key=key("due-team"), persist_state="page")
    owner = None if for_team else owner_id
    labels = (_("Date of the next step"), _("Time of the next step"))
    trade = trade_group(company.sbi_code)
    due_at = ask_moment(key("due"), proposed_moment(now(), 1), owner_id=owner, trade_group=trade, labels=labels)
    return {"next_step": {"kind": FollowUpKind(kind), "due_at": due_at, "owner_id": owner, "note": note}}


def step_name(wanted: Needs) -> str:
    """Another field for other choices: what was chosen may not be among them."""
    return "-".join(["step", *(kind.value for kind in wanted.steps)])
