"""Segments that the metadata do not know: read what is in them, and register them.

That happens when the DuckDB file was restored from a backup that is older than the
segments. Points of runs that the metadata lack stay in the file unseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from duckdb import DuckDBPyConnection

from store.database import INTEGERS, Database, insert_rows, json_list
from store.models import Context, SequenceKind, SequenceRef
from store.points.parquet import quoted
from store.points.reader import PointReader
from store.points.seal import recomputed, store_summaries
from store.points.segments import MANIFEST_COLUMNS, Segment, SegmentCatalogue, Snapshot
from store.points.summaries import blank_rows
from store.writer import MetadataWriter

_CHUNK_SEQUENCES = 256


def register_orphans(
    folder: Path,
    database: Database,
    writer: MetadataWriter,
    known: Sequence[Segment],
    orphans: Sequence[Segment],
) -> list[Segment]:
    """Put segments into the manifest, and summaries of what they hold into the metadata.

    Returns:
        All segments, ascending by generation.

    Raises:
        StoreError: A file is unreadable, or the metadata refuse.
    """
    segments = list(known)
    for orphan in orphans:
        segments = sorted([*segments, orphan], key=lambda segment: segment.generation_low)
        reader = PointReader(database, SegmentCatalogue(folder, Snapshot(tuple(segments), ())))
        _register(folder, database, writer, reader, orphan)
    return segments


def _register(
    folder: Path,
    database: Database,
    writer: MetadataWriter,
    reader: PointReader,
    orphan: Segment,
) -> None:
    refs = _sequences_in(folder / orphan.path, database)
    ids = np.array(sorted(refs), np.int32)
    runs = np.array([refs[item].run_id for item in ids.tolist()], np.int32)
    sql = f"SELECT id FROM sequences WHERE id IN {INTEGERS} ORDER BY id"
    stored = {row[0] for row in database.rows(sql, [json_list(refs)])}
    rows = blank_rows(ids, runs)
    # The rows must be there before their points can be read.
    unstored = set(refs) - stored
    fresh = rows[np.isin(ids, list(unstored))]
    writer.run(lambda cursor: store_summaries(cursor, fresh, refs, unstored))
    with reader.catalogue.pin() as snapshot:
        for start in range(0, len(ids), _CHUNK_SEQUENCES):
            part = slice(start, start + _CHUNK_SEQUENCES)
            rows[part] = recomputed(rows[part], reader.read_snapshot(snapshot, ids[part]))

    def work(cursor: DuckDBPyConnection) -> None:
        insert_rows(cursor, "segments", MANIFEST_COLUMNS, [orphan.row()])
        store_summaries(cursor, rows, refs, ())

    writer.run(work)


def _sequences_in(path: Path, database: Database) -> dict[int, SequenceRef]:
    """Sequences in a file whose run exists under the same number and hash."""
    sql = f"""SELECT p.sequence, p.run_id, p.name, p.context
              FROM (SELECT DISTINCT sequence, run_id, run, name, context
                    FROM read_parquet({quoted(path)})) p
              JOIN runs r ON p.run_id = r.id AND p.run = r.hash
              ORDER BY p.sequence"""
    return {
        row[0]: SequenceRef(row[0], row[1], SequenceKind.METRIC, row[2], Context(row[3]))
        for row in database.rows(sql)
    }
