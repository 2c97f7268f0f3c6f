"""How points lie in a segment."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest

from store.models import EMPTY_CONTEXT, SequenceKind, SequenceRef
from store.points.frames import Definition, PointColumns
from store.points.parquet import block_runs, write_points

RUNS, METRICS, STEPS = 48, 300, 200


@pytest.mark.parametrize(
    ("sequences", "runs", "points", "expected"),
    [
        (10_000, 1_000, 10_000_000, 1_000),
        (1, 1, 10_000_000, 1),
        (0, 0, 0, 1),
        (300_000, 200, 6_000_000, 49),
        (1_500, 1, 30_000_000_000, 1),
    ],
)
def test_only_runs_of_many_metrics_lie_in_blocks(
    sequences: int, runs: int, points: int, expected: int
) -> None:
    assert block_runs(sequences, runs, points) == expected


def test_all_metrics_of_a_run_lie_in_a_few_row_groups(tmp_path: Path) -> None:
    definitions = [
        Definition(
            SequenceRef(
                run * METRICS + metric,
                run,
                SequenceKind.METRIC,
                f"metric {metric:03}",
                EMPTY_CONTEXT,
            ),
            f"hash {run}",
        )
        for run in range(RUNS)
        for metric in range(METRICS)
    ]
    count = RUNS * METRICS * STEPS
    numbers = np.arange(count, dtype=np.float64)
    points = PointColumns(
        np.repeat(np.arange(RUNS * METRICS, dtype=np.int32), STEPS),
        np.tile(np.arange(STEPS, dtype=np.int64), RUNS * METRICS),
        numbers,
        np.full(count, np.nan),
        numbers,
    )
    path = tmp_path / "00000001-00000001-0.parquet"

    segment = write_points(path, points, definitions, has_overlap=False)

    assert segment is not None
    assert segment.point_count == count
    with duckdb.connect() as connection:
        groups = connection.execute(
            f"""SELECT stats_min_value::INTEGER, stats_max_value::INTEGER
                FROM parquet_metadata('{path}') WHERE path_in_schema = 'run_id'
                ORDER BY row_group_id"""
        ).fetchall()
        of_run = connection.execute(
            f"SELECT sequence, step, value FROM '{path}' WHERE run_id = 7 ORDER BY value"
        ).fetchnumpy()
    assert len(groups) == 24
    for run in (0, 7, 47):
        assert sum(low <= run <= high for low, high in groups) <= 13
    start = 7 * METRICS * STEPS
    is_of_run = slice(start, start + METRICS * STEPS)
    np.testing.assert_array_equal(of_run["sequence"], points.sequences[is_of_run])
    np.testing.assert_array_equal(of_run["step"], points.steps[is_of_run])
    np.testing.assert_array_equal(of_run["value"], points.values[is_of_run])
