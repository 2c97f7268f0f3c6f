"""Figures of a running server: requests, latencies, errors, ingestion."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from msgspec import Struct


class PathFigures(Struct, frozen=True):
    """Requests of one path."""

    method: str
    path: str
    count: int
    median_ms: float
    p95_ms: float


class ErrorFigure(Struct, frozen=True):
    """A request that failed."""

    time_s: float
    method: str
    path: str
    status: int


class ServerFigures(Struct, frozen=True):
    """One moment of a server."""

    time_s: float
    """When it was read, on a clock that only goes forward."""
    request_count: int
    requests_per_s: float
    error_count: int
    median_ms: float
    p95_ms: float
    clients: int
    """Open ingestion sockets."""
    frames: int
    ingested_points: int
    """Points taken in since the store was opened."""
    point_count: int
    size_bytes: int
    paths: tuple[PathFigures, ...]
    errors: tuple[ErrorFigure, ...]


def figures_of(tree: Mapping[str, Any]) -> ServerFigures:
    """Figures from the answer of a server."""
    server, ingest, store = tree["server"], tree["ingest"], tree["store"]
    return ServerFigures(
        time_s=time.monotonic(),
        request_count=int(server["request_count"]),
        requests_per_s=float(server["requests_per_s"]),
        error_count=int(server["error_count"]),
        median_ms=float(server["median_ms"]),
        p95_ms=float(server["p95_ms"]),
        clients=int(ingest["clients"]),
        frames=int(ingest["frames"]),
        ingested_points=int(store.get("ingested_points", 0)),
        point_count=int(store["points"]),
        size_bytes=int(store["size_bytes"]),
        paths=tuple(
            PathFigures(p["method"], p["path"], int(p["count"]), p["median_ms"], p["p95_ms"])
            for p in server["paths"]
        ),
        errors=tuple(
            ErrorFigure(e["time"], e["method"], e["path"], int(e["status"]))
            for e in server["errors"]
        ),
    )
