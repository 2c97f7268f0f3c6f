"""Running summaries equal what is computed from the points."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from store.models import MetricSummary
from store.points.frames import PointColumns
from store.points.summaries import SummaryTable, blank_rows, summarise
from tests import strategies as ours
from tests.store.points.harness import Points


def slow_summary(points: dict[int, float]) -> dict[str, float]:
    """From a dict of step and value, by the words of `MetricSummary`."""
    steps = sorted(points)
    finite = [(points[step], step) for step in steps if math.isfinite(points[step])]
    low = min(finite, default=(math.nan, 0))
    high = max(finite, key=lambda pair: (pair[0], -pair[1]), default=(math.nan, 0))
    return {
        "count": len(steps),
        "non_finite_count": len(steps) - len(finite),
        "first": points[steps[0]],
        "first_step": steps[0],
        "last": points[steps[-1]],
        "last_step": steps[-1],
        "min": low[0],
        "min_step": low[1],
        "max": high[0],
        "max_step": high[1],
        "mean": math.fsum(value for value, _ in finite) / len(finite) if finite else math.nan,
    }


def check_summary(found: MetricSummary, points: dict[int, float]) -> None:
    for name, expected in slow_summary(points).items():
        actual = getattr(found, name)
        if name == "mean":
            scale = max((abs(v) for v in points.values() if math.isfinite(v)), default=0.0)
            assert actual == pytest.approx(expected, rel=1e-9, abs=1e-9 * scale, nan_ok=True)
        else:
            np.testing.assert_array_equal(actual, expected, err_msg=name)


values = st.one_of(ours.finite_numbers, st.sampled_from([math.nan, math.inf, -math.inf, 0.0]))


@given(
    st.lists(
        st.lists(st.tuples(st.integers(1, 4), values), min_size=1, max_size=8),
        min_size=1,
        max_size=6,
    ),
    st.booleans(),
)
def test_groups_add_up(groups: list[list[tuple[int, float]]], grouped: bool) -> None:
    table = SummaryTable()
    ids = np.arange(1, 5, dtype=np.int32)
    table.add(blank_rows(ids, ids * 10))
    model: dict[int, dict[int, float]] = {}
    for group in groups:
        rows = []
        for sequence, value in sorted(group, key=lambda item: item[0]) if grouped else group:
            points = model.setdefault(sequence, {})
            rows.append((sequence, len(points), value))
            points[len(points)] = value
        table.update(columns(rows), 1, is_grouped=grouped)

    for sequence, points in model.items():
        (row,) = table.rows_of(np.array([sequence], np.int32))
        expected = slow_summary(points)
        assert not row["stale"]
        assert row["run"] == sequence * 10
        for name in ("count", "first", "last", "last_step", "min", "min_step", "max"):
            np.testing.assert_array_equal(row[name], expected[name], err_msg=name)


def columns(rows: list[tuple[int, int, float]]) -> PointColumns:
    sequences, steps, numbers = zip(*rows, strict=True)
    nothing = np.full(len(rows), np.nan)
    return PointColumns(
        np.array(sequences, np.int32),
        np.array(steps, np.int64),
        np.array(numbers),
        nothing,
        nothing,
    )


def test_steps_that_do_not_rise_make_a_row_stale() -> None:
    for rows in ([(1, 5, 1.0), (1, 5, 2.0)], [(1, 5, 1.0), (1, 4, 2.0)]):
        group = summarise(columns(rows))
        assert not group.is_rising[0]
        assert group.rows["last_step"][0] == 5


def test_a_row_that_changed_meanwhile_is_not_repaired() -> None:
    table = SummaryTable()
    one = np.array([1], np.int32)
    table.add(blank_rows(one, one))
    table.update(columns([(1, 3, 1.0), (1, 3, 2.0)]), 1)
    seen = table.rows_of(one)
    table.update(columns([(1, 4, 9.0)]), 1)
    seen["count"] = 1
    table.repair(seen)
    assert table.rows_of(one)["stale"][0]


writes = st.lists(
    st.tuples(st.lists(st.tuples(st.integers(0, 30), values), min_size=1, max_size=8)),
    min_size=1,
    max_size=6,
)


@settings(max_examples=settings().max_examples // 4)
@given(writes=writes, seals=st.sets(st.integers(0, 5)), reopens=st.sets(st.integers(0, 5)))
def test_whatever_is_written_in_whatever_order(
    tmp_path_factory: pytest.TempPathFactory,
    writes: list[tuple[list[tuple[int, float]]]],
    seals: set[int],
    reopens: set[int],
) -> None:
    model: dict[int, float] = {}
    with Points(tmp_path_factory.mktemp("points")) as points:
        points.add_runs([1])
        sequence = points.sequence(1)
        for number, (pairs,) in enumerate(writes):
            points.append(1, sequence, *zip(*pairs, strict=True))
            model.update(pairs)
            check_summary(points.summary(1), model)
            if number in seals:
                points.engine.seal()
                check_summary(points.summary(1), model)
            if number in reopens:
                points.reopen()
                check_summary(points.summary(1), model)


def test_times_belong_to_the_first_and_the_last_step(tmp_path: Path) -> None:
    with Points(tmp_path / "p") as points:
        points.add_runs([1])
        sequence = points.sequence(1)
        points.append(1, sequence, [8, 16], [1.0, 2.0])
        points.append(1, sequence, [0], [3.0])
        found = points.summary(1)
        series = points.read(sequence)
        assert (found.first_time, found.last_time) == (series.times[0], series.times[-1])


def test_sealed_rows_equal_the_hot_ones(tmp_path: Path) -> None:
    with Points(tmp_path / "p") as points:
        points.add_runs([1, 2])
        for run in (1, 2):
            for name in ("a", "b"):
                points.append(
                    run, points.sequence(run, name), range(5), [1.0, math.nan, 3.0, 0.5, 2.0]
                )
        hot = points.engine.summaries([1, 2, 3])
        assert points.engine.hot_run_ids() == {1, 2}
        points.engine.seal()
        assert points.engine.hot_run_ids() == set()
        assert points.engine.summaries([1, 2, 3]) == hot
        assert hot[3] == []
        assert [item.name for item in hot[1]] == ["a", "b"]
