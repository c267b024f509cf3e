"""The web application: Streamlit, our own routes, and the gate in front of both."""

import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
import structlog
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.responses import FileResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from streamlit import config

import crm.migrations.tables  # noqa: F401  a row cannot be written before all tables it refers to are known
from crm.agenda.feed import FEED_FOLDER
from crm.candidates.talents.links import TALENT_PATH
from crm.core.i18n import _
from crm.core.logging import configure_logging
from crm.core.settings import PROJECT_DIR, settings
from crm.outreach.sender import ANSWER_PATH
from crm.telephony.dialling.systems import close_telephones
from crm.telephony.rules import EVENT_PATH
from web.gate import METRICS_PATH, Gate
from web.headers import RequestLog, SecurityHeaders
from web.routes import agenda, consent, health, metrics, shell, sign_in, sign_out, talent, telephony

STATIC = PROJECT_DIR / "web" / "static"

log = structlog.get_logger()


STREAMLIT_MEDIA = Path(st.__file__).parent / "static" / "static" / "media"


async def favicon(_request: object) -> FileResponse:
    return FileResponse(STATIC / "favicon.png")


async def font(_request: object) -> FileResponse:
    """The letter of the pages, for the forms before somebody is signed in."""
    return FileResponse(next(STREAMLIT_MEDIA.glob("SourceSansVF-Upright*.woff2")))


ROUTES = [
    Route("/sign-in", sign_in.show, methods=["GET"]),
    Route("/sign-in", sign_in.submit, methods=["POST"]),
    Route("/sign-out", sign_out.ask, methods=["GET"]),
    Route("/sign-out", sign_out.submit, methods=["POST"]),
    Route(ANSWER_PATH, consent.enter, methods=["GET"]),
    Route(ANSWER_PATH, consent.find, methods=["POST"]),
    Route(f"{ANSWER_PATH}/{{code}}", consent.show, methods=["GET"]),
    Route(f"{ANSWER_PATH}/{{code}}", consent.submit, methods=["POST"]),
    Route(f"{TALENT_PATH}/{{token}}", talent.show, methods=["GET"]),
    Route(f"{TALENT_PATH}/{{token}}", talent.submit, methods=["POST"]),
    Route(EVENT_PATH, telephony.take, methods=["GET", "POST"]),
    Route(f"{FEED_FOLDER}{{file:path}}", agenda.read),
    Route("/healthz", health.alive),
    Route("/readyz", health.ready),
    Route(METRICS_PATH, metrics.show, methods=["GET"]),
    Route("/favicon.png", favicon),
    Route("/assets/font.woff2", font),
    Mount("/assets", StaticFiles(directory=STATIC)),
    Route("/", shell.show),
    Route("/{screen}", shell.show),
]
MIDDLEWARE = [Middleware(RequestLog), Middleware(SecurityHeaders), Middleware(Gate)]


def tell_of_error(error: Exception) -> bool:
    """Say something useful when a page breaks; the cause is in the log."""
    log.error("page failed", exc_info=error)
    st.error(_("Something went wrong on our side. What you wrote down is kept. Load this page again, or tell us."))
    return True


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    configure_logging()
    _join_logs()
    gc.freeze()  # looking for garbage among all that was loaded held every caller up for a fifth of a second
    yield
    await run_in_threadpool(close_telephones)


def _join_logs() -> None:
    """Streamlit gives loggers a handler of their own, which would print what an error quotes, or an address."""
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in {"streamlit", "uvicorn", "websockets"}:
            logger = logging.getLogger(name)
            logger.handlers.clear()
            logger.propagate = name != "uvicorn.access"


def make_app() -> st.App:
    """The application, for an ASGI server that takes a factory."""
    # Streamlit looks for its settings beside the entry script; ours are at the top of the project.
    config._main_script_path = str(PROJECT_DIR / Path(__file__).name)
    if public := urlsplit(settings().public_url).hostname:
        config.set_option("browser.serverAddress", public)
    return st.App(
        PROJECT_DIR / "web" / "app.py",
        routes=ROUTES,
        middleware=MIDDLEWARE,
        lifespan=lifespan,
        on_script_error=tell_of_error,
    )
