"""Images as pixels: which protocol is used, and what the Media tab does with it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from textual_image.widget import SixelImage, TGPImage

from app.config import Config
from app.graphics import ImageProtocol, choose_protocol
from app.messages import OpenRun
from app.widgets.image_tiles import ImageTiles, decode_image
from store.models import Context, SequenceKind
from store.models.operations import LogObjects
from tests.app.dashboard import driven
from tests.factories import START, log_run

if TYPE_CHECKING:
    from store import Store
    from store.workspace import Workspace


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
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (200, 30, 30)).save(out, format="PNG")
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


@pytest.mark.parametrize(
    ("protocol", "widget"),
    [(ImageProtocol.SIXEL, SixelImage), (ImageProtocol.KITTY, TGPImage)],
)
async def test_media_are_shown_as_pixels(
    store: Store,
    workspace: Workspace,
    protocol: ImageProtocol,
    widget: type,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("TMUX", "STY", "TERM"):
        monkeypatch.delenv(name, raising=False)
    run = log_images(workspace, png())
    config = Config(start_screen="runs", image_protocol=protocol.value)
    async with driven(store, config=config) as driving:
        driving.application.post_message(OpenRun(run, tab="media"))
        await driving.until(lambda: len(driving.screen.query(widget)) == 2, "the images")
        tiles = driving.screen.query_one(ImageTiles)
        assert tiles.display
        assert all(each.size.width > 8 for each in tiles.query(widget))
        assert protocol.words in driving.text()
        assert "red" in driving.text()


async def test_a_broken_image_falls_back_to_words(store: Store, workspace: Workspace) -> None:
    run = log_images(workspace, b"broken")
    config = Config(start_screen="runs", image_protocol="sixel")
    async with driven(store, config=config) as driving:
        driving.application.post_message(OpenRun(run, tab="media"))
        await driving.until(lambda: "not an image" in driving.text(), "the words")
        assert "half blocks" in driving.text()
