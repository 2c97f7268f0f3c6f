"""Reading back what a terminal is sent: images as sixels and by the protocol of kitty."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_SIXELS = re.compile(r"\x1bP[\d;]*q(.*?)\x1b\\", re.DOTALL)
_KITTY = re.compile(r"\x1b_G([^;\x1b]*)(?:;([^\x1b]*))?\x1b\\")
_TOKEN = re.compile(
    r'"(?P<raster>[\d;]+)|#(?P<color>\d+)(?:;2;(?P<rgb>[\d;]+))?'
    r"|!(?P<count>\d+)(?P<repeated>[?-~])|(?P<one>[?-~])|(?P<move>[$-])"
)

Pixels = NDArray[np.uint8]


def sixel_images(text: str) -> list[Pixels]:
    """All images in an output, as rows of RGB."""
    return [_decode(body) for body in _SIXELS.findall(text)]


def _decode(body: str) -> Pixels:
    colors: dict[int, tuple[int, ...]] = {}
    canvas: Pixels = np.zeros((0, 0, 3), np.uint8)
    color, x, band, at = 0, 0, 0, 0
    while at < len(body):
        token = _TOKEN.match(body, at)
        assert token is not None, f"no sixel: {body[at : at + 20]!r}"
        at = token.end()
        if raster := token["raster"]:
            width, height = (int(each) for each in raster.split(";")[2:4])
            # Whole bands are drawn; what is beyond the height is cut off in the end.
            canvas = np.zeros((-(-height // 6) * 6, width, 3), np.uint8)
        elif token["color"]:
            color = int(token["color"])
            if rgb := token["rgb"]:
                colors[color] = tuple(round(int(each) * 2.55) for each in rgb.split(";"))
        elif token["move"]:
            x, band = 0, band + (token["move"] == "-")
        else:
            count = int(token["count"] or 1)
            bits = ord(token["repeated"] or token["one"]) - 0x3F
            for row in range(6):
                if bits >> row & 1:
                    canvas[band * 6 + row, x : x + count] = colors[color]
            x += count
    return canvas[:height]


@dataclass(frozen=True)
class KittyImage:
    """An image that was sent, and how many cells it is placed on."""

    pixels: Pixels
    columns: int
    rows: int


def kitty_images(text: str) -> list[KittyImage]:
    """All images in an output that were sent and placed."""
    payloads: dict[str, str] = {}
    found = []
    for head, payload in _KITTY.findall(text):
        keys = dict(pair.split("=") for pair in head.split(","))
        if keys.get("a") == "p":
            data = base64.b64decode(payloads[keys["i"]], validate=True)
            pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
            found.append(KittyImage(pixels, int(keys["c"]), int(keys["r"])))
        elif "f" in keys:
            assert keys["f"] == "100"
            payloads[keys["i"]] = payloads.get(keys["i"], "") + payload
    return found
