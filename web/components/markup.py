"""Drawing something as one element: templates that escape whatever they are given."""

from functools import cache
from pathlib import Path

import streamlit as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined

HERE = Path(__file__).parent


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def draw(template: str, **context: object) -> None:
    """`template` is a path below this folder."""
    st.html(_templates().get_template(template).render(context))
