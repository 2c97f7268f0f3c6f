"""Server: the REST server of this store, started and stopped here, with live figures."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from functools import partial
from typing import ClassVar

from textual import getters
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from app.commands import Scope, bindings
from app.dialogs.confirm import ConfirmDialog
from app.dialogs.new_token import NewToken, NewTokenDialog, SecretDialog
from app.dialogs.text_input import TextDialog
from app.screens.base import DashboardScreen
from app.sources import Feature, Source
from app.sources.figures import ServerFigures
from app.widgets.server_panes import (
    REQUEST_COLUMNS,
    TOKEN_COLUMNS,
    curl_line,
    error_text,
    load_text,
    request_rows,
    serving_text,
    token_rows,
)
from app.widgets.simple_grid import SimpleGrid
from store.errors import StoreError
from store.models.access import Token

POLL_S = 1.0
COPIED_S = 3.0
HISTORY = 60
DEFAULT_ADDRESS = ("127.0.0.1", 53800)


def parse_address(text: str) -> tuple[str, int] | None:
    """Host and port of `host:port`, `:port` or `port`; None if it is none of these."""
    host, _, port = text.strip().rpartition(":")
    if not port.isdigit() or not 0 <= int(port) <= 65535:
        return None
    return (host.strip("[]") or "127.0.0.1", int(port))


class ServerScreen(DashboardScreen):
    """State, figures, requests, errors and tokens of the server."""

    PLACE = "server"
    SCOPES = (Scope.SERVER, Scope.TABLE)
    NEEDS: ClassVar[Mapping[str, Feature]] = {
        "start_or_stop": Feature.SERVE,
        "address": Feature.SERVE,
        "new_token": Feature.TOKENS,
        "revoke_token": Feature.TOKENS,
    }
    CSS_PATH = "server.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.SERVER)

    requests = getters.query_one("#requests", SimpleGrid)
    tokens = getters.query_one("#tokens", SimpleGrid)

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._rates: deque[float] = deque(maxlen=HISTORY)
        self._last: ServerFigures | None = None
        self._tokens: list[Token] = []

    def compose_body(self) -> Iterable[Widget]:
        """State and load at the top, requests below, tokens and errors at the bottom."""
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
        with Horizontal(id="bottom"):
            with Vertical(id="tokens-pane", classes="pane") as pane:
                pane.border_title = "tokens"
                yield SimpleGrid(id="tokens")
            with Vertical(id="errors-pane", classes="pane") as pane:
                pane.border_title = "errors"
                yield Static("none", id="errors", markup=False)

    def on_mount(self) -> None:
        """Look every second while this screen is shown."""
        super().on_mount()
        self.requests.set_columns(REQUEST_COLUMNS)
        self.tokens.set_columns(TOKEN_COLUMNS)
        self.requests.focus()
        self.set_interval(POLL_S, self._poll)
        self.refresh_data()

    def _poll(self) -> None:
        if self.is_current:
            self._read_figures()

    def follow(self, run_hashes: frozenset[str] | None) -> None:
        """The figures are read every second anyway; tokens change as no run does."""
        if not run_hashes:
            self._read_tokens()

    def refresh_data(self) -> None:
        """Read everything again."""
        self._show_state()
        self._read_figures()
        self._read_tokens()

    def _read_figures(self) -> None:
        if self.source.store is None:
            self.load("figures", self.source.server_figures, self._show, self._no_figures)
        elif self.dashboard.serving.is_serving:
            self.load("figures", self.dashboard.serving.figures, self._show, self._no_figures)

    def _read_tokens(self) -> None:
        if Feature.TOKENS in self.source.features:
            find = self.source.tokens().find
            self.load("tokens", find, self._show_tokens, lambda _: None)

    # Showing

    @property
    def _needs_token(self) -> bool:
        return self.dashboard.serving.needs_token

    def _show_state(self) -> None:
        serving = self.dashboard.serving
        address = self.dashboard.view_state.serve_address
        if self.source.store is None:
            text = Content.assemble(
                (f"{self.source.address}\n\n", "bold"),
                "This dashboard is attached to a server that runs elsewhere.\n",
                ("It can be started and stopped there.", "$foreground 60%"),
            )
        elif serving.is_serving:
            now = self.dashboard.clock()
            since_s = now - (serving.started_at or now)
            text = serving_text(serving.url, since_s, needs_token=self._needs_token)
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

    def _show(self, figures: ServerFigures | None) -> None:
        if figures is None:
            # It was stopped in between.
            return
        last, self._last = self._last, figures
        if last is not None and figures.time_s > last.time_s:
            points = max(0, figures.ingested_points - last.ingested_points)
            self._rates.append(points / (figures.time_s - last.time_s))
        connection_count = None
        if self.source.store is not None:
            self._show_state()
            connection_count = self.dashboard.serving.connection_count
        text = load_text(figures, self._rates, connection_count)
        self.query_one("#load", Static).update(text)
        self.requests.show_rows(request_rows(figures))
        self.query_one("#errors", Static).update(error_text(figures))

    def _no_figures(self, error: StoreError) -> None:
        self.query_one("#load", Static).update(Content.styled(str(error), "$foreground 60%"))

    def _show_tokens(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self.tokens.show_rows(token_rows(tokens, self.dashboard.clock()))

    # Acts

    def _is_refused(self, action: str) -> bool:
        """Whether the source does not allow an action; says why."""
        if why := self.why_not(action):
            self.notify(f"Not possible here: {why}.", severity="warning", timeout=4)
        return bool(why)

    def action_start_or_stop(self) -> None:
        """Serve this store, or stop."""
        if self._is_refused("start_or_stop"):
            return
        serving = self.dashboard.serving
        if serving.is_serving:
            self.load("serve", serving.stop, lambda _: self._stopped())
            return
        host, port = parse_address(self.dashboard.view_state.serve_address) or DEFAULT_ADDRESS
        self.load(
            "serve", partial(serving.start, host, port, self.dashboard.clock()), self._started
        )

    def _started(self, _: str) -> None:
        self.refresh_data()
        if self._needs_token and not any(
            token.is_valid(self.dashboard.clock()) for token in self._tokens
        ):
            self.notify("Nobody has a token yet: n makes one.", severity="warning", timeout=6)

    def _stopped(self) -> None:
        self._last = None
        self._rates.clear()
        self.refresh_data()

    def action_address(self) -> None:
        """Change host and port."""
        if self._is_refused("address"):
            return

        def problem(text: str) -> str:
            return "" if parse_address(text) else "Type host:port, such as 127.0.0.1:53800."

        def given(text: str | None) -> None:
            if text:
                self.dashboard.update_state(serve_address=text)
                self.refresh_data()

        dialog = TextDialog(
            "Address to serve on",
            value=self.dashboard.view_state.serve_address,
            hint="Any address but this machine's own asks clients for a token; n makes one.",
            problem_with=problem,
        )
        self.app.push_screen(dialog, given)

    def action_copy(self) -> None:
        """Copy the address."""
        self._copy(self.dashboard.serving.url or self.source.address)

    def action_copy_curl(self) -> None:
        """Copy a line for a shell."""
        url = self.dashboard.serving.url
        if url:
            self._copy(curl_line(url, needs_token=self._needs_token))
        else:
            self.notify("There is no server to ask; s starts it.", timeout=3)

    def _copy(self, text: str) -> None:
        self.app.copy_to_clipboard(text)
        # Said in the frame: a toast would lie over the figures.
        pane = self.query_one("#state-pane", Vertical)
        pane.border_subtitle = "copied"
        self.set_timer(COPIED_S, lambda: setattr(pane, "border_subtitle", ""))

    def action_new_token(self) -> None:
        """Make an access token."""
        if why := self.why_not("new_token"):
            self.notify(f"No token can be made here: {why}.", severity="warning", timeout=6)
            return

        def given(wanted: NewToken | None) -> None:
            if wanted is not None:
                self.load("new token", partial(self._create, wanted), self._created)

        self.app.push_screen(NewTokenDialog(), given)

    def _create(self, wanted: NewToken) -> tuple[Token, str]:
        return self.source.tokens().create(wanted.name, wanted.role, wanted.tenant, wanted.days)

    def _created(self, made: tuple[Token, str]) -> None:
        token, secret = made
        self._read_tokens()
        self.app.push_screen(SecretDialog(token.name, secret))

    def action_revoke_token(self) -> None:
        """Make the token under the cursor worthless."""
        if self._is_refused("revoke_token"):
            return
        key = self.tokens.cursor_key
        token = next((each for each in self._tokens if each.id == key), None)
        if token is None or token.revoked_at is not None:
            self.notify("There is no token to revoke here.", timeout=3)
            return

        def answered(is_sure: bool | None) -> None:
            if is_sure:
                revoke = partial(self.source.tokens().revoke, token.id)
                self.load("revoke", revoke, lambda _: self._read_tokens())

        text = (
            f"{token.name} ({token.role}, {token.tenant}) opens nothing any more, at once.\n"
            "This cannot be taken back."
        )
        self.app.push_screen(ConfirmDialog("Revoke token?", text, verb="Revoke"), answered)
