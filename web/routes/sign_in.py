"""Signing in: a plain form, because a Streamlit script cannot set a cookie."""

from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crm.access.demo import DEMO_PASSWORD
from crm.access.models import User
from crm.access.queries import demo_accounts
from crm.access.sign_in import SignInRefused, TooManyAttempts, check_password, count_attempt, open_session
from crm.core.db import reading, transaction
from crm.core.i18n import LANGUAGES, _, speaking
from crm.core.settings import settings
from web.gate import local_path
from web.headers import is_https
from web.routes.forms import FormTooLarge, draw, is_genuine, read_form
from web.session import COOKIE


async def show(request: Request) -> Response:
    target = local_path(request.query_params.get("next", "/"))
    if request.state.actor:
        return RedirectResponse(target, status_code=303)
    return await _page(request, dict(request.query_params), target=target)


async def submit(request: Request) -> Response:
    try:
        form = await read_form(request)
    except (FormTooLarge, ValueError):
        return await _page(request, {}, problem=_("This form is too large."), status=413)
    spoken, target = _spoken(form), local_path(form.get("next", "/"))
    if not is_genuine(request, form):
        with speaking(spoken):
            problem = _("This page was open for too long. Please try again.")
        return await _page(request, form, target=target, problem=problem, status=403)
    try:
        token = await run_in_threadpool(_sign_in, request, form)
    except SignInRefused as refused:
        return await _page(request, form, target=target, problem=str(refused), status=401)
    except TooManyAttempts as refused:
        response = await _page(request, form, target=target, problem=str(refused), status=429)
        response.headers["Retry-After"] = str(refused.seconds)
        return response
    response = RedirectResponse(target, status_code=303)
    _set_cookie(request, response, token)
    return response


def _sign_in(request: Request, form: dict[str, str]) -> str:
    """A new token at every sign-in, so one that was planted beforehand is worth nothing."""
    email, password = form.get("email", ""), form.get("password", "")
    address = request.client.host if request.client else ""
    with speaking(_spoken(form)):
        with transaction() as session:
            count_attempt(session, email, address)
        with reading() as session:
            actor = check_password(session, email, password)
        with transaction() as session:
            return open_session(session, actor, email, address)


def _set_cookie(request: Request, response: Response, token: str) -> None:
    response.set_cookie(
        COOKIE,
        token,
        max_age=settings().session_hours * 3600,
        httponly=True,
        samesite="lax",
        secure=is_https(request.scope),
    )


async def _page(
    request: Request, form: dict[str, str], *, target: str = "/", problem: str = "", status: int = 200
) -> Response:
    return draw(
        request,
        "sign_in.html",
        status=status,
        spoken=_spoken(form),
        email=form.get("email", ""),
        problem=problem,
        target=target,
        signed_out="signed_out" in form,
        switches={code: "/sign-in?" + urlencode({"language": code, "next": target}) for code in LANGUAGES},
        accounts=await run_in_threadpool(_demo_accounts),
        demo_password=DEMO_PASSWORD,
    )


def _demo_accounts() -> list[User]:
    with reading() as session:
        return demo_accounts(session)


def _spoken(form: dict[str, str]) -> str:
    """The language chosen on the page, or nothing for that of the installation."""
    chosen = form.get("language", "")
    return chosen if chosen in LANGUAGES else ""
