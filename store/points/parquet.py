"""Writing segments: sorted Parquet files, by DuckDB in an instance of its own.

The instance has one thread and a bound on memory, so sealing and merging leave the
machine to those who wait for an answer. Rows are sorted by name, run, context and step,
where runs have very many metrics in blocks of runs; `time` is a timestamp in milliseconds, `epoch` is NULL where unknown, and run, name and
context stand in every row (for next to nothing) so that any engine can read the files.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np

from store.database import clean_text, driver_errors
from store.errors import WriteFailedError
from store.points.frames import Definition, PointColumns
from store.points.log import sync_directory
from store.points.segments import Segment, parse_segment_name

if TYPE_CHECKING:
    from numpy.typing import NDArray

TEMPORARY = ".tmp"
"""Ending of a file that has not got its final name."""

_GROUP_ROWS = 122_880

_OPTIONS = f"""(FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2,
                ROW_GROUP_SIZE {_GROUP_ROWS})"""

_GROUPS_OF_RUN = 12
"""About so many row groups hold all metrics of one run; reading them must stay quick."""

_SELECT = """
    SELECT d.run, d.name, d.context, p.step, p.value, p.epoch, p.time,
           p.sequence, d.run_id
    FROM {points} p JOIN definitions d ON p.sequence = d.id
    ORDER BY d.rank, p.step
"""


def write_points(
    path: Path,
    points: PointColumns,
    definitions: Collection[Definition],
    *,
    has_overlap: bool,
) -> Segment | None:
    """Write points (distinct in sequence and step) as a new segment.

    Points of sequences without a definition are dropped.

    Args:
        path: The final name, which says the generations.
        points: In any order.
        definitions: Of all sequences that shall be kept.
        has_overlap: Whether a point may replace one of an earlier segment.

    Returns:
        None, and no file, when no point is left.
    """
    relation = {
        "sequence": points.sequences,
        "step": points.steps,
        "number": points.values,
        "epoch": points.epochs,
        "time": np.rint(points.times * 1000.0).astype("datetime64[ms]"),
    }
    with driver_errors(), _instance(path.parent) as connection:
        _define(connection, definitions, len(points))
        connection.register("numbers", relation)
        # DuckDB takes a NaN in an array for NULL; a value is never NULL.
        source = """(SELECT sequence, step, coalesce(number, 'nan'::DOUBLE) AS value, epoch, time
                     FROM numbers)"""
        return _write(connection, path, source, has_overlap)


def merge_files(
    path: Path, sources: Sequence[Segment], definitions: Collection[Definition]
) -> Segment | None:
    """Write the points of several segments as one; of duplicates the later source wins.

    Returns:
        None, and no file, when no point is left.
    """
    with driver_errors(), _instance(path.parent) as connection:
        _define(connection, definitions, sum(source.point_count for source in sources))
        parts = " UNION ALL ".join(
            f"""SELECT sequence, step, value, epoch, time, {number} AS source
                FROM read_parquet({quoted(path.with_name(source.path))})"""
            for number, source in enumerate(sources)
        )
        if any(source.has_overlap for source in sources[1:]):
            parts = f"""SELECT * FROM ({parts})
                        QUALIFY source = max(source) OVER (PARTITION BY sequence, step)"""
        has_overlap = any(source.has_overlap for source in sources)
        return _write(connection, path, f"({parts})", has_overlap)


POINT_COLUMNS = "sequence, step, value, epoch, time"
"""What `point_columns` wants to be selected from a segment."""


def point_columns(columns: dict[str, NDArray[Any]]) -> PointColumns:
    """Points from columns of a segment as DuckDB hands them over.

    Epochs and times that are NULL become NaN. This is several times faster in numpy than
    as expressions in the query.
    """
    times = np.ma.filled(columns["time"].astype("datetime64[ms]"), np.datetime64("NaT"))
    milliseconds = times.view(np.int64) / 1000.0
    is_unknown = np.isnat(times)
    if is_unknown.any():
        milliseconds[is_unknown] = np.nan
    return PointColumns(
        columns["sequence"],
        columns["step"],
        columns["value"],
        np.ma.filled(columns["epoch"], np.nan),
        milliseconds,
    )


def describe(path: Path) -> Segment:
    """The manifest row of a segment file.

    Raises:
        StoreError: The file is no Parquet file of ours.
    """
    with driver_errors(), duckdb.connect(":memory:") as connection:
        # Nobody knows, so the careful answer.
        return _describe(connection, path, path.name, has_overlap=True)


def _instance(folder: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(
        ":memory:",
        config={
            "threads": 1,
            "memory_limit": "400MB",
            "temp_directory": str(folder / f"spill{TEMPORARY}"),
            "python_enable_replacements": False,
            "autoload_known_extensions": False,
            "autoinstall_known_extensions": False,
        },
    )


def block_runs(sequence_count: int, run_count: int, point_count: int) -> int:
    """How many runs lie together in one block; at least all of them where none is needed.

    Sorted by name alone, one run with 1,500 metrics is spread over the whole file. In blocks
    of runs it lies in a few row groups, and so does one metric of many runs.
    """
    names = ceil(sequence_count / max(1, run_count) / _GROUPS_OF_RUN)
    if names <= 1:
        return max(1, run_count)
    points_of_run = names * point_count / sequence_count
    return max(1, int(_GROUP_ROWS / max(1.0, points_of_run)))


def _define(
    connection: duckdb.DuckDBPyConnection,
    definitions: Collection[Definition],
    point_count: int,
) -> None:
    """The table `definitions`, its texts as enumerations: sorting then moves small numbers."""
    texts: dict[str, NDArray[np.object_]] = {
        "run": np.array([d.run_hash for d in definitions], dtype=object),
        "name": np.array([clean_text(d.ref.name) for d in definitions], dtype=object),
        "context": np.array(
            [clean_text(d.ref.context.text) for d in definitions], dtype=object
        ),
    }
    numbers = {
        "id": np.array([d.ref.id for d in definitions], dtype=np.int32),
        "run_id": np.array([d.ref.run_id for d in definitions], dtype=np.int32),
    }
    connection.register("rows", texts | numbers)
    for name in texts:
        connection.execute(
            f"CREATE TYPE {name}_text AS ENUM (SELECT DISTINCT {name} FROM rows ORDER BY {name})"
        )
    run_count = len(np.unique(numbers["run_id"]))
    connection.execute(
        """CREATE TABLE definitions AS
           SELECT id, run_id, run::run_text AS run, name::name_text AS name,
                  context::context_text AS context,
                  row_number() OVER (ORDER BY block, name, run_id, context, id)::INTEGER AS rank
           FROM (SELECT *, (dense_rank() OVER (ORDER BY run_id) - 1) // ? AS block FROM rows)""",
        [block_runs(len(definitions), run_count, point_count)],
    )
    connection.unregister("rows")


def _write(
    connection: duckdb.DuckDBPyConnection, path: Path, points: str, has_overlap: bool
) -> Segment | None:
    temporary = path.with_name(path.name + TEMPORARY)
    connection.execute(
        f"COPY ({_SELECT.format(points=points)}) TO {quoted(temporary)} {_OPTIONS}"
    )
    segment = _describe(connection, temporary, path.name, has_overlap)
    if not segment.point_count:
        temporary.unlink()
        return None
    try:
        descriptor = os.open(temporary, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        temporary.rename(path)
        sync_directory(path.parent)
    except OSError as error:
        raise WriteFailedError(path, error.strerror or str(error)) from error
    return segment


def _describe(
    connection: duckdb.DuckDBPyConnection, path: Path, name: str, has_overlap: bool
) -> Segment:
    low, high, _ = parse_segment_name(name) or (0, 0, 0)
    row = connection.execute(
        f"""SELECT count(*), min(sequence), max(sequence), min(run_id), max(run_id)
            FROM read_parquet({quoted(path)})"""
    ).fetchone()
    count, *bounds = row if row and row[0] else (0, 0, 0, 0, 0)
    return Segment(
        path=name,
        generation_low=low,
        generation_high=high,
        point_count=count,
        size_bytes=path.stat().st_size,
        sequence_min=bounds[0],
        sequence_max=bounds[1],
        run_min=bounds[2],
        run_max=bounds[3],
        has_overlap=has_overlap,
    )


def quoted(path: Path) -> str:
    """A path as an SQL text; our own names in a folder that the person chose."""
    return "'" + str(path).replace("'", "''") + "'"
