"""Metrics for Prometheus, for who has the token."""

import hmac

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from crm.core.settings import settings
from web.measuring import metrics
from web.rate import RateLimit

BY_ADDRESS = RateLimit(times=120, seconds=60)


async def show(request: Request) -> Response:
    """404 without a token in the settings, 401 for another one."""
    token = settings().metrics_token.get_secret_value()
    if not token:
        return PlainTextResponse("", status_code=404)
    if wait := BY_ADDRESS.wait(request.client.host if request.client else ""):
        return PlainTextResponse("", status_code=429, headers={"Retry-After": str(wait)})
    given = request.headers.get("authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return PlainTextResponse("", status_code=401, headers={"WWW-Authenticate": "Bearer"})
    told = await run_in_threadpool(metrics)
    return Response(told, media_type=CONTENT_TYPE_PLAIN_0_0_4, headers={"Cache-Control": "no-store"})
