"""Media and logs of compared runs at the same point."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image

from store.models import SequenceKind
from store.models.operations import LogObjects
from tests.app.comparing import HASHES, compare
from tests.app.dashboard import Driven, driven
from tests.factories import START, VAL

if TYPE_CHECKING:
    from store import Store


def highlighted(driving: Driven, word: str) -> None:
    grid = driving.screen.tab.start()
    rows = range(grid.row_count)
    grid.cursor_row = next(at for at in rows if word in grid.key_at(at))


async def test_media_are_linked_by_step_flipped_and_searched_for_differences(
    demo_store: Store,
) -> None:
    async with driven(demo_store) as driving:
        await compare(driving, "media", HASHES[:2])
        tab = driving.screen.tab
        await driving.until(lambda: tab._panes, "the first sequence")
        highlighted(driving, "mistakes")
        await driving.until(lambda: "vision-00 → speech-01" in driving.text(), "the texts")
        assert "step 100 · 3 of 3" in driving.text()
        await driving.press("left")
        await driving.until(lambda: "step 50 · 2 of 3" in driving.text(), "the step before")
        assert "all the same" in driving.text()
        await driving.press("n")
        await driving.until(lambda: "No further difference" in driving.text(), "the message")
        await driving.press("x")
        await driving.until(lambda: "vision-00 · x shows the other" in driving.text(), "A")
        await driving.press("x")
        await driving.until(lambda: "speech-01 · x shows the other" in driving.text(), "B")
        await driving.press("escape")
        await driving.until(lambda: "vision-00 → speech-01" in driving.text(), "both")
        assert tab.table()[1][1] == ["50", "step 50", "step 50"]
        highlighted(driving, "confusion")
        await driving.until(lambda: "vision-00 · step 100" in driving.text(), "the figures")
        assert "speech-01 · step 100" in driving.text()


def log_image(store: Store, run_hash: str, shade: int) -> None:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (shade, 0, 0)).save(out, "PNG")
    path = "seq/images/picture/0.png"
    with store.default.artifacts.put(run_hash, path, "image/png") as writer:
        writer.write(out.getvalue())
    key = f"{run_hash}/{path}"
    item = {"type": "image", "caption": f"shade {shade}", "format": "png", "s3_key": key}
    objects = LogObjects(SequenceKind.IMAGES, "picture", VAL, 0, 0.0, START, [item])
    store.default.ingest.submit(run_hash, [objects]).result()


async def test_pixels_of_images_are_subtracted(lab: Store) -> None:
    for number in range(2):
        log_image(lab, HASHES[number], 100 * number)
    async with driven(lab) as driving:
        await compare(driving, "media", HASHES[:2])
        await driving.until(lambda: "shade 100" in driving.text(), "both images")
        await driving.press("d")
        await driving.until(
            lambda: "100.0% of the pixels, by up to 39%" in driving.text(), "how far"
        )


async def test_logs_move_together_and_are_searched(demo_store: Store) -> None:
    async with driven(demo_store) as driving:
        await compare(driving, "logs", HASHES[:3])
        tab = driving.screen.tab
        left, right = tab.views
        await driving.until(lambda: len(left.rows) == len(right.rows) == 32, "the lines")
        await driving.press("home", "down", "down", "down", "down", "down")
        await driving.until(lambda: right.cursor_row == left.cursor_row == 5, "both cursors")
        assert "epoch 3" in left.current.text
        await driving.press("n")
        await driving.until(lambda: "Nothing further" in driving.text(), "equal logs")
        await driving.press("slash")
        await driving.type("epoch 7")
        await driving.until(lambda: "2 lines with 'epoch 7'" in driving.text(), "the count")
        await driving.press("enter")
        await driving.until(lambda: "epoch 7" in right.current.text, "the line found")
        await driving.press("escape", "a")
        await driving.until(
            lambda: "été 🌻-02" in str(right.parent.border_title), "another run"
        )
