"""The write side: what one commit does, and the log and generation it goes to.

`commit` runs on the committer's thread. `rotate`, `drop_quiet` and
`forget_run` may run on others; a lock makes sure that none happens in the middle of a commit.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from store.database import Database
from store.paths import StorePaths
from store.points.cold import stored_rows
from store.points.committer import Group, Pending, gather, number_steps
from store.points.frames import PointColumns, encode_definitions, encode_points
from store.points.log import PointLog
from store.points.recovery import Recovered, RecoveredLog
from store.points.registry import SequenceRegistry
from store.points.seal import FrozenGeneration
from store.points.segments import SegmentCatalogue, Snapshot
from store.points.summaries import SummaryTable, blank_rows
from store.points.tail import Generation

MAX_UNSEALED_POINTS = 4_000_000
"""With more points than this in memory, writers wait for the sealing."""

MAX_STALL_S = 5.0
"""Longest wait for the sealing: if it cannot go on, acknowledging must."""


class Intake:
    """Takes points in."""

    def __init__(
        self,
        paths: StorePaths,
        database: Database,
        registry: SequenceRegistry,
        table: SummaryTable,
        on_change: Callable[[Iterable[int]], None],
    ) -> None:
        self._wal_dir = paths.wal_dir
        self._segments_dir = paths.segments_dir
        self._database = database
        self._registry = registry
        self._table = table
        self._on_change = on_change
        self._lock = threading.Lock()
        self._sealed = threading.Condition()
        self.frozen: list[FrozenGeneration] = []
        """Generations that wait to be sealed, oldest first."""
        self.full_points = 1 << 60
        """From this size on, `on_full` is called after each commit."""
        self.on_full: Callable[[], object] = lambda: None
        self.last_append_at = 0.0
        """Monotonic time of the latest commit."""

    # --- opening ------------------------------------------------------------------------

    def restore(self, recovered: Recovered) -> SegmentCatalogue:
        """Take in what the logs hold, and get ready to append.

        Raises:
            WriteFailedError: The disk is full or refuses.
        """
        self._numbers = itertools.count(recovered.next_generation)
        known_ids = [s.sequence_max for s in recovered.segments]
        self._registry.reserve(max(known_ids, default=0))
        generations = []
        for log in recovered.logs:
            generations.append(self._replay(log))
            # Now, before the next log changes the rows: they are sealed with this one.
            rows = self._table.touched_in(generations[-1].number)
            self.frozen.append(FrozenGeneration(generations[-1], log.path, rows))
        if self.frozen:
            newest = self.frozen.pop()
            self._generation = newest.generation
            good_bytes = recovered.logs[-1].contents.good_bytes
            self._log = PointLog.reopen(newest.log_path, good_bytes)
        else:
            self._generation = Generation(next(self._numbers))
            generations.append(self._generation)
            self._log = self._new_log(self._generation.number)
        snapshot = Snapshot(tuple(recovered.segments), tuple(generations))
        self._catalogue = SegmentCatalogue(self._segments_dir, snapshot)
        return self._catalogue

    def _replay(self, log: RecoveredLog) -> Generation:
        contents = log.contents
        generation = Generation(contents.generation)
        generation.frame_count = contents.frame_count
        points, contents.points = contents.points, PointColumns.empty()
        if not len(points):
            return generation
        self._registry.reserve(int(points.sequences.max()))
        run_ids = {item.ref.run_id for item in contents.definitions.values()}
        alive = self._registry.run_hashes(run_ids)
        self._registry.restore(
            item for item in contents.definitions.values() if item.ref.run_id in alive
        )
        points = self._with_rows(points)
        if len(points):
            generation.append(points)
            generation.started_at = time.monotonic()
            _, generation.has_overlap = self._table.update(points, generation.number)
        return generation

    def _with_rows(self, points: PointColumns) -> PointColumns:
        """The points without those of sequences that nobody knows (of deleted runs)."""
        ids = np.unique(points.sequences)
        self.ensure_rows(ids)
        unknown = self._table.missing(ids)
        if not len(unknown):
            return points
        return points.take(~np.isin(points.sequences, unknown))

    # --- committing ---------------------------------------------------------------------

    def ensure_rows(self, sequence_ids: NDArray[np.int32]) -> None:
        """Make sure that the summary table knows these sequences, if anybody does."""
        missing = self._table.missing(sequence_ids)
        if not len(missing):
            return
        missing = np.unique(missing)
        fresh = self._registry.unstored(missing.tolist())
        if fresh:
            ids = np.array(sorted(fresh), np.int32)
            refs = self._registry.refs(ids.tolist())
            runs = np.array([refs[item].run_id for item in ids.tolist()], np.int32)
            self._table.add(blank_rows(ids, runs))
        stored = missing[~np.isin(missing, np.array(sorted(fresh), np.int32))]
        if len(stored):
            self._table.add(stored_rows(self._database, stored))

    def commit(self, jobs: Sequence[Pending]) -> None:
        """Make the points of all jobs durable and visible.

        Raises:
            WriteFailedError: The disk does not take them; nothing of them is visible.
        """
        self._wait_for_room()
        with self._lock:
            # Inside the lock: rows must not be dropped before they are updated.
            jobs = [job for job in jobs if not self._registry.is_forgotten(job.run_id)]
            if not jobs:
                return
            group = gather(jobs)
            self.ensure_rows(group.ids)
            if len(self._table.missing(group.ids)):
                group = _without(group, self._table.missing(group.ids))
            if not len(group.points):
                return
            number_steps(group, self._table.last_steps)
            runs = self._commit_group(group)
        if self._generation.point_count >= self.full_points:
            self.on_full()
        self._on_change(set(runs.tolist()))

    def _commit_group(self, group: Group) -> NDArray[np.int32]:
        definitions = self._registry.unlogged(group.ids.tolist())
        data = encode_points(group.ids, group.lengths, group.points)
        if definitions:
            data = encode_definitions(definitions) + data
        if self._log.is_broken:
            self._replace_log()
        self._log.append(data)
        self._registry.mark_logged(definitions)
        generation = self._generation
        generation.append(group.points)
        generation.frame_count += 1
        runs, has_overlap = self._table.update(
            group.points, generation.number, is_grouped=group.is_grouped
        )
        self.last_append_at = time.monotonic()
        if not generation.started_at:
            generation.started_at = self.last_append_at
        generation.has_overlap |= has_overlap
        return runs

    def _replace_log(self) -> None:
        """Go on in a new generation because the log's end could not be repaired."""
        following = Generation(next(self._numbers))
        self._switch(following, self._new_log(following.number))

    # --- generations --------------------------------------------------------------------

    @property
    def generation(self) -> Generation:
        """The one that is being written."""
        return self._generation

    @property
    def log_bytes(self) -> int:
        """Size of the log that is being written."""
        return self._log.size_bytes

    def rotate(self) -> None:
        """Let new points go to a new generation; the present one can then be sealed.

        Raises:
            WriteFailedError: The disk is full or refuses; nothing was changed.
        """
        following = Generation(next(self._numbers))
        # The slow part, a new file that is durable, happens while commits go on.
        log = self._new_log(following.number)
        with self._lock:
            if following.number > self._generation.number:
                self._switch(following, log)
                return
        # A commit was faster, because the old log was broken.
        log.close()
        log.path.unlink()

    def _switch(self, following: Generation, log: PointLog) -> None:
        finished, finished_log = self._generation, self._log
        rows = self._table.touched_in(finished.number)
        self._catalogue.add_generation(following)
        self._generation, self._log = following, log
        self.frozen.append(FrozenGeneration(finished, finished_log.path, rows))
        finished_log.close()

    def _new_log(self, generation: int) -> PointLog:
        return PointLog.create(self._wal_dir / f"{generation:08d}.log", generation)

    def finish_seal(self, frozen: FrozenGeneration) -> None:
        """Say that a generation is sealed and its log is not needed."""
        self.frozen.remove(frozen)
        frozen.log_path.unlink(missing_ok=True)
        with self._sealed:
            self._sealed.notify_all()

    def drop_quiet(self, before_generation: int) -> None:
        """Free the memory of sequences that were not written since that generation."""
        with self._lock:
            runs = self._table.drop_quiet(before_generation)
        self._registry.drop_quiet(runs.tolist())

    def forget_run(self, run_id: int) -> None:
        """Take in nothing more of a deleted run, and drop what memory knows of it."""
        with self._lock:
            self._registry.forget_run(run_id)
            self._table.drop_runs(np.array([run_id], np.int32))

    def _wait_for_room(self) -> None:
        if self._unsealed_points() > MAX_UNSEALED_POINTS and self.frozen:
            with self._sealed:
                self._sealed.wait_for(
                    lambda: self._unsealed_points() <= MAX_UNSEALED_POINTS, MAX_STALL_S
                )

    def _unsealed_points(self) -> int:
        return sum(g.point_count for g in self._catalogue.current.generations)

    def close(self) -> None:
        """Close the log."""
        self._log.close()


def _without(group: Group, unknown: NDArray[np.int32]) -> Group:
    keep = ~np.isin(group.ids, unknown)
    points = group.points.take(~np.isin(group.points.sequences, unknown))
    return Group(group.ids[keep], group.lengths[keep], points, group.is_grouped)
