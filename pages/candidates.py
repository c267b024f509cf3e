"""Job seekers: the list, one of them (`?candidate=5`, a part of it `&part=work`), their week (`&week=1`), or a new one
(`?new=1`)."""

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.candidates.queries import candidate
from crm.core.db import reading
from crm.core.errors import NotFound
from crm.core.i18n import _
from crm.matching.work import weeks_for
from web.components.candidates.list import draw_list
from web.components.candidates.parts import draw_parts
from web.components.candidates.profile import draw_heading, draw_new_candidate
from web.components.candidates.weeks import draw_weeks
from web.components.links import asked, draw_not_found
from web.session import current_actor


def show_candidate(actor: Actor, candidate_id: int) -> None:
    with reading() as session:
        card = candidate(session, actor, candidate_id)
    draw_heading(card)
    draw_parts(actor, card)


def show_weeks(actor: Actor, candidate_id: int) -> None:
    with reading() as session:
        work = weeks_for(session, actor, candidate_id)
    draw_weeks(actor, work)


actor = current_actor(Permission.CANDIDATE_VIEW)
try:
    if (candidate_id := asked("candidate")) is not None:
        show = show_weeks if asked("week") is not None else show_candidate
        show(actor, candidate_id)
    elif asked("new") is not None and actor.may(Permission.CANDIDATE_EDIT):
        draw_new_candidate()
    else:
        draw_list(actor)
except NotFound as error:
    draw_not_found(error, _("Back to the list"))
