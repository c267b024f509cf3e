"""The page where a job seeker fills in the self-assessment: no sign-in and no script, a personal link is enough."""

from typing import Any
from urllib.parse import urlencode

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from crm.access.actor import SYSTEM
from crm.candidates.talents.links import TALENT_PATH, FilledStep, Filling, LinkOver, filling, save_step
from crm.candidates.talents.models import Frequency
from crm.candidates.talents.statements import last_step, statements_of
from crm.core.db import reading, transaction
from crm.core.errors import explain
from crm.core.i18n import LANGUAGES, speaking
from crm.core.settings import settings
from web.rate import RateLimit
from web.routes.forms import draw, is_genuine, open_too_long, own_form, spoken_in

Form = dict[str, str]

BY_ADDRESS = RateLimit(times=200, seconds=600)  # a class that fills it in together may share one address
BY_LINK = RateLimit(times=90, seconds=600)
ANSWER = "answer-"
WORDS = ("work_done", "proud_of")


async def show(request: Request) -> Response:
    """The step in the address, else the first that was not filled in yet."""
    token = request.path_params["token"]
    if refused := _slow_down(request, token):
        return refused
    return await _page_of(request, token, {})


async def submit(request: Request) -> Response:
    token = request.path_params["token"]
    if refused := _slow_down(request, token):
        return refused
    form = await own_form(request)
    with speaking(spoken := spoken_in(request, form)):
        step = _number(form.get("step", ""))
        if not is_genuine(request, form) or not step:
            return await _page_of(request, token, form, problem=open_too_long(), status=403)
        try:
            given = _given(form)
        except ValidationError as error:
            return await _page_of(request, token, form, problem=explain(error), status=422)
        try:
            await run_in_threadpool(_write, token, step, given, "back" not in form)
        except LinkOver:
            return _over(request, spoken)
    following = step - 1 if "back" in form else step + 1
    return RedirectResponse(_address(token, spoken, following), status_code=303)


def _given(form: Form) -> FilledStep:
    """Raises ValidationError."""
    answers = {name.removeprefix(ANSWER): value for name, value in form.items() if name.startswith(ANSWER)}
    words = {name: form[name] for name in WORDS if _is_said(form, name)}
    return FilledStep.model_validate(words | {"answers": answers})


def _is_said(form: Form, name: str) -> bool:
    """A field that came empty and stayed empty says nothing: another tab may have filled it meanwhile."""
    return bool(form.get(name)) or (name in form and f"{name}-was-empty" not in form)


def _write(token: str, step: int, given: FilledStep, send: bool) -> None:
    with transaction() as session:
        save_step(session, SYSTEM, token, step, given, send=send)


def _read(token: str) -> Filling:
    with reading() as session:
        return filling(session, token)


async def _page_of(request: Request, token: str, form: Form, *, problem: str = "", status: int = 200) -> Response:
    with speaking(spoken := spoken_in(request, form)):
        try:
            found = await run_in_threadpool(_read, token)
        except LinkOver:
            return _over(request, spoken)
        if found.assessment.finished_at:
            return _page(request, "talent_done.html", spoken, address=_address(token), name=found.first_name)
        asked = _number(form.get("step") or request.query_params.get("step", ""))
        step = min(asked or found.assessment.step + 1, found.assessment.step + 1, last_step())
        return _page(
            request,
            "talent.html",
            spoken,
            status=status,
            address=_address(token),
            name=found.first_name,
            step=step,
            steps=last_step(),
            statements=statements_of(step),
            answers={code: int(value) for code, value in found.answers.items()} | _chosen(form),
            words={name: form.get(name, getattr(found.assessment, name)) for name in WORDS},
            again=step > 1 and not asked,
            problem=problem,
        )


def _chosen(form: Form) -> dict[str, int]:
    known = {str(frequency.value) for frequency in Frequency}
    typed = {name.removeprefix(ANSWER): value for name, value in form.items() if name.startswith(ANSWER)}
    return {code: int(value) for code, value in typed.items() if value in known}


def _over(request: Request, spoken: str) -> Response:
    return _page(request, "talent_over.html", spoken, status=404, address=request.url.path)


def _page(
    request: Request, template: str, spoken: str, *, address: str, status: int = 200, **fields: Any
) -> HTMLResponse:
    response = draw(
        request,
        template,
        status=status,
        spoken=spoken,
        address=address,
        phone=settings().office_phone,
        switches={code: f"{address}?{urlencode({'language': code})}" for code in LANGUAGES},
        Frequency=Frequency,
        **fields,
    )
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


def _slow_down(request: Request, token: str) -> Response | None:
    client = request.client.host if request.client else ""
    wait = max(BY_ADDRESS.wait(client), BY_LINK.wait(token))
    if not wait:
        return None
    response = _page(request, "talent_wait.html", spoken_in(request, {}), status=429, address=request.url.path)
    response.headers["Retry-After"] = str(wait)
    return response


def _address(token: str, spoken: str = "", step: int | None = None) -> str:
    query = ({"language": spoken} if spoken else {}) | ({"step": str(step)} if step else {})
    return f"{TALENT_PATH}/{token}?{urlencode(query)}" if query else f"{TALENT_PATH}/{token}"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 0
