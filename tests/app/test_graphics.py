"""Images as pixels: which protocol is used, and what the Media tab does with it."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from app.charts.look import decode_image
from app.messages import OpenRun
from app.outside.graphics import ImageProtocol, choose_protocol
from app.settings.config import Config
from app.widgets.image_tiles import ImageTiles
from store.models import Context, SequenceKind
from store.models.operations import LogObjects
from tests.app.dashboard import Driven, driven
from tests.app.pixels import Pixels, kitty_images, sixel_images
from tests.factories import START, log_run

if TYPE_CHECKING:
    from store import Store
    from store.workspace import Workspace

RED, BLUE = (200, 30, 30), (20, 40, 220)
PLACEHOLDER = "\U0010eeee"
"""Stands in every cell that kitty fills with a piece of an image."""


def chosen(setting: str, environment: dict[str, str], *, is_installed: bool = True) -> str:
    return choose_protocol(
        setting, environment, lambda: ImageProtocol.KITTY, is_installed=is_installed
    )


@pytest.mark.parametrize("setting", ["auto", "kitty", "sixel", "blocks"])
def test_multiplexers_and_a_missing_package_mean_half_blocks(setting: str) -> None:
    assert chosen(setting, {"TMUX": "/tmp/tmux"}) == "blocks"
    assert chosen(setting, {"STY": "1.screen"}) == "blocks"
    assert chosen(setting, {"TERM": "screen-256color"}) == "blocks"
    assert chosen(setting, {}, is_installed=False) == "blocks"


def test_the_setting_comes_before_what_the_terminal_says() -> None:
    assert chosen("auto", {}) == "kitty"
    assert chosen("sixel", {}) == "sixel"
    assert chosen("blocks", {}) == "blocks"


def test_a_terminal_that_cannot_be_asked_gets_half_blocks() -> None:
    assert choose_protocol("kitty", {}, lambda: None, is_installed=True) == "blocks"


def test_what_is_no_image_is_left_to_half_blocks() -> None:
    assert decode_image(b"nothing") is None


def png() -> bytes:
    """Red at the left, blue at the right."""
    image = Image.new("RGB", (40, 20), RED)
    image.paste(BLUE, (20, 0, 40, 20))
    out = io.BytesIO()
    image.save(out, format="PNG")
    return out.getvalue()


def log_images(workspace: Workspace, data: bytes) -> str:
    run = log_run(workspace, 1, name="painted")
    path = "seq/images/x/0.png"
    with workspace.artifacts.put(run, path, "image/png") as writer:
        writer.write(data)
    item = {"type": "image", "caption": "red", "format": "png", "s3_key": f"{run}/{path}"}
    objects = LogObjects(SequenceKind.IMAGES, "x", Context(), 0, 0.0, START, [item, item])
    workspace.ingest.submit(run, [objects]).result()
    return run


def check_halves(pixels: Pixels) -> None:
    """Whether the image is red at the left and blue at the right, twice as wide as high."""
    height, width, _ = pixels.shape
    assert width / height == pytest.approx(2, rel=0.2)
    for column, color in ((width // 4, RED), (width * 3 // 4, BLUE)):
        assert np.abs(pixels[height // 2, column].astype(int) - color).max() <= 6


def output_of(driving: Driven) -> str:
    strips = driving.screen._compositor.render_strips()
    return "".join(segment.text for strip in strips for segment in strip)


@pytest.fixture
def outside_tmux(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TMUX", "STY", "TERM"):
        monkeypatch.delenv(name, raising=False)


async def test_sixels_are_the_image(
    store: Store, workspace: Workspace, outside_tmux: None
) -> None:
    run = log_images(workspace, png())
    config = Config(start_screen="runs", image_protocol="sixel")
    async with driven(store, config=config) as driving:
        driving.application.post_message(OpenRun(run, tab="media"))
        found = await driving.until(lambda: sixel_images(output_of(driving)), "the sixels")
        assert len(found) == 2
        for pixels in found:
            check_halves(pixels)
        assert driving.screen.query_one(ImageTiles).display
        assert "sixel" in driving.text()
        assert "red" in driving.text()


async def test_kitty_gets_the_image_and_a_place_for_it(
    store: Store, workspace: Workspace, outside_tmux: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = log_images(workspace, png())
    config = Config(start_screen="runs", image_protocol="kitty")
    async with driven(store, config=config) as driving:
        sent = io.StringIO()
        monkeypatch.setattr(sys, "__stdout__", sent)
        driving.application.post_message(OpenRun(run, tab="media"))
        await driving.until(lambda: PLACEHOLDER in output_of(driving), "the images")
        found = kitty_images(sent.getvalue())
        for image in found:
            check_halves(image.pixels)
        # An image that got another size is sent again; what counts is where it ended up.
        sizes = {image.columns * image.rows for image in found}
        cells = output_of(driving).count(PLACEHOLDER)
        assert cells in {one + other for one in sizes for other in sizes}
        assert "kitty graphics" in driving.text()


async def test_a_broken_image_falls_back_to_words(store: Store, workspace: Workspace) -> None:
    run = log_images(workspace, b"broken")
    config = Config(start_screen="runs", image_protocol="sixel")
    async with driven(store, config=config) as driving:
        driving.application.post_message(OpenRun(run, tab="media"))
        await driving.until(lambda: "not an image" in driving.text(), "the words")
        assert "half blocks" in driving.text()
