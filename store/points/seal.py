"""Sealing: the points of a finished generation become a segment.

    1. sort and de-duplicate in numpy, drop points of deleted runs
    2. write the Parquet file under a temporary name, sync it, rename it
    3. one metadata transaction: manifest row, summaries of the sequences   <- commit
    4. readers move from the generation to the segment
    5. the log goes

Until step 3 the log is the truth, and opening starts over from it; after step 3 the
segment is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from duckdb import DuckDBPyConnection
from msgspec import Struct
from numpy.typing import NDArray

from store.database import clean_text, insert_rows
from store.models import SequenceRef
from store.points.frames import Definition, PointColumns
from store.points.grouping import sorted_points
from store.points.parquet import write_points
from store.points.registry import SequenceRegistry
from store.points.segments import MANIFEST_COLUMNS, Segment, segment_name
from store.points.summaries import Rows, summarise
from store.points.tail import Generation

_SUMMARY_COLUMNS = """count, non_finite_count, first, first_step, last, last_step,
    min, min_step, max, max_step, mean, first_time, last_time"""


class FrozenGeneration(Struct, frozen=True, eq=False):
    """A generation that gets no more points, and the summaries at that moment."""

    generation: Generation
    log_path: Path
    rows: Rows
    """Of the sequences that have points in it."""


class Sealed(Struct, frozen=True, eq=False):
    """What a seal brought about."""

    segment: Segment | None
    """None when no point was left to keep."""
    rows: Rows
    """Exact summaries as they are in the metadata now."""


class Sealer:
    """Turns generations into segments, one after the other."""

    def __init__(
        self,
        folder: Path,
        registry: SequenceRegistry,
        transact: Callable[[Callable[[DuckDBPyConnection], None]], None],
        read_up_to: Callable[[NDArray[np.int32], int], PointColumns],
    ) -> None:
        """Remember the collaborators.

        Args:
            folder: Where segments lie.
            registry: Knows the sequences.
            transact: Runs a job as a metadata transaction and waits.
            read_up_to: All points of sequences up to a generation, sorted.
        """
        self._folder = folder
        self._registry = registry
        self._transact = transact
        self._read_up_to = read_up_to

    def seal(self, frozen: FrozenGeneration) -> Sealed:
        """Make the segment and record it; steps 1 to 3.

        Raises:
            StoreError: The disk is full, or the metadata refuse.
        """
        generation = frozen.generation
        points = generation.columns()
        definitions = definitions_of(self._registry, np.unique(points.sequences))
        if generation.has_overlap:
            points = sorted_points(points)
        path = self._folder / segment_name(generation.number, generation.number, 0)
        segment = None
        if definitions:
            segment = write_points(
                path, points, definitions.values(), has_overlap=generation.has_overlap
            )
        is_kept = np.isin(frozen.rows["sequence"], list(definitions))
        rows = self._exact(frozen.rows[is_kept], generation.number)
        if segment is not None:
            refs = {item: definition.ref for item, definition in definitions.items()}
            self._record(segment, rows, refs)
        return Sealed(segment, rows)

    def _exact(self, rows: Rows, generation: int) -> Rows:
        """The rows with the stale ones computed from the points."""
        stale = np.flatnonzero(rows["stale"])
        for start in range(0, len(stale), 256):
            chunk = stale[start : start + 256]
            ids = np.sort(rows["sequence"][chunk])
            points = self._read_up_to(ids, generation)
            rows[chunk] = recomputed(rows[chunk], points)
        return rows

    def _record(self, segment: Segment, rows: Rows, refs: dict[int, SequenceRef]) -> None:
        unstored = self._registry.unstored(rows["sequence"].tolist())

        def work(cursor: DuckDBPyConnection) -> None:
            insert_rows(cursor, "segments", MANIFEST_COLUMNS, [segment.row()])
            store_summaries(cursor, rows, refs, unstored)

        self._transact(work)
        self._registry.mark_stored(unstored)


def recomputed(rows: Rows, points: PointColumns) -> Rows:
    """Rows whose numbers come from these points (sorted, all points of the sequences).

    `run`, `generation` and the other marks of the table are kept.
    """
    if not len(points):
        return rows
    exact = summarise(points, is_grouped=True).rows
    places = np.searchsorted(exact["sequence"], rows["sequence"])
    places[places == len(exact)] = 0
    found = exact["sequence"][places] == rows["sequence"]
    result = rows.copy()
    for name in (
        *("count", "non_finite", "first", "first_step", "last", "last_step", "min", "min_step"),
        *("max", "max_step", "total", "first_time", "last_time"),
    ):
        result[name][found] = exact[name][places[found]]
    result["stale"][found] = False
    return result


def definitions_of(
    registry: SequenceRegistry, sequence_ids: NDArray[np.int32]
) -> dict[int, Definition]:
    """Definitions of those of these sequences whose run still exists."""
    refs = registry.refs(sequence_ids.tolist())
    hashes = registry.run_hashes({ref.run_id for ref in refs.values()})
    return {
        ref.id: Definition(ref, hashes[ref.run_id])
        for ref in refs.values()
        if ref.run_id in hashes and not registry.is_forgotten(ref.run_id)
    }


def store_summaries(
    cursor: DuckDBPyConnection,
    rows: Rows,
    refs: dict[int, SequenceRef],
    unstored: Iterable[int],
) -> None:
    """Insert or update the rows of sequences; inside a transaction.

    Nothing is inserted for a run that was deleted in the meantime.
    """
    cursor.register("sealed_rows", _relation(rows, refs, set(unstored)))
    try:
        cursor.execute(
            """UPDATE sequences SET
                 count = r.count, non_finite_count = r.non_finite_count,
                 first = coalesce(r.first, 'nan'), first_step = r.first_step,
                 last = coalesce(r.last, 'nan'), last_step = r.last_step,
                 min = coalesce(r.min, 'nan'), min_step = r.min_step,
                 max = coalesce(r.max, 'nan'), max_step = r.max_step,
                 mean = coalesce(r.mean, 'nan'),
                 first_time = coalesce(r.first_time, 'nan'),
                 last_time = coalesce(r.last_time, 'nan')
               FROM sealed_rows r WHERE sequences.id = r.id AND NOT r.is_new"""
        )
        cursor.execute(
            f"""INSERT INTO sequences (id, run_id, kind, name, context, dtype, {_SUMMARY_COLUMNS})
                SELECT id, run_id, kind, name, context, dtype, count, non_finite_count,
                       coalesce(first, 'nan'), first_step, coalesce(last, 'nan'), last_step,
                       coalesce(min, 'nan'), min_step, coalesce(max, 'nan'), max_step,
                       coalesce(mean, 'nan'), coalesce(first_time, 'nan'),
                       coalesce(last_time, 'nan')
                FROM sealed_rows
                WHERE is_new AND run_id IN (SELECT id FROM runs)
                ORDER BY run_id, id"""
        )
    finally:
        cursor.unregister("sealed_rows")


def _relation(
    rows: Rows, refs: dict[int, SequenceRef], unstored: set[int]
) -> dict[str, NDArray[np.generic]]:
    known = [refs[item] for item in rows["sequence"].tolist()]
    finite_count = rows["count"] - rows["non_finite"]
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = rows["total"] / finite_count
    columns: dict[str, NDArray[np.generic]] = {
        "id": rows["sequence"].copy(),
        "run_id": rows["run"].copy(),
        "kind": np.array([ref.kind.value for ref in known], dtype=object),
        "name": np.array([clean_text(ref.name) for ref in known], dtype=object),
        "context": np.array([clean_text(ref.context.text) for ref in known], dtype=object),
        "dtype": np.array([clean_text(ref.dtype) for ref in known], dtype=object),
        "is_new": np.array([ref.id in unstored for ref in known], dtype=np.bool_),
        "non_finite_count": rows["non_finite"].copy(),
        "mean": mean,
    }
    for name in (
        *("count", "first", "first_step", "last", "last_step", "min", "min_step"),
        *("max", "max_step", "first_time", "last_time"),
    ):
        # A field of a record array is strided; DuckDB wants plain columns.
        columns[name] = rows[name].copy()
    return columns
