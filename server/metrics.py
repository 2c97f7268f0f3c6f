"""The `/metrics` page for Prometheus.

Names are those of matyan's backend, as far as its counters make sense in one process.
The web UI has a page of the same path: a browser that asks for HTML gets that instead.
"""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
)
from prometheus_client.gc_collector import GCCollector
from prometheus_client.metrics_core import Metric
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from server.ingest.counters import IngestCounters
from server.telemetry import BUCKETS_S, Telemetry
from store import Store
from store.search.counters import SearchCounters

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_LABELS = ("method", "path_template", "status_class")


class MetricsPage:
    """Collects what server and store count and writes it as text."""

    def __init__(self, store: Store, telemetry: Telemetry, ingest: IngestCounters) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        GCCollector(self._registry)
        PlatformCollector(self._registry)
        ProcessCollector(registry=self._registry)
        self._registry.register(_ServerCollector(telemetry))
        self._registry.register(_IngestCollector(ingest))
        self._registry.register(_StoreCollector(store))

    def render(self) -> bytes:
        """The page."""
        return generate_latest(self._registry)


class _ServerCollector(Collector):
    def __init__(self, telemetry: Telemetry) -> None:
        self._telemetry = telemetry

    def collect(self) -> Iterator[Metric]:
        """Counts and times of HTTP requests."""
        total = CounterMetricFamily("matyan_http_requests", "Requests answered", labels=_LABELS)
        duration = HistogramMetricFamily(
            "matyan_http_request_duration_seconds", "Time to answer", labels=_LABELS
        )
        for labels, counts in list(self._telemetry.routes.items()):
            total.add_metric(labels, counts.count)
            duration.add_metric(labels, _cumulated(counts.buckets), counts.total_s)
        yield total
        yield duration
        yield GaugeMetricFamily(
            "runfolio_http_requests_active",
            "Requests being answered",
            self._telemetry.active_requests,
        )


def _cumulated(buckets: list[int]) -> list[tuple[str, float]]:
    names = [*(str(limit) for limit in BUCKETS_S), "+Inf"]
    so_far = 0
    rows: list[tuple[str, float]] = []
    for name, count in zip(names, buckets, strict=True):
        so_far += count
        rows.append((name, so_far))
    return rows


def _searches(counters: SearchCounters) -> Iterator[Metric]:
    paths = CounterMetricFamily(
        "matyan_planner_path",
        "Searches by how they were answered",
        labels=["path", "endpoint", "reason"],
    )
    for labels, count in sorted(dict(counters.paths).items()):
        paths.add_metric(labels, count)
    yield paths
    predicates = CounterMetricFamily(
        "runfolio_search_predicates", "Parts of queries by where they were asked", labels=["by"]
    )
    predicates.add_metric(["database"], counters.in_database)
    predicates.add_metric(["python"], counters.in_python)
    yield predicates
    scanned = CounterMetricFamily(
        "runfolio_search_scanned", "Runs and sequences looked at in Python", labels=["kind"]
    )
    for kind in ("run", "sequence"):
        scanned.add_metric([kind], counters.scanned[kind])
    yield scanned


class _IngestCollector(Collector):
    def __init__(self, counters: IngestCounters) -> None:
        self._counters = counters

    def collect(self) -> Iterator[Metric]:
        """Sockets and messages of training scripts."""
        yield GaugeMetricFamily(
            "matyan_ws_connections_active", "Sockets open", self._counters.connections
        )
        messages = CounterMetricFamily(
            "matyan_ws_messages", "Messages received", labels=["message_type"]
        )
        processed = CounterMetricFamily(
            "matyan_ingestion_messages_processed",
            "Messages stored",
            labels=["message_type"],
        )
        for kind, count in sorted(self._counters.messages.items()):
            messages.add_metric([kind], count)
            processed.add_metric([kind], count)
        yield messages
        yield processed
        errors = CounterMetricFamily(
            "matyan_ingestion_processing_errors", "Frames not stored", labels=["error_type"]
        )
        errors.add_metric(["unknown"], self._counters.errors)
        yield errors


class _StoreCollector(Collector):
    def __init__(self, store: Store) -> None:
        self._store = store

    def collect(self) -> Iterator[Metric]:
        """Size of the store, and what searching it has cost."""
        yield from _searches(self._store.searches)
        statistics = self._store.statistics()
        for name, text, value in (
            ("points", "Points kept", statistics.points),
            ("runs", "Runs kept", statistics.runs),
            ("size_bytes", "Size on disk", statistics.size_bytes),
            ("segments", "Parquet segments", statistics.segments),
            ("unsealed_points", "Points not yet in a segment", statistics.unsealed_points),
        ):
            yield GaugeMetricFamily(f"runfolio_store_{name}", text, value)
