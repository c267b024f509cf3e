"""What both sides read before a kopkoffie, on paper."""

from functools import partial

import streamlit as st

from crm.access.actor import Actor
from crm.candidates.rules import has_consent
from crm.core.clock import local, now
from crm.core.db import transaction
from crm.core.i18n import _
from crm.meetings.preparation import preparation_sheet
from crm.meetings.queries import MeetingLine
from crm.meetings.rules import Side

FILES = {Side.EMPLOYER: "kopkoffie-werkgever", Side.CANDIDATE: "kopkoffie-werkzoekende"}


def draw_preparation(actor: Actor, line: MeetingLine) -> None:
    which = line.meeting.id
    may_name = has_consent(line.candidate, now())
    with st.popover(_("Preparation on paper"), icon=":material/print:", key=f"preparation-{which}"):
        blind = not st.toggle(
            _("The employer may read the first name"), may_name, key=f"prepare-named-{which}", disabled=not may_name
        )
        for side, label in (
            (Side.EMPLOYER, _("For the employer (PDF)")),
            (Side.CANDIDATE, _("For the job seeker (PDF)")),
        ):
            st.download_button(
                label,
                partial(_content, actor, which, side, blind=blind),
                file_name=f"{FILES[side]}-{local(line.meeting.starts_at):%Y-%m-%d}.pdf",
                mime="application/pdf",
                key=f"prepare-{side.value}-{which}",
                on_click="ignore",
            )


def _content(actor: Actor, meeting_id: int, side: Side, *, blind: bool) -> bytes:
    with transaction() as session:
        return preparation_sheet(session, actor, meeting_id, side, blind=blind)
