"""What telephone systems tell us: signed, once each, and answered without saying more than yes or no."""

import asyncio
from time import time

import structlog
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from crm.core.db import transaction
from crm.core.settings import settings
from crm.telephony.events import EventInput
from crm.telephony.rules import is_genuine
from crm.telephony.services import take_event
from web.rate import RateLimit

TIME, SIGNATURE = "X-Kopkoffie-Time", "X-Kopkoffie-Signature"
LARGEST_EVENT = 8 * 1024
LONGEST_READING = 10  # seconds

BY_ADDRESS = RateLimit(times=1200, seconds=60)  # a desk of two hundred tells of five calls a second at most

log = structlog.get_logger()


class Refused(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def take(request: Request) -> Response:
    try:
        event = EventInput.model_validate_json(await _genuine(request))
        await run_in_threadpool(_keep, event)
    except Refused as refused:
        return PlainTextResponse("", status_code=refused.status)
    except ValidationError:
        return PlainTextResponse("", status_code=400)
    return Response(status_code=204)


async def _genuine(request: Request) -> bytes:
    """The body, when it was signed with our secret a moment ago. Raises Refused."""
    secret = settings().telephony_event_secret.get_secret_value()
    if not secret:
        raise Refused(404)
    if request.method != "POST":  # answered here: a page of Streamlit is behind every other address
        raise Refused(405)
    if BY_ADDRESS.wait(request.client.host if request.client else ""):
        raise Refused(429)
    body = await _read(request)
    seconds, signature = request.headers.get(TIME, ""), request.headers.get(SIGNATURE, "")
    if not is_genuine(secret, seconds, signature, body, time()):
        raise Refused(401)
    return body


async def _read(request: Request) -> bytes:
    """Raises Refused for more, or slower, than an event of ours can be."""
    body = bytearray()
    try:
        async with asyncio.timeout(LONGEST_READING):
            async for chunk in request.stream():
                body += chunk
                if len(body) > LARGEST_EVENT:
                    raise Refused(413)
    except TimeoutError as error:
        raise Refused(408) from error
    return bytes(body)


def _keep(event: EventInput) -> None:
    try:
        with transaction() as session:
            take_event(session, event)
    except SQLAlchemyError as error:  # what was not kept was not counted, so it may be told again
        log.error("telephone event not kept", exc_info=error)
        raise Refused(503) from error
