"""Steps of sequences of images, texts, audios, figures and distributions: writing.

What is logged for a step replaces what was there. The row of the sequence carries number
and range of the steps.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from duckdb import DuckDBPyConnection
from msgspec import Struct

from store.clock import sane_time
from store.database import INTEGERS, insert_rows, json_list, json_rows
from store.models import SequenceKind, SequenceRef
from store.models.operations import LogObjects

if TYPE_CHECKING:
    from store.core import StoreCore

INLINE_BYTES = 64 << 10
"""Objects whose JSON is larger than this lie in a blob."""

_OBJECTS = {
    "sequence_id": "INTEGER",
    "step": "BIGINT",
    "epoch": "DOUBLE",
    "time": "DOUBLE",
    "received_at": "DOUBLE",
    "items": "VARCHAR",
    "blob": "VARCHAR",
}

_SEQUENCES = {
    "id": "INTEGER",
    "run_id": "INTEGER",
    "kind": "VARCHAR",
    "name": "VARCHAR",
    "context": "VARCHAR",
    "dtype": "VARCHAR",
}


class PreparedObjects(Struct, frozen=True):
    """A `LogObjects` whose sequence has a number and whose large items are on disk."""

    sequence: SequenceRef
    step: int
    epoch: float | None
    time: float
    received_at: float
    items: str
    blob: str | None


def prepare_objects(
    core: StoreCore, run_id: int, run_hash: str, operation: LogObjects
) -> PreparedObjects:
    """Do what needs no transaction. A blob that is written here is held until `release`."""
    sequence_id = core.points.registry.sequence_id(
        run_id, run_hash, operation.kind, operation.name, operation.context, operation.dtype
    )
    items = json.dumps(
        [dict(item) for item in operation.items], ensure_ascii=False, default=str
    )
    blob = None
    if len(items) > INLINE_BYTES:
        blob = core.blobs.put_bytes(items.encode("utf-8", "surrogatepass"))
        items = ""
    now = core.clock.now()
    return PreparedObjects(
        sequence=SequenceRef(
            id=sequence_id,
            run_id=run_id,
            kind=SequenceKind(operation.kind),
            name=operation.name,
            context=operation.context,
            dtype=operation.dtype,
        ),
        step=operation.step,
        epoch=operation.epoch,
        time=sane_time(operation.time, now),
        received_at=now,
        items=items,
        blob=blob,
    )


def write_objects(cursor: DuckDBPyConnection, prepared: Sequence[PreparedObjects]) -> set[str]:
    """Store objects in order, inside the writer's transaction.

    Returns:
        Blobs that were named before and may not be any more.
    """
    if not prepared:
        return set()
    sequences = {entry.sequence.id: entry.sequence for entry in prepared}
    last_steps = _find_or_create_sequences(cursor, sequences)
    rows: dict[tuple[int, int], tuple[Any, ...]] = {}
    for entry in prepared:
        sequence_id = entry.sequence.id
        step = entry.step if entry.step >= 0 else last_steps[sequence_id] + 1
        last_steps[sequence_id] = max(last_steps[sequence_id], step)
        rows[sequence_id, step] = (
            entry.epoch,
            entry.time,
            entry.received_at,
            entry.items,
            entry.blob,
        )
    relation, text = json_rows({"sequence_id": "INTEGER", "step": "BIGINT"}, list(rows))
    replaced = cursor.execute(
        f"DELETE FROM objects USING {relation} u "
        "WHERE objects.sequence_id = u.sequence_id AND objects.step = u.step "
        "RETURNING objects.blob",
        [text],
    ).fetchall()
    insert_rows(cursor, "objects", _OBJECTS, [(*key, *row) for key, row in rows.items()])
    _count_steps(cursor, sequences)
    blobs = {entry.blob for entry in prepared} | {blob for (blob,) in replaced}
    return {blob for blob in blobs if blob} - {row[-1] for row in rows.values()}


def _find_or_create_sequences(
    cursor: DuckDBPyConnection, sequences: Mapping[int, SequenceRef]
) -> dict[int, int]:
    found = cursor.execute(
        f"SELECT id, coalesce(last_step, -1) FROM sequences WHERE id IN {INTEGERS} ORDER BY id",
        [json_list(sequences)],
    ).fetchall()
    last_steps = {int(sequence_id): int(last_step) for sequence_id, last_step in found}
    missing = [
        (
            sequence.id,
            sequence.run_id,
            sequence.kind.value,
            sequence.name,
            sequence.context.text,
            sequence.dtype,
        )
        for sequence in sequences.values()
        if sequence.id not in last_steps
    ]
    insert_rows(cursor, "sequences", _SEQUENCES, missing)
    return dict.fromkeys(sequences, -1) | last_steps


def _count_steps(cursor: DuckDBPyConnection, sequence_ids: Iterable[int]) -> None:
    cursor.execute(
        "UPDATE sequences SET count = o.count, first_step = o.first_step, "
        "last_step = o.last_step, first_time = o.first_time, last_time = o.last_time "
        "FROM (SELECT sequence_id, count(*) AS count, min(step) AS first_step, "
        "max(step) AS last_step, min(time) AS first_time, max(time) AS last_time "
        f"FROM objects WHERE sequence_id IN {INTEGERS} GROUP BY sequence_id) o "
        "WHERE sequences.id = o.sequence_id",
        [json_list(sequence_ids)],
    )
