"""Drawing a piece of the desk as one element."""

from pathlib import Path

from web.components import markup

HERE = Path(__file__).parent


def draw(template: str, **context: object) -> None:
    markup.draw(f"{HERE.name}/{template}", **context)
