"""HTTP over the Unix socket of a store's owner."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx


class UnixTransport(httpx.HTTPTransport):
    """Connects to a Unix socket, whatever host a request names."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._pool.close()
        # httpx lets nobody choose the backend, and httpcore's own leaves a socket open that
        # could not connect; with an owner that has gone that happens every second.
        self._pool = httpcore.ConnectionPool(uds=path, network_backend=_CleanBackend())


class _CleanBackend(httpcore.SyncBackend):
    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect, after a look whether anybody listens."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(timeout)
            try:
                probe.connect(path)
            except TimeoutError as error:
                raise httpcore.ConnectTimeout(str(error)) from error
            except OSError as error:
                raise httpcore.ConnectError(str(error)) from error
        return super().connect_unix_socket(path, timeout, socket_options)
