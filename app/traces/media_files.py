"""What is logged as a file to save, play or open outside. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from app.traces.figure_page import figure_page
from store.models import ObjectStep, SequenceKind, SequenceRef


class MediaFile(Struct, frozen=True):
    """A file that may still have to be read."""

    name: str
    digest: str = ""
    """Of its bytes in the store; empty if `data` is all."""
    data: bytes = b""


def media_file(ref: SequenceRef, step: ObjectStep, item: Mapping[str, Any]) -> MediaFile | None:
    """One item of a step as a file; None if its bytes were never uploaded."""
    words = [ref.name, *(str(value) for value in ref.context.as_dict().values())]
    stem = re.sub(r"[^\w.+-]+", "-", "-".join([*words, f"step-{step.step}"]))
    if ref.kind in {SequenceKind.IMAGES, SequenceKind.AUDIOS}:
        digest = item.get("digest")
        ending = str(item.get("format") or _ENDINGS[ref.kind]).lower().lstrip(".")
        return MediaFile(f"{stem}.{ending}", str(digest)) if digest else None
    if ref.kind is SequenceKind.FIGURES:
        page = figure_page(item.get("data"), f"{ref.name}, step {step.step}")
        return MediaFile(f"{stem}.html", data=page.encode())
    if ref.kind is SequenceKind.TEXTS:
        return MediaFile(f"{stem}.txt", data=str(item.get("data", "")).encode())
    return MediaFile(f"{stem}.json", data=json.dumps(dict(item), default=str).encode())


_ENDINGS = {SequenceKind.IMAGES: "png", SequenceKind.AUDIOS: "wav"}
