"""A server on a thread of its own, beside the dashboard or alone.

Listens on TCP, on a Unix socket, or on both. Stopping lets running requests finish.
"""

from __future__ import annotations

import logging
import socket
import sys
import threading
from pathlib import Path
from typing import Any

import uvicorn

from server.access.logs import configure_logs
from server.api import create_api
from server.parts import ServerParts
from server.settings import ServerSettings
from server.watch import ChangeWatch
from store import Store

# Whoever embeds a server decides where its log goes. Without this, warnings would be written
# across the dashboard.
for _name in ("uvicorn", "runfolio"):
    logging.getLogger(_name).addHandler(logging.NullHandler())

BACKLOG = 2048
START_TIMEOUT_S = 15.0

THREAD_SWITCH_S = 0.0005
"""How long a busy thread may keep the event loop waiting; Python's own 5 ms double the wait
for an acknowledgement while points are being committed."""


class _Server(uvicorn.Server):
    """Says when it is ready, or that it never will be."""

    def __init__(self, config: uvicorn.Config, watch: ChangeWatch) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self._watch = watch

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Clients that wait for changes are running requests: send them home first.
        self._watch.stop()
        await super().shutdown(sockets)


class EmbeddedServer:
    """Serves one store until it is stopped."""

    def __init__(self, store: Store, settings: ServerSettings) -> None:
        self._settings = settings
        self._sockets: list[socket.socket] = []
        self._url: str | None = None
        self._failure: BaseException | None = None
        self._thread: threading.Thread | None = None
        self._parts = parts = ServerParts.of(store, settings)
        self._server = _Server(
            uvicorn.Config(
                create_api(store, settings, parts),
                loop="uvloop",
                http="httptools",
                ws="websockets-sansio",
                ws_max_size=settings.max_frame_bytes,
                ws_per_message_deflate=False,
                log_config=None,
                log_level="warning",
                access_log=False,
                lifespan="on",
                backlog=BACKLOG,
                limit_concurrency=settings.max_connections,
                timeout_graceful_shutdown=int(settings.stop_timeout_s) or 1,
                server_header=False,
                ssl_certfile=settings.tls_certificate,
                ssl_keyfile=settings.tls_key,
            ),
            parts.watch,
        )

    @property
    def url(self) -> str | None:
        """Address over TCP, without a slash at the end; None when not on TCP."""
        return self._url

    @property
    def is_running(self) -> bool:
        """Whether requests are answered now."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def connection_count(self) -> int:
        """Connections that are open now, idle ones too."""
        return len(self._server.server_state.connections)

    @property
    def is_token_required(self) -> bool:
        """Whether clients over TCP have to show a token."""
        return self._settings.is_token_required

    def statistics(self) -> dict[str, Any]:
        """What the route `statistics` answers, without asking it over the network."""
        from server.rest.extras.statistics import statistics_of

        return statistics_of(self._parts).model_dump()

    def start(self) -> str | None:
        """Listen; returns once requests are answered.

        Raises:
            OSError: If the address is taken or may not be used.
        """
        try:
            self._bind()
        except OSError:
            self._close_sockets()
            raise
        if self._settings.has_log:
            configure_logs(sys.stderr)
        sys.setswitchinterval(min(sys.getswitchinterval(), THREAD_SWITCH_S))
        self._thread = threading.Thread(target=self._run, name="runfolio-server", daemon=True)
        self._thread.start()
        self._server.ready.wait(START_TIMEOUT_S)
        if not self._server.started:
            self.stop()
            raise OSError("The server did not start") from self._failure
        return self._url

    def stop(self) -> None:
        """Answer no new requests, finish running ones, and end the thread."""
        if self._thread is None:
            return
        self._server.should_exit = True
        self._thread.join(self._settings.stop_timeout_s + 5.0)
        self._thread = None
        self._close_sockets()
        if self._settings.socket_path is not None:
            self._settings.socket_path.unlink(missing_ok=True)

    def wait(self) -> None:
        """Block until the server is stopped by another thread."""
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            self._server.run(sockets=self._sockets)
        except BaseException as error:  # noqa: BLE001 - told to whoever called `start`
            self._failure = error
        finally:
            self._server.ready.set()

    def _bind(self) -> None:
        settings = self._settings
        if settings.port is not None:
            family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
            listener = socket.socket(family, socket.SOCK_STREAM)
            self._sockets.append(listener)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((settings.host, settings.port))
            port = listener.getsockname()[1]
            host = f"[{settings.host}]" if ":" in settings.host else settings.host
            scheme = "http" if settings.tls_certificate is None else "https"
            self._url = f"{scheme}://{host}:{port}{settings.base_path}"
        # uvicorn would speak TLS on the Unix socket as well, where nobody expects it.
        if settings.socket_path is not None and settings.tls_certificate is None:
            self._sockets.append(_unix_listener(settings.socket_path))

    def _close_sockets(self) -> None:
        for listener in self._sockets:
            listener.close()
        self._sockets.clear()


def _unix_listener(path: Path) -> socket.socket:
    """A Unix socket that only its owner may open; one left behind is replaced."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(str(path))
        path.chmod(0o600)
    except OSError:
        listener.close()
        raise
    return listener
