"""What the screens of dashboards and reports have in common: reading panels, opening, suggestions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from textual import on

from app.boards.board import Panel
from app.boards.contents import Content, PanelLook
from app.boards.kinds import KINDS, PanelKind, Suggest
from app.boards.names import names_of
from app.boards.reading import read_panel
from app.dialogs.command_menu import Choice, CommandMenu
from app.dialogs.panel_settings import PanelSettings
from app.dialogs.text_input import TextDialog
from app.formatting import file_stem
from app.panels.board_panels.opening import request_of
from app.panels.board_panels.panel import BoardPanel
from app.screens.chart_requests import ChartRequests
from app.screens.link_following import FollowsLinks
from app.sources import Source
from app.traces.export import write_text

Names = Mapping[Suggest, Sequence[str]]


class BoardScreen(FollowsLinks, ChartRequests):
    """A screen with panels that read themselves."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._names: Names = {}

    def look(self) -> PanelLook:
        """How values look now."""
        config = self.dashboard.config
        return PanelLook(
            now_s=self.dashboard.clock(),
            digits=config.number_digits,
            is_dark=self.app.current_theme.dark,
            ascii_only=config.ascii_only,
            stale_after_s=config.stale_after_s,
            directions={
                **config.metric_directions,
                **dict(self.dashboard.view_state.metric_directions),
            },
        )

    def read_content(self, panel: Panel, look: PanelLook) -> Content:
        """What a panel shows; blocks."""
        return read_panel(self.source, panel, look)

    # Panels

    @on(BoardPanel.Opened)
    def _panel_opened(self, message: BoardPanel.Opened) -> None:
        panel = message.panel
        request = request_of(panel.panel, message.run_hash, panel.run_hashes, panel.drawn)
        if request is not None:
            self.post_message(request)

    def load_names(self) -> None:
        """Read what can be suggested in settings."""
        self.load("names", lambda: names_of(self.source.params_overview()), self._keep_names)

    def _keep_names(self, names: Names) -> None:
        self._names = names

    def choose_panel(self, then: Callable[[PanelKind], None]) -> None:
        """Ask for a kind of panel."""
        choices = [Choice(kind.value, info.title, info.help) for kind, info in KINDS.items()]

        def chosen(answer: str | None) -> None:
            if answer is not None:
                then(PanelKind(answer))

        self.app.push_screen(CommandMenu("Add a panel", choices), chosen)

    def usual_settings(self, kind: PanelKind) -> dict[str, str]:
        """Settings of a new panel: a metric where one is needed."""
        metrics = self._names.get(Suggest.METRIC, ())
        params = [
            each for each in self._names.get(Suggest.FIELD, ()) if each.startswith("params.")
        ]
        usual: dict[str, str] = {}
        for setting in KINDS[kind].settings:
            if setting.name == "metric" and metrics and kind is not PanelKind.COUNTER:
                usual["metric"] = metrics[0]
            elif setting.name == "x" and params:
                usual["x"] = params[0]
            elif setting.name == "y" and metrics:
                usual["y"] = f"metrics.{metrics[0]}"
        return usual

    def configure_panel(self, panel: Panel, verb: str, then: Callable[[Panel], None]) -> None:
        """Ask for the settings of a panel."""

        def kept(answer: Panel | None) -> None:
            if answer is not None:
                then(answer)

        self.app.push_screen(PanelSettings(panel, verb=verb, names=self._names), kept)

    # Files

    def ask_export(
        self,
        title: str,
        file_name: str,
        formats: Mapping[str, tuple[str, str]],
        make: Callable[[str], str],
    ) -> None:
        """Ask for a format and a file, and write what `make` gives for the format.

        Args:
            title: Of the menu.
            file_name: Without its ending.
            formats: Ending to title and help.
            make: Called in a thread with the ending.
        """
        choices = [Choice(suffix, *words) for suffix, words in formats.items()]

        def chosen(suffix: str | None) -> None:
            if suffix is None:
                return
            dialog = TextDialog("File to write", value=f"{file_stem(file_name)}.{suffix}")
            self.app.push_screen(dialog, partial(write, suffix))

        def write(suffix: str, path: str | None) -> None:
            if path:
                work = partial(_write, make, suffix, Path(path).expanduser())
                self.load("export", work, self._exported)

        self.app.push_screen(CommandMenu(title, choices), chosen)

    def _exported(self, where: str) -> None:
        self.notify(where, timeout=5, markup=False)


def _write(make: Callable[[str], str], suffix: str, path: Path) -> str:
    return write_text(path, make(suffix))
