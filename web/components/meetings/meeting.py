"""A kopkoffie on the screen: plan it, move it, send it, hear how it went."""

from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.core.clock import AMSTERDAM, local, now, today
from crm.core.i18n import _, show_moment
from crm.matching.models import IntroductionStatus
from crm.matching.queries import IntroductionLine
from crm.meetings.calendar import file_name, invitation
from crm.meetings.inputs import MeetingInput
from crm.meetings.models import Meeting, MeetingOutcome, MeetingStatus
from crm.meetings.queries import MeetingLine
from crm.meetings.rules import REFUSALS, Side, can_be_placed, doubts_about
from crm.meetings.services import cancel, move_kopkoffie, plan_kopkoffie, record_outcome
from crm.pipeline.models import Stage
from crm.pipeline.stages import allowed
from crm.reference.calendar import add_working_days
from web import state
from web.actions import perform
from web.components.links import link
from web.components.meetings.preparation import draw_preparation
from web.components.pipeline.introduction import draw_place_button
from web.components.text import literal

USUAL_TIME = time(10)
USUAL_MINUTES = 30
LENGTHS = (30, 45, 60)


def side_label(side: Side) -> str:
    return _("The employer") if side is Side.EMPLOYER else _("The job seeker")


def meeting_fields(form: str, meeting: Meeting | None, place: str, hosts: list[str]) -> None:
    """The widgets; `read_meeting` reads them back."""
    there = local(meeting.starts_at) if meeting else None
    key = f"{form}-{{}}".format
    day, clock, length = st.columns(3)
    day.date_input(
        _("Date"),
        there.date() if there else add_working_days(today(), 3),
        format="DD-MM-YYYY",
        key=key("day"),
    )
    clock.time_input(_("Time"), there.time() if there else USUAL_TIME, step=timedelta(minutes=15), key=key("time"))
    minutes = meeting.minutes if meeting else USUAL_MINUTES
    lengths = sorted({*LENGTHS, minutes})
    length.selectbox(_("Minutes"), lengths, index=lengths.index(minutes), key=key("minutes"))
    st.text_input(_("Where"), meeting.place if meeting else place, key=key("place"), max_chars=200)
    host = meeting.host if meeting else (hosts[0] if hosts else "")
    st.text_input(_("Who receives the guest?"), host, key=key("host"), max_chars=120)
    st.text_area(
        _("What we prepare (stays with us)"), meeting.preparation if meeting else "", key=key("preparation"), height=80
    )


def read_meeting(form: str) -> MeetingInput:
    """Raises ValidationError."""
    day: date = state.value(f"{form}-day")
    clock: time = state.value(f"{form}-time")
    starts_at = datetime.combine(day, clock, AMSTERDAM).astimezone(UTC)
    names = ("minutes", "place", "host", "preparation")
    return MeetingInput(starts_at=starts_at, **{name: state.value(f"{form}-{name}") for name in names})


def _warn(given: MeetingInput) -> None:
    for doubt in doubts_about(given.starts_at, given.minutes):
        state.tell("warning", _("Planned all the same, but look again. {doubt}").format(doubt=doubt))


def draw_plan_form(line: IntroductionLine, hosts: list[str]) -> None:
    where = ", ".join(part for part in (line.company.name, line.company.town) if part)
    st.markdown(f"**{literal(line.candidate.name)}** · {literal(line.job.title)} · {literal(where)}")
    place = ", ".join(part for part in (line.company.street, line.company.town) if part)
    form = f"plan-{line.introduction.id}"
    with st.form(form):
        meeting_fields(form, None, place, hosts)
        st.form_submit_button(
            _("Plan the kopkoffie"),
            type="primary",
            icon=":material/coffee:",
            key="plan-kopkoffie",
            on_click=_plan,
            args=(form, line.introduction.id),
        )


def _plan(form: str, introduction_id: int) -> None:
    def plan(session: Session, actor: Actor) -> Meeting:
        return plan_kopkoffie(session, actor, introduction_id, read_meeting(form))

    if meeting := perform(_("Planned. Send both sides their calendar file."), plan):
        _warn(read_meeting(form))
        st.query_params.from_dict({"meeting": str(meeting.id)})


def draw_meeting(actor: Actor, line: MeetingLine) -> None:
    meeting = line.meeting
    with st.container(border=True, gap="small", key=f"meeting-{meeting.id}"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"### {show_moment(meeting.starts_at)}", width="content")
            st.badge(meeting.status.label, color="primary" if meeting.status is MeetingStatus.PLANNED else "gray")
        with st.container(horizontal=True, vertical_alignment="center"):
            link(actor, "candidates", line.candidate.name, icon=":material/person:", candidate=line.candidate.id)
            link(actor, "companies", line.company.name, icon=":material/storefront:", company=line.company.id)
            link(actor, "pipeline", line.job.title, icon=":material/work_history:", job=line.job.id)
        host = _("with {host}").format(host=meeting.host) if meeting.host else ""
        length = _("{n} minutes").format(n=meeting.minutes)
        st.markdown(" · ".join(literal(part) for part in (meeting.place, host, length) if part))
        if meeting.preparation:
            st.text(meeting.preparation)
        if meeting.status is MeetingStatus.PLANNED and meeting.starts_at > now():
            _draw_changes(actor, line)
        elif meeting.status is MeetingStatus.PLANNED:
            _draw_questions(meeting)
        else:
            _draw_result(line)


def _draw_changes(actor: Actor, line: MeetingLine) -> None:
    meeting = line.meeting
    with st.container(horizontal=True):
        draw_downloads(line)
        draw_preparation(actor, line)
        with st.popover(_("Another moment"), icon=":material/schedule:", key=f"move-{meeting.id}"):
            form = f"move-{meeting.id}-{meeting.version}"
            with st.form(form, border=False):
                meeting_fields(form, meeting, "", [])
                st.form_submit_button(
                    _("Move the kopkoffie"),
                    key=f"move-save-{meeting.id}",
                    on_click=_move,
                    args=(form, meeting.id, meeting.version),
                )
        with st.popover(_("Call off"), icon=":material/event_busy:", key=f"cancel-{meeting.id}"):
            reason = f"cancel-reason-{meeting.id}"
            st.text_input(_("Why?"), key=reason, max_chars=500)
            st.button(
                _("Call this kopkoffie off"),
                key=f"cancel-save-{meeting.id}",
                on_click=_cancel,
                args=(meeting.id, meeting.version, reason),
            )


def draw_downloads(line: MeetingLine) -> None:
    for side, label in ((Side.EMPLOYER, _("Calendar, employer")), (Side.CANDIDATE, _("Calendar, job seeker"))):
        st.download_button(
            label,
            partial(invitation, line, side),
            file_name(line, side),
            "text/calendar",
            key=f"ics-{side.value}-{line.meeting.id}",
            icon=":material/calendar_add_on:",
            on_click="ignore",
        )


def _move(form: str, meeting_id: int, version: int) -> None:
    def move(session: Session, actor: Actor) -> Meeting:
        return move_kopkoffie(session, actor, meeting_id, read_meeting(form), version=version)

    if perform(_("Moved. Send both sides the new calendar file."), move):
        _warn(read_meeting(form))


def _cancel(meeting_id: int, version: int, reason: str) -> None:
    perform(_("Called off. Tell both sides."), cancel, meeting_id, version=version, reason=state.value(reason, ""))


def _draw_questions(meeting: Meeting) -> None:
    """How it went, asked of each side apart."""
    known = {Side.EMPLOYER: meeting.employer_outcome, Side.CANDIDATE: meeting.candidate_outcome}
    for column, side in zip(st.columns(2), Side, strict=True):
        with column:
            if known[side]:
                st.markdown(f"**{side_label(side)}**")
                _draw_outcome(meeting, side)
            else:
                _draw_question(meeting, side)


def _draw_question(meeting: Meeting, side: Side) -> None:
    form = f"outcome-{side.value}-{meeting.id}"
    with st.form(form):
        st.selectbox(
            _("What does {who} say?").format(who=side_label(side).lower()),
            list(MeetingOutcome),
            index=None,
            format_func=lambda outcome: outcome.label,
            placeholder=_("Choose"),
            key=f"{form}-outcome",
        )
        st.text_input(_("Why? With a no, the job seeker hears this."), key=f"{form}-reason", max_chars=500)
        st.form_submit_button(
            _("Save"), key=f"{form}-save", on_click=_record, args=(form, meeting.id, side, meeting.version)
        )


def _record(form: str, meeting_id: int, side: Side, version: int) -> None:
    chosen = state.value(f"{form}-outcome")
    if chosen is None:
        state.tell("error", _("Choose how it went."))
        return
    perform(
        _("Written down."),
        record_outcome,
        meeting_id,
        side=side,
        outcome=MeetingOutcome(chosen),
        reason=state.value(f"{form}-reason", ""),
        version=version,
    )


def _draw_outcome(meeting: Meeting, side: Side) -> None:
    outcome = meeting.employer_outcome if side is Side.EMPLOYER else meeting.candidate_outcome
    reason = meeting.employer_reason if side is Side.EMPLOYER else meeting.candidate_reason
    if outcome:
        st.badge(outcome.label, color="orange" if outcome in REFUSALS else "green")
    if reason:
        st.text(reason)


def _draw_result(line: MeetingLine) -> None:
    if line.meeting.status is MeetingStatus.CANCELLED:
        draw_downloads(line)
        return
    for column, side in zip(st.columns(2), Side, strict=True):
        with column:
            st.markdown(f"**{side_label(side)}**")
            _draw_outcome(line.meeting, side)
    waiting = line.introduction.status is IntroductionStatus.PROPOSED
    if waiting and Stage.PLACED in allowed(line.job.pipeline, line.job.stage) and can_be_placed(line.meeting):
        draw_place_button(line.introduction, line.job, line.candidate.name)
