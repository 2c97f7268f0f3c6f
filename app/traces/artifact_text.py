"""Previews of artifacts: what kind of file it is and its beginning as text. Pure."""

from __future__ import annotations

import csv
import io
import json

MAX_PREVIEW_BYTES = 256_000
MAX_ROWS = 200
MAX_CELL = 24

IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff")


def is_image(path: str, content_type: str) -> bool:
    """Whether the file is an image that can be drawn."""
    return content_type.startswith("image/") or path.lower().endswith(IMAGE_SUFFIXES)


def preview_text(path: str, data: bytes, *, is_cut: bool = False) -> str:
    """The beginning of a file as text; a sentence for what is not text."""
    if b"\0" in data[:4096]:
        return _hex_lines(data[:512])
    text = data.decode("utf-8", errors="replace")
    lower = path.lower()
    if lower.endswith(".json") and not is_cut:
        try:
            return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
        except ValueError:
            return text
    if lower.endswith((".csv", ".tsv")):
        return _table(text, "\t" if lower.endswith(".tsv") else ",")
    return text + ("\n…" if is_cut else "")


def _table(text: str, separator: str) -> str:
    rows = []
    for row in csv.reader(io.StringIO(text), delimiter=separator):
        rows.append([cell[:MAX_CELL] for cell in row])
        if len(rows) > MAX_ROWS:
            break
    columns = max((len(row) for row in rows), default=0)
    widths = [
        max((len(row[column]) for row in rows if column < len(row)), default=0)
        for column in range(columns)
    ]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip()
        for row in rows
    ]
    if lines:
        lines.insert(1, "  ".join("─" * width for width in widths))
    return "\n".join(lines)


def _hex_lines(data: bytes) -> str:
    lines = ["not a text; it begins with", ""]
    for at in range(0, len(data), 16):
        part = data[at : at + 16]
        shown = "".join(chr(byte) if 32 <= byte < 127 else "·" for byte in part)
        lines.append(f"{at:06x}  {part.hex(' '):<47}  {shown}")
    return "\n".join(lines)
