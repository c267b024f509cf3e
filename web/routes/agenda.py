"""Somebody's own agenda for their own calendar: no sign-in, the secret in the address is enough."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from crm.agenda.feed import feed_file, fingerprint
from crm.agenda.queries import agenda_at
from crm.agenda.services import is_noted, note_reading
from crm.core.db import reading, transaction
from web.rate import RateLimit

BY_ADDRESS = RateLimit(times=600, seconds=600)  # the calendars of a whole office may share one address
HEADERS = {"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}


async def read(request: Request) -> Response:
    if wait := BY_ADDRESS.wait(request.client.host if request.client else ""):
        return PlainTextResponse("", status_code=429, headers={"Retry-After": str(wait)})
    token = request.path_params["file"].removesuffix(".ics")
    return await run_in_threadpool(_answer, token, request.headers.get("if-none-match", ""))


def _answer(token: str, known: str) -> Response:
    with reading() as session:
        agenda = agenda_at(session, token)
    if agenda is None:
        return PlainTextResponse("", status_code=404)
    if not is_noted(agenda.feed):
        with transaction() as session:
            note_reading(session, agenda.feed)
    mark = f'"{fingerprint(agenda)}"'
    headers = HEADERS | {"ETag": mark}
    if mark in known:
        return Response(status_code=304, headers=headers)
    return Response(feed_file(agenda), media_type="text/calendar; charset=utf-8", headers=headers)
