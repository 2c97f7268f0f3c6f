"""A screen of tabs: going from one to the next, and letting the one in sight act."""

from __future__ import annotations

from textual import getters, on
from textual.actions import SkipAction
from textual.widget import Widget
from textual.widgets import ContentSwitcher, Tabs

from app.panels.tab_page import TabPage
from app.screens.base import DashboardScreen


class TabbedScreen(DashboardScreen):
    """A screen with one `Tabs` over one `ContentSwitcher` of `TabPage`s.

    The tab with the id `name` belongs to the page with the id `name-tab`.
    """

    tabs = getters.query_one(Tabs)
    switcher = getters.query_one(ContentSwitcher)

    def on_mount(self) -> None:
        """Keys go to the page, not to the row of tabs."""
        super().on_mount()
        self.tabs.can_focus = False

    @property
    def tab(self) -> TabPage:
        """The tab in sight."""
        return self.switcher.query_one(f"#{self.switcher.current}", TabPage)

    @on(Tabs.TabActivated)
    def _tab_activated(self, message: Tabs.TabActivated) -> None:
        self.switcher.current = f"{message.tab.id}-tab"
        self.tab.look()
        self.tab_changed()
        self.focus_tab()
        self.refresh_bindings()

    def tab_changed(self) -> None:
        """Called when another tab came into sight."""

    def focus_tab(self) -> None:
        """Give the focus to the tab in sight."""
        start = self.tab.start()
        self.set_focus(start if isinstance(start, Widget) else None)

    def action_show_tab(self, name: str) -> None:
        """Open a tab."""
        self.tabs.active = name

    def action_next_tab(self) -> None:
        """The tab to the right."""
        self.tabs.action_next_tab()

    def action_previous_tab(self) -> None:
        """The tab to the left."""
        self.tabs.action_previous_tab()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what the tab in sight can do."""
        pages = [page for page in self.query(TabPage) if page.display]
        if action != "in_tab" or not pages:
            return True
        name = str(parameters[0])
        return any(
            hasattr(page, f"action_{name}") and page.check_action(name, ()) is not False
            for page in pages
        )

    def action_in_tab(self, name: str) -> None:
        """Let the tab in sight act."""
        act = getattr(self.tab, f"action_{name}", None)
        if act is None:
            raise SkipAction
        act()

    def focus_query(self) -> bool:
        """Filter the tab in sight."""
        return self.tab.focus_query()

    def step_back(self) -> bool:
        """Leave one layer of the tab."""
        return self.tab.step_back()
