"""The call desk: who is called, what to say, what came of it."""

from web.components.desk import draw_desk

draw_desk()
