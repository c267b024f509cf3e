"""Who could do a job, who was introduced, and why."""

from typing import Any, Literal

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.candidates.models import Candidate
from crm.core.i18n import _, show_moment
from crm.matching.models import Introduction, IntroductionStatus
from crm.matching.queries import Fitting, IntroductionLine
from crm.matching.rules import Verdict
from crm.matching.services import decline, introduce, place
from crm.matching.suggesting import Shown
from crm.matching.weights import rules_in_words
from crm.pipeline.models import HiddenJob, Stage
from crm.pipeline.stages import allowed, stage_name
from web import state
from web.actions import perform
from web.components.links import link
from web.components.pipeline.suggested import draw_refusal, note
from web.components.text import literal

COLOURS: dict[IntroductionStatus, Literal["blue", "primary", "green", "gray"]] = {
    IntroductionStatus.PROPOSED: "blue",
    IntroductionStatus.MEETING: "primary",
    IntroductionStatus.SUCCEEDED: "green",
    IntroductionStatus.DECLINED: "gray",
}
OPEN = {IntroductionStatus.PROPOSED, IntroductionStatus.MEETING}


def draw_suggestions(actor: Actor, job_id: int, found: list[Fitting]) -> None:
    st.subheader(_("Who could do this?"), anchor=False)
    if not found:
        st.info(_("Nobody is left who looks for work and agreed to be introduced."))
        return
    draw_how_we_reckon()
    for suggestion in found:
        person = suggestion.candidate
        with st.container(border=True, gap="xsmall", key=f"suggestion-{person.id}"):
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                link(actor, "candidates", person.name, bold=True, candidate=person.id)
                draw_score(suggestion.score.total)
            st.caption(literal(suggestion.score.short))
            with st.expander(_("Why?"), key=f"why-{person.id}"):
                draw_reasons([part.as_kept() for part in suggestion.score.parts])
            with st.container(horizontal=True, vertical_alignment="center"):
                _draw_introduce(actor, job_id, person)
                draw_refusal(actor, job_id, person.id)
    note(actor, [Shown(job_id, suggestion.candidate.id, suggestion.score) for suggestion in found])


def _draw_introduce(actor: Actor, job_id: int, person: Candidate) -> None:
    if actor.may(Permission.INTRODUCE):
        st.button(
            _("Introduce"),
            key=f"introduce-{person.id}",
            icon=":material/handshake:",
            on_click=perform,
            args=(_("{name} has been introduced.").format(name=person.name), introduce, job_id, person.id),
        )


def draw_how_we_reckon() -> None:
    """The rules in words, from the file they stand in."""
    st.caption(_("Compared on competences, work, hours, days, times and distance only. You decide."))
    with st.expander(_("How we reckon"), icon=":material/calculate:", key="how-we-reckon"):
        for heading, rules in rules_in_words().items():
            st.markdown("\n".join([f"**{heading}**", *(f"- {literal(rule)}" for rule in rules)]))
        st.caption(_("What was introduced before keeps the reasons it had then."))


def draw_score(points: int) -> None:
    st.markdown(f"**{_('{points} of 100').format(points=points)}**", width="content")


def draw_reasons(parts: list[dict[str, Any]]) -> None:
    """Kinds of reasons, each under its own words, so that colour is never needed."""
    groups: list[tuple[Verdict, str]] = [
        ("decisive", f":red[:material/block: **{_('Cannot do without')}**]"),
        ("fits", f":green[:material/check: **{_('Fits because')}**]"),
        ("mind", f":orange[:material/priority_high: **{_('Mind')}**]"),
        ("unknown", f":gray[:material/help: **{_('Not known')}**]"),
    ]
    lines = []
    for verdict, heading in groups:
        whys = [literal(part["why"]) for part in parts if part["verdict"] == verdict]
        lines += [heading, *whys] if whys else []
    st.markdown("  \n".join(lines))


def draw_introductions(actor: Actor, lines: list[IntroductionLine]) -> None:
    """The people introduced for one job."""
    if not lines:
        return
    st.subheader(_("Introduced"), anchor=False)
    for line in lines:
        one = line.introduction
        with st.container(border=True, gap="xsmall", key=f"introduction-{one.id}"):
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                link(actor, "candidates", line.candidate.name, bold=True, candidate=line.candidate.id)
                st.badge(one.status.label, color=COLOURS[one.status])
            st.caption(
                literal(
                    _("{points} of 100, introduced by {name} on {moment}").format(
                        points=one.score, name=line.made_by, moment=show_moment(one.created_at)
                    )
                )
            )
            if one.decline_reason:
                st.text(_("Reason: {reason}").format(reason=one.decline_reason))
            if one.status in OPEN and actor.may(Permission.INTRODUCE):
                _draw_next(actor, line)


def _draw_next(actor: Actor, line: IntroductionLine) -> None:
    one = line.introduction
    with st.container(horizontal=True, vertical_alignment="center"):
        if one.status is IntroductionStatus.PROPOSED:
            link(actor, "meetings", _("Plan the kopkoffie"), icon=":material/coffee:", introduction=one.id)
        else:
            link(actor, "meetings", _("To the kopkoffie"), icon=":material/coffee:", introduction=one.id)
        if one.status is IntroductionStatus.PROPOSED and Stage.PLACED in allowed(line.job.pipeline, line.job.stage):
            draw_place_button(one, line.job, line.candidate.name)
        if one.status is IntroductionStatus.PROPOSED:
            draw_decline(one)


def draw_place_button(introduction: Introduction, job: HiddenJob, name: str) -> None:
    stage = stage_name(job.pipeline, Stage.PLACED)
    st.button(
        stage,
        key=f"place-{introduction.id}",
        type="primary",
        icon=":material/celebration:",
        on_click=perform,
        args=(
            _("{name}: {stage}. Well done!").format(name=name, stage=stage.lower()),
            place,
            introduction.id,
        ),
        kwargs={"version": introduction.version},
    )


def draw_decline(introduction: Introduction) -> None:
    with st.popover(_("Does not go on"), key=f"decline-{introduction.id}"):
        key = f"decline-reason-{introduction.id}"
        st.text_area(_("Why? The job seeker will hear this reason."), key=key, max_chars=500)
        st.button(
            _("End this introduction"),
            key=f"decline-save-{introduction.id}",
            on_click=perform,
            args=(_("Ended. Tell the job seeker the reason."), _decline, introduction.id, introduction.version, key),
        )


def _decline(session: Session, actor: Actor, introduction_id: int, version: int, key: str) -> Introduction:
    return decline(session, actor, introduction_id, version=version, reason=state.value(key, ""))
