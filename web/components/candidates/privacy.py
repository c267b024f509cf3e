"""What the law gives a job seeker a right to."""

from functools import partial

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.candidates.models import Candidate
from crm.core.i18n import _
from crm.privacy.candidates import erase_candidate
from crm.privacy.services import export_candidate
from web.actions import perform
from web.components.companies.privacy import draw_download
from web.components.dialogs import close_when, dialog_button, draw_cancel, opened, show_dialog
from web.session import current_actor

ERASE = "erase-candidate"


def draw_privacy(actor: Actor, person: Candidate) -> None:
    if not actor.may(Permission.PRIVACY_MANAGE):
        return
    with st.container(border=True, gap="xsmall"):
        st.subheader(_("Access and erasure"), anchor=False)
        st.caption(_("All that we hold of this job seeker, to read and as CSV and JSON, for who asks to see it."))
        export = partial(export_candidate, candidate_id=person.id)
        draw_download(actor, _("Download all that we hold (ZIP)"), f"inzage-{person.id}", export)
        dialog_button(_("Erase this job seeker"), ERASE, person.id, key="ask-erase", icon=":material/delete_forever:")
    if opened() == (ERASE, (person.id,)):
        show_dialog(_("Erase this job seeker?"), partial(_draw_erase, person))


def _draw_erase(person: Candidate) -> None:
    current_actor(Permission.PRIVACY_MANAGE)
    st.text(person.name)
    st.write(
        _(
            "Name, address, competences, consents, steps and notes go away for good. That somebody was introduced "
            "stays, without a name, for the numbers. This cannot be undone."
        )
    )
    sure = st.checkbox(_("I am sure"), key="erase-sure")
    problem = st.container()
    with st.container(horizontal=True):
        if st.button(_("Yes, erase"), type="primary", key="confirm-erase", disabled=not sure):
            erased = perform(_("The job seeker is erased."), erase_candidate, person.id)
            if erased is not None:
                st.query_params.clear()
            close_when(erased, problem)
        draw_cancel()
