"""Server: the REST server of this store, started and stopped here, with live figures."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from textual import getters
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from app.commands import Scope, bindings
from app.dialogs.text_input import TextDialog
from app.formatting import clock_time, count, duration, short_count, size
from app.screens.base import DashboardScreen
from app.sources import Source
from app.sources.figures import ServerFigures
from app.widgets.cells import plain, sparkline
from app.widgets.grid import GridColumn
from app.widgets.simple_grid import GridRow, SimpleGrid

POLL_S = 1.0
HISTORY = 60


def parse_address(text: str) -> tuple[str, int] | None:
    """Host and port of `host:port`, `:port` or `port`; None if it is none of these."""
    host, _, port = text.strip().rpartition(":")
    if not port.isdigit() or not 0 <= int(port) <= 65535:
        return None
    return (host.strip("[]") or "127.0.0.1", int(port))


class ServerScreen(DashboardScreen):
    """State, figures, requests and errors of the server."""

    PLACE = "server"
    SCOPES = (Scope.SERVER, Scope.TABLE)
    CSS_PATH = "server.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.SERVER)

    requests = getters.query_one("#requests", SimpleGrid)

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._rates: deque[float] = deque(maxlen=HISTORY)
        self._last: ServerFigures | None = None

    def compose_body(self) -> Iterable[Widget]:
        """State and load at the top, requests and errors below."""
        with Horizontal(id="top"):
            with Vertical(id="state-pane", classes="pane") as pane:
                pane.border_title = "server"
                yield Static(id="state")
            with Vertical(id="load-pane", classes="pane") as pane:
                pane.border_title = "load"
                yield Static(id="load")
        with Vertical(id="requests-pane", classes="pane") as pane:
            pane.border_title = "requests"
            yield SimpleGrid(id="requests")
        with Vertical(id="errors-pane", classes="pane") as pane:
            pane.border_title = "errors"
            yield Static("none", id="errors", markup=False)

    def on_mount(self) -> None:
        """Look every second while this screen is shown."""
        super().on_mount()
        self.requests.set_columns(
            [
                GridColumn("method", "method", 7),
                GridColumn("path", "path", 52),
                GridColumn("count", "count", 9, is_right=True),
                GridColumn("median", "median", 10, is_right=True),
                GridColumn("p95", "p95", 10, is_right=True),
            ]
        )
        self.requests.focus()
        self.set_interval(POLL_S, self._poll)
        self.refresh_data()

    def _poll(self) -> None:
        if self.is_current and self.dashboard.serving.url:
            self.refresh_data()

    def follow(self, run_hashes: frozenset[str] | None) -> None:
        """The figures are read every second anyway."""

    def refresh_data(self) -> None:
        """Read the figures again."""
        self._show_state()
        if self.dashboard.serving.url:
            self.load("figures", self.dashboard.serving.figures, self._show, lambda _: None)

    # Showing

    def _show_state(self) -> None:
        serving = self.dashboard.serving
        address = self.dashboard.view_state.serve_address
        if self.source.store is None:
            text = Content.assemble(
                (f"{self.source.address}\n\n", "bold"),
                "This dashboard is attached to a server that runs elsewhere.\n",
                ("It can be started and stopped there.", "$foreground 60%"),
            )
        elif serving.url:
            since = self.dashboard.clock() - (serving.started_at or self.dashboard.clock())
            text = Content.assemble(
                ("● serving ", "bold $success"),
                (f"{serving.url}\n\n", "bold"),
                (f"for {duration(since)}\n", "$foreground 60%"),
                ("API       ", "$foreground 60%"),
                f"{serving.url}/docs\n",
                ("Python    ", "$foreground 60%"),
                f'Run(repo="{serving.url}")\n',
                ("attach    ", "$foreground 60%"),
                f"runfolio {serving.url}",
            )
        else:
            text = Content.assemble(
                ("○ not serving\n\n", "bold"),
                f"s starts the REST server on {address}, e changes the address.\n",
                (
                    "Dashboards on this machine attach to this store without it.",
                    "$foreground 60%",
                ),
            )
        self.query_one("#state", Static).update(text)

    def _show(self, figures: ServerFigures) -> None:
        last, self._last = self._last, figures
        if last is not None and figures.time_s > last.time_s:
            frames = max(0, figures.frames - last.frames)
            self._rates.append(frames / (figures.time_s - last.time_s))
        rate = self._rates[-1] if self._rates else 0.0
        rows = [
            ("requests", f"{count(figures.request_count)}   {figures.requests_per_s:.1f}/s"),
            ("latency", f"{figures.median_ms:.1f} ms median   {figures.p95_ms:.1f} ms p95"),
            ("errors", count(figures.error_count)),
            ("sockets", count(figures.clients)),
            ("frames", f"{count(figures.frames)}   {short_count(rate)}/s"),
            ("points", count(figures.point_count)),
            ("on disk", size(figures.size_bytes)),
        ]
        parts = [
            Content.assemble((f"{name:<10}", "$foreground 60%"), f"{value}\n")
            for name, value in rows
        ]
        curve = sparkline(list(self._rates), min(len(self._rates), 40)) if self._rates else ""
        parts.append(Content.styled(curve, "$primary"))
        self.query_one("#load", Static).update(Content("").join(parts))
        self.requests.show_rows(
            [
                GridRow(
                    f"{each.method} {each.path}",
                    (
                        plain(each.method, "muted"),
                        plain(each.path),
                        plain(count(each.count), is_right=True),
                        plain(f"{each.median_ms:.1f} ms", is_right=True),
                        plain(f"{each.p95_ms:.1f} ms", is_right=True),
                    ),
                    (each.method, each.path, each.count, each.median_ms, each.p95_ms),
                )
                for each in figures.paths
            ]
        )
        lines = [
            f"{clock_time(each.time_s)}  {each.status}  {each.method} {each.path}"
            for each in figures.errors[-6:]
        ]
        self.query_one("#errors", Static).update("\n".join(lines) or "none")

    # Acts

    def action_start_or_stop(self) -> None:
        """Serve this store, or stop."""
        serving = self.dashboard.serving
        if serving.url:
            self.load("serve", serving.stop, lambda _: self.refresh_data())
            return
        host, port = parse_address(self.dashboard.view_state.serve_address) or (
            "127.0.0.1",
            53800,
        )
        self.load(
            "serve", partial(serving.start, host, port, self.dashboard.clock()), self._started
        )

    def _started(self, url: str) -> None:
        self.notify(f"Serving on {url}", timeout=4, markup=False)
        self.refresh_data()

    def action_address(self) -> None:
        """Change host and port."""

        def problem(text: str) -> str:
            return "" if parse_address(text) else "Type host:port, such as 127.0.0.1:53800."

        def given(text: str | None) -> None:
            if text:
                self.dashboard.update_state(serve_address=text)
                self.refresh_data()

        dialog = TextDialog(
            "Address to serve on",
            value=self.dashboard.view_state.serve_address,
            hint="Any address but this machine's own asks clients for a token; see runfolio token.",
            problem_with=problem,
        )
        self.app.push_screen(dialog, given)

    def action_copy(self) -> None:
        """Copy the address."""
        url = self.dashboard.serving.url or self.source.address
        self.app.copy_to_clipboard(url)
        self.notify(f"Copied {url}", timeout=2, markup=False)
