"""DuckDB: one connection, a cursor for each thread, and the way bulk rows travel.

A DuckDB connection shared by threads returns wrong rows, so nobody but this module sees
it: every thread works on its own cursor. Reading happens on any thread, writing only in
the jobs of `store.writer`. Driver errors become ours here and in the writer.

Lists of ids and bulk rows are handed over as one JSON text (`json_rows`, `json_list`),
which is 10 to 100 times faster than parameter lists.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from store.errors import (
    OpenError,
    QueryStoppedError,
    StoreCorruptError,
    StoreError,
    StoreLockedError,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Row = tuple[Any, ...]

INTEGERS = """(SELECT unnest(from_json(?, '["INTEGER"]')))"""
"""Right side of `IN` for ids; its parameter is made by `json_list`."""

TEXTS = """(SELECT unnest(from_json(?, '["VARCHAR"]')))"""
"""Right side of `IN` for texts; its parameter is made by `json_list`."""

_LONGEST_LIST = 250

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "threads": 2,
    # The file stays readable for DuckDB 1.5, and files of either version open in both.
    "storage_compatibility_version": "v1.5.0",
    "autoload_known_extensions": False,
    "autoinstall_known_extensions": False,
    # A misspelt table must not silently become a Python variable of the same name.
    "python_enable_replacements": False,
    # Checkpoints stall commits; only the metadata writer decides when one happens.
    "checkpoint_threshold": "1TB",
}


class Database:
    """An open DuckDB file. Methods may be called on any thread."""

    def __init__(self, path: Path) -> None:
        """Open the file, or create it.

        Raises:
            StoreLockedError: Another process has the file open.
            StoreCorruptError: The file is damaged or no database.
        """
        self.path = path
        self._connection = _connect(path)
        self._local = threading.local()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """This thread's cursor; a new statement on it ends the previous result."""
        cursor: duckdb.DuckDBPyConnection | None = getattr(self._local, "cursor", None)
        if cursor is None:
            cursor = self._local.cursor = self.new_cursor()
        return cursor

    def new_cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor of the caller's own, for results that are read piece by piece."""
        with driver_errors():
            return self._connection.cursor()

    def rows(self, sql: str, params: Sequence[object] = ()) -> list[Row]:
        """All rows of a query."""
        with driver_errors():
            return self.cursor().execute(sql, clean_params(params)).fetchall()

    def row(self, sql: str, params: Sequence[object] = ()) -> Row | None:
        """The first row of a query, or None."""
        with driver_errors():
            return self.cursor().execute(sql, clean_params(params)).fetchone()

    def columns(self, sql: str, params: Sequence[object] = ()) -> dict[str, NDArray[Any]]:
        """The result of a query as one array for each column.

        A column that has NULLs comes as a masked array.
        """
        with driver_errors():
            found: dict[str, np.ndarray[Any, Any]] = (
                self.cursor().execute(sql, clean_params(params)).fetchnumpy()
            )
            return found

    def close(self) -> None:
        """Write everything out and close; every cursor is dead afterwards."""
        with driver_errors():
            self._connection.close()


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    if path.exists() and not _looks_like_duckdb(path):
        raise StoreCorruptError(path, "it is no DuckDB file")
    try:
        return duckdb.connect(str(path), config=_SETTINGS)
    except (duckdb.Error, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        if "lock" in reason.lower() and "Conflicting" in reason:
            raise StoreLockedError(path.parent) from error
        is_damage = isinstance(error, duckdb.IOException | duckdb.InternalException)
        if is_damage or "orrupt" in reason:
            raise StoreCorruptError(path, reason) from error
        raise OpenError(f"{path} cannot be opened: {reason}") from error


def _looks_like_duckdb(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(12)[8:] == b"DUCK"


@contextmanager
def driver_errors() -> Iterator[None]:
    """Turn DuckDB's errors into ours.

    Raises:
        QueryStoppedError: The statement was interrupted.
        StoreError: Anything else.
    """
    try:
        yield
    except duckdb.InterruptException as error:
        raise QueryStoppedError("The query was stopped.") from error
    except duckdb.Error as error:
        raise StoreError(f"The store's database refused: {error}") from error


def clean_text(text: str) -> str:
    """The text with lone surrogates replaced, since no UTF-8 exists for them."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def among(column: str, ids: Sequence[int]) -> tuple[str, list[object]]:
    """The condition that a column holds one of these numbers, and its parameters.

    The bounds let DuckDB skip the parts of a table that hold none of them: rows come in the
    order of their ids. Pages of runs mostly lie close together; then it is quicker to name the
    few numbers in between that are not wanted. Else a short list is quickest written out, a
    long one as a relation.
    """
    if not ids:
        return "FALSE", []
    low, high = min(ids), max(ids)
    bounds = f"{column} BETWEEN {low:d} AND {high:d}"
    if high - low < 2 * len(ids):
        gaps = sorted(set(range(low, high)).difference(ids))
        if not gaps:
            return f"({bounds})", []
        if len(gaps) <= min(len(ids), _LONGEST_LIST):
            return f"({bounds} AND {column} NOT IN ({_listed(gaps)}))", []
    if len(ids) <= _LONGEST_LIST:
        return f"({bounds} AND {column} IN ({_listed(ids)}))", []
    return f"({bounds} AND {column} IN {INTEGERS})", [json_list(ids)]


def _listed(ids: Iterable[int]) -> str:
    return ", ".join(f"{each:d}" for each in ids)


def clean_params(params: Sequence[object]) -> list[object]:
    """Parameters of a statement whose texts are clean."""
    return [clean_text(value) if isinstance(value, str) else value for value in params]


def json_list(values: Iterable[object]) -> str:
    """The parameter for `INTEGERS` and `TEXTS`."""
    return clean_text(json.dumps(list(values), ensure_ascii=False))


def json_rows(columns: Mapping[str, str], rows: Sequence[Row]) -> tuple[str, str]:
    """A relation of rows as a piece of SQL with one parameter.

    Args:
        columns: Column names and their DuckDB types.
        rows: Values in the order of the columns.

    Returns:
        SQL to stand after FROM (a sub-query in parentheses), and its parameter.
    """
    names = list(columns)
    shape = json.dumps([dict(columns)])
    text = json.dumps([dict(zip(names, row, strict=True)) for row in rows], ensure_ascii=False)
    sql = f"(SELECT unnest(from_json(?, '{shape}'), recursive := true))"
    return sql, clean_text(text)


def insert_rows(
    cursor: duckdb.DuckDBPyConnection,
    table: str,
    columns: Mapping[str, str],
    rows: Sequence[Row],
) -> None:
    """Insert rows in bulk. Table and columns come from our own code, never from outside."""
    if not rows:
        return
    relation, text = json_rows(columns, rows)
    names = ", ".join(columns)
    cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {relation}", [text])
