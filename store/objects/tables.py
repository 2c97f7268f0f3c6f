"""The beginning of a Parquet file that somebody logged, for looking at it."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from store.database import driver_errors
from store.errors import InvalidDataError, StoreError

PREVIEW_ROWS = 100
MAX_TEXT = 200
"""Characters of a cell at most."""


class TablePreview(Struct, frozen=True):
    """Columns with their types, and the first rows as text."""

    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]
    row_count: int
    """Of the whole table."""


def preview_parquet(file: BinaryIO, *, rows: int = PREVIEW_ROWS) -> TablePreview:
    """The schema and the first rows. What lies on disk is read from there, else it is copied.

    Raises:
        InvalidDataError: If this is no Parquet file.
    """
    name = getattr(file, "name", None)
    try:
        if isinstance(name, str) and Path(name).is_file():
            return _preview(name, rows)
        with tempfile.NamedTemporaryFile(suffix=".parquet") as copy:
            shutil.copyfileobj(file, copy)
            copy.flush()
            return _preview(copy.name, rows)
    except StoreError as error:
        raise InvalidDataError("file", "this is no Parquet file that can be read") from error


def _preview(path: str, rows: int) -> TablePreview:
    # Local: whoever never looks at a table does without.
    import duckdb

    with (
        driver_errors(),
        duckdb.connect(
            ":memory:", config={"threads": 1, "memory_limit": "400MB"}
        ) as connection,
    ):
        head = connection.execute(
            "SELECT COLUMNS(*)::VARCHAR FROM read_parquet($path) LIMIT $rows",
            {"path": path, "rows": rows},
        ).fetchall()
        schema = connection.execute(
            "DESCRIBE SELECT * FROM read_parquet($path)", {"path": path}
        ).fetchall()
        counted = connection.execute(
            "SELECT num_rows FROM parquet_file_metadata($path)", {"path": path}
        ).fetchone()
    return TablePreview(
        tuple((str(name), str(kind)) for name, kind, *_ in schema),
        tuple(tuple(_text(cell) for cell in row) for row in head),
        int(counted[0]) if counted is not None else 0,
    )


def _text(cell: str | None) -> str:
    return "" if cell is None else cell[:MAX_TEXT]
