"""The call desk drawn from fixed data: the product's own server and screen, but nothing is read or kept.

Once both of the first two calls have been on screen, "save and next" only changes from one to the other.
"""

from contextlib import nullcontext
from typing import Any
from unittest.mock import patch

from web import __main__ as server
from web.components.desk import bar, screen


class FixedDesk:
    """What stands in for the database: two screens, and which of them is shown."""

    def __init__(self) -> None:
        self._views: list[Any] = []
        self._shown = 0
        self._read, self._perform, self._actor_of = screen.desk_view, bar.perform, screen.current_actor
        self._actor: Any = None
        self._reading = screen.reading

    def install(self) -> None:
        shown = {"desk_view": self.view, "reading": self.reading, "current_actor": self.actor}
        patch.multiple(screen, left_to_call=lambda *_given: 1_000, **shown).start()
        patch.object(bar, "perform", self.perform).start()

    def view(self, session: Any, actor: Any) -> Any:
        if self._shown < len(self._views):
            return self._views[self._shown]
        view = self._read(session, actor)
        if view is not None:
            self._views.append(view)
        return view

    def reading(self) -> Any:
        return self._reading() if len(self._views) < 2 else nullcontext()

    def actor(self, *permission: Any) -> Any:
        self._actor = self._actor or self._actor_of(*permission)
        return self._actor

    def perform(self, *given: Any) -> Any:
        if len(self._views) < 2:
            self._perform(*given)
        self._shown = 1 - self._shown


if __name__ == "__main__":
    FixedDesk().install()
    server.main()
