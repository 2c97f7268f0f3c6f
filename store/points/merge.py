"""Merging: several small segments become one.

Neighbours are merged, because among segments the later one wins. The manifest row is the
commit: until it is there the sources count, afterwards the merged file does. Points of
deleted runs and replaced duplicates are left out on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from duckdb import DuckDBPyConnection

from store.database import TEXTS, Database, insert_rows, json_list
from store.models import Context, SequenceKind, SequenceRef
from store.points.frames import Definition
from store.points.parquet import merge_files, quoted
from store.points.segments import (
    MANIFEST_COLUMNS,
    Segment,
    parse_segment_name,
    segment_name,
)

LARGE_POINTS = 5_000_000
"""A segment of this size is not merged again."""

MAX_MERGED_POINTS = 10_000_000

MANY_SEGMENTS = 8
"""So many small neighbours of like size are merged even if they are not yet large together."""

DEAD_SHARE = 0.25
"""A segment is written anew when so much of it belongs to deleted runs."""


def choose_sources(segments: Sequence[Segment], many: int = MANY_SEGMENTS) -> list[Segment]:
    """Neighbours that should become one segment now; empty if all is well.

    Args:
        segments: All segments, ascending by generation.
        many: So many small ones are merged in any case.
    """
    window: list[Segment] = []
    total = 0
    for segment in segments:
        is_small = segment.point_count < LARGE_POINTS
        if not is_small or total + segment.point_count > MAX_MERGED_POINTS:
            found = _due(window, total, many)
            if found:
                return found
            window, total = [], 0
        if is_small:
            window.append(segment)
            total += segment.point_count
        if total >= LARGE_POINTS and len(window) > 1:
            return window
    return _due(window, total, many)


def _due(window: list[Segment], total: int, many: int) -> list[Segment]:
    if total >= LARGE_POINTS and len(window) > 1:
        return window
    # From the newest backwards: as long as the older ones are not much larger, merging
    # them rewrites every point only a few times in its life.
    run: list[Segment] = []
    points = 0
    for segment in reversed(window):
        if len(run) >= many and segment.point_count > points:
            break
        run.insert(0, segment)
        points += segment.point_count
    return run if len(run) >= many else []


class Merger:
    """Writes the merged file and records it."""

    def __init__(
        self,
        folder: Path,
        database: Database,
        transact: Callable[[Callable[[DuckDBPyConnection], None]], None],
    ) -> None:
        """Remember the collaborators; `transact` runs a metadata transaction and waits."""
        self._folder = folder
        self._database = database
        self._transact = transact

    def mostly_dead(self, segments: Sequence[Segment]) -> list[Segment]:
        """The first segment of which too much belongs to deleted runs, if any."""
        for segment in segments:
            row = self._database.row(
                f"""SELECT count(*) FROM read_parquet({quoted(self._folder / segment.path)})
                    WHERE run_id NOT IN (SELECT id FROM runs)"""
            )
            if row is not None and row[0] >= DEAD_SHARE * segment.point_count:
                return [segment]
        return []

    def merge(self, sources: Sequence[Segment]) -> Segment | None:
        """Make one segment of neighbours (ascending); None if no point was left.

        Raises:
            StoreError: The disk is full, or the metadata refuse.
        """
        low, high = sources[0].generation_low, sources[-1].generation_high
        revision = 1 + max(self._revision(source) for source in sources)
        path = self._folder / segment_name(low, high, revision)
        definitions = self._definitions(sources)
        merged = merge_files(path, sources, definitions) if definitions else None

        def work(cursor: DuckDBPyConnection) -> None:
            cursor.execute(
                f"DELETE FROM segments WHERE path IN {TEXTS}",
                [json_list(source.path for source in sources)],
            )
            if merged is not None:
                insert_rows(cursor, "segments", MANIFEST_COLUMNS, [merged.row()])

        self._transact(work)
        return merged

    @staticmethod
    def _revision(segment: Segment) -> int:
        parsed = parse_segment_name(segment.path)
        return 0 if parsed is None else parsed[2]

    def _definitions(self, sources: Sequence[Segment]) -> list[Definition]:
        """Of all sequences in the sources whose run still exists."""
        # From the files themselves: a point must not depend on a row of its sequence.
        files = ", ".join(quoted(self._folder / source.path) for source in sources)
        sql = f"""SELECT p.sequence, p.run_id, p.name, p.context, r.hash
                  FROM (SELECT sequence, any_value(run_id) AS run_id, any_value(run) AS run,
                               any_value(name) AS name, any_value(context) AS context
                        FROM read_parquet([{files}]) GROUP BY sequence) p
                  JOIN runs r ON p.run_id = r.id AND p.run = r.hash
                  ORDER BY p.sequence"""
        return [
            Definition(
                SequenceRef(row[0], row[1], SequenceKind.METRIC, row[2], Context(row[3])),
                row[4],
            )
            for row in self._database.rows(sql)
        ]
