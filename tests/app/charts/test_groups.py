"""Bars, boxes and histograms of groups; hills; the strip under a chart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from msgspec.structs import replace

from app.charts.end_labels import markers_of
from app.charts.groups import (
    ValueGroup,
    box_numbers,
    draw_boxes,
    draw_group_bars,
    histogram_traces,
)
from app.charts.heatmap import Histogram
from app.charts.line import LineOptions, draw_lines
from app.charts.palette import DARK
from app.charts.picture import Size
from app.charts.range_strip import draw_range_strip, window_columns
from app.charts.reading import read_at
from app.charts.readout import ReadoutContent, draw_readout
from app.charts.ridges import draw_ridges
from app.charts.scale import Scale
from app.charts.traces import Trace

FINITE = st.floats(-1e12, 1e12, allow_nan=False)
SIZES = st.builds(Size, st.integers(1, 120), st.integers(1, 40))


def make_group(*values: float, key: str = "a") -> ValueGroup:
    return ValueGroup(key, f"group {key}", "#5fb3ff", np.sort(np.array(values, dtype=float)))


def test_a_box_shows_quartiles_and_values_far_out() -> None:
    box = box_numbers(make_group(1, 2, 3, 4, 5, 50).values)
    assert (box.low, box.median, box.high, box.alone) == (1, 3.5, 5, (50.0,))
    plot = draw_boxes([make_group(1, 2, 3, 4, 6, 12)], Size(80, 12), "loss")
    text = plot.picture.text()
    assert "group a (6)" in text
    assert "○" in text
    assert text.count("┃") == 1
    lines = text.splitlines()
    row = next(line for line in lines if "┃" in line)
    assert row.index("├") < row.index("┃") < row.rindex("┤") < row.index("○")


def test_bars_are_as_long_as_their_means() -> None:
    groups = [make_group(1, 3, key="a"), make_group(4, key="b")]
    lines = draw_group_bars(groups, Size(70, 8), "loss").picture.text().splitlines()
    one, two = (next(line for line in lines if f"group {key}" in line) for key in "ab")
    assert one.endswith("2")
    assert two.endswith("4")
    start = two.index("█")
    assert "├" in one
    assert one.index("┤") - start == pytest.approx((two.rindex("█") - start) * 3 / 4, abs=2)


def test_rows_of_bars_tell_runs_apart_by_the_ends_of_their_names() -> None:
    names = ("run-of-the-mill-with-adam-1", "run-of-the-mill-with-adam-2")
    groups = [replace(make_group(1, key=name), label=name) for name in names]
    text = draw_group_bars(groups, Size(60, 8), "loss").picture.text()
    assert "adam-1 " in text
    assert "adam-2 " in text
    assert "(1)" not in text


@given(
    st.lists(st.lists(FINITE, min_size=1, max_size=6), max_size=5),
    SIZES,
    st.booleans(),
)
def test_any_groups_fill_exactly_the_size(
    values: list[list[float]], size: Size, is_log: bool
) -> None:
    groups = [make_group(*each, key=str(at)) for at, each in enumerate(values)]
    for draw in (draw_group_bars, draw_boxes):
        assert draw(groups, size, "title", is_log=is_log).picture.size == size


def test_a_histogram_counts_every_value_once() -> None:
    groups = [make_group(0, 0.1, 0.2, 1, key="a"), make_group(1, key="b")]
    traces = histogram_traces(groups, bins=2)
    assert [trace.y.max() for trace in traces] == [3, 1]
    assert all((np.diff(trace.x) >= 0).all() for trace in traces)


def test_hills_stand_at_their_steps_and_move() -> None:
    bins = np.arange(20)
    hills = [
        Histogram(step, np.exp(-((bins - middle) ** 2) / 4), 0.0, 20.0)
        for step, middle in ((0, 4), (1000, 15))
    ]
    plot = draw_ridges(hills, Size(60, 14), "weights")
    lines = plot.picture.text().splitlines()
    back = next(line for line in lines if "0┤" in line and "1,000" not in line)
    front = next(line for line in lines if "1,000┤" in line)
    assert back.index("┤") == front.index("┤")
    tallest = plot.area.y
    top = lines[tallest : tallest + 3]
    places = [at for line in top for at, char in enumerate(line) if "⠀" < char <= "⣿"]
    assert np.mean(places) < 25
    assert draw_ridges([], Size(60, 14)).picture.size == Size(60, 14)


def test_the_strip_shows_the_part_in_view() -> None:
    x = np.arange(100.0)
    plot = draw_range_strip([Trace("a", "a", x, x)], LineOptions(), (25, 50), Size(101, 2))
    line = plot.picture.line(0)
    assert (line.index("▐"), line.index("▌")) == (25, 51)
    assert window_columns(Scale(low=0, high=10), (-5, 50), 11) == (0, 10)


def test_without_colours_the_list_has_the_markers_of_the_curves() -> None:
    x = np.arange(5.0)
    traces = [Trace(key, f"run {key}", x, x) for key in "ab"]
    plain = replace(DARK, has_color=False)
    drawn = draw_lines(traces, Size(90, 20), LineOptions(has_end_labels=True), plain)
    readings = tuple(read_at(traces, 4.0))
    content = ReadoutContent(readings=readings, markers=markers_of(traces))
    listed = draw_readout(content, Size(30, 6), plain).picture.text()
    for marker, key in (("●", "a"), ("◆", "b")):
        assert f"{marker} run {key}" in listed
        assert f"{marker} run {key}" in drawn.picture.text()
