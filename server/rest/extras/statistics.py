"""Figures for the dashboard's page about the server."""

import time
from collections import defaultdict
from collections.abc import Iterable
from importlib.metadata import version

import numpy as np
from fastapi import APIRouter

from server.deps import PartsDep
from server.ingest.counters import IngestCounters
from server.parts import ServerParts
from server.schemas.extras import (
    IngestStatisticsOut,
    PathStatistics,
    RecentError,
    ServerStatisticsOut,
    StatisticsOut,
    StoreStatisticsOut,
)
from server.telemetry import RecentRequest, Telemetry

router = APIRouter(tags=["extras"])

_MINUTE_S = 60.0


@router.get("/statistics")
def statistics_get(parts: PartsDep) -> StatisticsOut:
    """How busy the server is and how large the store."""
    return statistics_of(parts)


def statistics_of(parts: ServerParts) -> StatisticsOut:
    """The figures of a server."""
    return StatisticsOut(
        server=_server(parts.telemetry),
        ingest=_ingest(parts.ingest),
        store=StoreStatisticsOut.model_validate(parts.store.statistics()),
    )


def _server(telemetry: Telemetry) -> ServerStatisticsOut:
    recent = list(telemetry.recent)
    now = time.time()
    window_s = min(_MINUTE_S, max(1.0, now - telemetry.started_at))
    lately = sum(request.ended_at > now - window_s for request in recent)
    median_ms, p95_ms = _percentiles(recent)
    return ServerStatisticsOut(
        version=version("runfolio"),
        started_at=telemetry.started_at,
        active_requests=telemetry.active_requests,
        request_count=sum(counts.count for counts in list(telemetry.routes.values())),
        requests_per_s=lately / window_s,
        error_count=telemetry.error_count,
        median_ms=median_ms,
        p95_ms=p95_ms,
        paths=_paths(telemetry, recent),
        errors=[
            RecentError(
                time=each.ended_at, method=each.method, path=each.path, status=each.status
            )
            for each in list(telemetry.errors)
        ],
    )


def _paths(telemetry: Telemetry, recent: Iterable[RecentRequest]) -> list[PathStatistics]:
    counts: defaultdict[tuple[str, str], int] = defaultdict(int)
    for (method, path, _), each in list(telemetry.routes.items()):
        counts[method, path] += each.count
    by_path: defaultdict[tuple[str, str], list[RecentRequest]] = defaultdict(list)
    for request in recent:
        by_path[request.method, request.path].append(request)
    rows = []
    for (method, path), count in sorted(counts.items(), key=lambda item: -item[1]):
        median_ms, p95_ms = _percentiles(by_path[method, path])
        rows.append(
            PathStatistics(
                method=method, path=path, count=count, median_ms=median_ms, p95_ms=p95_ms
            )
        )
    return rows


def _percentiles(requests: Iterable[RecentRequest]) -> tuple[float, float]:
    """Median and 95th percentile of durations in milliseconds; zeros when none."""
    durations_ms = np.array([request.duration_s for request in requests]) * 1000
    if not len(durations_ms):
        return 0.0, 0.0
    median_ms, p95_ms = np.percentile(durations_ms, (50, 95))
    return float(median_ms), float(p95_ms)


def _ingest(counters: IngestCounters) -> IngestStatisticsOut:
    return IngestStatisticsOut(
        clients=counters.connections,
        frames=counters.frames,
        errors=counters.errors,
        messages=dict(counters.messages),
    )
