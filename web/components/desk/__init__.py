"""The call desk on one screen."""

from web.components.desk.screen import draw_desk

__all__ = ["draw_desk"]
