"""Line charts, text against text, and what must hold for any data."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from msgspec.structs import replace

from app.charts.canvas import Glyphs
from app.charts.line import LineOptions, draw_lines
from app.charts.picture import Size
from app.charts.plot import Labels
from app.charts.scale import ScaleKind
from app.charts.traces import Trace

ANY = st.floats(allow_nan=True, allow_infinity=True, width=64)


def make_trace(values: list[float] | np.ndarray, key: str = "a", label: str = "run") -> Trace:
    y = np.array(values, dtype=float)
    return Trace(key, label, np.arange(len(y), dtype=float), y)


def test_a_straight_line_in_its_frame() -> None:
    plot = draw_lines(
        [make_trace([0, 1, 2, 3, 4])], Size(30, 10), LineOptions(labels=Labels("loss", "step"))
    )
    assert plot.picture.text() == "\n".join(
        [
            " loss",
            " ┌───────────────────────────┐",
            "4┤                       ⣀⡠⠔⠒│",
            " │                  ⢀⡠⠔⠒⠉    │",
            " │             ⢀⡠⠤⠒⠉⠁        │",
            " │        ⢀⡠⠤⠒⠉⠉             │",
            " │   ⢀⡠⠤⠒⠉⠁                  │",
            "0┤⠤⠒⠉⠁                       │",
            " └┬────────────┬────────────┬┘",
            "  0            2            4",
        ]
    )


@given(
    values=st.lists(ANY, min_size=0, max_size=60),
    width=st.integers(1, 90),
    height=st.integers(1, 30),
    is_log=st.booleans(),
    clips=st.booleans(),
)
def test_any_values_give_a_picture_of_exactly_the_size(
    values: list[float], width: int, height: int, is_log: bool, clips: bool
) -> None:
    options = LineOptions(
        labels=Labels("métrique 🌻", "step"),
        y_kind=ScaleKind.LOG if is_log else ScaleKind.LINEAR,
        without_outliers=clips,
    )
    plot = draw_lines([make_trace(values)], Size(width, height), options)
    assert plot.picture.size == Size(width, height)


@pytest.mark.parametrize(
    ("values", "summary"),
    [
        ([1, np.nan, np.inf], "1 NaN · 1 +inf"),
        ([1, -np.inf, -np.inf], "2 -inf"),
        ([1, 2, 3], ""),
    ],
)
def test_what_cannot_be_drawn_is_named(values: list[float], summary: str) -> None:
    plot = draw_lines([make_trace(values)], Size(60, 12))
    assert plot.summary == summary
    assert summary in plot.picture.text()


def test_values_without_a_logarithm_are_named_on_a_log_axis() -> None:
    options = LineOptions(y_kind=ScaleKind.LOG)
    plot = draw_lines([make_trace([-1, 0, 10, 100])], Size(60, 12), options)
    assert plot.summary == "2 ≤ 0"


def test_one_point_is_visible() -> None:
    plot = draw_lines([make_trace([0.5])], Size(40, 12))
    assert any("⠀" < char <= "⣿" for char in plot.picture.text())


def test_a_constant_series_lies_in_the_middle() -> None:
    plot = draw_lines([make_trace([3.0] * 10)], Size(40, 12))
    row = plot.row_of(3.0)
    assert row is not None
    assert (
        "⠤" in plot.picture.line(row)
        or "⠒" in plot.picture.line(row)
        or "⣀" in plot.picture.line(row)
    )


def test_no_points_say_so() -> None:
    assert "no points" in draw_lines([make_trace([])], Size(40, 12)).picture.text()


def test_a_long_name_is_cut() -> None:
    options = LineOptions(labels=Labels("x" * 300))
    first = draw_lines([make_trace([1, 2])], Size(40, 12), options).picture.line(0)
    assert first.rstrip().endswith("…")


def test_a_small_place_becomes_a_sparkline() -> None:
    plot = draw_lines([make_trace([1, 2, 3], label="loss of run")], Size(17, 3))
    assert plot.picture.line(0).startswith("los")
    assert "█" in plot.picture.line(0)
    assert not plot.area.width


def test_the_focused_trace_is_drawn_on_top() -> None:
    back = replace(make_trace([1, 1, 1], "a"), color="#111111", is_focused=True)
    front = replace(make_trace([1, 1, 1], "b"), color="#222222")
    plot = draw_lines([back, front], Size(40, 12))
    row = plot.row_of(1.0)
    assert row is not None
    inks = {ink.color for text, ink in plot.picture.spans(row) if "⠤" in text or "⠒" in text}
    assert inks <= {"#111111"}


def test_the_first_of_curves_alike_lies_in_front() -> None:
    newest, oldest = (
        replace(make_trace([0, 1, 2], key, key), color=color)
        for key, color in (("newest", "#ff0000"), ("oldest", "#0000ff"))
    )
    picture = draw_lines([newest, oldest], Size(40, 12)).picture
    used = {ink.color for row in range(12) for _, ink in picture.spans(row)}
    assert "#ff0000" in used
    assert "#0000ff" not in used


def test_charts_over_one_another_begin_at_one_column() -> None:
    options = LineOptions(labels=Labels("loss", "step", y_columns=6))
    areas = {
        draw_lines([make_trace(values)], Size(60, 12), options).area.x
        for values in ([0, 4.0], [0.01, 0.011], [1e4, 2e4])
    }
    assert len(areas) == 1


def test_a_raw_curve_does_not_thicken_the_smoothed_one() -> None:
    smoothed = replace(make_trace(np.full(200, 0.5)), color="#222222")
    raw = replace(make_trace(np.tile([0.0, 1.0], 100), "a|raw"), is_faint=True)
    plot = draw_lines([raw, smoothed], Size(60, 15))
    rows = [
        plot.picture.line(row)[plot.area.x + 1 : plot.area.right - 1]
        for row in range(plot.area.y, plot.area.bottom)
    ]
    assert sum(set(row) <= set("⠉⠒⠤⣀") for row in rows) == 1, rows
    assert "⣿" in plot.picture.text()


def test_outliers_do_not_flatten_the_rest() -> None:
    values = np.concatenate([np.linspace(0, 1, 999), [1e6]])
    plot = draw_lines([make_trace(values)], Size(60, 15), LineOptions(without_outliers=True))
    assert plot.y_scale.high < 2


def test_a_cell_stands_for_its_value() -> None:
    plot = draw_lines([make_trace(np.arange(101.0))], Size(60, 15))
    column = plot.column_of(50.0)
    assert column is not None
    assert plot.x_at(column) == pytest.approx(50.0, abs=1.0)
    assert plot.column_of(1e9) is None


def test_plain_characters_are_enough() -> None:
    plot = draw_lines([make_trace([1, 5, 2])], Size(40, 12), LineOptions(glyphs=Glyphs.ASCII))
    inside = [
        plot.picture.line(row)[plot.area.x : plot.area.right]
        for row in range(plot.area.y, plot.area.bottom)
    ]
    assert set("".join(inside)) <= set(" '.|┈")


def test_a_lone_spike_does_not_set_the_axis_and_is_marked() -> None:
    values = np.concatenate([np.linspace(2.3, 0.1, 200), [50.0], np.linspace(0.1, 0.05, 50)])
    options = LineOptions(without_outliers=True, clip_hint="o shows all")
    plot = draw_lines([make_trace(values)], Size(70, 15), options)
    assert 2.3 < plot.y_scale.high < 3
    assert "1 value clipped, o shows all" in plot.picture.line(0)
    small = draw_lines([make_trace(values)], Size(40, 12), options).picture.line(0)
    assert small.rstrip().endswith("1 value clipped")
    column = plot.column_of(200.0)
    assert column is not None
    assert plot.picture.line(plot.area.y)[column] == "▲"
    everything = draw_lines([make_trace(values)], Size(70, 15))
    assert everything.y_scale.high > 50
    assert "▲" not in everything.picture.text()


@pytest.mark.parametrize("values", [[1.0] * 50 + [9.0], [5.0, 1.0, 0.5, 0.2], [3.0] * 9])
def test_few_or_equal_values_have_no_outliers(values: list[float]) -> None:
    plot = draw_lines([make_trace(values)], Size(60, 15), LineOptions(without_outliers=True))
    assert plot.y_scale.high >= max(values)
    assert "clipped" not in plot.picture.text()


@pytest.mark.parametrize("height", range(7, 16))
@pytest.mark.parametrize("high", [0.61, 0.65, 0.97, 1.3, 2.2, 3.7, 88.0])
def test_numbers_of_a_low_chart_stand_evenly(height: int, high: float) -> None:
    plot = draw_lines([make_trace([0.02, high])], Size(60, height), LineOptions(Labels("loss")))
    lines = plot.picture.text().split("\n")
    rows = [at for at, line in enumerate(lines) if "┤" in line]
    assert len(set(np.diff(rows).tolist())) <= 1, rows
    assert len(rows) >= 2, "one number alone tells no scale"


def test_names_stand_beside_the_ends_of_curves() -> None:
    traces = [
        make_trace([1, 2, 3], "1", label="run-a-adam"),
        make_trace([1, 2, 2], "2", label="run-a-sgd"),
        make_trace([1, 1, 2], "3", label="run-a-lion"),
    ]
    plot = draw_lines(traces, Size(90, 20), LineOptions(has_end_labels=True))
    ends = [plot.picture.line(row)[plot.area.right :] for row in range(20)]
    named = [end.strip("│┤ ") for end in ends if any(mark in end for mark in "●◆▲")]
    assert named == ["● …adam", "◆ …sgd", "▲ …lion"]
    words = [replace(each, label=f"run-a · {each.label[6:]}") for each in traces]
    whole = draw_lines(words, Size(90, 20), LineOptions(has_end_labels=True)).picture.text()
    assert "● adam" in whole
    narrow = draw_lines(traces, Size(50, 20), LineOptions(has_end_labels=True))
    assert "adam" not in narrow.picture.text()


def test_long_names_stand_whole_beside_the_curves_of_wide_pictures() -> None:
    names = ["21-moons-momentum-32x32-relu", "24-checkers-momentum-64x64-sine"]
    traces = [make_trace([1, 2, 3], name, label=name) for name in names]
    shown = draw_lines(traces, Size(140, 40), LineOptions(has_end_labels=True)).picture.text()
    assert all(name in shown for name in names)
