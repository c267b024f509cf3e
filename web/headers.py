"""What every answer carries: rules for the browser, a request id, and one line in the log."""

from secrets import token_hex
from time import perf_counter

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crm.agenda.feed import FEED_FOLDER
from crm.candidates.talents.links import TALENT_PATH
from crm.core.settings import settings
from crm.outreach.sender import ANSWER_PATH
from web.measuring import note_request

# Streamlit writes its styles into the page, loads components from blobs, and its charts compile expressions.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' data: blob:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "frame-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
TRANSPORT_SECURITY = "max-age=31536000"
SECRET_FOLDERS = (f"{ANSWER_PATH}/", f"{TALENT_PATH}/", FEED_FOLDER)
QUIET_FOLDERS = ("/static/", "/assets/", "/_stcore/", "/healthz", "/readyz", "/metrics")

log = structlog.get_logger()


def is_https(scope: Scope) -> bool:
    """Whether the browser uses https, also when a proxy in front takes it off."""
    return scope["scheme"] in {"https", "wss"} or settings().public_url.startswith("https:")


def _path(scope: Scope) -> str:
    """Without the secret that stands in some."""
    path: str = scope["path"]
    return next((f"{folder}…" for folder in SECRET_FOLDERS if path.startswith(folder)), path)


class SecurityHeaders:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                if scope["path"].startswith(SECRET_FOLDERS):
                    headers["Referrer-Policy"] = "no-referrer"  # else the log of a proxy has the secret, beside a style
                if is_https(scope):
                    headers["Strict-Transport-Security"] = TRANSPORT_SECURITY
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class RequestLog:
    """Gives each request an id, in the log and in the answer. Logs no address, no query, no name and no code."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id, started, status = token_hex(8), perf_counter(), 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self.app(scope, receive, send_with_id)
            finally:
                write = log.debug if scope["path"].startswith(QUIET_FOLDERS) else log.info
                spent = perf_counter() - started
                write("request", method=scope["method"], path=_path(scope), status=status, ms=round(spent * 1000, 1))
                note_request(scope["method"], status, spent)
