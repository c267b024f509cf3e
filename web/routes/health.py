"""What a proxy or a monitor asks: is the process there, and can it do its work?"""

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from crm.core.db import engine
from crm.migrations.runner import is_current


async def alive(_request: Request) -> Response:
    return JSONResponse({"status": "alive"})


async def ready(_request: Request) -> Response:
    problem = await run_in_threadpool(_problem)
    status = {"status": "not ready", "problem": problem} if problem else {"status": "ready"}
    return JSONResponse(status, status_code=503 if problem else 200)


def _problem() -> str:
    try:
        return "" if is_current(engine()) else "database is not migrated"
    except SQLAlchemyError:
        return "database cannot be reached"
