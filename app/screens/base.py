"""What all screens have in common: the frame, loading, and following the source.

A screen gives its body in `compose_body`, reads what it shows in `refresh_data`, and is told
by `follow` when the source changed. A screen that is not shown is told when it is shown again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.messages import Layout
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from app.commands import PLACES, Scope
from app.loading import Loads
from app.sources import Feature, Source
from app.sources.reasons import why_missing
from app.widgets.alert_strip import AlertStrip
from app.widgets.banner import Banner
from app.widgets.footer import Footer
from app.widgets.header import Header
from store.errors import StoreError

if TYPE_CHECKING:
    from app.application import RunfolioApplication

NARROW_COLUMNS = 120
"""Below this width screens have the class `-narrow` and leave side panes out."""
SHORT_ROWS = 30
"""Below this height screens have the class `-short`."""
CATCH_UP_S = 0.1
"""How often a screen looks whether it has read enough to follow further changes."""


class DashboardScreen(Loads, Screen[None]):
    """A screen inside the frame of header and footer."""

    PLACE: ClassVar[str] = ""
    """Name of the place it belongs to; it is lit in the header."""
    SCOPES: ClassVar[tuple[Scope, ...]] = ()
    """Scopes whose commands the menus list while this screen is shown."""
    NEEDS: ClassVar[Mapping[str, Feature]] = {}
    """What the source must be able to do for an action, by its name, or as a key calls it."""
    AUTO_FOCUS = ""
    # Textual looks for them in the first base only, and `Loads` is that.
    COMPONENT_CLASSES: ClassVar[set[str]] = {"screen--selection"}

    header = getters.query_one(Header)

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.source = source
        self._is_outdated = False
        self._outdated_runs: frozenset[str] | None = frozenset()
        self._changes_timer: Timer | None = None

    @property
    def dashboard(self) -> RunfolioApplication:
        """The application, with its type."""
        from app.application import RunfolioApplication

        assert isinstance(self.app, RunfolioApplication)
        return self.app

    def compose(self) -> ComposeResult:
        """The frame with the body in it."""
        yield Header()
        yield Banner()
        yield AlertStrip()
        yield from self.compose_body()
        yield Footer()

    def compose_body(self) -> Iterable[Widget]:
        """The widgets between header and footer."""
        return ()

    def on_mount(self) -> None:
        """Give the header what it shows."""
        self.header.places = tuple((each.name, each.key, each.title) for each in PLACES)
        self.header.current = self.PLACE
        self.header.crumb = self.crumb()

    async def _on_layout(self, message: Layout) -> None:
        """Measure a widget anew that changed.

        Textual 8.2.8 keeps the measures of the first of two changes if it arranged the screen
        between them: a text that came quickly was shown as high as the empty one before.
        """
        message.widget._layout_updates += 1

    def crumb(self) -> str:
        """What is open on top of the place, for the trail in the header."""
        return ""

    def scopes(self) -> tuple[Scope, ...]:
        """Scopes whose commands the menus list now."""
        return self.SCOPES

    def why_not(self, action: str) -> str:
        """Why the source does not allow an action; empty if it does."""
        feature = self.NEEDS.get(action) or self.NEEDS.get(action.partition("(")[0])
        return "" if feature is None else why_missing(self.source, feature)

    def may_write(self) -> bool:
        """Whether the source can be changed; says so if not."""
        if Feature.WRITE in self.source.features:
            return True
        self.notify("This source can only be read.", severity="warning", timeout=3)
        return False

    def refresh_data(self) -> None:
        """Read everything on this screen again."""

    def follow(self, run_hashes: frozenset[str] | None) -> None:  # noqa: ARG002
        """The source changed in these runs; None is everything."""
        self.refresh_data()

    def settings_changed(self) -> None:
        """Settings changed: show what depends on them again."""

    def focus_query(self) -> bool:
        """Put the cursor in the filter of the focused pane; whether there is one."""
        return False

    def step_back(self) -> bool:
        """Leave one layer; whether there was one to leave."""
        return False

    def source_changed(self, run_hashes: frozenset[str] | None) -> None:
        """Called by the application for every screen, shown or not."""
        self._is_outdated = True
        if run_hashes is None or self._outdated_runs is None:
            self._outdated_runs = None
        else:
            self._outdated_runs |= run_hashes
        self._follow_what_changed()

    def _follow_what_changed(self) -> None:
        """Follow what changed, but only after all that is being read has arrived.

        A load that outdates the one before would lose its runs, and changes that come
        faster than they are read would never be shown.
        """
        if not self._is_outdated or not self.is_current:
            return
        if self.is_loading:
            if self._changes_timer is None:
                self._changes_timer = self.set_timer(CATCH_UP_S, self._follow_later)
            return
        changed, self._outdated_runs = self._outdated_runs, frozenset()
        self._is_outdated = False
        self.follow(changed)

    def _follow_later(self) -> None:
        self._changes_timer = None
        self._follow_what_changed()

    def on_screen_resume(self) -> None:
        """Catch up with what changed while another screen was shown."""
        self.show_standing()
        self._follow_what_changed()

    def show_standing(self) -> None:
        """Let the top line tell how the source is, once there is one."""
        standing = self.dashboard.standing
        for header in self.query(Header):
            header.standing = standing
        for banner in self.query(Banner):
            banner.outage = (standing.problem, standing.retry_at)
        for strip in self.query(AlertStrip):
            strip.alerts = standing.alerts

    def loading_changed(self) -> None:
        """Say in the top line that something is being read."""
        for header in self.query(Header):
            header.is_reading = self.has_class("-loading")

    def load_failed(self, error: StoreError) -> None:
        """Let the application tell it."""
        self.dashboard.load_failed(error)

    def list_failed(self, error: StoreError, *, is_empty: bool) -> None:
        """A list could not be read: while nothing else is there, its place says why."""
        self.load_failed(error)
        if is_empty:
            self.query_one(".list-empty", Static).update(f"{error}\n\nf5 tries again")
            self.add_class("-empty")

    def on_resize(self) -> None:
        """Switch the layout for small windows."""
        self.set_class(self.size.width < NARROW_COLUMNS, "-narrow")
        self.set_class(self.size.height < SHORT_ROWS, "-short")
