"""A finger on the screen, by way of the browser itself, so that it scrolls too."""

from playwright.sync_api import Locator, Page


class Finger:
    def __init__(self, page: Page) -> None:
        self._browser = page.context.new_cdp_session(page)
        self._browser.send("Emulation.setTouchEmulationEnabled", {"enabled": True})

    def down(self, on: Locator) -> None:
        on.hover(trial=True)  # it has stopped moving
        box = on.bounding_box()
        assert box
        self._at = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self._touch("touchStart")

    def slide(self, right: float, down: float = 0, steps: int = 5) -> None:
        """By so many pixels."""
        for _step in range(steps):
            x, y = self._at
            self._at = x + right / steps, y + down / steps
            self._touch("touchMove")

    def up(self) -> None:
        self._browser.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def _touch(self, kind: str) -> None:
        x, y = self._at
        self._browser.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
