"""Every other kind of chart: bands, scatters, parallel coordinates, heat maps, bars, figures."""

from __future__ import annotations

import io
import json
import wave

import numpy as np
import pytest
from hypothesis import given, strategies as st

from app.charts.axes import axis_of
from app.charts.band import Aggregate, aggregate
from app.charts.figure import draw_figure
from app.charts.half_blocks import draw_image
from app.charts.heatmap import Histogram, draw_distributions, draw_matrix
from app.charts.histogram import draw_bars, draw_histogram, draw_weights
from app.charts.parallel import ParallelOptions, draw_parallel
from app.charts.picture import Size
from app.charts.reading import next_extreme, read_at
from app.charts.readout import ReadoutContent, draw_readout
from app.charts.scatter import ScatterOptions, draw_scatter, pareto_front
from app.charts.statistics import explained_variance, rank, spearman
from app.charts.traces import Trace
from app.charts.waveform import draw_waveform

SIZES = st.builds(Size, st.integers(1, 100), st.integers(1, 40))
NUMBERS = st.lists(st.floats(), max_size=40)


def make_trace(values: list[float], key: str = "a", start: float = 0.0) -> Trace:
    y = np.array(values, dtype=float)
    return Trace(key, f"run {key}", np.arange(float(len(y))) + start, y)


# Bands


@pytest.mark.parametrize(
    ("how", "middle", "low", "high"),
    [
        (Aggregate.MEAN_RANGE, 2.0, 1.0, 3.0),
        (Aggregate.MEAN_STD, 2.0, 1.0, 3.0),
        (Aggregate.MEDIAN_QUANTILES, 2.0, 1.2, 2.8),
    ],
)
def test_two_curves_become_one(how: Aggregate, middle: float, low: float, high: float) -> None:
    band = aggregate([make_trace([1, 1]), make_trace([3, 3], "b")], how, "group", "g")
    assert band.low is not None
    assert band.high is not None
    assert (band.y[0], band.low[0], band.high[0]) == pytest.approx((middle, low, high))
    assert band.label == "group (2)"


def test_a_curve_counts_only_where_it_has_points() -> None:
    short, long = make_trace([1, 1]), make_trace([3, 3, 3, 3], "b")
    band = aggregate([short, long], Aggregate.MEAN_RANGE, "g", "g")
    assert band.y.tolist() == [2, 2, 3, 3]


@given(first=NUMBERS, second=NUMBERS, how=st.sampled_from(list(Aggregate)[1:]))
def test_any_curves_give_a_band(
    first: list[float], second: list[float], how: Aggregate
) -> None:
    band = aggregate([make_trace(first), make_trace(second, "b", 0.5)], how, "g", "g")
    assert len(band.x) == len(band.y)
    assert (np.diff(band.x) > 0).all()


# Readings


def test_values_at_a_place_are_sorted() -> None:
    traces = [
        make_trace([1, 5, 1]),
        make_trace([1, 9, 1], "b"),
        make_trace([1, np.nan, 1], "c"),
    ]
    assert [reading.key for reading in read_at(traces, 1.2)] == ["b", "a", "c"]


def test_a_trace_that_ended_is_left_out() -> None:
    assert read_at([make_trace([1, 2])], 100.0, reach=5.0) == []


def test_turns_are_found_in_both_directions() -> None:
    trace = make_trace([0, 3, 1, 2, 0])
    assert next_extreme(trace, 0, forward=True) == 1
    assert next_extreme(trace, 3, forward=False) == 2
    assert next_extreme(trace, 4, forward=True) is None


def test_a_long_list_of_values_keeps_both_ends() -> None:
    traces = [make_trace([float(number)], str(number)) for number in range(40)]
    drawn = draw_readout(
        ReadoutContent("loss", readings=tuple(read_at(traces, 0))), Size(30, 10)
    )
    text = drawn.picture.text()
    assert "run 39" in text
    assert "run 0" in text
    assert "more" in text
    assert drawn.keys[2] == "39"


# Scatter and parallel coordinates


def test_the_front_is_what_nothing_beats() -> None:
    x, y = np.array([1.0, 2.0, 3.0, 2.0]), np.array([3.0, 2.0, 1.0, 3.0])
    assert pareto_front(x, y, (True, True)).tolist() == [0, 1, 2]
    assert pareto_front(x, y, (False, False)).tolist() == [2, 3]


@given(
    values=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=30)
)
def test_no_point_beats_one_of_the_front(values: list[tuple[int, int]]) -> None:
    x = np.array([float(pair[0]) for pair in values])
    y = np.array([float(pair[1]) for pair in values])
    front = pareto_front(x, y, (True, False))
    for index in front.tolist():
        is_beaten = (x <= x[index]) & (y >= y[index]) & ((x < x[index]) | (y > y[index]))
        assert not is_beaten.any()


@given(
    x=st.lists(
        st.one_of(st.floats(), st.none(), st.sampled_from("ab")), min_size=1, max_size=20
    ),
    size=SIZES,
)
def test_any_values_make_a_scatter(x: list[object], size: Size) -> None:
    first = axis_of("x", x)
    second = axis_of("y", [float(number) for number in range(len(x))])
    plot = draw_scatter(first, second, size, ScatterOptions(lower_is_better=(True, True)))
    assert plot.picture.size == size
    assert draw_parallel([first, second], size, ParallelOptions(1)).size == size


def test_axes_choose_their_scale() -> None:
    assert axis_of("lr", [1e-5, 1e-1]).scale.is_log
    assert not axis_of("n", [1, 2]).scale.is_log
    assert axis_of("o", ["sgd", "adam", None]).categories == ("adam", "sgd")
    assert axis_of("b", [True, False]).categories == ("False", "True")


# Bars, histograms, heat maps


@given(values=NUMBERS, size=SIZES)
def test_any_values_make_a_histogram(values: list[float], size: Size) -> None:
    assert draw_histogram(values, size).size == size


def test_what_is_not_finite_is_counted() -> None:
    picture = draw_histogram([1.0, 2.0, np.nan], Size(50, 12), title="w")
    assert picture.line(0).strip() == "w · 1 not finite"


@given(weights=st.lists(st.floats(0, 1e6), max_size=40), size=SIZES)
def test_any_weights_make_bars(weights: list[float], size: Size) -> None:
    assert draw_weights(np.array(weights), (0.0, 1.0), size).size == size
    names = [f"bar {number}" for number in range(len(weights))]
    assert draw_bars(names, weights, size).size == size


@given(rows=st.integers(1, 5), columns=st.integers(1, 5), size=SIZES)
def test_a_matrix_keeps_its_size(rows: int, columns: int, size: Size) -> None:
    values = np.arange(float(rows * columns)).reshape(rows, columns)
    names = [str(number) for number in range(9)]
    assert draw_matrix(values, (names, names), size).size == size


def test_distributions_move_over_steps() -> None:
    histograms = [Histogram(step, np.eye(4)[min(step, 3)], 0.0, 4.0) for step in range(4)]
    plot = draw_distributions(histograms, Size(60, 20), "weights")
    assert plot.y_scale.high == 4
    assert "▀" in plot.picture.text() or "▄" in plot.picture.text()


def test_no_distributions_are_an_empty_frame() -> None:
    assert draw_distributions([], Size(60, 20)).picture.size == Size(60, 20)


# Figures, images, sound


@pytest.mark.parametrize(
    ("figure", "word"),
    [
        (
            {"data": [{"type": "scatter", "y": [1, 2, 3]}], "layout": {"title": {"text": "T"}}},
            "T",
        ),
        ({"data": [{"type": "bar", "x": ["aa", "bb"], "y": [1, 2]}]}, "aa"),
        ({"data": [{"type": "histogram", "x": [1, 2, 2]}]}, "┌"),
        ({"data": [{"type": "heatmap", "z": [[1, 2], [3, 4]], "x": ["p", "q"]}]}, "p"),
        ({"data": [{"type": "sankey", "link": [1]}]}, "sankey: link 1"),
        ({"data": []}, "empty figure"),
        ("not json", "empty figure"),
        (json.dumps(json.dumps({"data": [{"y": [1, "x", None]}]})), "┌"),
    ],
)
def test_figures_are_shown_or_named(figure: object, word: str) -> None:
    assert word in draw_figure(figure, Size(60, 16)).text()


def test_an_image_keeps_its_proportions() -> None:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (20, 10), (255, 0, 0)).save(out, format="PNG")
    picture = draw_image(out.getvalue(), Size(40, 20))
    drawn = [row for row in range(20) if "▀" in picture.line(row)]
    assert len(drawn) == 10
    assert picture.line(drawn[0]).count("▀") == 40


@pytest.mark.parametrize("data", [b"", b"nothing", b"\x89PNG\r\n\x1a\n broken"])
def test_a_broken_file_becomes_a_sentence(data: bytes) -> None:
    assert "not an image" in draw_image(data, Size(60, 5)).text()
    assert "no waveform" in draw_waveform(data, Size(60, 5)).text()


def test_sound_shows_its_length() -> None:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(2)
        sound.setsampwidth(2)
        sound.setframerate(1000)
        sound.writeframes(np.tile(np.array([0, 30000], dtype="<i2"), 1000).tobytes())
    assert "1.00 s" in draw_waveform(out.getvalue(), Size(40, 8)).text()


# Statistics


def test_ranks_of_equal_values_are_shared() -> None:
    assert rank(np.array([3.0, 1.0, 3.0])).tolist() == [2.5, 1.0, 2.5]


def test_rank_correlation_knows_only_order() -> None:
    x = np.arange(10.0)
    assert spearman(x, np.exp(x)) == pytest.approx(1)
    assert spearman(x, -x) == pytest.approx(-1)
    assert np.isnan(spearman(x, np.ones(10)))


def test_groups_explain_variance() -> None:
    y = np.array([1.0, 1.0, 5.0, 5.0])
    assert explained_variance(["a", "a", "b", "b"], y) == pytest.approx(1)
    assert explained_variance(["a", "b", "a", "b"], y) == pytest.approx(0)
