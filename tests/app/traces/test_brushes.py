"""Brushes on axes, and the queries that they become."""

from __future__ import annotations

from msgspec.structs import replace

from app.charts.axes import axis_of
from app.traces.brushes import Brush, brush_query, brushed


def test_brushes_narrow_together_and_runs_without_a_value_are_outside() -> None:
    axes = [axis_of("a", [0.0, 1.0, 2.0, None]), axis_of("b", [2.0, 1.0, 0.0, 1.0])]
    assert brushed(axes, {}).tolist() == [True] * 4
    inside = brushed(axes, {0: Brush(0.5, 1.0), 1: Brush(0.5, 1.0)})
    assert inside.tolist() == [False, True, False, False]


def test_an_inverted_axis_has_its_lowest_value_at_the_top() -> None:
    axis = replace(axis_of("a", [0.0, 1.0, 2.0]), is_inverted=True)
    assert axis.shares().tolist() == [1.0, 0.5, 0.0]
    assert brushed([axis], {0: Brush(0.9, 1.0)}).tolist() == [True, False, False]


def test_edges_do_not_pass_each_other() -> None:
    brush = Brush(0.0, 0.1)
    for _ in range(5):
        brush = brush.moved(1)
    assert brush == Brush(0.1, 0.1)
    assert replace(brush, is_upper=True).moved(-3).high == brush.low


def test_queries_name_the_values_inside() -> None:
    query = brush_query([("run.lr", [0.1, None, 0.001]), ("run.opt", ["b", 'a"', True])])
    assert query == 'run.lr >= 0.001 and run.lr <= 0.1 and run.opt in ("a\\"", "b", True,)'
    assert brush_query([("run.x", [])]) == ""
    assert brush_query([("run.x", [2, 2.0])]) == "run.x == 2"
