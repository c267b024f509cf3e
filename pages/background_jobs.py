"""What runs by the clock: how it went, when it runs again, and a button to run it now."""

from datetime import UTC, datetime

import streamlit as st

from crm.access.permissions import Permission
from crm.core.db import reading
from crm.core.i18n import _, show_moment
from crm.scheduling.lease import SILENT, last_beat
from crm.scheduling.queries import newest_runs, scheduled_jobs
from jobs.table import JOBS
from web.components.background_jobs import draw_job, runs_table
from web.components.messages import draw_messages
from web.session import current_actor

LOOK_EVERY = 3.0  # seconds

current_actor(Permission.SYSTEM_MANAGE)


@st.fragment(run_every=LOOK_EVERY)
def draw() -> None:
    actor = current_actor(Permission.SYSTEM_MANAGE)
    draw_messages()
    with reading() as session:
        beaten = last_beat(session)
        known = scheduled_jobs(session, actor)
        runs = newest_runs(session, actor)
    labels = {job.name: job.label for job in JOBS}
    parts = {name: title for job in JOBS for name, title in job.parts.items()}
    if beaten is None or datetime.now(UTC) - beaten > SILENT:
        since = _("since {moment}").format(moment=show_moment(beaten)) if beaten else _("it never ran here")
        st.error(
            _("Nothing runs by the clock now ({since}). Start it on the server: `kopkoffie run`.").format(since=since)
        )
    for job in JOBS:
        draw_job(job.name, job.label, job.when, known.get(job.name))
    st.subheader(_("What they did"), anchor=False)
    if runs:
        st.table(runs_table(runs, labels, parts), hide_index=True, width="stretch")
    else:
        st.info(_("No job had anything to do yet."))
    st.caption(_("Runs that did something, failed or were asked for; of each job the last hundred are kept."))


st.title(_("Background jobs"), anchor=False)
st.caption(_("Kopkoffie does this by itself. A job that failed has its next turn at its own time."))
draw()
