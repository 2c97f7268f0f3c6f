"""`PointEngine`: everything about points, behind one face.

Points go in through `append` and are durable and visible when its future resolves. They
come out through `read_many`, `tail` and `summaries`, which any thread may call and which
see every acknowledged point. Sealing and merging go on in the background and never change
an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future

import numpy as np
from msgspec import Struct

from store.database import Database
from store.models import MetricSummary, Series
from store.paths import StorePaths
from store.points.cold import hot_summaries, stored_summaries
from store.points.committer import Committer, check_lengths
from store.points.frames import PointBlock, SequenceBatch
from store.points.intake import Intake
from store.points.lifecycle import Lifecycle, SealRules
from store.points.orphans import register_orphans
from store.points.reader import Method, PointReader, StepRange, split_series
from store.points.recovery import recover
from store.points.registry import SequenceRegistry
from store.points.seal import recomputed
from store.points.segments import SegmentCatalogue
from store.points.summaries import Rows, SummaryTable
from store.writer import MetadataWriter

MAX_STEP = 2**63 - 1


class PointStatistics(Struct, frozen=True):
    """Figures about the points of a store."""

    points: int
    """Sealed and unsealed; replaced ones may count twice until they are merged."""
    unsealed_points: int
    segments: int
    segment_bytes: int
    log_bytes: int
    hot_sequences: int
    """Sequences whose summaries are in memory."""


class PointEngine:
    """Points of one open store."""

    def __init__(
        self,
        paths: StorePaths,
        database: Database,
        writer: MetadataWriter,
        on_change: Callable[[Iterable[int]], None],
        *,
        rules: SealRules | None = None,
    ) -> None:
        """Recover what is on the disk, and start the threads.

        Args:
            paths: Of the store.
            database: Its metadata.
            writer: Writes metadata.
            on_change: Gets the ids of the runs whose points changed, on the committer's
                thread, when the change is visible; must be quick.
            rules: When to seal and merge; None for the usual ones.

        Raises:
            StoreCorruptError: A file with points is missing or damaged.
            WriteFailedError: The disk is full or refuses.
        """
        self._database = database
        recovered = recover(paths, database)
        recovered.segments = register_orphans(
            paths.segments_dir, database, writer, recovered.segments, recovered.orphans
        )
        self.registry = SequenceRegistry(database)
        self._table = SummaryTable()
        self._intake = Intake(paths, database, self.registry, self._table, on_change)
        self._catalogue = self._intake.restore(recovered)
        self._reader = PointReader(database, self._catalogue)
        self._lifecycle = Lifecycle(
            paths=paths,
            database=database,
            writer=writer,
            registry=self.registry,
            table=self._table,
            intake=self._intake,
            catalogue=self._catalogue,
            reader=self._reader,
            rules=rules or SealRules(),
        )
        self._committer = Committer(self._intake.commit)
        self._lifecycle.start()

    @property
    def catalogue(self) -> SegmentCatalogue:
        """Which files and generations there are now."""
        return self._catalogue

    def append(self, run_id: int, batches: Sequence[SequenceBatch]) -> Future[None]:
        """Queue points of a run that exists; all of them are kept or none.

        Blocks while too many points wait. Points of a deleted run are dropped.

        Returns:
            Resolves when the points are durable and visible; with a `WriteFailedError`
            when the disk does not take them.

        Raises:
            InvalidDataError: The columns of a batch differ in length.
            StoreError: The store is closed.
        """
        for batch in batches:
            check_lengths(batch)
        if not batches:
            done: Future[None] = Future()
            done.set_result(None)
            return done
        return self.append_block(run_id, PointBlock.of(batches))

    def append_block(self, run_id: int, block: PointBlock) -> Future[None]:
        """Queue points of several sequences of a run; otherwise like `append`.

        Raises:
            InvalidDataError: The columns differ in length.
            StoreError: The store is closed.
        """
        # Here rather than in the committer, which must not wait for a query.
        self._intake.ensure_rows(np.array(block.ids, np.int32))
        return self._committer.submit(run_id, block)

    def read_many(
        self,
        sequence_ids: Collection[int],
        *,
        density: int = 0,
        method: Method = "steps",
        step_range: StepRange | None = None,
        names: Collection[str] | None = None,
    ) -> dict[int, Series]:
        """The points of sequences; see `PointReader.read_many`."""
        return self._reader.read_many(
            sequence_ids, density=density, method=method, step_range=step_range, names=names
        )

    def tail(self, sequence_id: int, after_step: int) -> Series:
        """The points of a sequence after a step; empty if there are none."""
        return self.tails({sequence_id: after_step})[sequence_id]

    def tails(self, after: Mapping[int, int]) -> dict[int, Series]:
        """The points of sequences after a step each.

        Served from memory as long as those points are not sealed.
        """
        wanted = np.array(sorted(after), np.int32)
        if not len(wanted):
            return {}
        found: dict[int, Series] = {}
        with self._catalogue.pin() as snapshot:
            # After the pin: what is sealed later is still in this snapshot's memory.
            rows = self._table.rows_of(wanted)
            sealed = dict(
                zip(rows["sequence"].tolist(), rows["sealed_last_step"].tolist(), strict=True)
            )
            hot = [item for item in after if sealed.get(item, MAX_STEP) <= after[item]]
            for with_segments in (False, True):
                group = np.array([i for i in wanted if (i in hot) != with_segments], np.int32)
                if len(group):
                    low = 1 + min(after[item] for item in group.tolist())
                    points = self._reader.read_snapshot(
                        snapshot, group, (low, MAX_STEP), with_segments=with_segments
                    )
                    found |= split_series(points, group, 0, "steps")
        return {item: _after(found[item], step) for item, step in after.items()}

    def summaries(self, run_ids: Sequence[int]) -> dict[int, list[MetricSummary]]:
        """Summaries of all metrics of these runs, by name and context.

        Runs without metrics have an empty list.
        """
        # Hot ones first: if a generation is sealed in between, they are as new as its rows.
        hot = self.hot_summaries(run_ids)
        found: dict[int, list[MetricSummary]] = {run_id: [] for run_id in run_ids}
        for summary in stored_summaries(self._database, list(found)):
            if summary.sequence_id not in hot:
                found[summary.run_id].append(summary)
        changed = set()
        for summary in hot.values():
            found[summary.run_id].append(summary)
            changed.add(summary.run_id)
        for run_id in changed:
            found[run_id].sort(key=lambda item: (item.name, item.context))
        return found

    def hot_summaries(self, run_ids: Sequence[int] | None = None) -> dict[int, MetricSummary]:
        """Summaries that are newer than the rows in the metadata, by sequence id.

        Whoever lays them over rows read with SQL must ask for them before reading.
        """
        runs = None if run_ids is None else np.array(run_ids, np.int32)
        rows = self._exact(self._table.dirty(runs))
        refs = self.registry.refs(rows["sequence"].tolist())
        return {item.sequence_id: item for item in hot_summaries(rows, refs)}

    def hot_run_ids(self) -> set[int]:
        """Runs with a metric whose summary is newer than its row in the metadata."""
        return self._table.dirty_runs()

    def _exact(self, rows: Rows) -> Rows:
        stale = rows["stale"]
        if not stale.any():
            return rows
        ids = np.sort(rows["sequence"][stale])
        with self._catalogue.pin() as snapshot:
            points = self._reader.read_snapshot(snapshot, ids)
        rows[stale] = recomputed(rows[stale], points)
        self._table.repair(rows[stale])
        return rows

    def forget_run(self, run_id: int) -> None:
        """Drop a deleted run: nothing of it shows any more, and its points go in time."""
        self._intake.forget_run(run_id)

    def seal(self, *, wait: bool = True) -> None:
        """Turn the unsealed points into a segment now.

        Raises:
            StoreError: Only when waiting: the disk is full, or the metadata refuse.
        """
        self._lifecycle.seal(wait=wait)

    def merge(self) -> None:
        """Merge segments that are due, and wait for it.

        Raises:
            StoreError: The disk is full, or the metadata refuse.
        """
        self._lifecycle.merge()

    def statistics(self) -> PointStatistics:
        """Figures of now; cheap."""
        snapshot = self._catalogue.current
        unsealed = sum(generation.point_count for generation in snapshot.generations)
        return PointStatistics(
            points=unsealed + sum(segment.point_count for segment in snapshot.segments),
            unsealed_points=unsealed,
            segments=len(snapshot.segments),
            segment_bytes=sum(segment.size_bytes for segment in snapshot.segments),
            log_bytes=self._intake.log_bytes,
            hot_sequences=self._table.row_count,
        )

    def close(self) -> None:
        """Commit what is queued, stop the threads, close the files."""
        self._committer.close()
        self._lifecycle.close()
        self._intake.close()


def _after(series: Series, step: int) -> Series:
    start = int(np.searchsorted(series.steps, step, side="right"))
    if start == 0:
        return series
    return Series(
        series.steps[start:], series.values[start:], series.epochs[start:], series.times[start:]
    )
