"""Media of several runs against each other."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from app.charts.palette import DARK
from app.charts.picture import Size
from app.traces.media_diff import (
    MediaComparison,
    MediaPane,
    all_steps,
    differs_at,
    draw_pixel_difference,
    draw_side_by_side,
)
from store.models import ObjectStep, SequenceKind


def step(number: int, digest: str) -> ObjectStep:
    return ObjectStep(number, None, 0.0, ({"type": "image", "digest": digest},))


def png(color: tuple[int, int, int], size: tuple[int, int] = (4, 4)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, "PNG")
    return out.getvalue()


PANES = (
    MediaPane("a", (step(0, "red"), step(10, "red"))),
    MediaPane("b", (step(0, "red"), step(5, "blue"))),
)
BLOBS = {"red": png((200, 0, 0)), "blue": png((100, 0, 0), (8, 8))}


def comparison(at: int) -> MediaComparison:
    return MediaComparison(SequenceKind.IMAGES, "x", PANES, at, BLOBS)


def test_runs_are_shown_with_what_they_had_by_a_step() -> None:
    assert all_steps(PANES) == [0, 5, 10]
    assert PANES[0].at(7) == 0
    assert MediaPane("late", (step(9, "red"),)).at(1) == 0
    assert MediaPane("none").at(1) is None
    assert [differs_at(PANES, each) for each in (0, 5, 10)] == [False, True, True]
    assert comparison(7).digests() == ["red", "blue"]


@pytest.mark.parametrize("size", [Size(90, 20), Size(30, 12), Size(5, 3)])
def test_panes_are_drawn_in_any_size(size: Size) -> None:
    text = draw_side_by_side(comparison(7), size, DARK).picture.text()
    if size.width == 90:
        assert "a · step 0" in text
        assert "b · step 5" in text
        assert "▀" in text
    draw_pixel_difference(comparison(7), size, DARK)


def test_pixels_are_subtracted_also_of_images_of_another_size() -> None:
    text = draw_pixel_difference(comparison(7), Size(90, 20), DARK).picture.text()
    assert "b minus a · 100.0% of the pixels, by up to 39%" in text
    same = draw_pixel_difference(comparison(0), Size(90, 20), DARK).picture.text()
    assert "0.0% of the pixels" in same
    bare = MediaComparison(SequenceKind.IMAGES, "x", PANES, 7)
    assert "missing" in draw_pixel_difference(bare, Size(90, 20), DARK).picture.text()
