"""Previews of artifacts: what kind of file it is and its beginning as text. Pure."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.formatting import count, one_line, plural

if TYPE_CHECKING:
    from store.objects.tables import TablePreview

MAX_PREVIEW_BYTES = 256_000
MAX_ROWS = 200
MAX_CELL = 24

IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff")


def is_image(path: str, content_type: str) -> bool:
    """Whether the file is an image that can be drawn."""
    return content_type.startswith("image/") or path.lower().endswith(IMAGE_SUFFIXES)


def is_parquet(path: str, content_type: str) -> bool:
    """Whether the file is a Parquet table."""
    return content_type.endswith("parquet") or path.lower().endswith((".parquet", ".pq"))


def table_text(table: TablePreview) -> str:
    """A table: how large it is, its columns with their types, the first rows."""
    names = [name for name, _ in table.columns]
    head = f"{plural(table.row_count, 'row')}, {plural(len(names), 'column')}"
    if table.row_count > len(table.rows):
        head += f"; the first {count(len(table.rows))} rows"
    schema = [(name, kind.lower()) for name, kind in table.columns]
    return "\n".join(
        [head, "", _lines([("column", "type"), *schema]), "", _lines([names, *table.rows])]
    )


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
        rows.append(row)
        if len(rows) > MAX_ROWS:
            break
    return _lines(rows)


def _lines(table: Sequence[Sequence[str]]) -> str:
    """Rows in columns, the first one set apart."""
    rows = [[one_line(cell)[:MAX_CELL] for cell in row] for row in table]
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
