"""What every part of an open store shares; made once by the facade."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from store.changes import Changes
from store.clock import Clock
from store.database import Database
from store.paths import StorePaths
from store.queries.names import NameCache
from store.queries.run_states import write_updated_at
from store.registry import RunRegistry
from store.writer import MetadataWriter

if TYPE_CHECKING:
    from store.ingest import IngestQueue
    from store.objects.blobs import BlobStore
    from store.points.engine import PointEngine
    from store.search.counters import SearchCounters

DEFAULT_TENANT = "default"

FLUSH_TOUCHED_S = 30.0
"""How long the time of a run's last change may live in memory only."""


@dataclass(slots=True)
class StoreCore:
    """The parts of one open store."""

    paths: StorePaths
    clock: Clock
    database: Database
    writer: MetadataWriter
    registry: RunRegistry
    changes: Changes
    searches: SearchCounters
    blobs: BlobStore
    names: NameCache
    points: PointEngine = field(init=False)
    """Set right after; recovery of points already needs the rest."""
    queue: IngestQueue = field(init=False)
    """Set last."""
    _touched_flushed_at: float = 0.0
    is_closed: bool = False
    params_version: int = 0
    """Moves when params of any run change or a run is deleted."""

    def names_changed(self) -> None:
        """Note that an experiment, a tag or a note changed, which any run may show."""
        self.names.forget()
        self.changes.touch_all()

    def runs_changed(self, run_ids: Iterable[int]) -> None:
        """Note that runs changed just now, and tell whoever watches."""
        ids = list(run_ids)
        now = self.clock.now()
        self.registry.touch(ids, now)
        self.changes.touch(self.registry.keys_of(ids))
        if now - self._touched_flushed_at > FLUSH_TOUCHED_S:
            self._touched_flushed_at = now
            self.flush_touched()

    def flush_touched(self) -> None:
        """Have the times of the runs' last changes written, soon."""
        times = self.registry.touched()
        if times:
            self.writer.submit(
                lambda cursor: write_updated_at(cursor, times),
                lambda _: self.registry.settle(times),
            )
