"""The call desk on one screen."""

from web.components.desk.screen import draw_desk, draw_waiting

__all__ = ["draw_desk", "draw_waiting"]
