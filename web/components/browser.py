"""Components with a part in the browser: what stands beside their Python file as .html, .css and .js."""

from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

_SHARED = Path(__file__).parent


def browser_component(name: str, python_file: str, *shared: str) -> ComponentRenderer:
    """`shared` are the scripts of this folder that its own needs. They go before it, as one module."""
    file = Path(python_file)
    html, css, js = (_text(file.with_suffix(suffix)) for suffix in (".html", ".css", ".js"))
    scripts = [_text(_SHARED / f"{script}.js") for script in shared]
    return st.components.v2.component(name, html=html, css=css, js="\n".join((*scripts, js)))


def _text(file: Path) -> str:
    return file.read_text("utf-8")
