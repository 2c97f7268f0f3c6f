"""A point engine on a real disk, without the rest of the store."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType

import numpy as np

from store.database import Database, insert_rows
from store.migrations import migrate
from store.models import EMPTY_CONTEXT, Context, MetricSummary, SequenceKind, Series
from store.paths import StorePaths
from store.points.engine import PointEngine
from store.points.frames import SequenceBatch
from store.points.lifecycle import SealRules
from store.writer import MetadataWriter

QUIET = SealRules(
    points=10**9, frames=10**9, idle_s=1e9, worth_points=10**9, worth_frames=10**9,
    worth_sequences=10**9, merge=False,
)  # fmt: skip
"""Seal and merge only when a test says so."""

T0 = 1_790_000_000.0


class Points:
    """Database, writer and engine of one folder; a context manager."""

    def __init__(self, root: Path, rules: SealRules = QUIET) -> None:
        self.paths = StorePaths(root)
        self.rules = rules
        self.changed_runs: list[int] = []
        root.mkdir(exist_ok=True)
        self._open()

    def _open(self) -> None:
        self.database = Database(self.paths.meta)
        migrate(self.database, T0)
        self.writer = MetadataWriter(self.database)
        self.engine = PointEngine(
            self.paths,
            self.database,
            self.writer,
            self.changed_runs.extend,
            rules=self.rules,
        )

    def __enter__(self) -> Points:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self.engine.close()
        self.writer.close()
        self.database.close()

    def reopen(self) -> None:
        self.close()
        self._open()

    def add_runs(self, run_ids: Sequence[int]) -> None:
        columns = {
            "id": "INTEGER",
            "tenant": "VARCHAR",
            "hash": "VARCHAR",
            "name": "VARCHAR",
            "created_at": "DOUBLE",
            "updated_at": "DOUBLE",
        }
        rows = [(i, "default", run_hash(i), f"run {i}", T0 + i, T0 + i) for i in run_ids]
        self.writer.run(lambda cursor: insert_rows(cursor, "runs", columns, rows))

    def delete_run(self, run_id: int) -> None:
        """As the store deletes a run: its rows go, and the engine is told."""

        def work(cursor: object) -> None:
            for table, column in (("runs", "id"), ("sequences", "run_id")):
                cursor.execute(f"DELETE FROM {table} WHERE {column} = ?", [run_id])  # type: ignore[attr-defined]

        self.engine.forget_run(run_id)
        self.writer.run(work)

    def sequence(
        self, run_id: int, name: str = "loss", context: Context = EMPTY_CONTEXT
    ) -> int:
        return self.engine.registry.sequence_id(
            run_id, run_hash(run_id), SequenceKind.METRIC, name, context, "float"
        )

    def submit(
        self, run_id: int, sequence: int, steps: Sequence[int], values: Sequence[float]
    ) -> Future[None]:
        return self.engine.append(run_id, [batch(sequence, steps, values)])

    def append(
        self, run_id: int, sequence: int, steps: Sequence[int], values: Sequence[float]
    ) -> None:
        self.submit(run_id, sequence, steps, values).result()

    def read(self, sequence: int) -> Series:
        return self.engine.read_many([sequence])[sequence]

    def pairs(self, sequence: int) -> list[tuple[int, float]]:
        series = self.read(sequence)
        return list(zip(series.steps.tolist(), series.values.tolist(), strict=True))

    def summary(self, run_id: int) -> MetricSummary:
        (found,) = self.engine.summaries([run_id])[run_id]
        return found


def run_hash(run_id: int) -> str:
    return f"{run_id:032x}"


def batch(sequence: int, steps: Sequence[int], values: Sequence[float]) -> SequenceBatch:
    """Points whose epochs and times follow from their steps."""
    columns = np.array(steps, np.int64)
    times = T0 + columns / 8
    return SequenceBatch(sequence, columns, np.array(values, np.float64), columns / 100, times)
