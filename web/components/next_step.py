"""The next step of a company in one line: what, when, who."""

import streamlit as st

from crm.core.i18n import _, show_moment
from crm.followups.next_steps import NextStep
from web.components.text import literal


def step_words(step: NextStep) -> str:
    """Plain text, for tables."""
    return " · ".join((step.follow_up.kind.label, show_moment(step.follow_up.due_at), step.owner or _("the team")))


def step_line(step: NextStep) -> str:
    """With a sign, for markdown; what is late says so in words too."""
    late = f" · {_('late')}" if step.is_late else ""
    line = f":material/event: {literal(step_words(step))}"
    return f":orange[{line}{late}]" if step.is_late else line


def draw_step(step: NextStep | None) -> None:
    st.caption(step_line(step) if step else _("Nothing is planned."))
