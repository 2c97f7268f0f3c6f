"""Serving the open store from inside the dashboard.

The owner of a store always listens on a Unix socket inside its folder, so that a second
dashboard can attach; a TCP address is added when a person asks for it. Everything here
blocks and belongs in a thread.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from app.formatting import plural
from app.sources.errors import FeatureMissingError
from store.errors import StoreError
from store.ownership import socket_path

if TYPE_CHECKING:
    from app.sources.figures import ServerFigures
    from server.embed import EmbeddedServer
    from store import Store


class ServingError(StoreError):
    """The server cannot be started at an address."""

    code = "serving_failed"

    def __init__(self, address: str, why: str) -> None:
        self.address = address
        super().__init__(f"Cannot serve on {address}: {why}")


class Serving:
    """The servers of one store: its socket, and perhaps a TCP address."""

    def __init__(self, store: Store | None) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._socket_server: EmbeddedServer | None = None
        self._tcp_server: EmbeddedServer | None = None
        self.started_at: float | None = None
        """When the TCP server was started."""
        self.is_wanted = False
        """Whether a person asked for the TCP server, who may miss it."""

    def adopt(self, store: Store) -> bool:
        """Serve a store that was taken over; whether it is another one than before."""
        with self._lock:
            is_new = self._store is not store
            self._store = store
            return is_new

    @property
    def url(self) -> str:
        """Address that programs can use; empty while not serving on TCP."""
        server = self._tcp_server
        return (server.url or "") if server is not None else ""

    @property
    def has_socket(self) -> bool:
        """Whether the store's own socket is being served."""
        return self._socket_server is not None

    def dependants(self, running_count: int) -> str:
        """Who is cut off when this process ends, in words; empty if nobody is.

        Runs only count while programs can reach the store: without a server nobody can be
        logging into it, and a run that died without an end must not ask for ever.
        """
        servers = (self._socket_server, self._tcp_server)
        clients = sum(server.connection_count for server in servers if server is not None)
        runs = running_count if self.url else 0
        counted = ((clients, "client"), (runs, "running run"))
        return " and ".join(plural(count, what) for count, what in counted if count)

    def open_socket(self) -> None:
        """Listen on the store's socket; nothing happens if that is so already."""
        with self._lock:
            if self._store is None or self._socket_server is not None:
                return
            self._socket_server = self._start(socket=True)
            self._publish()

    def start(self, host: str, port: int, now_s: float, *, is_wanted: bool = True) -> str:
        """Serve on a TCP address, because a person asked for it or not; the URL.

        Raises:
            ServingError: If the address cannot be used.
            FeatureMissingError: If the store belongs to another process.
        """
        if self._store is None:
            raise FeatureMissingError("Serving", "the data is on another server already")
        with self._lock:
            if self._tcp_server is None:
                self._tcp_server = self._start(host=host, port=port)
                self.started_at = now_s
                self.is_wanted = is_wanted
                self._publish()
            return self.url

    def stop(self) -> None:
        """Serve on TCP no more."""
        with self._lock:
            if self._tcp_server is not None:
                self._tcp_server.stop()
                self._tcp_server = None
                self._publish()
            self.started_at, self.is_wanted = None, False

    @property
    def is_serving(self) -> bool:
        """Whether programs can reach the store at an address."""
        return bool(self.url)

    @property
    def needs_token(self) -> bool:
        """Whether clients of that address have to show a token."""
        server = self._tcp_server
        return server is not None and server.is_token_required

    @property
    def connection_count(self) -> int:
        """Connections to that address that are open now."""
        server = self._tcp_server
        return 0 if server is None else server.connection_count

    def figures(self) -> ServerFigures | None:
        """Figures of the TCP server; None if there is none. Asking is not counted in them."""
        from app.sources.figures import figures_of

        server = self._tcp_server
        return None if server is None else figures_of(server.statistics())

    def close(self) -> None:
        """Stop everything; called before the store is closed."""
        self.stop()
        with self._lock:
            if self._socket_server is not None:
                self._socket_server.stop()
            self._socket_server = None

    def _start(self, *, host: str = "", port: int = 0, socket: bool = False) -> EmbeddedServer:
        # Local: importing the server takes about as long as everything else together.
        from server.embed import EmbeddedServer
        from server.settings import ServerSettings

        assert self._store is not None
        path = socket_path(self._store.path) if socket else None
        if path is not None:
            settings = ServerSettings(port=None, socket_path=path, has_web_ui=False)
        else:
            settings = ServerSettings(host=host, port=port)
        server = EmbeddedServer(self._store, settings)
        try:
            server.start()
        except OSError as error:
            raise ServingError(f"{host}:{port}" if host else str(path), str(error)) from error
        return server

    def _publish(self) -> None:
        """Tell other processes how to reach this one."""
        if self._store is not None:
            path = str(socket_path(self._store.path)) if self._socket_server else None
            self._store.ownership.publish(socket=path, url=self.url or None)
