"""Text in pictures: widths, cutting, sparklines, values, exports."""

from __future__ import annotations

import io
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, strategies as st

from app.charts.export import to_ansi, to_columns, to_csv, to_png, to_svg
from app.charts.line import LineOptions, draw_lines
from app.charts.picture import Ink, Sheet, Size, fit_text, text_width
from app.charts.plain import to_plain, to_plain_text
from app.charts.plot import Labels
from app.charts.sparkline import sparkline, value_text
from app.charts.traces import Trace


@given(text=st.text(max_size=80), width=st.integers(0, 40))
def test_fitted_text_never_takes_more_than_its_width(text: str, width: int) -> None:
    assert text_width(fit_text(text, width)) <= width


@given(text=st.text(max_size=40), x=st.integers(-5, 30))
def test_writing_never_leaves_the_sheet(text: str, x: int) -> None:
    sheet = Sheet(Size(20, 2))
    sheet.write(x, 1, text, Ink("#ffffff"))
    picture = sheet.finish()
    assert picture.size == Size(20, 2)
    assert text_width(picture.line(1)) == 20


def test_wide_characters_take_two_cells() -> None:
    sheet = Sheet(Size(6, 1))
    sheet.write(0, 0, "漢字x")
    assert sheet.finish().line(0) == "漢字x "
    assert text_width("漢字x") == 5
    assert fit_text("漢字x", 4) == "漢…"


def test_spans_join_cells_of_one_ink() -> None:
    sheet = Sheet(Size(5, 1))
    sheet.write(1, 0, "ab", Ink("#ff0000"))
    assert sheet.finish().spans(0) == [(" ", Ink()), ("ab", Ink("#ff0000")), ("  ", Ink())]


def test_a_sparkline_keeps_a_spike() -> None:
    values = np.zeros(1000)
    values[500] = 1
    assert "█" in sparkline(values, 10)


def test_a_sparkline_leaves_gaps_blank() -> None:
    assert sparkline([0, np.nan, 1], 3) == "▁ █"
    assert sparkline([], 3) == ""
    assert sparkline([np.nan], 3) == " "
    assert sparkline([2, 2], 3) == "▄▄"


@given(values=st.lists(st.floats(), max_size=100), width=st.integers(0, 30))
def test_a_sparkline_never_takes_more_than_its_width(values: list[float], width: int) -> None:
    assert len(sparkline(values, width)) <= width


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.123456, "0.1235"),
        (3.0, "3"),
        (12345.678, "12346"),
        (1e-7, "1e-7"),
        (float("nan"), "NaN"),
        (float("inf"), "+inf"),
        (float("-inf"), "-inf"),
        (1.5e20, "1.5e20"),
    ],
)
def test_values_are_short(value: float, text: str) -> None:
    assert value_text(value) == text


def make_trace() -> Trace:
    return Trace("a", "run, one", np.array([0.0, 1.0]), np.array([0.5, np.nan]))


def test_a_chart_becomes_a_picture_file() -> None:
    from PIL import Image

    picture = draw_lines([make_trace()], Size(40, 12)).picture
    image = Image.open(io.BytesIO(to_png(picture)))
    assert image.size == (400, 240)


def test_a_chart_becomes_a_vector_file() -> None:
    picture = draw_lines([make_trace()], Size(40, 12)).picture
    root = ET.fromstring(to_svg(picture))
    assert root.attrib["width"] == "400"
    assert any(child.tag.endswith("circle") for child in root)


def test_a_chart_becomes_lines_with_colours() -> None:
    text = to_ansi(draw_lines([make_trace()], Size(40, 12)).picture)
    assert len(text.split("\n")) == 12
    assert "\x1b[38;2;" in text


def test_the_points_become_csv() -> None:
    assert (
        to_csv(to_columns([make_trace()], "step"))
        == 'trace,step,value\n"run, one",0,0.5\n"run, one",1,nan\n'
    )


def test_plain_pictures_are_ascii() -> None:
    options = LineOptions(labels=Labels("loss", "step"))
    picture = to_plain(draw_lines([make_trace()], Size(40, 12), options).picture)
    assert picture.text().isascii()
    assert "+---" in picture.text()
    assert to_plain_text("●│▾…") == "o|v~"
