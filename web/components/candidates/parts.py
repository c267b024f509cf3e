"""The parts of the page of one job seeker: only the one in the address is asked for and drawn."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from crm.access.actor import Actor
from crm.candidates.queries import CandidateCard
from crm.core.i18n import N_, _
from web.components.address import in_address
from web.components.candidates.competence_sheet import draw_sheet
from web.components.candidates.consent import draw_consent
from web.components.candidates.intake import draw_intake
from web.components.candidates.log import draw_log
from web.components.candidates.profile import draw_profile
from web.components.candidates.talents import draw_talents
from web.components.candidates.tips import draw_tips
from web.components.candidates.work_part import draw_work


@dataclass(frozen=True, slots=True)
class Part:
    """`draw` asks for what it shows itself, so a part that is not on screen costs nothing."""

    title: str
    icon: str
    draw: Callable[[Actor, CandidateCard], None]

    @property
    def label(self) -> str:
        return f"{self.icon} {_(self.title)}"


PARTS = {  # by what stands in the address: `?candidate=5&part=work`
    "profile": Part(N_("Profile"), ":material/person:", draw_profile),
    "intake": Part(N_("Intake"), ":material/checklist:", draw_intake),
    "talents": Part(N_("Talents"), ":material/star:", draw_talents),
    "work": Part(N_("Work"), ":material/work:", draw_work),
    "sheet": Part(N_("Competence sheet"), ":material/description:", draw_sheet),
    "log": Part(N_("Log"), ":material/footprint:", draw_log),
    "tips": Part(N_("Tips"), ":material/tips_and_updates:", draw_tips),
    "consent": Part(N_("Consent"), ":material/verified_user:", draw_consent),
}
FIRST = "profile"


def draw_parts(actor: Actor, card: CandidateCard) -> None:
    chosen = st.segmented_control(
        _("Part"),
        list(PARTS),
        required=True,
        format_func=lambda code: PARTS[code].label,
        label_visibility="collapsed",
        **in_address("part", {code: code for code in PARTS}, FIRST),
    )
    PARTS[chosen].draw(actor, card)
