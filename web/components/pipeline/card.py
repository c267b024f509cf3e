"""One hidden job: what it is, where it stands, and what happened to it."""

from functools import partial

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.models import Company
from crm.core.clock import local, now
from crm.core.i18n import _, ngettext, show_date, show_moment
from crm.matching.services import move_job
from crm.pipeline.analyses.models import WorkAnalysis
from crm.pipeline.gates import in_words, missing
from crm.pipeline.models import HiddenJob, Stage
from crm.pipeline.queries import Doubt, JobCard
from crm.pipeline.services import create_job, edit_job
from crm.pipeline.stages import is_stale, other_steps, stage_name, step_back, step_forward
from crm.reference.queries import dispositions, reasons
from web import state
from web.actions import perform
from web.components.links import link, open_here
from web.components.pipeline.filters import draw_way_back
from web.components.pipeline.form import compared_job, job_fields, read_job, start_of
from web.components.pipeline.lost import begin_note, draw_lose_button, draw_lose_dialog, note_key
from web.components.pipeline.profile import draw_profile
from web.components.text import literal
from web.components.versions import begin_form, draw_versions, go_on_with
from web.components.wording import draw_doubts


def draw_heading(actor: Actor, card: JobCard) -> None:
    draw_way_back()
    st.title(literal(card.job.title), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(stage_name(card.job.pipeline, card.job.stage), color="primary")
        link(actor, "companies", card.company.name, icon=":material/storefront:", company=card.company.id)
        st.caption(" · ".join(literal(part) for part in (card.company.town, _age(card.job)) if part))


def _age(job: HiddenJob) -> str:
    days = (now() - job.stage_since).days
    if is_stale(job, now()):
        return ngettext("standing still for {n} day", "standing still for {n} days", days).format(n=days)
    return _("since {date} in this stage").format(date=show_date(local(job.stage_since).date()))


def draw_facts(card: JobCard) -> None:
    """Where the job comes from, and its work profile."""
    if card.doubt:
        _draw_doubt(card.doubt)
    st.markdown("  \n".join(f"**{label}:** {value}" for label, value in _origin(card) if value))
    st.subheader(_("What the employer asks"), anchor=False)
    draw_profile(card.job, card.competences)


def _draw_doubt(doubt: Doubt) -> None:
    """Whoever edits or moves the job has looked, and then this goes away."""
    words = _("{name} changed the result of the call from “{was}” to “{now}” ({moment}). Is this hidden job right?")
    names = {code: result.name for code, result in dispositions().items()}
    said = words.format(
        name=doubt.person,
        moment=show_moment(doubt.at),
        was=names.get(doubt.was, doubt.was),
        now=names.get(doubt.now, doubt.now),
    )
    st.warning(literal(said), icon=":material/help:")


def _origin(card: JobCard) -> list[tuple[str, str]]:
    job = card.job
    facts = [
        (_("Kind of work"), job.pipeline.label),
        (
            _("Why there is work"),
            literal(reasons()[job.reason].name) if job.reason in reasons() else literal(job.reason),
        ),
        (_("Importance"), "" if job.importance is None else f"{job.importance} / 10"),
        (_("Heard by"), literal(card.owner) or "Kopkoffie"),
    ]
    return [(_("Lost because"), job.lost_reason.label), *facts] if job.lost_reason else facts


def draw_source(actor: Actor, source: WorkAnalysis | None) -> None:
    """The work analysis whose tasks became this job."""
    if source:
        label = _("From the work analysis of {day}").format(day=show_date(source.held_on))
        link(actor, "work_analysis", label, icon=":material/assignment:", analysis=source.id)


def draw_edit_button(card: JobCard) -> None:
    open_here(
        _("Change the work profile"), "edit-job", icon=":material/edit:", kind="secondary", job=card.job.id, profile=1
    )


def draw_edit_form(card: JobCard) -> None:
    """What is typed stays when the form is closed by mistake, and a colleague's change is noticed."""
    job, about = card.job, f"job-{card.job.id}"
    version = begin_form(about, job.version, start_of(job, card.competences))
    draw_versions(version, job, compared_job(about, job, card.competences), partial(go_on_with, about))
    if still := missing(job, Stage.INTRODUCED, weighed=bool(card.competences)):
        st.info(literal(_("Before anybody is introduced, ask: {what}.").format(what=in_words(still))))
    job_fields(about)
    with st.container(horizontal=True):
        st.button(_("Save"), type="primary", key="save-job", on_click=_save, args=(job.id, about, version))
        st.button(_("Cancel"), key="cancel-job", on_click=_close, args=(job.id, about))


def _save(job_id: int, about: str, version: int) -> None:
    def edit(session: Session, actor: Actor) -> HiddenJob:
        return edit_job(session, actor, job_id, read_job(about), version=version)

    if perform(_("Saved."), edit):
        _close(job_id, about)


def _close(job_id: int, about: str) -> None:
    state.forget(*state.keys(f"{about}-"))
    st.query_params.from_dict({"job": str(job_id)})


def draw_new_job(actor: Actor, company: Company) -> None:
    about = f"new-job-{company.id}"
    link(actor, "companies", _("Back to the company"), icon=":material/arrow_back:", company=company.id)
    st.title(_("New hidden job"), anchor=False)
    st.markdown(" · ".join(literal(part) for part in (company.name, company.town) if part))
    begin_form(about, 0, start_of(None, []))
    job_fields(about)
    st.button(_("Save"), type="primary", key="save-job", on_click=_create, args=(company.id, about))


def _create(company_id: int, about: str) -> None:
    def create(session: Session, actor: Actor) -> HiddenJob:
        return create_job(session, actor, company_id, read_job(about))

    if job := perform(_("Written down."), create):
        state.forget(*state.keys(f"{about}-"))
        st.query_params.from_dict({"job": str(job.id)})


def draw_moves(actor: Actor, card: JobCard) -> None:
    """Every allowed step with a note; the usual next one stands out and answers to the keyboard."""
    job = card.job
    if not actor.may(Permission.JOB_MOVE):
        return
    st.text_input(_("Note with this move"), key=note_key(), max_chars=500, placeholder=_("may stay empty"))
    draw_doubts(state.value(note_key(), ""))
    with st.container(horizontal=True):
        if forward := step_forward(job.pipeline, job.stage):
            _move_button(job, forward, "job-next", "F9", primary=True)
        if back := step_back(job.pipeline, job.stage):
            _move_button(job, back, "job-back", "F8")
        for target in other_steps(job.pipeline, job.stage):
            if target is not Stage.LOST:
                _move_button(job, target, f"job-to-{target.value}", None)
        if Stage.LOST in other_steps(job.pipeline, job.stage):
            draw_lose_button(job)
    draw_lose_dialog()


def _move_button(job: HiddenJob, target: Stage, key: str, shortcut: str | None, *, primary: bool = False) -> None:
    stage = stage_name(job.pipeline, target)
    st.button(
        _("To “{stage}”").format(stage=stage),
        key=key,
        shortcut=shortcut,
        type="primary" if primary else "secondary",
        on_click=_move,
        args=(job.id, target, job.version, _("Moved to “{stage}”.").format(stage=stage)),
    )


def _move(job_id: int, target: Stage, version: int, done: str) -> None:
    if perform(done, move_job, job_id, target, version=version, note=state.value(note_key(), "")):
        begin_note()


def draw_history(card: JobCard) -> None:
    st.subheader(_("What happened"), anchor=False)
    for change, who in card.history:
        way = [stage_name(card.job.pipeline, stage) for stage in (change.from_stage, change.to_stage) if stage]
        note = f"  \n{literal(change.note)}" if change.note else ""
        st.markdown(f"{show_moment(change.created_at)} · {literal(who)}  \n**{' → '.join(way)}**{note}")
