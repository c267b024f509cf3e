"""What can be read on a screen that AppTest drew."""

from streamlit.testing.v1 import AppTest

TEXTS = ("title", "subheader", "markdown", "text", "caption", "info", "success", "warning", "error", "code")
NASTY = "<script>alert(1)</script> **vet** [klik](javascript:alert(1)) :material/home: :red[rood] $x$"


def texts(screen: AppTest) -> str:
    """Everything that is written on it, with the words on its buttons."""
    written = [str(element.value) for kind in TEXTS for element in screen.get(kind)]
    return "\n".join([*written, *(button.label for button in screen.button)])


def told(screen: AppTest, level: str | None = None) -> list[str]:
    """The messages that wait for the frame around the page; of one level, or all."""
    messages = screen.session_state["messages"] if "messages" in screen.session_state else []  # noqa: SIM401
    return [message.text for message in messages if level in (None, message.level)]
