"""What the handlers of one server share; it travels with every request in its scope."""

from __future__ import annotations

from msgspec import Struct

from server.alerts import AlertWatch
from server.ingest.counters import IngestCounters
from server.metrics import MetricsPage
from server.settings import ServerSettings
from server.telemetry import Telemetry
from server.watch import ChangeWatch
from store import Store

PARTS = "runfolio.parts"
"""Key of the ASGI scope under which `ServerParts` lies."""


class ServerParts(Struct, frozen=True):
    """The parts of one running server."""

    store: Store
    settings: ServerSettings
    telemetry: Telemetry
    ingest: IngestCounters
    watch: ChangeWatch
    alerts: AlertWatch
    metrics: MetricsPage

    @classmethod
    def of(cls, store: Store, settings: ServerSettings) -> ServerParts:
        """New parts for a store."""
        telemetry, ingest = Telemetry(), IngestCounters()
        return cls(
            store=store,
            settings=settings,
            telemetry=telemetry,
            ingest=ingest,
            watch=ChangeWatch(store),
            alerts=AlertWatch(store, settings),
            metrics=MetricsPage(store, telemetry, ingest),
        )
