"""One hidden job: what it is, where it stands, and what happened to it."""

from functools import partial

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.models import Company
from crm.core.clock import local, now
from crm.core.i18n import _, ngettext, show_amount, show_date, show_moment
from crm.pipeline.models import HiddenJob, Stage
from crm.pipeline.queries import Doubt, JobCard
from crm.pipeline.rules import doubtful_words, other_steps, step_back, step_forward
from crm.pipeline.services import create_job, edit_job
from crm.reference.queries import competences, dispositions, reasons
from web import state
from web.actions import perform
from web.components.job_board import take_step
from web.components.job_form import compared_job, day_label, job_fields, read_job
from web.components.job_lost import draw_lose_button, draw_lose_dialog
from web.components.links import link, open_here
from web.components.text import literal
from web.components.versions import draw_versions

EDITING = "editing-job"


def draw_heading(actor: Actor, card: JobCard) -> None:
    open_here(_("Back to the board"), "to-board", icon=":material/arrow_back:")
    st.title(literal(card.job.title), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(card.job.stage.label, color="primary")
        link(actor, "companies", card.company.name, icon=":material/storefront:", company=card.company.id)
        st.caption(" · ".join(literal(part) for part in (card.company.town, _age(card.job)) if part))


def _age(job: HiddenJob) -> str:
    days = (now() - job.stage_since).days
    if job.is_stale(now()):
        return ngettext("standing still for {n} day", "standing still for {n} days", days).format(n=days)
    return _("since {date} in this stage").format(date=show_date(local(job.stage_since).date()))


def draw_facts(card: JobCard) -> None:
    """What is known, and what is still to be asked."""
    job = card.job
    if card.doubt:
        _draw_doubt(card.doubt)
    for warning in doubtful_words("\n".join((job.title, job.tasks, job.must_have, job.learnable, job.start))):
        st.warning(literal(warning), icon=":material/edit_note:")
    st.markdown("  \n".join(f"**{label}:** {value}" for label, value in _facts(card) if value))
    for label, text in _texts(job):
        if text:
            st.markdown(f"**{label}**")
            st.text(text)
    names = [literal(competences()[code].name) for code in card.competences if code in competences()]
    if names:
        st.markdown(f"**{_('Competences')}**")
        st.markdown(" ".join(f":gray-badge[{name}]" for name in names))
    known = [*_facts(card), *_texts(job), (_("Competences"), " ".join(names))]
    if missing := [label.lower() for label, value in known if not value]:
        st.caption(_("Still to ask: {what}").format(what=", ".join(missing)))


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


def _facts(card: JobCard) -> list[tuple[str, str]]:
    job = card.job
    hours = _("{hours} hours a week").format(hours=show_amount(job.hours_per_week)) if job.hours_per_week else ""
    facts = [
        (
            _("Why there is work"),
            literal(reasons()[job.reason].name) if job.reason in reasons() else literal(job.reason),
        ),
        (_("Hours per week"), hours),
        (_("Days"), " ".join(day_label(code) for code in job.days)),
        (_("Start"), literal(job.start)),
        (_("Importance"), "" if job.importance is None else f"{job.importance} / 10"),
        (_("Heard by"), literal(card.owner) or "Kopkoffie"),
    ]
    return [(_("Lost because"), job.lost_reason.label), *facts] if job.lost_reason else facts


def _texts(job: HiddenJob) -> list[tuple[str, str]]:
    return [
        (_("Tasks"), job.tasks),
        (_("Must be able to"), job.must_have),
        (_("Can be learnt on the job"), job.learnable),
    ]


def draw_edit_button(card: JobCard) -> None:
    st.button(
        _("Change"),
        key="edit-job",
        icon=":material/edit:",
        on_click=state.put,
        args=(EDITING, (card.job.id, card.job.version)),
    )


def is_editing(job_id: int) -> bool:
    return bool(state.value(EDITING)) and state.value(EDITING)[0] == job_id


def draw_edit_form(card: JobCard) -> None:
    """The version is that of the moment the form was opened, so a colleague's change is noticed."""
    job_id, version = state.value(EDITING)
    draw_versions(version, card.job, compared_job("job", card.job, card.competences), partial(_go_on, job_id))
    with st.form("job-form"):
        job_fields("job", card.job, card.competences)
        with st.container(horizontal=True):
            st.form_submit_button(_("Save"), type="primary", key="save-job", on_click=_save, args=(job_id, version))
            st.form_submit_button(_("Cancel"), key="cancel-job", on_click=state.forget, args=(EDITING,))


def _go_on(job_id: int, version: int) -> None:
    state.put(EDITING, (job_id, version))


def _save(job_id: int, version: int) -> None:
    if perform(_("Saved."), _edit, job_id, version=version):
        state.forget(EDITING)


def _edit(session: Session, actor: Actor, job_id: int, *, version: int) -> HiddenJob:
    return edit_job(session, actor, job_id, read_job("job"), version=version)


def draw_new_job(actor: Actor, company: Company) -> None:
    link(actor, "companies", _("Back to the company"), icon=":material/arrow_back:", company=company.id)
    st.title(_("New hidden job"), anchor=False)
    st.markdown(" · ".join(literal(part) for part in (company.name, company.town) if part))
    with st.form("job-form"):
        job_fields("new-job", None, [])
        st.form_submit_button(_("Save"), type="primary", key="save-job", on_click=_create, args=(company.id,))


def _create(company_id: int) -> None:
    def create(session: Session, actor: Actor) -> HiddenJob:
        return create_job(session, actor, company_id, read_job("new-job"))

    if job := perform(_("Written down."), create):
        st.query_params.from_dict({"job": str(job.id)})


def draw_moves(actor: Actor, card: JobCard) -> None:
    """Every allowed step with a note; the usual next one stands out and answers to the keyboard."""
    job = card.job
    if not actor.may(Permission.JOB_MOVE):
        return
    st.text_input(_("Note with this step"), key="move-note", max_chars=500, placeholder=_("may stay empty"))
    with st.container(horizontal=True):
        if forward := step_forward(job.stage):
            _move_button(job, forward, "job-next", "F9", primary=True)
        if back := step_back(job.stage):
            _move_button(job, back, "job-back", "F8")
        for target in other_steps(job.stage):
            if target is not Stage.LOST:
                _move_button(job, target, f"job-to-{target.value}", None)
        if Stage.LOST in other_steps(job.stage):
            draw_lose_button(job)
    draw_lose_dialog(state.value("move-note", ""))


def _move_button(job: HiddenJob, target: Stage, key: str, shortcut: str | None, *, primary: bool = False) -> None:
    st.button(
        _("To “{stage}”").format(stage=target.label),
        key=key,
        shortcut=shortcut,
        type="primary" if primary else "secondary",
        on_click=_move,
        args=(job.id, target, job.version),
    )


def _move(job_id: int, target: Stage, version: int) -> None:
    if take_step(job_id, target, version, note=state.value("move-note", "")):
        state.forget("move-note")


def draw_history(card: JobCard) -> None:
    st.subheader(_("What happened"), anchor=False)
    for change, who in card.history:
        before = f"{change.from_stage.label} → " if change.from_stage else ""
        note = f"  \n{literal(change.note)}" if change.note else ""
        st.markdown(f"{show_moment(change.created_at)} · {literal(who)}  \n**{before}{change.to_stage.label}**{note}")
