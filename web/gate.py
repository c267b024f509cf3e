"""The gate: nobody reaches a page, a file or the websocket without being signed in."""

from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from crm.access.actor import Actor
from crm.access.queries import actor_of
from crm.agenda.feed import FEED_FOLDER
from crm.candidates.talents.links import TALENT_PATH
from crm.core.db import reading
from crm.outreach.sender import ANSWER_PATH
from crm.telephony.rules import EVENT_PATH
from web.session import COOKIE

METRICS_PATH = "/metrics"
OPEN_PATHS = frozenset(
    {"/sign-in", "/sign-out", "/healthz", "/readyz", "/favicon.png", METRICS_PATH, ANSWER_PATH, EVENT_PATH}
)
# Where an owner answers our letter, and a job seeker fills in the self-assessment; an agenda for a calendar; our forms;
# and program files of Streamlit: an open page still loads parts of those after its session has ended, to say so.
OPEN_FOLDERS = (f"{ANSWER_PATH}/", f"{TALENT_PATH}/", FEED_FOLDER, "/assets/", "/static/")
POLICY_VIOLATION = 1008


class Gate:
    """ASGI middleware. Behind it `request.state.actor` is whoever is signed in, or None on an open path."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        if path.startswith(OPEN_FOLDERS):
            await self.app(scope, receive, send)
            return
        actor = await run_in_threadpool(_actor, _token(scope))
        if actor is None and path not in OPEN_PATHS:
            await _refuse(scope, receive, send)
            return
        scope.setdefault("state", {})["actor"] = actor
        await self.app(scope, receive, send)


def local_path(target: str) -> str:
    """Where to go after signing in: a page of ours, or the home page for anything else."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return "/"
    outside = parts.scheme or parts.netloc or not target.startswith("/") or target.startswith("//")
    if outside or "\\" in target or not target.isprintable() or parts.path in OPEN_PATHS:
        return "/"
    return target


def _token(scope: Scope) -> str:
    try:
        cookies = SimpleCookie(Headers(scope=scope).get("cookie", ""))
    except CookieError:
        return ""
    return cookies[COOKIE].value if COOKIE in cookies else ""


def _actor(token: str) -> Actor | None:
    if not token:
        return None
    with reading() as session:
        return actor_of(session, token)


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        return
    await _refusal(scope)(scope, receive, send)


def _refusal(scope: Scope) -> Response:
    wants_page = "text/html" in Headers(scope=scope).get("accept", "")
    if scope["method"] not in {"GET", "HEAD"} or not wants_page:
        return PlainTextResponse("Sign in first.", status_code=401)
    query = scope["query_string"].decode("latin-1")
    wanted = local_path(quote(scope["path"]) + (f"?{query}" if query else ""))
    return RedirectResponse("/sign-in" if wanted == "/" else f"/sign-in?next={quote(wanted, safe='')}", status_code=303)
