"""Calls to a server: JSON and binary streams, with errors as the store's own.

Thread-safe. A server that does not answer is a `SourceUnavailableError`; nothing of httpx
leaves this module.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx

from app.sources.errors import SourceError, SourceUnavailableError
from app.sources.unix import UnixTransport
from server.codec import BrokenStreamError, decode_records, read_progress
from store.errors import (
    ConflictError,
    InvalidDataError,
    NotFoundError,
    QueryStoppedError,
    ReadOnlyError,
    StoreError,
)

PREFIX = "/api/v1/rest"
AIM_PREFIX = "/api"
CONNECT_S = 5.0
READ_S = 60.0


class HttpDoor:
    """The way to one server."""

    def __init__(self, url: str, *, token: str = "", socket: str = "", title: str = "") -> None:
        self.title = title or url
        """How people call the server, in errors and in the header."""
        self.prefix = PREFIX
        """Where the routes of the API are."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._client = httpx.Client(
            base_url=url.rstrip("/"),
            headers=headers,
            timeout=httpx.Timeout(READ_S, connect=CONNECT_S),
            transport=UnixTransport(socket) if socket else None,
            # A proxy of the environment is for the world outside, not for a socket.
            trust_env=not socket,
            # Aim has some routes without the slash at the end and sends callers there.
            follow_redirects=True,
        )

    def close(self) -> None:
        """Close all connections; calls under way fail."""
        self._client.close()

    def json(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        wait_s: float = 0.0,
    ) -> Any:
        """The JSON that a call answers with; None if it answers nothing."""
        with self._translated():
            answer = self._client.request(
                method,
                self.prefix + path,
                params=params,
                json=body,
                timeout=httpx.Timeout(READ_S + wait_s, connect=CONNECT_S),
            )
            self._check(answer)
            return answer.json() if answer.content else None

    def records(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Iterator[tuple[str | int, Any]]:
        """Records of a binary stream as they arrive, without the progress frames."""
        with (
            self._translated(),
            self._client.stream(
                method, self.prefix + path, params=params, json=body, headers=headers
            ) as answer,
        ):
            if answer.is_error:
                answer.read()
            self._check(answer)
            for key, tree in decode_records(answer.iter_bytes()):
                if read_progress(key, tree) is None:
                    yield key, tree

    def download(self, path: str, params: Mapping[str, Any]) -> Iterator[bytes]:
        """The bytes of a file as they arrive."""
        with (
            self._translated(),
            self._client.stream("GET", self.prefix + path, params=params) as answer,
        ):
            if answer.is_error:
                answer.read()
            self._check(answer)
            yield from answer.iter_bytes()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except httpx.TransportError as error:
            raise SourceUnavailableError(self.title, _why(error)) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SourceError(self.title, str(error)) from error
        except RuntimeError as error:
            # httpx says so when the client was closed by another thread.
            if self._client.is_closed:
                raise SourceUnavailableError(self.title, "was closed") from error
            raise
        except (BrokenStreamError, ValueError) as error:
            raise SourceError(self.title, f"answered something unexpected: {error}") from error

    def _check(self, answer: httpx.Response) -> None:
        if answer.is_error:
            raise _error_of(self.title, answer.status_code, _message_of(answer))


def _why(error: httpx.TransportError) -> str:
    """Why nobody answers, for people rather than for programmers."""
    if isinstance(error, httpx.TimeoutException):
        return "does not answer in time."
    if isinstance(error, httpx.UnsupportedProtocol):
        return "is no address of a server; one begins with http:// or https://."
    if not isinstance(error, httpx.ConnectError):
        return "broke off in the middle of an answer."
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return "does not answer: its certificate is not trusted, or it speaks no HTTPS."
        if isinstance(cause, socket.gaierror):
            return "does not answer: no machine has this name."
        cause = cause.__cause__ or cause.__context__
    return "does not answer: nobody listens there. Is it running?"


def _message_of(answer: httpx.Response) -> str:
    try:
        body = answer.json()
    except ValueError:
        body = None
    if isinstance(body, dict):
        error = body.get("error")
        message = error.get("message") if isinstance(error, dict) else body.get("message")
        if message:
            return str(message)
    return f"HTTP status {answer.status_code}"


def _error_of(title: str, status: int, message: str) -> StoreError:
    if status == 404:
        kind, _, key = message.partition(" not found: ")
        return NotFoundError(kind.lower() or "object", key or title)
    if status == 409:
        return ConflictError(message)
    if status in (400, 422):
        return InvalidDataError("request", message)
    if status == 401:
        return SourceError(title, "wants a token. Give one with --token or RUNFOLIO_TOKEN.")
    if status == 403:
        return ReadOnlyError(message)
    if status == 503:
        return QueryStoppedError(message)
    return SourceError(title, message)
