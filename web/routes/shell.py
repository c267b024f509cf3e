"""The page that Streamlit starts in, with our title, language and styles."""

import re
from functools import cache
from pathlib import Path

import streamlit
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from crm.core.i18n import speaking
from web.navigation import SCREENS, home, may_see
from web.routes.forms import draw
from web.routes.words import words_tag

INDEX = Path(streamlit.__file__).parent / "static" / "index.html"
HEAD = """<title>Kopkoffie</title>
    <link rel="stylesheet" href="/assets/app.css" />
    <link rel="stylesheet" href="/assets/figures.css" />
    <link rel="stylesheet" href="/assets/desk.css" />
    <link rel="stylesheet" href="/assets/desk_who.css" />
    <link rel="stylesheet" href="/assets/desk_say.css" />
    <script src="/assets/words.js" defer></script>
    <script src="/assets/app.js" defer></script>
    <script src="/assets/leaving.js" defer></script>"""


async def show(request: Request) -> Response:
    """The screen at this address; the home screen lives at `/`."""
    name, actor = request.path_params.get("screen", ""), request.state.actor
    if name and name not in SCREENS:
        return draw(request, "not_found.html", status=404, spoken=actor.language)
    if name and not may_see(actor, SCREENS[name]):
        return draw(request, "not_allowed.html", status=403, spoken=actor.language)
    if name == home(actor).name:
        query = request.url.query
        return RedirectResponse(f"/?{query}" if query else "/", status_code=307)
    return HTMLResponse(_shell(actor.language), headers={"Cache-Control": "no-cache"})


@cache
def _shell(language: str) -> str:
    html = INDEX.read_text()
    html = html.replace('<html lang="en">', f'<html lang="{language}">')
    with speaking(language):
        html = html.replace("<title>Streamlit</title>", f"{HEAD}\n    {words_tag()}")
    # Its only inline script is for search engines; without it the policy for scripts can be strict.
    return re.sub(r"<script>.*?</script>", "", html, flags=re.DOTALL)
