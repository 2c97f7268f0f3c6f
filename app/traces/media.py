"""Pictures of media: images side by side, sound, distributions, figures. Pure, for threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from msgspec import Struct, field

from app.charts.figure import draw_figure
from app.charts.half_blocks import draw_image
from app.charts.heatmap import Histogram, draw_distributions
from app.charts.histogram import draw_weights
from app.charts.palette import ChartTheme
from app.charts.picture import Area, Ink, Picture, Sheet, Size, fit_text, message_picture
from app.charts.plot import Plot
from app.charts.ridges import draw_ridges
from app.charts.waveform import draw_waveform
from store.models import ObjectStep, SequenceKind

SMALL_TILE = Size(12, 6)


WIDE_ENOUGH_FOR_RIDGES = 84
"""With so many columns distributions stand as hills beside their heat map."""


class MediaContent(Struct, frozen=True, eq=False):
    """What a viewer shows."""

    kind: SequenceKind
    title: str
    steps: tuple[ObjectStep, ...]
    """All steps that were read."""
    shown: tuple[int, ...]
    """Indices of the steps to show side by side."""
    blobs: Mapping[str, bytes] = field(default_factory=dict)
    """Bytes by digest."""


class MediaTile(Struct, frozen=True, eq=False):
    """One item of a step."""

    caption: str
    item: Mapping[str, Any]
    data: bytes | None
    """Its file; None if it was not read, or there is none."""


def tiles_of(content: MediaContent) -> list[MediaTile]:
    """All items of the shown steps, side by side."""
    steps = [content.steps[at] for at in content.shown]
    tiles = []
    for step in steps:
        for item in step.items:
            head = f"step {step.step}" if len(steps) > 1 else ""
            words = (head, str(item.get("caption") or ""))
            digest = item.get("digest")
            data = content.blobs.get(str(digest)) if digest else None
            tiles.append(MediaTile(" · ".join(filter(None, words)), item, data))
    return tiles


def draw_media(content: MediaContent, size: Size, theme: ChartTheme) -> Plot:
    """The media of the chosen steps as one picture."""
    picture = _draw(content, size, theme)
    return Plot(picture, Area(0, 0, 0, 0))


def wanted_digests(steps: Sequence[ObjectStep]) -> list[str]:
    """Blobs that must be read before the steps can be shown."""
    return [str(item["digest"]) for step in steps for item in step.items if item.get("digest")]


def texts_of(step: ObjectStep) -> str:
    """The texts of a step, one after the other."""
    return "\n\n".join(str(item.get("data", "")) for item in step.items)


def _draw(content: MediaContent, size: Size, theme: ChartTheme) -> Picture:
    if not content.steps or not content.shown:
        return message_picture("nothing was logged", size, Ink(theme.muted))
    steps = [content.steps[at] for at in content.shown]
    if content.kind is SequenceKind.DISTRIBUTIONS:
        return _draw_distributions(content, steps, size, theme)
    tiles = tiles_of(content)
    sheet = Sheet(size)
    for area, tile in zip(_tile(len(tiles), size), tiles, strict=False):
        has_caption = bool(tile.caption) and area.height > 3
        if has_caption:
            text = fit_text(tile.caption, area.width)
            sheet.write(area.x, area.bottom - 1, text, Ink(theme.muted))
        room = Size(area.width, area.height - has_caption)
        sheet.paste(_draw_item(content, tile, room, theme), area.x, area.y)
    return sheet.finish()


def _draw_item(
    content: MediaContent, tile: MediaTile, size: Size, theme: ChartTheme
) -> Picture:
    if content.kind is SequenceKind.FIGURES:
        return draw_figure(tile.item.get("data"), size, theme)
    if tile.data is None:
        text = "reading …" if tile.item.get("digest") else "the file was not uploaded"
        return message_picture(text, size, Ink(theme.muted))
    if content.kind is SequenceKind.AUDIOS:
        return draw_waveform(tile.data, size, theme)
    return draw_image(tile.data, size, theme.muted)


def _draw_distributions(
    content: MediaContent, steps: Sequence[ObjectStep], size: Size, theme: ChartTheme
) -> Picture:
    histograms = [found for step in content.steps if (found := histogram_of(step)) is not None]
    upper = size.height * 3 // 5
    sheet = Sheet(size)
    if size.height < 16:
        upper = size.height
    left = size.width // 2 if size.width >= WIDE_ENOUGH_FOR_RIDGES else size.width
    drawn = draw_distributions(histograms, Size(left, upper), content.title, theme)
    sheet.paste(drawn.picture)
    if left < size.width:
        room = Size(size.width - left, upper)
        sheet.paste(draw_ridges(histograms, room, "by step", theme).picture, left)
    lower = size.height - upper
    width = size.width // len(steps)
    for number, step in enumerate(steps):
        found = histogram_of(step)
        if lower >= 5 and found is not None:
            room, title = Size(width, lower), f"step {step.step}"
            limits = (found.low, found.high)
            drawn_step = draw_weights(found.weights, limits, room, title, theme)
            sheet.paste(drawn_step, number * width, upper)
    return sheet.finish()


def histogram_of(step: ObjectStep) -> Histogram | None:
    """The distribution of a step; None if it is not understood."""
    item = step.items[0] if step.items else {}
    try:
        weights = np.asarray(item.get("data", ()), dtype=np.float64).reshape(-1)
        low, high = (float(each) for each in item.get("range", (0.0, 1.0)))
    except (TypeError, ValueError):
        return None
    if not len(weights) or not (np.isfinite(low) and np.isfinite(high)):
        return None
    return Histogram(step.step, np.nan_to_num(weights), low, high)


def _tile(count: int, size: Size) -> list[Area]:
    """Places for some tiles of one size, as large as possible; fewer if there is no room."""
    best, columns = 0.0, 1
    for number in range(1, count + 1):
        rows = -(-count // number)
        width, height = size.width // number, size.height // rows
        # Cells are about twice as high as wide; images are mostly square.
        edge = min(width, height * 2)
        if edge > best:
            best, columns = edge, number
    if best < SMALL_TILE.width:
        columns = max(1, size.width // SMALL_TILE.width)
    rows = max(1, -(-count // columns))
    width = size.width // columns
    height = max(size.height // rows, min(SMALL_TILE.height, size.height))
    areas = [
        Area(number % columns * width, number // columns * height, width - 1, height)
        for number in range(count)
    ]
    return [area for area in areas if area.bottom <= size.height]
