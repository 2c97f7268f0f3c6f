"""When points are sealed and merged, and what happens in memory when they are."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

import numpy as np
from duckdb import DuckDBPyConnection
from msgspec import Struct
from numpy.typing import NDArray

from store.database import Database
from store.errors import StoreError
from store.paths import StorePaths
from store.points.frames import PointColumns
from store.points.intake import Intake
from store.points.maintenance import Periodic
from store.points.merge import MANY_SEGMENTS, Merger, choose_sources
from store.points.reader import PointReader
from store.points.registry import SequenceRegistry
from store.points.seal import FrozenGeneration, Sealer
from store.points.segments import Segment, SegmentCatalogue, Snapshot
from store.points.summaries import SummaryTable
from store.writer import MetadataWriter

log = logging.getLogger(__name__)


class SealRules(Struct, frozen=True):
    """When a generation is sealed."""

    points: int = 1_000_000
    """It has so many points."""
    frames: int = 50_000
    """It has so many frames; reading back many small ones is slow."""
    idle_s: float = 60.0
    """Nothing was added for so long, and it is worth a file."""
    worth_points: int = 20_000
    """From this size on it is worth a file; a smaller one is read back in no time."""
    worth_frames: int = 10_000
    worth_sequences: int = 2_000
    check_s: float = 5.0
    """How often to look whether something is due."""
    merge: bool = True
    """Whether segments are merged in the background."""
    merge_count: int = MANY_SEGMENTS
    """So many small segments are merged in any case."""


class Lifecycle:
    """Seals and merges in the background."""

    def __init__(
        self,
        *,
        paths: StorePaths,
        database: Database,
        writer: MetadataWriter,
        registry: SequenceRegistry,
        table: SummaryTable,
        intake: Intake,
        catalogue: SegmentCatalogue,
        reader: PointReader,
        rules: SealRules,
    ) -> None:
        self._writer = writer
        self._registry = registry
        self._table = table
        self._intake = intake
        self._catalogue = catalogue
        self._reader = reader
        self._rules = rules
        self._merge_lock = threading.Lock()
        self._sealer = Sealer(paths.segments_dir, registry, self._transact, self._read_up_to)
        self._merger = Merger(paths.segments_dir, database, self._transact)
        self._sealing = Periodic("point-sealer", self._seal_due, rules.check_s)
        self._merging = Periodic("point-merger", self._merge_due, 300.0)
        self._is_requested = False
        self._deletions_seen = 0
        intake.full_points = rules.points
        intake.on_full = self._sealing.wake

    def start(self) -> None:
        """Start the background threads."""
        self._sealing.start()
        self._merging.start()
        if self._intake.frozen:
            self._sealing.wake()

    def close(self) -> None:
        """Stop the threads; what is worth a file is sealed first."""
        if self._is_worthwhile():
            self._is_requested = True
            try:
                self._sealing.wait_for_round(self._sealing.wake())
            except StoreError as error:
                # The log keeps everything for the next time.
                log.warning("points stay unsealed: %s", error)
        self._sealing.close()
        self._merging.close()

    def seal(self, *, wait: bool) -> None:
        """Seal what is unsealed; see `PointEngine.seal`."""
        self._is_requested = True
        number = self._sealing.wake()
        if wait:
            self._sealing.wait_for_round(number)

    def merge(self) -> None:
        """Merge everything that is due now."""
        while self._merge_once():
            pass

    # --- sealing ------------------------------------------------------------------------

    def _seal_due(self) -> None:
        is_requested, self._is_requested = self._is_requested, False
        if self._intake.generation.point_count and (is_requested or self._is_due()):
            self._intake.rotate()
        while self._intake.frozen:
            self._seal_oldest(self._intake.frozen[0])
        if self._rules.merge and self._sources():
            self._merging.wake()

    def _is_due(self) -> bool:
        generation = self._intake.generation
        if generation.point_count >= self._rules.points:
            return True
        if generation.frame_count >= self._rules.frames:
            return True
        is_idle = time.monotonic() - self._intake.last_append_at >= self._rules.idle_s
        return is_idle and self._is_worthwhile()

    def _is_worthwhile(self) -> bool:
        generation = self._intake.generation
        return (
            generation.point_count >= self._rules.worth_points
            or generation.frame_count >= self._rules.worth_frames
            or self._table.row_count >= self._rules.worth_sequences
        ) and generation.point_count > 0

    def _seal_oldest(self, frozen: FrozenGeneration) -> None:
        sealed = self._sealer.seal(frozen)
        number = frozen.generation.number
        # The table first: a reader that finds the segment must know what is in it.
        self._table.mark_sealed(number, sealed.rows)
        self._table.repair(sealed.rows)
        self._catalogue.seal(number, sealed.segment)
        self._intake.finish_seal(frozen)
        self._intake.drop_quiet(number)

    def _read_up_to(self, sequences: NDArray[np.int32], generation: int) -> PointColumns:
        with self._catalogue.pin() as now:
            known = tuple(g for g in now.generations if g.number <= generation)
            return self._reader.read_snapshot(Snapshot(now.segments, known), sequences)

    # --- merging ------------------------------------------------------------------------

    def _merge_due(self) -> None:
        if self._rules.merge:
            self.merge()

    def _merge_once(self) -> bool:
        with self._merge_lock:
            sources = self._sources()
            if not sources and self._registry.deletion_count != self._deletions_seen:
                deletions = self._registry.deletion_count
                sources = self._merger.mostly_dead(self._catalogue.current.segments)
                if not sources:
                    self._deletions_seen = deletions
            if not sources:
                return False
            with self._catalogue.pin():
                merged = self._merger.merge(sources)
            self._catalogue.merge(sources, merged)
            return True

    def _sources(self) -> list[Segment]:
        return choose_sources(self._catalogue.current.segments, self._rules.merge_count)

    def _transact(self, work: Callable[[DuckDBPyConnection], None]) -> None:
        self._writer.run(work)
