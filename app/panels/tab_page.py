"""What every tab of a screen has: it draws when looked at, takes the focus, steps back."""

from __future__ import annotations

from textual.containers import Vertical
from textual.dom import DOMNode


class TabPage(Vertical):
    """One tab of several; only one is in sight."""

    DEFAULT_CSS = """
    TabPage { width: 1fr; height: 1fr; }
    """

    def look(self) -> None:
        """The tab came into sight: show what is outdated."""

    def start(self) -> DOMNode | None:
        """The widget that takes the focus when the tab is opened."""
        return None

    def focus_query(self) -> bool:
        """Put the cursor into the filter; whether there is one."""
        return False

    def step_back(self) -> bool:
        """Leave one layer; whether there was one."""
        return False
