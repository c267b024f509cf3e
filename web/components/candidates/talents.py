"""The self-assessment of a job seeker: the personal link, what was answered, and what follows from it."""

from io import BytesIO
from urllib.parse import urljoin

import segno
import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.candidates.models import Candidate, Level
from crm.candidates.queries import CandidateCard
from crm.candidates.rules import doubtful_words
from crm.candidates.talents.links import TALENT_PATH, can_mail, end_link, make_link
from crm.candidates.talents.models import About, Frequency, SelfAnswer, SelfAssessment
from crm.candidates.talents.statements import last_step, statements
from crm.candidates.talents.suggestions import (
    Suggestion,
    refuse_suggestion,
    suggestions,
    take_competence,
    take_field,
)
from crm.candidates.talents.taking import (
    SelfImage,
    leave_answer,
    self_image,
    settle_words,
    take_answer,
    take_new_answers,
)
from crm.core.clock import local, now
from crm.core.db import reading
from crm.core.i18n import _, ngettext, show_date, show_moment
from crm.core.settings import settings
from crm.reference.queries import competences
from web import state
from web.actions import perform
from web.components.text import literal

ADDRESS = "talent-address"


def draw_talents(actor: Actor, card: CandidateCard) -> None:
    with reading() as session:
        image = self_image(session, actor, card.candidate.id)
        found = suggestions(session, actor, card)
    may_edit = actor.may(Permission.CANDIDATE_EDIT)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _draw_image(card, image, may_edit)
    with right:
        if may_edit:
            _draw_link(card.candidate, image)
        _draw_suggestions(card.candidate, found, may_edit)


def _draw_link(person: Candidate, image: SelfImage | None) -> None:
    st.subheader(_("Personal link"), anchor=False)
    is_open = image is not None and _is_open(image.assessment)
    if address := state.take(ADDRESS):
        _draw_address(address)
    if image and is_open:
        st.text(_course(image.assessment))
    else:
        st.text(_("With a link somebody fills in what they are good at, without an account, on a telephone too."))
    with st.container(horizontal=True):
        label = _("Make another link") if is_open else _("Make a link")
        st.button(label, key="make-link", icon=":material/link:", on_click=_make, args=(person.id, False))
        if can_mail(person):
            st.button(
                _("Send by e-mail"), key="mail-link", icon=":material/mail:", on_click=_make, args=(person.id, True)
            )
        if is_open:
            done = _("The link has ended. What was filled in is kept.")
            st.button(_("End the link"), key="end-link", on_click=perform, args=(done, end_link, person.id))


def _is_open(assessment: SelfAssessment) -> bool:
    return not assessment.ended_at and not assessment.finished_at and assessment.expires_at > now()


def _course(assessment: SelfAssessment) -> str:
    until = _("The link works until {day}.").format(day=show_date(local(assessment.expires_at).date()))
    if not assessment.step:
        return f"{until} {_('Nothing was filled in yet.')}"
    step = _("Filled in up to step {step} of {steps}.").format(step=assessment.step, steps=last_step())
    return f"{until} {step}"


def _draw_address(address: str) -> None:
    st.code(address, language=None, wrap_lines=True)
    picture = BytesIO()
    segno.make(address, error="m", micro=False).save(picture, kind="png", scale=5, border=4)
    st.image(picture.getvalue(), width=200, caption=_("Scan this with the telephone of the job seeker."))
    st.caption(_("Copy the link or scan the square now: it is shown once. It is for this job seeker alone."))


def _make(candidate_id: int, by_mail: bool) -> None:
    done = _("The link goes out by e-mail.") if by_mail else _("The link is made. An earlier link has ended.")
    token = perform(done, make_link, candidate_id, by_mail=by_mail)
    if token and not by_mail:
        state.put(ADDRESS, urljoin(settings().public_url or st.context.url or "", f"{TALENT_PATH}/{token}"))


def _draw_image(card: CandidateCard, image: SelfImage | None, may_edit: bool) -> None:
    st.subheader(_("In their own words"), anchor=False)
    if image is None:
        st.info(_("Nothing was filled in yet. Make a personal link and give it to the job seeker."))
        return
    assessment = image.assessment
    if not assessment.finished_at:
        st.info(_("Not sent yet. You see the answers once the job seeker has finished.") + " " + _course(assessment))
        return
    sent = _("Sent on {moment}, {n} answers.")
    st.caption(sent.format(moment=show_moment(assessment.finished_at), n=image.answered))
    if assessment.words_settled_at is None and (assessment.work_done or assessment.proud_of):
        _draw_words(card.candidate, assessment, may_edit)
    if may_edit:
        _draw_taking_new(card, image)
    for answer in image.answers:
        _draw_answer(card, answer, may_edit)
    if not image.answers:
        st.success(_("All answers were looked at."), icon=":material/check:")


def _draw_words(person: Candidate, assessment: SelfAssessment, may_edit: bool) -> None:
    with st.container(border=True, key="own-words"):
        for warning in doubtful_words(f"{assessment.work_done}\n{assessment.proud_of}"):
            st.warning(literal(warning), icon=":material/edit_note:")
        for label, mine, known in (
            (_("What did you do?"), assessment.work_done, person.work_done),
            (_("What are you proud of?"), assessment.proud_of, person.proud_of),
        ):
            if mine:
                st.markdown(f"**{label}**")
                st.text(mine)
                st.caption(literal(_("Written down now: {words}").format(words=known or _("nothing"))))
        if may_edit:
            with st.container(horizontal=True):
                for take, label, done in (
                    (True, _("Add to the profile"), _("Added to the profile.")),
                    (False, _("Leave it out"), _("Left out.")),
                ):
                    st.button(
                        label,
                        key="take-words" if take else "leave-words",
                        type="primary" if take else "secondary",
                        on_click=perform,
                        args=(done, settle_words, assessment.id),
                        kwargs={"take": take, "version": person.version},
                    )


def _draw_taking_new(card: CandidateCard, image: SelfImage) -> None:
    """One click for all that is new, so that a coach has to look only at what differs."""
    if new := sum(bool(answer.answer) and answer.code not in card.levels for answer in image.answers):
        st.button(
            ngettext("Take over {n} new competence", "Take over {n} new competences", new).format(n=new),
            key="take-new",
            icon=":material/done_all:",
            on_click=perform,
            args=(_("Taken over."), take_new_answers, image.assessment.id),
        )
        st.caption(_("What says something else than is written down now stays below: decide about that one by one."))


def _draw_answer(card: CandidateCard, answer: SelfAnswer, may_edit: bool) -> None:
    said, present = Frequency(answer.answer), card.levels.get(answer.code)
    with st.container(border=True, gap="xsmall", key=f"answer-{answer.code}"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"“{literal(statements()[answer.code].text)}”", width="stretch")
            st.badge(said.label, color="green" if said is Frequency.ME else "blue" if said else "gray")
        st.caption(literal(f"{competences()[answer.code].name} · {_now(present)}"))
        if may_edit:
            with st.container(horizontal=True):
                _draw_taking(answer, said, present)


def _now(level: Level | None) -> str:
    return _("now: {level}").format(level=level.label.lower()) if level else _("now: not written down")


def _draw_taking(answer: SelfAnswer, said: Frequency, present: Level | None) -> None:
    if said.level and said.level is not present:
        st.button(
            _("Take over: {level}").format(level=said.level.label.lower()),
            key=f"take-{answer.code}",
            icon=":material/check:",
            on_click=perform,
            args=(_("Taken over."), take_answer, answer.id),
            kwargs={"seen": present},
        )
    st.button(
        _("Leave as it is"), key=f"leave-{answer.code}", on_click=perform, args=(_("Left."), leave_answer, answer.id)
    )


def _draw_suggestions(person: Candidate, found: list[Suggestion], may_edit: bool) -> None:
    st.subheader(_("What the words point to"), anchor=False)
    if not found:
        st.caption(_("No suggestions. Write down what somebody did and is proud of, and look again."))
    for one in found:
        with st.container(border=True, gap="xsmall", key=f"suggestion-{one.about.value}-{one.code}"):
            st.markdown(f"**{one.about.label}: {literal(one.name)}**")
            st.caption(literal(one.why))
            if may_edit:
                with st.container(horizontal=True, gap="xsmall"):
                    _draw_settling(person.id, one)


def _draw_settling(candidate_id: int, one: Suggestion) -> None:
    """A competence asks how good somebody is at it, and taking it over is still one click."""
    key = f"{one.about.value}-{one.code}"
    if one.about is About.COMPETENCE:
        for level in sorted(Level, reverse=True):
            take = (_("Taken over."), take_competence, candidate_id, one, level)
            st.button(level.label, key=f"accept-{key}-{level.value}", on_click=perform, args=take)
    else:
        take_it = (_("Taken over."), take_field, candidate_id, one)
        st.button(_("Take over"), key=f"accept-{key}", icon=":material/check:", on_click=perform, args=take_it)
    refuse = (_("Left out."), refuse_suggestion, candidate_id, one)
    st.button(_("Does not fit"), key=f"refuse-{key}", type="tertiary", on_click=perform, args=refuse)
