"""Sealed points: which Parquet files there are, and who still reads them.

A `Snapshot` is everything a read needs: the segments in order of generation, and the
generations that are not sealed. It never changes; a seal or a merge puts another in its
place in one step, so a reader sees every point exactly once. A file that was replaced is
removed when no pinned snapshot has it any more.

Segment files are called `<low>-<high>-<revision>.parquet`: the generations that they
hold, and a number that tells apart files written for the same generations.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from store.points.tail import Generation

_NAME = re.compile(r"(\d{8,})-(\d{8,})-(\d+)\.parquet")

MANIFEST_COLUMNS = {
    "path": "VARCHAR",
    "generation_low": "BIGINT",
    "generation_high": "BIGINT",
    "point_count": "BIGINT",
    "size_bytes": "BIGINT",
    "sequence_min": "INTEGER",
    "sequence_max": "INTEGER",
    "run_min": "INTEGER",
    "run_max": "INTEGER",
    "has_overlap": "BOOLEAN",
}


class Segment(Struct, frozen=True):
    """One sealed file, as the manifest has it."""

    path: str
    """Name inside the folder of segments."""
    generation_low: int
    generation_high: int
    point_count: int
    size_bytes: int
    sequence_min: int
    sequence_max: int
    run_min: int
    run_max: int
    has_overlap: bool
    """Whether a point may replace one of an earlier segment."""

    def row(self) -> tuple[str | int, ...]:
        """The values in the order of `MANIFEST_COLUMNS`."""
        return tuple(getattr(self, column) for column in MANIFEST_COLUMNS)

    def overlaps(self, low: int, high: int) -> bool:
        """Whether it holds any of the generations from low to high."""
        return self.generation_low <= high and low <= self.generation_high


def segment_name(low: int, high: int, revision: int) -> str:
    """The file name of a segment."""
    return f"{low:08d}-{high:08d}-{revision}.parquet"


def parse_segment_name(name: str) -> tuple[int, int, int] | None:
    """Low generation, high generation and revision; None if it is no segment's name."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    return int(match[1]), int(match[2]), int(match[3])


class Snapshot(Struct, frozen=True, eq=False):
    """What a read looks at."""

    segments: tuple[Segment, ...]
    """Ascending by generation."""
    generations: tuple[Generation, ...]
    """Ascending; the last one is being written."""

    def segments_with(self, sequences: NDArray[np.int32]) -> list[Segment]:
        """Segments that may hold one of these ids (ascending)."""
        found = []
        for segment in self.segments:
            place = int(np.searchsorted(sequences, segment.sequence_min))
            if place < len(sequences) and sequences[place] <= segment.sequence_max:
                found.append(segment)
        return found


class SegmentCatalogue:
    """The snapshot of now, and the files that wait for their last reader."""

    def __init__(self, folder: Path, snapshot: Snapshot) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._current = snapshot
        self._pins: dict[int, tuple[Snapshot, int]] = {}
        self._retired: list[str] = []

    @property
    def current(self) -> Snapshot:
        """The snapshot of now; to read files of it, `pin` it."""
        return self._current

    @contextmanager
    def pin(self) -> Iterator[Snapshot]:
        """The snapshot of now, whose files stay while the block runs."""
        with self._lock:
            snapshot = self._current
            _, count = self._pins.get(id(snapshot), (snapshot, 0))
            self._pins[id(snapshot)] = (snapshot, count + 1)
        try:
            yield snapshot
        finally:
            with self._lock:
                _, count = self._pins.pop(id(snapshot))
                if count > 1:
                    self._pins[id(snapshot)] = (snapshot, count - 1)
            self._unlink_unused()

    def add_generation(self, generation: Generation) -> None:
        """Let new points go to another generation."""
        self._change(lambda now: replace(now, generations=(*now.generations, generation)))

    def seal(self, generation: int, segment: Segment | None) -> None:
        """Put a segment (None: nothing was left) in the place of a generation."""
        added = () if segment is None else (segment,)
        self._change(
            lambda now: Snapshot(
                tuple(sorted((*now.segments, *added), key=lambda s: s.generation_low)),
                tuple(g for g in now.generations if g.number != generation),
            )
        )

    def merge(self, sources: Iterable[Segment], merged: Segment | None) -> None:
        """Put one segment in the place of several."""
        gone = {segment.path for segment in sources}
        added = () if merged is None else (merged,)

        def changed(now: Snapshot) -> Snapshot:
            kept = (*(s for s in now.segments if s.path not in gone), *added)
            return replace(now, segments=tuple(sorted(kept, key=lambda s: s.generation_low)))

        self._change(changed)
        with self._lock:
            self._retired.extend(gone)
        self._unlink_unused()

    def _change(self, change: Callable[[Snapshot], Snapshot]) -> None:
        with self._lock:
            self._current = change(self._current)

    def _unlink_unused(self) -> None:
        if not self._retired:
            return
        with self._lock:
            used = {
                segment.path
                for snapshot, _ in self._pins.values()
                for segment in snapshot.segments
            }
            unused = [path for path in self._retired if path not in used]
            self._retired = [path for path in self._retired if path in used]
        for path in unused:
            (self.folder / path).unlink(missing_ok=True)
