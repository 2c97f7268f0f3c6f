"""Media of several runs against each other: side by side, one of them, pixel by pixel. Pure."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct, field

from app.charts.half_blocks import MAX_PIXELS, draw_pixels
from app.charts.palette import ChartTheme
from app.charts.picture import (
    Area,
    Ink,
    Picture,
    Sheet,
    Size,
    fit_both_ends,
    fit_text,
    message_picture,
)
from app.charts.plot import Plot
from app.formatting import one_line, plural
from app.traces.media import MediaContent, draw_media, wanted_digests
from store.models import ObjectStep, SequenceKind

if TYPE_CHECKING:
    from PIL.Image import Image

HEAT = np.array(
    [[13, 8, 135], [156, 23, 158], [237, 121, 83], [240, 249, 33]], dtype=np.float64
)
"""From no difference to the largest one."""


class MediaPane(Struct, frozen=True, eq=False):
    """What one run logged to a sequence."""

    caption: str
    steps: tuple[ObjectStep, ...] = ()

    def at(self, step: int) -> int | None:
        """Index of what the run had logged by a step; the first if that came later."""
        if not self.steps:
            return None
        before = [at for at, each in enumerate(self.steps) if each.step <= step]
        return before[-1] if before else 0

    def item_step(self, step: int) -> ObjectStep | None:
        """What the run had logged by a step."""
        at = self.at(step)
        return None if at is None else self.steps[at]


class MediaComparison(Struct, frozen=True, eq=False):
    """Panes at one step."""

    kind: SequenceKind
    title: str
    panes: tuple[MediaPane, ...]
    step: int
    blobs: Mapping[str, bytes] = field(default_factory=dict)
    """Bytes by digest."""

    def digests(self) -> list[str]:
        """Blobs that are needed at this step."""
        shown = [each for pane in self.panes if (each := pane.item_step(self.step))]
        return list(dict.fromkeys(wanted_digests(shown)))


def all_steps(panes: Sequence[MediaPane]) -> list[int]:
    """Every step at which any of the runs logged something."""
    return sorted({each.step for pane in panes for each in pane.steps})


def differs_at(panes: Sequence[MediaPane], step: int) -> bool:
    """Whether not all runs had logged the same by a step."""
    return len({_content(pane.item_step(step)) for pane in panes}) > 1


def words_of(step: ObjectStep | None) -> str:
    """What was logged at a step in words: captions and texts, or how many items."""
    if step is None:
        return ""
    texts = [
        str(
            item.get("caption")
            or (item.get("data") if item.get("type") == "text" else "")
            or ""
        )
        for item in step.items
    ]
    return one_line(" | ".join(filter(None, texts))) or plural(len(step.items), "item")


def draw_side_by_side(comparison: MediaComparison, size: Size, theme: ChartTheme) -> Plot:
    """All panes beside each other, or above each other where that leaves more room."""
    sheet = Sheet(size)
    count = max(1, len(comparison.panes))
    columns = count if size.width >= count * 20 else max(1, size.width // 20)
    rows = -(-count // columns)
    width, height = size.width // columns, size.height // rows
    for number, pane in enumerate(comparison.panes):
        left, top = number % columns * width, number // columns * height
        room = Size(max(1, width - 1), max(1, height - 1))
        at = pane.at(comparison.step)
        step = "" if at is None else f" · step {pane.steps[at].step:,}"
        words = fit_both_ends(pane.caption, room.width - len(step)) + step
        sheet.write(left, top, fit_text(words, room.width), Ink(theme.text, is_bold=True))
        shown = () if at is None else (at,)
        content = MediaContent(
            comparison.kind, comparison.title, pane.steps, shown, comparison.blobs
        )
        sheet.paste(draw_media(content, room, theme).picture, left, top + 1)
    return Plot(sheet.finish(), Area(0, 0, 0, 0))


def draw_pixel_difference(comparison: MediaComparison, size: Size, theme: ChartTheme) -> Plot:
    """How far the pixels of the others are from those of the first pane."""
    images = [_image(pane, comparison) for pane in comparison.panes]
    sheet = Sheet(size)
    base = images[0] if images else None
    others = list(zip(comparison.panes, images, strict=True))[1:]
    width = size.width // max(1, len(others))
    for number, (pane, image) in enumerate(others):
        room = Size(max(1, width - 1), max(1, size.height - 1))
        picture, words = _difference(base, image, room, theme)
        caption = f"{pane.caption} minus {comparison.panes[0].caption}{words}"
        ink = Ink(theme.text, is_bold=True)
        sheet.write(number * width, 0, fit_text(caption, room.width), ink)
        sheet.paste(picture, number * width, 1)
    return Plot(sheet.finish(), Area(0, 0, 0, 0))


def _difference(
    base: Image | None, other: Image | None, room: Size, theme: ChartTheme
) -> tuple[Picture, str]:
    from PIL import Image as Images

    if base is None or other is None:
        return message_picture("one of the images is missing", room, Ink(theme.muted)), ""
    scaled = base if base.size == other.size else base.resize(other.size)
    apart = np.abs(np.asarray(scaled, dtype=np.float64) - np.asarray(other, dtype=np.float64))
    shares = apart.max(axis=2) / 255
    changed = float((shares > 0).mean()) * 100
    top = float(shares.max())
    # The scale goes to the largest difference, so that small ones can be seen.
    places = shares / top * (len(HEAT) - 1) if top else shares
    low = np.clip(np.floor(places).astype(np.int64), 0, len(HEAT) - 2)
    part = (places - low)[..., None]
    pixels = (HEAT[low] * (1 - part) + HEAT[low + 1] * part).astype(np.uint8)
    words = f" · {changed:.1f}% of the pixels, by up to {top * 100:.0f}%"
    return draw_pixels(Images.fromarray(pixels), room), words


def _image(pane: MediaPane, comparison: MediaComparison) -> Image | None:
    # Pillow is only loaded when there is an image to show.
    from PIL import Image as Images, UnidentifiedImageError

    step = pane.item_step(comparison.step)
    digest = str(step.items[0].get("digest")) if step is not None and step.items else ""
    data = comparison.blobs.get(digest)
    if data is None:
        return None
    try:
        with Images.open(io.BytesIO(data)) as opened:
            small = opened.width * opened.height <= MAX_PIXELS
            return opened.convert("RGB") if small else None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        return None


def _content(step: ObjectStep | None) -> str:
    if step is None:
        return ""
    return repr(
        [(item.get("digest"), item.get("data"), item.get("range")) for item in step.items]
    )
