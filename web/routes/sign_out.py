"""Signing out: a question, and then a form, so that no link from elsewhere can do it."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crm.access.sign_in import sign_out
from crm.core.db import transaction
from web.routes.forms import FormTooLarge, draw, is_genuine, read_form
from web.session import COOKIE


async def ask(request: Request) -> Response:
    actor = request.state.actor
    if actor is None:
        return RedirectResponse("/sign-in", status_code=303)
    return draw(request, "sign_out.html", spoken=actor.language, name=actor.name)


async def submit(request: Request) -> Response:
    try:
        form = await read_form(request)
    except (FormTooLarge, ValueError):
        form = {}
    if not is_genuine(request, form):
        return await ask(request)
    await run_in_threadpool(_sign_out, request.cookies.get(COOKIE, ""))
    actor = request.state.actor
    language = f"&language={actor.language}" if actor else ""
    response = RedirectResponse(f"/sign-in?signed_out=yes{language}", status_code=303)
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")
    return response


def _sign_out(token: str) -> None:
    with transaction() as session:
        sign_out(session, token)
