"""`RunfolioApplication`: modes, keys that work everywhere, the connection, undo.

It holds no data of its own. Screens ask the source; the application tells them when it
changed, answers requests that cross screens, and keeps the view state between starts.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any, ClassVar, cast

from msgspec.structs import replace
from textual import on
from textual.app import App
from textual.binding import BindingType
from textual.screen import Screen
from textual.timer import Timer

from app import messages
from app.changes.making import Changing
from app.changes.runs import note_change
from app.commands import PLACES, Place, Scope, bindings
from app.formatting import plural, shorten
from app.frame.alarms import Alarms
from app.frame.appearance import Appearance
from app.frame.connection import Connection
from app.frame.keys_in_turn import KeysInTurn
from app.frame.leaving import Leaving
from app.frame.menus import Menus
from app.frame.navigation import History, Stop
from app.frame.query_words import QueryWords
from app.frame.stylesheet import KeptStylesheet
from app.loading import Loads
from app.screens.base import DashboardScreen
from app.serving import Serving
from app.settings.config import Config
from app.settings.problems import setting_problems
from app.settings.state import StateFile
from app.sources import Feature, Source
from app.sources.read_only import ReadOnlySource
from app.theme import THEMES
from app.widgets.header import Standing

CLOCK_S = 15.0
SOCKET_AFTER_S = 0.6
"""The first screen is painted and answers keys before the server is imported."""
STATE_PAUSE_S = 2.0
"""The view state is written so long after it changed."""


class RunfolioApplication(
    KeysInTurn,
    Menus,
    Alarms,
    Connection,
    Changing,
    QueryWords,
    Appearance,
    Leaving,
    Loads,
    App[None],
):
    """The dashboard over one source."""

    TITLE = "runfolio"
    CSS_PATH = "base.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.APP)

    def __init__(
        self,
        source: Source,
        config: Config | None = None,
        *,
        state_file: StateFile | None = None,
        serving: Serving | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__()
        if config is not None and config.read_only:
            source = cast("Source", ReadOnlySource(source))
        self.source = source
        self.config = config or Config()
        self.clock = clock
        """Seconds since the epoch; tests give one that stands still."""
        self.stopwatch: Callable[[], float] = time.perf_counter
        """Seconds since whenever, to measure how long something takes."""
        self.serving = serving or Serving(source.store)
        self._first_version = source.version()
        self.start_changing()
        self.start_keys()
        self.history = History()
        self.standing = Standing(
            address=source.address,
            is_read_only=Feature.WRITE not in source.features,
            now_s=clock(),
        )
        self._state_file = state_file or StateFile(None)
        self.view_state = self._state_file.read()
        self._is_travelling = False
        self._state_timer: Timer | None = None
        self.start_problems: list[str] = []
        """Sentences about settings to tell once the first screen is shown."""
        for theme in THEMES:
            self.register_theme(theme)
        self.start_appearance()
        # Made with the colours that are shown: with others everything would be parsed twice.
        self.stylesheet = KeptStylesheet(variables=self.get_css_variables())
        for place in PLACES:
            self.add_mode(place.name, partial(self._make_screen, place))

    # Start and end

    def on_mount(self) -> None:
        """Show the first screen, then everything that can wait for it."""
        # Themes of the user may have been added since.
        self.start_appearance()
        self.set_keymap(dict(self.config.keys))
        wanted = self.config.start_screen or self.view_state.screen or "runs"
        names = [place.name for place in PLACES]
        self.action_go(wanted if wanted in names else "runs")
        self.call_after_refresh(self._start_background)

    def _start_background(self) -> None:
        self.keep_theme_changes()
        for sentence in (
            *self.start_problems,
            *setting_problems(self.config, self.available_themes),
        ):
            self.notify(sentence, title="Settings", severity="warning", markup=False)
        self.start_watching(self._first_version)
        self.set_interval(CLOCK_S, self._update_clock)
        self._count_running()
        self.start_alarms()
        if self.source.store is not None:
            self.set_timer(SOCKET_AFTER_S, self.open_socket)

    def open_socket(self) -> None:
        """Listen for other dashboards on the store's socket."""
        self.load("serving", self.serving.open_socket, lambda _: None)

    async def on_unmount(self) -> None:
        """Keep the view state and let go of the source."""
        self.stop_watching()
        self.stop_alarms()
        self.save_state()
        await self.finish_changing()

    def update_state(self, **changes: Any) -> None:
        """Change the view state; it is written when the program ends, and now and then."""
        state = replace(self.view_state, **changes)
        if state == self.view_state:
            return
        self.view_state = state
        if self._state_timer is None:
            self._state_timer = self.set_timer(STATE_PAUSE_S, self._write_state)

    def _write_state(self) -> None:
        self._state_timer = None
        self.load("state", partial(self._state_file.write, self.view_state), lambda _: None)

    def set_extra(self, name: str, value: Any) -> None:
        """Keep a value of a screen in the view state."""
        extra = dict(self.view_state.extra) | {name: value}
        self.update_state(extra=tuple(extra.items()))

    def save_state(self) -> None:
        """Write the view state now."""
        self._state_file.write(self.view_state)

    # Screens

    def _make_screen(self, place: Place) -> Screen[Any]:
        screen_class = getattr(import_module(place.module), place.screen)
        screen: Screen[Any] = screen_class(self.source)
        return screen

    def action_go(self, name: str) -> None:
        """Show a place."""
        self._show(Stop(name))

    def _show(self, stop: Stop) -> None:
        self.switch_mode(stop.place)
        while len(self.screen_stack) > 1 and isinstance(self.screen, DashboardScreen):
            self.pop_screen()
        if stop.run_hash:
            self.push_screen(self._make_run_screen(messages.OpenRun(stop.run_hash)))
        if not self._is_travelling:
            self.history.visit(stop)
        self.update_state(screen=stop.place)

    async def action_back(self) -> None:
        """Go to where one was before."""
        self._travel(self.history.back())

    def action_forward(self) -> None:
        """Undo going back."""
        self._travel(self.history.forward())

    def _travel(self, stop: Stop | None) -> None:
        if stop is None:
            self.notify("There is nothing further in this direction.", timeout=2)
            return
        self._is_travelling = True
        self._show(stop)
        self._is_travelling = False

    def go_and(self, name: str, then: Callable[[Screen[Any]], None]) -> None:
        """Show a place, and do something with its screen once it is there."""
        self.action_go(name)
        self.call_later(lambda: then(self.screen))

    def has_place(self, name: str) -> bool:
        """Whether there is a screen of this name."""
        return any(place.name == name for place in PLACES)

    @on(messages.OpenRun)
    def _open_run(self, message: messages.OpenRun) -> None:
        self.push_screen(self._make_run_screen(message))
        self.history.visit(Stop(self.current_mode, message.run_hash))

    def _make_run_screen(self, message: messages.OpenRun) -> Screen[Any]:
        # Local: charts and trees are not needed before a run is opened.
        from app.screens.run import RunScreen

        screen: Screen[Any] = RunScreen(
            self.source, message.run_hash, message.siblings, tab=message.tab
        )
        return screen

    @on(messages.AddColumn)
    def _add_column(self, message: messages.AddColumn) -> None:
        def add(screen: Screen[Any]) -> None:
            screen.add_column(message.column_id)  # type: ignore[attr-defined]

        for screen in self._screen_stacks.get("runs", ()):
            if isinstance(screen, DashboardScreen) and hasattr(screen, "add_column"):
                add(screen)
                return
        self.go_and("runs", add)

    @on(messages.WriteNote)
    def _write_note(self, message: messages.WriteNote) -> None:
        from app.dialogs.note_editor import NoteEditor

        def written(text: str | None) -> None:
            if text:
                change = note_change(
                    self.source,
                    text,
                    run_hash=message.run_hash,
                    experiment_id=message.experiment_id,
                )
                self.make_change(change)

        subject = message.subject or message.run_hash or ""
        self.push_screen(NoteEditor(f"Note on {shorten(subject, 40)}"), written)

    @on(messages.ShowRuns)
    def _show_runs(self, message: messages.ShowRuns) -> None:
        self.go_and("runs", lambda screen: screen.set_query(message.query))  # type: ignore[attr-defined]

    @on(messages.ShowMetrics)
    def _show_metrics(self, message: messages.ShowMetrics) -> None:
        self.go_and("metrics", lambda screen: screen.show_request(message))  # type: ignore[attr-defined]

    @on(messages.CompareRuns)
    def _compare_runs(self, message: messages.CompareRuns) -> None:
        self.go_and("compare", lambda screen: screen.show_request(message))  # type: ignore[attr-defined]

    # The source

    @on(messages.SourceChanged)
    def _tell_screens(self, message: messages.SourceChanged) -> None:
        for stack in self._screen_stacks.values():
            for screen in stack:
                if isinstance(screen, DashboardScreen):
                    screen.source_changed(message.run_hashes)
        self._count_running()
        self.note_changes(message.run_hashes)

    def _count_running(self) -> None:
        self.load("running", self._running_count, self._show_running)

    def _running_count(self) -> int:
        return self.source.activity().active_run_count

    def _show_running(self, running_count: int) -> None:
        self.set_standing(running_count=running_count)

    def _update_clock(self) -> None:
        self.set_standing(now_s=self.clock() // 60 * 60)

    def set_standing(self, **changes: Any) -> None:
        """Change what the top line tells."""
        self.standing = replace(self.standing, **changes)
        # Also under a dialog. While the program ends, answers still arrive for screens whose
        # parts are gone already.
        for screen in self.screen_stack:
            if isinstance(screen, DashboardScreen):
                screen.show_standing()

    # Keys that work everywhere

    def action_press(self, key: str) -> None:
        """Act as if a key had been pressed; for clicks on the footer."""
        self.simulate_key(key)

    def action_focus_query(self) -> None:
        """Filter what has the focus."""
        if isinstance(self.screen, DashboardScreen) and not self.screen.focus_query():
            self.notify("There is nothing to filter here.", timeout=2)

    def action_step_back(self) -> None:
        """Leave one layer: a load, a mode of the screen, a screen on top. Never the program."""
        screen = self.screen
        if not isinstance(screen, DashboardScreen):
            return
        if screen.step_back() or (screen.has_class("-loading") and screen.cancel_loads()):
            return
        if len(self.screen_stack) > 1:
            self.pop_screen()
            self.history.visit(Stop(self.current_mode))

    def action_refresh(self) -> None:
        """Read everything on this screen again."""
        if self.standing.problem:
            self.try_now()
        elif isinstance(self.screen, DashboardScreen):
            self.screen.refresh_data()
            self.notify("All of this screen is read again.", timeout=2)

    async def action_quit(self) -> None:
        """Leave the program; ask if others need it or something is not done yet."""
        reasons = self._reasons_to_stay()
        if not reasons:
            self.exit()
            return
        # Local: most people never see it.
        from app.dialogs.confirm import QuitDialog

        self.push_screen(QuitDialog(reasons), lambda sure: self.exit() if sure else None)

    def _reasons_to_stay(self) -> list[str]:
        reasons = []
        dependants = self.serving.dependants(self.standing.running_count)
        if dependants:
            reasons.append(f"{dependants} would lose the connection to this store.")
        elif self.serving.is_wanted:
            reasons.append(f"The server at {self.serving.url} would stop.")
        if self.unfinished_changes:
            what = plural(self.unfinished_changes, "change")
            reasons.append(f"{what} not made yet: leaving waits for that.")
        return reasons

    def settings_applied(self) -> None:
        """What else depends on settings."""
        self.use_alert_settings()
