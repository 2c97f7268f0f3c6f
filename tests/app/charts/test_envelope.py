"""The raster of curves: no extreme is ever lost."""

from __future__ import annotations

import numpy as np
from hypothesis import given, strategies as st

from app.charts.canvas import Canvas, Glyphs, Stroke
from app.charts.envelope import dot_rows, path_dots, trace_columns
from app.charts.picture import Area, Ink, Sheet, Size
from app.charts.scale import Scale, ScaleKind, fitted

VALUES = st.one_of(
    st.floats(-1e6, 1e6),
    st.sampled_from([float("nan"), float("inf"), float("-inf"), 0.0]),
)


def columns_of(x: np.ndarray, scale: Scale, across: int) -> np.ndarray:
    """The column of every point, the slow and plain way."""
    return np.floor(scale.shares(x) * (across - 1) + 0.5)


@given(
    values=st.lists(VALUES, min_size=1, max_size=600),
    across=st.integers(2, 120),
    down=st.integers(4, 80),
)
def test_the_extremes_of_every_column_are_lit(
    values: list[float], across: int, down: int
) -> None:
    x, y = np.arange(len(values), dtype=float), np.array(values)
    finite = y[np.isfinite(y)]
    x_scale = fitted(ScaleKind.STEPS, 0, len(values) - 1)
    low, high = (finite.min(), finite.max()) if len(finite) else (np.nan, np.nan)
    y_scale = fitted(ScaleKind.LINEAR, low, high)
    found = trace_columns(x, y, (x_scale, y_scale), (across, down))
    columns = columns_of(x, x_scale, across)
    rows = np.floor(dot_rows(y, y_scale, down) + 0.5)
    for column in range(across):
        here = rows[(columns == column) & np.isfinite(y)]
        if len(here):
            # A point between two columns may be counted to its neighbour.
            near = slice(max(0, column - 1), column + 2)
            assert found.tops[near].min() <= here.min()
            assert found.bottoms[near].max() >= here.max()


@given(
    values=st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=200),
    across=st.integers(2, 60),
)
def test_a_curve_without_gaps_is_one_piece(values: list[float], across: int) -> None:
    x, y = np.arange(len(values), dtype=float), np.array(values)
    scales = (
        fitted(ScaleKind.STEPS, 0, len(values) - 1),
        fitted(ScaleKind.LINEAR, y.min(), y.max()),
    )
    found = trace_columns(x, y, scales, (across, 40))
    assert (found.tops <= found.bottoms).all()
    gaps = np.maximum(found.tops[1:], found.tops[:-1]) - np.minimum(
        found.bottoms[1:], found.bottoms[:-1]
    )
    assert gaps.max(initial=0) <= 1


def test_a_spike_among_a_million_points_is_lit() -> None:
    y = np.zeros(1_000_000)
    y[654_321] = 1.0
    scales = (fitted(ScaleKind.STEPS, 0, len(y) - 1), fitted(ScaleKind.LINEAR, 0, 1))
    found = trace_columns(np.arange(len(y), dtype=float), y, scales, (300, 100))
    column = round(654_321 / (len(y) - 1) * 299)
    assert found.tops[column] == 0
    assert found.bottoms[column] == 99


def test_nan_leaves_a_gap() -> None:
    y = np.array([1.0, 1.0, np.nan, np.nan, np.nan, 1.0, 1.0])
    scales = (fitted(ScaleKind.STEPS, 0, 6), fitted(ScaleKind.LINEAR, 0, 2))
    found = trace_columns(np.arange(7.0), y, scales, (7, 9))
    assert (found.tops <= found.bottoms).tolist() == [
        True,
        True,
        False,
        False,
        False,
        True,
        True,
    ]


def test_a_line_enters_from_outside_the_window() -> None:
    x, y = np.array([0.0, 1000.0]), np.array([0.0, 1000.0])
    scales = (Scale(ScaleKind.STEPS, 400, 600), Scale(ScaleKind.LINEAR, 0, 1000))
    found = trace_columns(x, y, scales, (11, 101))
    assert found.tops.tolist() == sorted(found.tops.tolist(), reverse=True)
    assert abs(int(found.tops[5]) - 50) <= 1


def test_a_curve_may_run_backwards() -> None:
    columns, rows = path_dots(
        np.array([0.0, 1.0, 0.0]),
        np.array([0.0, 0.5, 1.0]),
        (Scale(high=1.0), Scale(high=1.0)),
        (5, 5),
    )
    lit = set(zip(columns.tolist(), rows.tolist(), strict=True))
    assert {(0, 4), (4, 2), (0, 0)} <= lit


def test_dots_become_characters() -> None:
    canvas = Canvas(Size(2, 1))
    canvas.fill_columns(np.array([0, 3, 9, 0]), np.array([3, 3, 2, 0]), 0)
    sheet = Sheet(Size(2, 1))
    canvas.paint(sheet, Area(0, 0, 2, 1), [Ink("#ffffff")])
    assert sheet.finish().line(0) == "⣇⠈"


def test_other_glyphs_show_the_same_dots() -> None:
    for glyphs, expected in ((Glyphs.BLOCKS, "▙▝"), (Glyphs.ASCII, "|'")):
        canvas = Canvas(Size(2, 1), glyphs)
        dots = np.zeros((canvas.dots_down, canvas.dots_across), dtype=bool)
        dots[:, 0] = True
        dots[-1, canvas.dots_across // 2 - 1] = True
        dots[0, -1] = True
        canvas.light(dots, 0)
        sheet = Sheet(Size(2, 1))
        canvas.paint(sheet, Area(0, 0, 2, 1), [Ink()])
        assert sheet.finish().line(0) == expected


def test_a_dashed_stroke_leaves_columns_out() -> None:
    canvas = Canvas(Size(6, 1))
    rows = np.zeros(12, dtype=np.int64)
    canvas.fill_columns(rows, rows, 0, Stroke.DASHED)
    sheet = Sheet(Size(6, 1))
    canvas.paint(sheet, Area(0, 0, 6, 1), [Ink()])
    assert sheet.finish().line(0) == "⠉⠉ ⠉⠉ "
