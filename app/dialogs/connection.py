"""Where the data comes from, how it is, and what can be done with it."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from app.formatting import count, size
from app.loading import Loads
from app.sources import Feature, Source, Statistics
from app.sources.reasons import why_missing
from app.widgets.header import Standing

_FEATURES = {
    Feature.WRITE: "tags, names, notes and archive can be changed",
    Feature.LIVE: "changes show by themselves",
    Feature.STATISTICS: "size and load are known",
    Feature.SETTINGS: "saved queries are kept with the data",
    Feature.ALL_NOTES: "all notes can be listed",
    Feature.TRASH: "deleted runs can be brought back",
    Feature.TOKENS: "access tokens can be made and revoked",
    Feature.SERVE: "can be served from here",
}


class ConnectionDialog(ModalScreen[None], Loads):
    """A page to read."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q,f3,ctrl+c", "dismiss(None)", show=False)
    ]

    def __init__(self, source: Source, standing: Standing) -> None:
        super().__init__()
        self._source = source
        self._standing = standing

    def compose(self) -> ComposeResult:
        """The page."""
        with Vertical(classes="dialog") as frame:
            frame.border_title = "Connection"
            frame.border_subtitle = "esc closes"
            yield Static(self._text(None), id="connection-text")

    def on_mount(self) -> None:
        """Ask how large the store is."""
        if Feature.STATISTICS in self._source.features:
            self.load("statistics", self._source.statistics, self._show, lambda _: None)

    def _show(self, statistics: Statistics) -> None:
        self.query_one("#connection-text", Static).update(self._text(statistics))

    def _text(self, statistics: Statistics | None) -> Content:
        kind = "server" if self._source.is_remote else "store in this process"
        state = self._standing.problem or "all is well"
        rows = [("address", self._source.address), ("kind", kind), ("state", state)]
        if statistics is not None:
            rows += [
                ("runs", count(statistics.run_count)),
                ("points", count(statistics.point_count)),
                ("on disk", size(statistics.size_bytes)),
            ]
        lines = [
            Content.assemble((f"{name:<10}", "$foreground 60%"), f"{value}\n")
            for name, value in rows
        ]
        lines.append(Content("\n"))
        for feature, title in _FEATURES.items():
            why_not = why_missing(self._source, feature)
            has = not why_not
            mark = Content.styled(
                "✔ " if has else "- ", "$success" if has else "$foreground 60%"
            )
            lines.append(
                Content.assemble(
                    mark,
                    (title, "" if has else "$foreground 40%"),
                    (f": {why_not}\n" if why_not else "\n", "$foreground 60%"),
                )
            )
        return Content("").join(lines)
