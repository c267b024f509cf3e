"""The call desk: who is called, what to say, what came of it."""

from crm.access.permissions import Permission
from crm.calling.queries import left_to_call
from crm.calling.services import resume
from crm.core.db import reading
from crm.desk.queries import desk_view, waiting
from web.actions import perform
from web.components.desk import draw_desk, draw_waiting
from web.session import current_actor

actor = current_actor(Permission.CALL_MAKE)
with reading() as session:
    view = desk_view(session, actor)
    if view is None:
        draw_waiting(waiting(session, actor))
    else:
        left = left_to_call(session, actor)

if view:
    if not view.held:
        perform("", resume)
    draw_desk(actor, view, left)
