"""Plain HTML forms outside Streamlit: templates, their language, and the token against forged requests."""

import hmac
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from crm.core.i18n import LANGUAGES, _, language, speaking
from crm.core.secrets import keyed_hash
from crm.core.settings import PROJECT_DIR, settings
from web.headers import is_https

FORM_COOKIE = "kopkoffie_form"
LARGEST_FORM = 64 * 1024  # in a script other than Latin a sign takes up to twelve on its way

_templates = Environment(
    loader=FileSystemLoader(PROJECT_DIR / "web" / "templates"), autoescape=True, undefined=StrictUndefined
)


class FormTooLarge(Exception):
    """More than a form of ours can hold: nobody who is not signed in may fill the memory."""


async def read_form(request: Request) -> dict[str, str]:
    """The fields of the form. Raises FormTooLarge."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            raise FormTooLarge
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20)
    return {name: values[0] for name, values in fields.items()}


async def own_form(request: Request) -> dict[str, str]:
    """The fields; none when it is no form of ours, which is refused as it carries no token."""
    try:
        return await read_form(request)
    except (FormTooLarge, ValueError):
        return {}


def open_too_long() -> str:
    return _("This page was open for too long. Please try again.")


def is_genuine(request: Request, form: dict[str, str]) -> bool:
    """Whether the form was ours: its token belongs to the cookie that went with it."""
    cookie = request.cookies.get(FORM_COOKIE, "")
    return bool(cookie) and hmac.compare_digest(form.get("csrf", "").encode(), _form_token(cookie).encode())


def draw(request: Request, template: str, *, status: int = 200, spoken: str = "", **fields: Any) -> HTMLResponse:
    """The filled-in template, with a form token that fits the browser's cookie."""
    cookie = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(24)
    with speaking(spoken):
        html = _templates.get_template(template).render(
            _=_,
            language=language(),
            languages=LANGUAGES,
            organisation=settings().organisation,
            csrf=_form_token(cookie),
            **fields,
        )
    response = HTMLResponse(html, status_code=status, headers={"Cache-Control": "no-store"})
    response.set_cookie(FORM_COOKIE, cookie, httponly=True, samesite="lax", secure=is_https(request.scope))
    return response


def _form_token(cookie: str) -> str:
    return keyed_hash("form", cookie)


def spoken_in(request: Request, form: Mapping[str, str]) -> str:
    """The language chosen on the page, else what the browser prefers, else that of the installation."""
    for chosen in (form.get("language"), request.query_params.get("language")):
        if chosen in LANGUAGES:
            return str(chosen)
    return _preferred(request.headers.get("accept-language", ""))


def _preferred(header: str) -> str:
    """`en-GB,en;q=0.8,nl;q=0.5` prefers `en`."""
    wishes = []
    for place, part in enumerate(header.split(",")[:20]):
        name, _sign, weight = part.strip().partition(";q=")
        code = name.strip().lower()[:2]
        try:
            wishes.append((-float(weight or 1), place, code))
        except ValueError:
            continue
    return next((code for _weight, _place, code in sorted(wishes) if code in LANGUAGES), "")
