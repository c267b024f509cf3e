"""The competence sheet of a job seeker: its examples, and the sheet itself with or without a name."""

from functools import partial

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.candidates.log import candidate_log
from crm.candidates.log_inputs import ExamplesInput
from crm.candidates.models import Candidate, CompetenceSheet
from crm.candidates.queries import CandidateCard
from crm.candidates.rules import doubtful_words, has_consent
from crm.candidates.sheets import save_examples, sheet_of, suggested
from crm.candidates.traces import told_apart
from crm.core.clock import now
from crm.core.db import reading, transaction
from crm.core.i18n import _
from crm.matching.queries import IntroductionLine, introductions_of
from crm.matching.sheet import MOST_TRADES, competence_sheet
from web import state
from web.actions import perform
from web.components.text import escaped, literal
from web.components.versions import Compared, begin_form, draw_versions, go_on_with, keep

EXAMPLES = 3


def draw_sheet(actor: Actor, card: CandidateCard) -> None:
    person = card.candidate
    with reading() as session:
        sheet = sheet_of(session, actor, person.id)
        moments = candidate_log(session, actor, person.id).moments
        introduced = introductions_of(session, actor, person.id)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.subheader(_("Three examples"), anchor=False)
        st.caption(_("What did this person do and what are they proud of? In their own words, about the work."))
        _draw_suggestions(person, [] if sheet and sheet.examples else suggested(person, moments))
        _draw_examples(person, sheet)
    with right:
        st.subheader(_("Competence sheet"), anchor=False)
        examples = sheet.examples if sheet else []
        if not card.levels:
            st.info(_("No competences yet. The sheet tells little without them: ask for them in the intake."))
        _draw_warnings(examples)
        _draw_blind_text(person, examples)
        if actor.may(Permission.INTRODUCE):
            _draw_downloads(actor, person, introduced)


def _draw_suggestions(person: Candidate, found: list[str]) -> None:
    if not found:
        return
    st.markdown(_("Take over what was told:"))
    for place, text in enumerate(found):
        st.button(
            literal(text),
            key=f"suggestion-{place}",
            icon=":material/add:",
            type="tertiary",
            on_click=_take_over,
            args=(person.id, text),
        )


def _take_over(candidate_id: int, text: str) -> None:
    """Into the first field that is still empty."""
    keys = _keys(candidate_id)
    free = next((key for key in keys if not state.value(key)), keys[-1])
    state.put(free, text[:300])
    _keep(candidate_id)


def _form(candidate_id: int) -> str:
    return f"example-{candidate_id}"


def _keys(candidate_id: int) -> list[str]:
    return [f"{_form(candidate_id)}-{number}" for number in range(EXAMPLES)]


def _draw_examples(person: Candidate, sheet: CompetenceSheet | None) -> None:
    form, written = _form(person.id), sheet.examples if sheet else []
    start = {str(number): "".join(written[number : number + 1]) for number in range(EXAMPLES)}
    version = begin_form(form, sheet.version if sheet else 0, start)
    labels = [_("Example {n}").format(n=number + 1) for number in range(EXAMPLES)]
    if sheet:
        fields = [Compared(*field) for field in zip(labels, _keys(person.id), start.values(), strict=True)]
        draw_versions(version, sheet, fields, partial(_go_on, person.id))
    for label, key in zip(labels, _keys(person.id), strict=True):
        st.text_area(label, key=key, max_chars=300, height=80, on_change=_keep, args=(person.id,))
    st.caption(_("What you fill in is saved at once."))


def _keep(candidate_id: int) -> None:
    def save(session: Session, actor: Actor, version: int) -> CompetenceSheet:
        given = ExamplesInput(examples=[state.value(key) for key in _keys(candidate_id)])
        return save_examples(session, actor, candidate_id, given, version=version or None)

    keep(_form(candidate_id), lambda version: perform("", save, version))


def _go_on(candidate_id: int, version: int) -> None:
    go_on_with(_form(candidate_id), version)
    _keep(candidate_id)


def _draw_warnings(examples: list[str]) -> None:
    for example in examples:
        for warning in doubtful_words(example):
            st.warning(literal(warning), icon=":material/edit_note:")


def _draw_blind_text(person: Candidate, examples: list[str]) -> None:
    """What an employer reads of their own words, so that somebody has read it before an employer does."""
    with st.container(border=True, gap="xsmall", key="blind-text"):
        st.markdown(f"**{_('Without a name, an employer reads this')}**")
        if person.trades:
            trades = ", ".join(_marked(trade, person) for trade in person.trades[:MOST_TRADES])
            st.markdown(_("I worked as: {trades}.").format(trades=trades))
        for example in examples:
            st.markdown(f"- {_marked(example, person)}")
        st.caption(
            _(
                "What is crossed out is left out. Do you still see who it is, by a nickname or a former employer? "
                "Write it in another way. Besides this the sheet has competences, hours, days and the distance."
            )
        )


def _marked(text: str, person: Candidate) -> str:
    parts = told_apart(" ".join(text.split()), person)
    return "".join(f":orange-background[~~{escaped(part)}~~]" if gone else escaped(part) for part, gone in parts)


def _draw_downloads(actor: Actor, person: Candidate, introduced: list[IntroductionLine]) -> None:
    titles = {line.job.id: f"{line.job.title} · {line.company.name}" for line in introduced}
    job_id = st.selectbox(
        _("For which job?"),
        [None, *titles],
        format_func=lambda one: titles[one] if one else _("For any employer"),
        key=f"sheet-job-{person.id}",
        help=_("With a job, what it asks comes first, and the distance to the employer is on it."),
    )
    _draw_download(actor, person, _("Without a name (PDF)"), job_id, blind=True)
    if has_consent(person, now()):
        _draw_download(actor, person, _("With a name (PDF)"), job_id, blind=False)
    else:
        st.caption(_("With a name only after this job seeker has agreed to be introduced by name."))


def _draw_download(actor: Actor, person: Candidate, label: str, job_id: int | None, *, blind: bool) -> None:
    kind = "blind" if blind else "named"
    st.download_button(
        label,
        partial(_content, actor, person.id, job_id, blind=blind),
        file_name="competentieblad.pdf",
        mime="application/pdf",
        key=f"sheet-{kind}-{person.id}",
        icon=":material/visibility_off:" if blind else ":material/badge:",
        on_click="ignore",
    )


def _content(actor: Actor, candidate_id: int, job_id: int | None, *, blind: bool) -> bytes:
    with transaction() as session:
        return competence_sheet(session, actor, candidate_id, blind=blind, job_id=job_id)
