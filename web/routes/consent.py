"""The page where an owner answers our letter: no sign-in and no script, the code of the letter is enough."""

from typing import Any
from urllib.parse import urlencode

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from crm.access.actor import SYSTEM
from crm.core.clock import local
from crm.core.db import reading, transaction
from crm.core.errors import CrmError, explain
from crm.core.i18n import LANGUAGES, _, language, show_date, speaking
from crm.core.settings import settings
from crm.outreach.answers import CodeUnknown, Question, StaysBlocked, give_answer, question
from crm.outreach.codes import read_code
from crm.outreach.inputs import AnswerInput
from crm.outreach.models import Answer, Tongue
from crm.outreach.sender import ANSWER_PATH
from web.rate import RateLimit
from web.routes.forms import draw, is_genuine, open_too_long, own_form, spoken_in

Form = dict[str, str]

BY_ADDRESS = RateLimit(times=60, seconds=600)  # a whole office, or a telephone network, may share one address
BY_CODE = RateLimit(times=30, seconds=600)
FIELDS = ("answer", "name", "function", "telephone", "best_time", "no_letters")


async def enter(request: Request) -> Response:
    """To type a code by hand."""
    return _slow_down(request) or _code_page(request, {})


async def find(request: Request) -> Response:
    if refused := _slow_down(request):
        return refused
    form = await own_form(request)
    with speaking(spoken := spoken_in(request, form)):
        if not is_genuine(request, form):
            return _code_page(request, form, problem=open_too_long(), status=403)
        if code := read_code(form.get("code", "")):
            return RedirectResponse(_address(code, spoken), status_code=303)
        problem = _("A code has 15 letters and digits, such as K7QWM-3BHDX-9TRZP. Look at the letter once more.")
        return _code_page(request, form, problem=problem, status=422)


async def show(request: Request) -> Response:
    code = read_code(request.path_params["code"])
    if refused := _slow_down(request, code):
        return refused
    form = {"done": request.query_params.get("done", "")}
    return await _answer_page(request, code, form)


async def submit(request: Request) -> Response:
    code = read_code(request.path_params["code"])
    if refused := _slow_down(request, code):
        return refused
    form = await own_form(request)
    with speaking(spoken_in(request, form)):
        if not is_genuine(request, form):
            return await _answer_page(request, code, form, problem=open_too_long(), status=403)
        try:
            given = AnswerInput.model_validate({name: form[name] for name in FIELDS if name in form})
        except ValidationError as error:
            problem = explain(error) if form.get("answer") else _("Choose yes, no or not now.")
            return await _answer_page(request, code, form, problem=problem, status=422)
        if "sure" in form:
            return await _keep(request, code, form, given)
        return await _answer_page(request, code, form, given=None if "back" in form else given)


async def _keep(request: Request, code: str, form: Form, given: AnswerInput) -> Response:
    try:
        await run_in_threadpool(_write, code, given, form.get("shown", ""))
    except (CodeUnknown, StaysBlocked):
        return await _answer_page(request, code, {})
    except CrmError as error:
        return await _answer_page(request, code, form, problem=str(error), status=409)
    return RedirectResponse(_address(code, spoken_in(request, form), done="yes"), status_code=303)


def _write(code: str, given: AnswerInput, shown: str) -> None:
    with transaction() as session:
        give_answer(session, SYSTEM, code, given, language=Tongue(language()), shown=shown)


def _ask(code: str) -> Question:
    with reading() as session:
        return question(session, code, Tongue(language()))


async def _answer_page(
    request: Request, code: str, form: Form, *, given: AnswerInput | None = None, problem: str = "", status: int = 200
) -> Response:
    """The question; with `given` what was answered, to look at once more."""
    with speaking(spoken := spoken_in(request, form)):
        try:
            asked = await run_in_threadpool(_ask, code)
        except CodeUnknown:
            return _page(request, "consent_unknown.html", spoken, status=404, address=ANSWER_PATH)
    return _page(
        request,
        "consent_check.html" if given else "consent.html",
        spoken,
        status=status,
        address=_address(code),
        asked=asked,
        form={name: form.get(name, "") for name in FIELDS},
        given=given,
        done=form.get("done") == "yes",
        problem=problem,
        answered_on=local(asked.answered_at).date() if asked.answered_at else None,
    )


def _code_page(request: Request, form: Form, *, problem: str = "", status: int = 200) -> Response:
    spoken, typed = spoken_in(request, form), form.get("code", "")
    return _page(request, "consent_code.html", spoken, status=status, address=ANSWER_PATH, typed=typed, problem=problem)


def _page(request: Request, template: str, spoken: str, *, address: str, **fields: Any) -> HTMLResponse:
    response = draw(
        request,
        template,
        spoken=spoken,
        address=address,
        phone=settings().office_phone,
        kind=settings().organisation_kind,
        switches={code: f"{address}?{urlencode({'language': code})}" for code in LANGUAGES},
        Answer=Answer,
        show_date=show_date,
        **fields,
    )
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


def _slow_down(request: Request, code: str = "") -> Response | None:
    client = request.client.host if request.client else ""
    wait = max(BY_ADDRESS.wait(client), BY_CODE.wait(code) if code else 0)
    if not wait:
        return None
    response = _page(request, "consent_wait.html", spoken_in(request, {}), status=429, address=request.url.path)
    response.headers["Retry-After"] = str(wait)
    return response


def _address(code: str, spoken: str = "", **query: str) -> str:
    told = urlencode({"language": spoken} | query if spoken else query)
    return f"{ANSWER_PATH}/{code}?{told}" if told else f"{ANSWER_PATH}/{code}"
