"""Import companies from a file: choose it, look at the columns, check, import."""

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.core.i18n import _
from web.components.importing import progress
from web.components.importing.checking import draw_check_step
from web.components.importing.choosing import draw_columns_step, draw_file_step
from web.components.importing.progress import Step
from web.components.importing.results import draw_result_step
from web.session import current_actor


def draw_steps(current: Step) -> None:
    names = {
        Step.FILE: _("Choose a file"),
        Step.COLUMNS: _("Columns"),
        Step.CHECK: _("Check"),
        Step.RESULT: _("Finished"),
    }
    with st.container(horizontal=True):
        for number, (step, name) in enumerate(names.items(), 1):
            text = f"{number} · {name}"  # with a full stop Markdown would make a list of it
            st.markdown(f"**{text}**" if step is current else text, width="content")


def draw_step(actor: Actor, current: Step) -> None:
    folder = progress.folder()
    if folder is None:
        draw_file_step()
    elif current is Step.COLUMNS:
        draw_columns_step(actor, folder)
    elif current is Step.CHECK:
        draw_check_step(folder)
    else:
        draw_result_step(actor, folder)


actor = current_actor(Permission.COMPANY_IMPORT)
st.title(_("Import companies"), anchor=False)
draw_steps(progress.step())
draw_step(actor, progress.step())
