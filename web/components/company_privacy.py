"""What the law gives a company a right to."""

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.models import Company
from crm.core.clock import today
from crm.core.db import transaction
from crm.core.i18n import _, speaking
from crm.privacy.services import export_evidence
from web.session import current_actor


def draw_privacy(actor: Actor, company: Company) -> None:
    if not actor.may(Permission.PRIVACY_MANAGE):
        return
    with st.container(border=True, gap="xsmall"):
        st.subheader(_("Evidence and privacy"), anchor=False)
        st.caption(_("All consents, blocks, letters and calls, to read and as CSV and JSON, for a supervisor."))
        _draw_download(actor, company)


def _draw_download(actor: Actor, company: Company) -> None:
    def content() -> bytes:
        """Made when somebody asks for it, in a thread of its own."""
        with speaking(actor.language), transaction() as session:
            return export_evidence(session, current_actor(Permission.PRIVACY_MANAGE), company.id)

    st.download_button(
        _("Download all evidence (ZIP)"),
        content,
        file_name=f"bewijs-{company.id}-{today():%Y-%m-%d}.zip",
        mime="application/zip",
        key="download-evidence",
        icon=":material/gavel:",
        on_click="ignore",
    )
