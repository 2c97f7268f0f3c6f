"""What the server counts about its own requests.

Changed on the event loop only, read from any thread. The most recent requests are kept as
they were, for percentiles; everything older lives on in counts and buckets.
"""

from __future__ import annotations

import logging
import time
from bisect import bisect_left
from collections import deque

from msgspec import Struct, field

from server.asgi import Asgi, Event, Receive, Scope, Send, send_error

logger = logging.getLogger("runfolio.server")

BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
RECENT_REQUESTS = 4096
RECENT_ERRORS = 64


PATH_TEMPLATE = "runfolio.path_template"
"""Key of the ASGI scope under which a handler without routes names its paths."""


WAITING_PATHS = frozenset({"/api/v1/rest/changes", "/api/v1/rest/alerts/stream"})
"""Answered when something happens: how long that takes says nothing about the server."""


class RouteCounts(Struct):
    """Requests of one method, path and class of status."""

    count: int = 0
    total_s: float = 0.0
    buckets: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS_S) + 1))
    """How many took at most so long, not cumulated; the last one has no limit."""


class RecentRequest(Struct, frozen=True):
    """One request that is over."""

    ended_at: float
    """Seconds since the epoch."""
    method: str
    path: str
    """Template: ids are replaced."""
    status: int
    duration_s: float


class Telemetry(Struct):
    """Counts since the server started."""

    started_at: float = field(default_factory=time.time)
    active_requests: int = 0
    error_count: int = 0
    """Answers with a status of 500 or more."""
    routes: dict[tuple[str, str, str], RouteCounts] = field(default_factory=dict)
    """By method, path template and class of status such as `2xx`."""
    recent: deque[RecentRequest] = field(default_factory=lambda: deque(maxlen=RECENT_REQUESTS))
    errors: deque[RecentRequest] = field(default_factory=lambda: deque(maxlen=RECENT_ERRORS))
    """The last answers with a status of 400 or more."""

    def record(self, request: RecentRequest) -> None:
        """Count a request that is over."""
        key = (request.method, request.path, f"{request.status // 100}xx")
        counts = self.routes.get(key)
        if counts is None:
            counts = self.routes[key] = RouteCounts()
        counts.count += 1
        counts.total_s += request.duration_s
        counts.buckets[bisect_left(BUCKETS_S, request.duration_s)] += 1
        if request.path not in WAITING_PATHS:
            self.recent.append(request)
        if request.status >= 400:
            self.errors.append(request)
        if request.status >= 500:
            self.error_count += 1


class TelemetryMiddleware:
    """Times and counts every request; the last resort for errors that nobody expected."""

    def __init__(self, app: Asgi, telemetry: Telemetry) -> None:
        self._app = app
        self._telemetry = telemetry

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and count it when it is over."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, is_complete = 0, False
        started = time.perf_counter()

        async def send_counted(event: Event) -> None:
            nonlocal status, is_complete
            if event["type"] == "http.response.start":
                status = event["status"]
            elif not event.get("more_body", False):
                is_complete = True
            await send(event)

        self._telemetry.active_requests += 1
        try:
            await self._app(scope, receive, send_counted)
        except Exception:
            if is_complete:
                # The framework has answered, and raises again for whoever wants to know.
                return
            logger.exception("%s %s failed", scope["method"], scope["path"])
            if status:
                # Half an answer is out: only a broken connection tells the client so.
                raise
            await send_error(send_counted, 500, "Internal server error")
        finally:
            self._telemetry.active_requests -= 1
            self._telemetry.record(
                RecentRequest(
                    ended_at=time.time(),
                    method=scope["method"],
                    path=path_template(scope),
                    status=status or 500,
                    duration_s=time.perf_counter() - started,
                )
            )


def path_template(scope: Scope) -> str:
    """The path of a request with `{id}` in place of its parameters.

    Paths that no route knows share one name: clients must not be able to fill memory.
    """
    if "endpoint" not in scope:
        named: str = scope.get(PATH_TEMPLATE, "(other)")
        return named
    path: str = scope["path"]
    parameters = scope.get("path_params")
    if not parameters:
        return path
    values = {str(value) for value in parameters.values()}
    return "/".join("{id}" if part in values else part for part in path.split("/"))
